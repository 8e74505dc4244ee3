// locations.ts: places in the program's code as gdb's users write them.
//
//     17   +3   -2   file.c:17   main   file.c:main   ns::area   *0x401136   *main+4   (nothing: here)
//
// Finds what they name; sets nothing. Truth: the GDB manual, "Specify Location".

import type { SourceLocation } from '../../symbols/program-symbols';
import { nearestName } from '../../symbols/expression/suggest';
import { UserError } from '../../util/user-error';
import { functionsOf } from '../breakpoint-place';
import type { CodeBreakpoint } from '../code-breakpoint';
import { addressOf } from './address-of';
import type { ConsoleContext } from './command';
import { baseName } from '../../util/base-name';

/** Callers that are looked at for one with lines. */
const NEAR = 20;

export type CodePlace = CodeBreakpoint['target'];

/** Throws UserError where a file is unknown, or an address is none. A function may come with a library. */
export function placeOf(text: string, context: ConsoleContext): CodePlace {
  const { line = '', sign = '', file = '', name = '', address = '' } = partsOf(text);
  if (address !== '') return { kind: 'instruction', address: addressOf(address, context.evaluate(address)) };
  if (line !== '' && file !== '') return { kind: 'line', path: sourceNamed(file, context), line: Number(line) };
  if (line !== '' || text === '') {
    const here = hereOf(context);
    const number = Number(line);
    const wanted = text === '' ? here.line : sign === '' ? number : here.line + (sign === '-' ? -number : number);
    return { kind: 'line', path: here.path, line: Math.max(wanted, 1) };
  }
  return { kind: 'function', name, ...(file === '' ? {} : { file: sourceNamed(file, context) }) };
}

function partsOf(text: string): Readonly<Partial<Record<string, string>>> {
  const forms = [
    /^\*\s*(?<address>.+)$/s,
    /^(?:-line\s+)?(?<sign>[+-]?)(?<line>\d{1,9})$/,
    /^(?<file>[^:]+):(?<line>\d{1,9})$/,
    /^(?:-source\s+(?<file>\S+)\s+)-line\s+(?<line>\d{1,9})$/,
    /^(?<file>[^:\s]+\.\w+):(?!:)(?<name>.+)$/,
    /^(?:-function\s+|-qualified\s+|-q\s+)?(?<name>[^\s-].*)$/s,
  ];
  for (const form of forms) {
    const found = form.exec(text)?.groups;
    if (found !== undefined) return found;
  }
  return { name: text };
}

/** The line that the person looks at: of the frame, or of the nearest caller with lines; before anything runs, main's. */
export function hereOf({ frame, core, thread }: ConsoleContext): SourceLocation {
  const { symbols } = core.debuggee;
  const own = frame?.frame.location;
  if (own !== undefined) return own;
  const isStanding = core.run.state === 'stopped';
  const around = isStanding && thread !== undefined ? core.stack.page(thread, 0, NEAR).frames : [];
  const caller = around.find(({ index, frame: each }) => index > (frame?.index ?? -1) && each.location !== undefined);
  const main = symbols.functionsNamed('main').at(0);
  const here = caller?.frame.location ?? (main === undefined ? undefined : symbols.locationOf(main.afterPrologue));
  if (here !== undefined) return here;
  throw new UserError('console-no-line', 'No line is known here: say a file, too, as in `main.c:17`.');
}

/** The path as the program was compiled from it. */
function sourceNamed(name: string, { core }: ConsoleContext): string {
  const all = core.debuggee.symbols.sourceFiles();
  const found = all.filter((path) => path === name || path.endsWith(`/${name}`));
  const first = found.at(0);
  if (first === undefined) throw noSource(name, all);
  if (found.length > 1) throw severalSources(name, found);
  return first;
}

function noSource(name: string, all: readonly string[]): UserError {
  const near = nearestName(baseName(name), new Set(all.map(baseName)));
  const advice = near === undefined ? '`info sources` lists them.' : `Did you mean \`${near}\`?`;
  return new UserError('console-no-source', `No loaded module was compiled from \`${name}\`. ${advice}`);
}

function severalSources(name: string, found: readonly string[]): UserError {
  return new UserError('console-sources', `\`${name}\` may be ${found.join(' or ')}: write more of the path.`);
}

/** Where code of that name begins, the prologue behind. Throws UserError where there is none. */
export function addressesOf(place: CodePlace, { core }: ConsoleContext): readonly bigint[] {
  const { symbols } = core.debuggee;
  if (place.kind === 'instruction') return [place.address];
  if (place.kind === 'line') {
    const { addresses } = symbols.addressesOfLine(place.path, place.line);
    if (addresses.length > 0) return addresses;
    throw new UserError('console-no-code', `No code was compiled for line ${place.line} of ${baseName(place.path)}.`);
  }
  const found = functionsOf(place, core.debuggee.symbols);
  if (found.length > 0) return found.map(({ afterPrologue }) => afterPrologue);
  throw new UserError('console-no-function', `No loaded module has a function \`${place.name}\`.`);
}
