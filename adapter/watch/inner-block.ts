// inner-block.ts: locals that are there only within a part of their function: a loop's, a block's, each `let` of Rust.
//
// Their place in the frame is the frame's own for the whole call; only the name is known no longer. A look at the symbols
// from within the block finds them.

import type { FunctionInfo, ProgramSymbols, VariableInfo } from '../symbols/program-symbols';
import { frameAt } from './frame-at';

/** The first instruction of the function where that local is known; undefined where none of its locals has the name. */
export function whereLocalIsKnown(code: FunctionInfo, name: string, symbols: ProgramSymbols): bigint | undefined {
  for (const pc of places(code, symbols)) if (localsAt(pc, symbols).some((local) => local.name === name)) return pc;
  return undefined;
}

/** Every local of the function, of each name the first. */
export function localsOf(code: FunctionInfo, symbols: ProgramSymbols): readonly VariableInfo[] {
  const found = new Map<string, VariableInfo>();
  for (const pc of places(code, symbols)) {
    for (const local of localsAt(pc, symbols)) if (!found.has(local.name)) found.set(local.name, local);
  }
  return [...found.values()];
}

const localsAt = (pc: bigint, symbols: ProgramSymbols): readonly VariableInfo[] => symbols.localsAt(frameAt(pc));

/** Where the whole function's locals are known, then each line's first instruction. */
function* places({ low, high, afterPrologue }: FunctionInfo, symbols: ProgramSymbols): Generator<bigint> {
  yield afterPrologue;
  for (let pc = low; pc < high;) {
    yield pc;
    const next = symbols.lineRange(pc)?.end ?? high;
    pc = next > pc ? next : high;
  }
}
