// breakpoint-place.ts: where a breakpoint on a line, a function or an instruction goes, and why it goes nowhere.

import type { FunctionInfo, ProgramSymbols } from '../symbols/program-symbols';
import { nearestName } from '../symbols/expression/suggest';
import { hitConditionTrouble } from '../watch/wish-check';
import type { CodeBreakpoint } from './code-breakpoint';
import { baseName } from '../util/base-name';

/** Sets its addresses, its place and what is to be told. */
export function findPlace(breakpoint: CodeBreakpoint, symbols: ProgramSymbols): void {
  const { target } = breakpoint;
  const wrong = hitConditionTrouble(breakpoint.wish.hitCondition ?? '');
  if (wrong !== undefined) {
    place(breakpoint, [], wrong);
    return;
  }
  switch (target.kind) {
    case 'line': {
      const found = symbols.addressesOfLine(target.path, target.line);
      place(breakpoint, found.addresses, lineTrouble(target.path, target.line, symbols));
      breakpoint.path = target.path;
      breakpoint.line = found.addresses.length > 0 ? found.line : target.line;
      return;
    }
    case 'function': {
      const functions = functionsOf(target, symbols);
      place(
        breakpoint,
        functions.map(({ afterPrologue }) => afterPrologue),
        functionTrouble(target.name, symbols),
      );
      const first = functions.at(0);
      const at = first === undefined ? undefined : symbols.locationOf(first.afterPrologue);
      breakpoint.path = at?.path;
      breakpoint.line = at?.line;
      return;
    }
    case 'instruction':
      place(breakpoint, [target.address], undefined);
  }
}

function place(breakpoint: CodeBreakpoint, addresses: readonly bigint[], trouble: string | undefined): void {
  breakpoint.addresses = [...new Set(addresses)];
  breakpoint.verified = addresses.length > 0;
  breakpoint.message = breakpoint.verified ? undefined : trouble;
}

/** `main`, `file.c:main`: every function of that name, of that file. */
export function functionsOf(
  { name, file }: { readonly name: string; readonly file?: string },
  symbols: ProgramSymbols,
): readonly FunctionInfo[] {
  const all = symbols.functionsNamed(name);
  if (file === undefined) return all;
  return all.filter(({ low, declaration }) => {
    const path = declaration?.path ?? symbols.locationOf(low)?.path ?? '';
    return path === file || path.endsWith(`/${file}`);
  });
}

function lineTrouble(path: string, line: number, symbols: ProgramSymbols): string {
  if (!symbols.hasDebugInfo) return 'The program has no debug information: compile it with -g.';
  const name = baseName(path);
  const files = symbols.sourceFiles();
  const isKnown = files.includes(path) || symbols.addressesOfLine(path, 1).addresses.length > 0;
  if (isKnown) return `No code was compiled for line ${line} of ${name} or a line after it.`;
  const other = files.find((file) => file.endsWith(`/${name}`));
  if (other !== undefined)
    return `The program was compiled from ${other}: set the breakpoint there, or compile this file.`;
  return `No loaded module was compiled from ${name}. It binds when one is loaded; else compile ${name} with -g.`;
}

function functionTrouble(name: string, symbols: ProgramSymbols): string {
  const near = nearestName(name, symbols.functionNames());
  const advice = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  return `No loaded module has a function \`${name}\`. It binds when one is loaded.${advice}`;
}
