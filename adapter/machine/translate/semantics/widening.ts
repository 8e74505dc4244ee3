// widening.ts: numbers of up to four bytes as i64, and whether an i64 fits back into so many bytes.

import type { Local } from '../../wasm/code';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';

/** Makes an i64 of the value of up to four bytes on the stack. */
export function widen(e: EmitContext, bytes: number, isSigned: boolean): void {
  if (isSigned) widenSigned(e, bytes);
  else e.code.op(OP.i64ExtendI32U);
}

/** The same by its sign. */
export function widenSigned(e: EmitContext, bytes: number): void {
  e.signExtend(bytes);
  e.code.op(OP.i64ExtendI32S);
}

/** Pushes 1 (i32) where the i64 is no number of so many bytes, four at most. */
export function pushExceeds(e: EmitContext, value: Local, bytes: number, isSigned: boolean): void {
  const { code } = e;
  code.get(value);
  code.get(value);
  code.op(OP.i32WrapI64);
  if (!isSigned) e.zeroExtend(bytes);
  widen(e, bytes, isSigned);
  code.op(OP.i64Ne);
}
