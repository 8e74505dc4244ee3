// inner-block.ts: locals that are there only within a part of their function: a loop's, a block's, each `let` of Rust.
//
// Their place in the frame is the frame's own for the whole call; only the name is known no longer. A look at the symbols
// from within the block finds them.
//
//     fill::i         the function's own i, or the only one in its blocks
//     fill::L20::i    the i that is declared in line 20, where several blocks have one

import type { FunctionInfo, ProgramSymbols, VariableInfo } from '../symbols/program-symbols';
import { matchGroups } from '../util/match-groups';
import { UserError } from '../util/user-error';
import { frameAt } from './frame-at';

/** Which of a function's locals of one name is meant. */
export interface LocalChoice {
  readonly functionName: string;
  /** Of its declaration. */
  readonly line?: number;
}

/** What stands before the last `::`: `fill`, `fill::L20`. */
export function readLocalChoice(text: string): LocalChoice {
  const [, functionName, line] = matchGroups(/^(.+)::L(\d{1,7})$/.exec(text));
  return functionName === undefined ? { functionName: text } : { functionName, line: Number(line) };
}

/** A local, and an instruction from which its name is it. */
export interface KnownLocal {
  readonly pc: bigint;
  readonly local: VariableInfo;
}

/** Several of one name, in different blocks. */
export class AmbiguousLocal extends UserError {
  constructor(
    functionName: string,
    name: string,
    /** `fill::L20::i` */
    readonly choices: readonly string[],
  ) {
    super(
      'watch.ambiguousLocal',
      `${functionName} has ${choices.length} variables \`${name}\`, in different blocks: say which, by the line of its ` +
        `declaration: ${choices.map((choice) => `\`${choice}\``).join(', ')}.`,
    );
  }
}

/**
 * The function's own one comes first, else the only one. Undefined where it has none of that name; throws
 * AmbiguousLocal where its blocks have several.
 */
export function findLocal(
  code: FunctionInfo,
  name: string,
  { functionName, line }: LocalChoice,
  symbols: ProgramSymbols,
): KnownLocal | undefined {
  const all = localsNamed(code, name, symbols);
  if (line !== undefined) return all.find(({ local }) => local.declaration?.line === line);
  const own = localsAt(code.low, symbols, code).find((local) => local.name === name);
  const ofFunction = all.find(({ local }) => own !== undefined && isSame(local, own));
  if (ofFunction !== undefined || all.length <= 1) return ofFunction ?? all.at(0);
  throw new AmbiguousLocal(
    functionName,
    name,
    all.map(({ local }) => chosenName(functionName, local)),
  );
}

/** How a watch file names the local that is known at that instruction. */
export function localName(code: FunctionInfo, pc: bigint, name: string, symbols: ProgramSymbols): string | undefined {
  const local = localsAt(pc, symbols).find((each) => each.name === name);
  if (local === undefined) return undefined;
  return plainly(code, local, symbols) ? `${code.name}::${name}` : chosenName(code.name, local);
}

/** Every local of the function, with the names that tell them apart: `i`, `L20::i`. */
export function localsOf(
  code: FunctionInfo,
  symbols: ProgramSymbols,
): readonly { readonly label: string; readonly local: VariableInfo }[] {
  const found: VariableInfo[] = [];
  for (const pc of places(code, symbols)) {
    for (const local of localsAt(pc, symbols)) if (!found.some((other) => isSame(other, local))) found.push(local);
  }
  return found.map((local) => {
    const { name, declaration } = local;
    return { label: plainly(code, local, symbols) ? name : `L${declaration?.line ?? 0}::${name}`, local };
  });
}

const chosenName = (functionName: string, { name, declaration }: VariableInfo): string =>
  `${functionName}::L${declaration?.line ?? 0}::${name}`;

/** Its name alone means it. */
function plainly(code: FunctionInfo, local: VariableInfo, symbols: ProgramSymbols): boolean {
  try {
    const found = findLocal(code, local.name, { functionName: code.name }, symbols);
    return found !== undefined && isSame(found.local, local);
  } catch (error) {
    if (!(error instanceof AmbiguousLocal)) throw error;
    return false;
  }
}

/** Of each the first instruction from which it is known, behind the prologue where that can be. */
function localsNamed(code: FunctionInfo, name: string, symbols: ProgramSymbols): readonly KnownLocal[] {
  const found: KnownLocal[] = [];
  for (const pc of places(code, symbols)) {
    const local = localsAt(pc, symbols, code).find((each) => each.name === name);
    if (local !== undefined && !found.some((other) => isSame(other.local, local))) found.push({ pc, local });
  }
  return found;
}

/** Those that one line declares cannot be told apart. */
const isSame = (one: VariableInfo, other: VariableInfo): boolean =>
  one.name === other.name &&
  one.declaration?.path === other.declaration?.path &&
  one.declaration?.line === other.declaration?.line;

/** `code`: of the function that is inlined there, rather than of the one around it. */
const localsAt = (pc: bigint, symbols: ProgramSymbols, code?: FunctionInfo): readonly VariableInfo[] =>
  symbols.localsAt(frameAt(pc, undefined, code));

/** Where the whole function's locals are known, then where those of its blocks are, from its beginning to its end. */
function places({ low, afterPrologue }: FunctionInfo, symbols: ProgramSymbols): readonly bigint[] {
  return [afterPrologue, low, ...symbols.blockEdges(low)];
}
