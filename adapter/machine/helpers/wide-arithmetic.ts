// wide-arithmetic.ts: products and quotients of 128 bits, as WebAssembly functions.

import { AT } from '../layout';
import { Code, type FunctionBody } from '../wasm/code';
import { I64, OP } from '../wasm/opcodes.table';

const LOW_HALF = 0xffffffffn;

/** (a, b) → upper 64 bits of a * b, by four products of halves. */
export function emitMultiplyHighUnsigned(): FunctionBody {
  const code = new Code(2);
  const [aLow, aHigh, bLow, bHigh, middle, cross] = Array.from({ length: 6 }, () => code.newLocal(I64));
  const split = (whole: number, low: number, high: number): void => {
    code.get(whole);
    code.i64(LOW_HALF);
    code.op(OP.i64And);
    code.set(low);
    code.get(whole);
    code.i64(32);
    code.op(OP.i64ShrU);
    code.set(high);
  };
  const upper = (): void => {
    code.i64(32);
    code.op(OP.i64ShrU);
  };
  split(0, aLow, aHigh);
  split(1, bLow, bHigh);
  // middle = aHigh * bLow + (aLow * bLow >> 32)
  code.get(aHigh);
  code.get(bLow);
  code.op(OP.i64Mul);
  code.get(aLow);
  code.get(bLow);
  code.op(OP.i64Mul);
  upper();
  code.op(OP.i64Add);
  code.set(middle);
  // cross = aLow * bHigh + low half of middle
  code.get(aLow);
  code.get(bHigh);
  code.op(OP.i64Mul);
  code.get(middle);
  code.i64(LOW_HALF);
  code.op(OP.i64And);
  code.op(OP.i64Add);
  code.set(cross);
  code.get(aHigh);
  code.get(bHigh);
  code.op(OP.i64Mul);
  code.get(middle);
  upper();
  code.op(OP.i64Add);
  code.get(cross);
  upper();
  code.op(OP.i64Add);
  code.op(OP.end);
  return code.finish();
}

/** Signed: the unsigned product's upper half, less each factor where the other is negative. */
export function emitMultiplyHighSigned(unsignedIndex: number): FunctionBody {
  const code = new Code(2);
  const [a, b] = [0, 1];
  code.get(a);
  code.get(b);
  code.call(unsignedIndex);
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
  code.op(OP.end);
  return code.finish();
}

/**
 * (high, low, divisor) → quotient; remainder to the state area. high < divisor. Bit by bit: 64 rounds of shift and
 * subtract, enough for an instruction that compilers hardly use with a high half.
 */
export function emitDivide128(): FunctionBody {
  const code = new Code(3);
  const [high, low, divisor] = [0, 1, 2];
  const rounds = code.newLocal(I64);
  const carry = code.newLocal(I64);
  code.i64(64);
  code.set(rounds);
  const again = code.loop();
  // (carry, high, low) <<= 1
  code.get(high);
  code.i64(63);
  code.op(OP.i64ShrU);
  code.set(carry);
  code.get(high);
  code.i64(1);
  code.op(OP.i64Shl);
  code.get(low);
  code.i64(63);
  code.op(OP.i64ShrU);
  code.op(OP.i64Or);
  code.set(high);
  code.get(low);
  code.i64(1);
  code.op(OP.i64Shl);
  code.set(low);
  code.get(carry);
  code.op(OP.i32WrapI64);
  code.get(high);
  code.get(divisor);
  code.op(OP.i64GeU);
  code.op(OP.i32Or);
  code.if();
  code.get(high);
  code.get(divisor);
  code.op(OP.i64Sub);
  code.set(high);
  code.get(low);
  code.i64(1);
  code.op(OP.i64Or);
  code.set(low);
  code.end();
  code.get(rounds);
  code.i64(1);
  code.op(OP.i64Sub);
  code.tee(rounds);
  code.i64(0);
  code.op(OP.i64Ne);
  code.brIf(again);
  code.end();
  code.i32(0);
  code.get(high);
  code.memory(OP.i64Store, AT.remainder);
  code.get(low);
  code.op(OP.end);
  return code.finish();
}
