// two-operands.ts: how instructions of the form `op target, source` read their operands and write the result.

import type { Operand } from '../../decode/instruction';
import type { Local } from '../../wasm/code';
import type { EmitContext } from '../emit-context';

/** Prepares the memory operand, whichever it is. */
export function prepareBoth(
  e: EmitContext,
  target: Operand,
  source: Operand,
  mode: 'read' | 'readWrite',
): { targetAt: Local | undefined; sourceAt: Local | undefined } {
  return { targetAt: e.prepare(target, mode), sourceAt: e.prepare(source, 'read') };
}

/** Pushes the operand as an i64 whose bits above its size are junk: cheap, and enough for the flags. */
export function pushLoose(e: EmitContext, operand: Operand, at: Local | undefined, bytes: number): void {
  if (operand.kind === 'register' && operand.file === 'gpr') {
    e.getGpr(operand.index);
  } else if (operand.kind === 'immediate') {
    e.code.i64(operand.value);
  } else {
    e.push(operand, at, bytes);
    e.widen(bytes);
  }
}

/** Stores the top of the stack to a prepared operand. */
export function assignTop(e: EmitContext, target: Operand, at: Local | undefined): void {
  if (at === undefined) {
    e.assign(target, undefined, () => undefined);
    return;
  }
  const result = e.save(target.bytes);
  e.assign(target, at, () => {
    e.code.get(result);
  });
}

export function isSameRegister(a: Operand, b: Operand): boolean {
  return a.kind === 'register' && b.kind === 'register' && a.file === b.file && a.index === b.index;
}

/** Pushes the comparison of two numbers of an operand's type as i32 0 or 1. */
export function pushComparison(e: EmitContext, left: Local, right: Local, opcode: number, wide: boolean): void {
  e.code.get(left);
  e.code.get(right);
  e.code.compare(opcode, wide);
}
