// wide-product.ts: writes the upper half of a product of two 64-bit numbers, by four products of halves.

import type { Code, Local } from './code';
import { OP } from './opcodes.table';

const LOW_HALF = 0xffffffffn;

/** Pushes the upper 64 bits of a * b. `temporary` gives an i64 local that is free until then. */
export function pushHighProduct(code: Code, a: Local, b: Local, isSigned: boolean, temporary: () => Local): void {
  pushUnsigned(code, a, b, temporary);
  if (!isSigned) return;
  // Less each factor where the other is negative.
  for (const [sign, factor] of [
    [a, b],
    [b, a],
  ]) {
    code.get(sign);
    code.i64(63);
    code.op(OP.i64ShrS);
    code.get(factor);
    code.op(OP.i64And);
    code.op(OP.i64Sub);
  }
}

function pushUnsigned(code: Code, a: Local, b: Local, temporary: () => Local): void {
  const middle = temporary();
  // middle = aHigh * bLow + (aLow * bLow >> 32)
  pushHigh(code, a);
  pushLow(code, b);
  code.op(OP.i64Mul);
  pushLow(code, a);
  pushLow(code, b);
  code.op(OP.i64Mul);
  toHigh(code);
  code.op(OP.i64Add);
  code.set(middle);
  // aHigh * bHigh + high half of middle + (aLow * bHigh + low half of middle >> 32)
  pushHigh(code, a);
  pushHigh(code, b);
  code.op(OP.i64Mul);
  pushHigh(code, middle);
  code.op(OP.i64Add);
  pushLow(code, a);
  pushHigh(code, b);
  code.op(OP.i64Mul);
  pushLow(code, middle);
  code.op(OP.i64Add);
  toHigh(code);
  code.op(OP.i64Add);
}

function pushLow(code: Code, local: Local): void {
  code.get(local);
  code.i64(LOW_HALF);
  code.op(OP.i64And);
}

function pushHigh(code: Code, local: Local): void {
  code.get(local);
  toHigh(code);
}

function toHigh(code: Code): void {
  code.i64(32);
  code.op(OP.i64ShrU);
}
