// wide-arithmetic.ts: products and quotients of 128 bits, as WebAssembly functions.

import { AT } from '../layout';
import { Code, type FunctionBody } from '../wasm/code';
import { I64, OP } from '../wasm/opcodes.table';
import { pushHighProduct } from '../wasm/wide-product';

/** (a, b) → upper 64 bits of a * b. */
export function emitMultiplyHighUnsigned(): FunctionBody {
  return highProduct(false);
}

export function emitMultiplyHighSigned(): FunctionBody {
  return highProduct(true);
}

function highProduct(isSigned: boolean): FunctionBody {
  const code = new Code(2);
  pushHighProduct(code, 0, 1, isSigned, () => code.newLocal(I64));
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
