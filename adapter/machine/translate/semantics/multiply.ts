// multiply.ts: MUL, IMUL, DIV, IDIV.
//
// Truth: Intel SDM vol. 2. SF ZF PF AF after multiplications are undefined: they follow the low half of the result.

import { AT } from '../../layout';
import type { Local } from '../../wasm/code';
import { I64, OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { CF, KIND_MIXED, OF } from '../flag-kind';
import type { EmitterTable } from './emitter';

const RAX = 0;
const RDX = 2;
const DIVIDE_ERROR = 0;

/** Takes an i32 from the stack: 1 if the product does not fit. `low` is the product's low half. */
function setProductFlags(e: EmitContext, low: Local, bytes: number): void {
  const { code } = e;
  code.i32(CF | OF);
  code.op(OP.i32Mul);
  code.op(OP.i64ExtendI32U);
  e.flags.setB();
  code.get(low);
  e.widen(bytes);
  e.flags.setA();
  e.flags.is(KIND_MIXED, bytes);
}

/** IMUL with two or three operands. */
function imulTruncating(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const hasThree = e.instruction.operands.length === 3;
  const left = hasThree ? e.operand(1) : target;
  const right = hasThree ? e.operand(2) : e.operand(1);
  const { bytes } = target;
  const at = e.prepare(hasThree ? left : right, 'read');
  const pushLeft = (): void => {
    e.push(left, hasThree ? at : undefined, bytes);
  };
  const pushRight = (): void => {
    e.push(right, hasThree ? undefined : at, bytes);
  };
  if (!e.flagsWanted) {
    pushLeft();
    pushRight();
    code.arithmetic(OP.i32Mul, bytes === 8);
    e.assign(target, undefined, () => undefined);
    return;
  }
  pushLeft();
  if (bytes < 8) pushSigned(e, bytes);
  const first = e.save(8);
  pushRight();
  if (bytes < 8) pushSigned(e, bytes);
  const second = e.save(8);
  code.get(first);
  code.get(second);
  code.op(OP.i64Mul);
  const product = e.save(8);
  pushSignedOverflow(e, first, second, product, bytes);
  setProductFlags(e, product, 8);
  e.flags.is(KIND_MIXED, bytes);
  e.assign(target, undefined, () => {
    code.get(product);
    if (bytes < 8) code.op(OP.i32WrapI64);
  });
}

/** Sign-extends the i32 of so many bytes on the stack to i64. */
function pushSigned(e: EmitContext, bytes: number): void {
  e.signExtend(bytes);
  e.code.op(OP.i64ExtendI32S);
}

/** Pushes 1 where the signed product does not fit into so many bytes. */
function pushSignedOverflow(e: EmitContext, first: Local, second: Local, product: Local, bytes: number): void {
  const { code } = e;
  if (bytes === 8) {
    e.pushHighProduct(first, second, true);
    code.get(product);
    code.i64(63);
    code.op(OP.i64ShrS);
  } else {
    code.get(product);
    code.get(product);
    code.op(OP.i32WrapI64);
    pushSigned(e, bytes);
  }
  code.op(OP.i64Ne);
}

/** MUL and one-operand IMUL: the product fills rdx:rax (ax for bytes). */
function multiplyFull(e: EmitContext, isSigned: boolean): void {
  const { code } = e;
  const source = e.operand(0);
  const { bytes } = source;
  const at = e.prepare(source, 'read');
  e.push(source, at);
  if (bytes === 8) {
    multiplyFull64(e, isSigned);
    return;
  }
  extendFactor(e, bytes, isSigned);
  e.getGprBytes(RAX, bytes);
  extendFactor(e, bytes, isSigned);
  code.op(OP.i64Mul);
  const product = e.save(8);
  if (e.flagsWanted) {
    code.get(product);
    code.get(product);
    code.op(OP.i32WrapI64);
    if (isSigned) pushSigned(e, bytes);
    else {
      e.zeroExtend(bytes);
      code.op(OP.i64ExtendI32U);
    }
    code.op(OP.i64Ne);
    setProductFlags(e, product, 8);
    e.flags.is(KIND_MIXED, bytes);
  }
  code.get(product);
  code.op(OP.i32WrapI64);
  e.setGprBytes(RAX, bytes === 1 ? 2 : bytes);
  if (bytes === 1) return;
  code.get(product);
  code.i64(8 * bytes);
  code.op(OP.i64ShrU);
  code.op(OP.i32WrapI64);
  e.setGprBytes(RDX, bytes);
}

function extendFactor(e: EmitContext, bytes: number, isSigned: boolean): void {
  if (isSigned) pushSigned(e, bytes);
  else e.code.op(OP.i64ExtendI32U);
}

function multiplyFull64(e: EmitContext, isSigned: boolean): void {
  const { code } = e;
  const factor = e.save(8);
  e.getGpr(RAX);
  const other = e.save(8);
  e.pushHighProduct(factor, other, isSigned);
  const high = e.save(8);
  code.get(factor);
  code.get(other);
  code.op(OP.i64Mul);
  const low = e.save(8);
  if (e.flagsWanted) {
    code.get(high);
    if (isSigned) {
      code.get(low);
      code.i64(63);
      code.op(OP.i64ShrS);
    } else {
      code.i64(0);
    }
    code.op(OP.i64Ne);
    setProductFlags(e, low, 8);
  }
  code.get(low);
  e.setGpr(RAX);
  code.get(high);
  e.setGpr(RDX);
}

function divide(e: EmitContext, isSigned: boolean): void {
  const source = e.operand(0);
  const { bytes } = source;
  const at = e.prepare(source, 'read', bytes, true);
  e.push(source, at);
  if (bytes === 8) divide64(e, isSigned);
  else divideSmall(e, isSigned, bytes);
}

/** Dividends of up to 64 bits. */
function divideSmall(e: EmitContext, isSigned: boolean, bytes: number): void {
  const { code } = e;
  extendFactor(e, bytes, isSigned);
  const divisor = e.save(8);
  pushSmallDividend(e, isSigned, bytes);
  const dividend = e.save(8);
  code.get(divisor);
  code.op(OP.i64Eqz);
  e.raiseIf(DIVIDE_ERROR);
  if (isSigned && bytes === 4) raiseIfLeastByMinusOne(e, dividend, divisor);
  code.get(dividend);
  code.get(divisor);
  code.op(isSigned ? OP.i64DivS : OP.i64DivU);
  const quotient = e.save(8);
  // The quotient must fit.
  code.get(quotient);
  code.get(quotient);
  code.op(OP.i32WrapI64);
  if (isSigned) pushSigned(e, bytes);
  else {
    e.zeroExtend(bytes);
    code.op(OP.i64ExtendI32U);
  }
  code.op(OP.i64Ne);
  e.raiseIf(DIVIDE_ERROR);
  code.get(dividend);
  code.get(divisor);
  code.op(isSigned ? OP.i64RemS : OP.i64RemU);
  const remainder = e.save(8);
  if (bytes === 1) {
    code.get(remainder);
    code.op(OP.i32WrapI64);
    code.i32(8);
    code.op(OP.i32Shl);
    code.get(quotient);
    code.op(OP.i32WrapI64);
    e.zeroExtend(1);
    code.op(OP.i32Or);
    e.setGprBytes(RAX, 2);
    return;
  }
  code.get(quotient);
  code.op(OP.i32WrapI64);
  e.setGprBytes(RAX, bytes);
  code.get(remainder);
  code.op(OP.i32WrapI64);
  e.setGprBytes(RDX, bytes);
}

/** edx:eax, dx:ax or ax as i64. */
function pushSmallDividend(e: EmitContext, isSigned: boolean, bytes: number): void {
  const { code } = e;
  if (bytes === 1) {
    e.getGprBytes(RAX, 2);
    extendFactor(e, 2, isSigned);
    return;
  }
  e.getGprBytes(RDX, bytes);
  extendFactor(e, bytes, isSigned);
  code.i64(8 * bytes);
  code.op(OP.i64Shl);
  e.getGprBytes(RAX, bytes);
  code.op(OP.i64ExtendI32U);
  code.op(OP.i64Or);
}

/** The one signed division that WebAssembly would trap on. */
function raiseIfLeastByMinusOne(e: EmitContext, dividend: Local, divisor: Local): void {
  const { code } = e;
  code.get(dividend);
  code.i64(-(1n << 63n));
  code.op(OP.i64Eq);
  code.get(divisor);
  code.i64(-1);
  code.op(OP.i64Eq);
  code.op(OP.i32And);
  e.raiseIf(DIVIDE_ERROR);
}

/** rdx:rax by 64 bits: the plain division where rdx only extends rax, the helper otherwise. */
function divide64(e: EmitContext, isSigned: boolean): void {
  const { code } = e;
  const divisor = e.save(8);
  code.get(divisor);
  code.op(OP.i64Eqz);
  e.raiseIf(DIVIDE_ERROR);
  const quotient = e.temporary(I64);
  const remainder = e.temporary(I64);
  e.getGpr(RDX);
  if (isSigned) {
    e.getGpr(RAX);
    code.i64(63);
    code.op(OP.i64ShrS);
  } else {
    code.i64(0);
  }
  code.op(OP.i64Eq);
  if (isSigned) {
    // −2^63 / −1 traps in WebAssembly: the long way finds out.
    code.get(divisor);
    code.i64(-1);
    code.op(OP.i64Ne);
    code.op(OP.i32And);
  }
  code.if();
  e.getGpr(RAX);
  code.get(divisor);
  code.op(isSigned ? OP.i64DivS : OP.i64DivU);
  code.set(quotient);
  e.getGpr(RAX);
  code.get(divisor);
  code.op(isSigned ? OP.i64RemS : OP.i64RemU);
  code.set(remainder);
  code.else();
  if (isSigned) divideLongSigned(e, divisor, quotient, remainder);
  else divideLongUnsigned(e, divisor, quotient, remainder);
  code.end();
  code.get(quotient);
  e.setGpr(RAX);
  code.get(remainder);
  e.setGpr(RDX);
}

function pushRemainder(e: EmitContext): void {
  e.code.i32(0);
  e.code.memory(OP.i64Load, AT.remainder);
}

function divideLongUnsigned(e: EmitContext, divisor: Local, quotient: Local, remainder: Local): void {
  const { code } = e;
  e.getGpr(RDX);
  code.get(divisor);
  code.op(OP.i64GeU);
  e.raiseIf(DIVIDE_ERROR);
  e.getGpr(RDX);
  e.getGpr(RAX);
  code.get(divisor);
  e.call('divide128');
  code.set(quotient);
  pushRemainder(e);
  code.set(remainder);
}

/** Divides the magnitudes, then puts the signs back and checks that the quotient fits. */
function divideLongSigned(e: EmitContext, divisor: Local, quotient: Local, remainder: Local): void {
  const { code } = e;
  const high = e.temporary(I64);
  const low = e.temporary(I64);
  const magnitude = e.temporary(I64);
  const sign = e.temporary(I64);
  e.getGpr(RDX);
  code.i64(63);
  code.op(OP.i64ShrS);
  code.set(sign);
  // |rdx:rax| = (rdx:rax ^ sign) − sign
  e.getGpr(RAX);
  code.get(sign);
  code.op(OP.i64Xor);
  code.get(sign);
  code.op(OP.i64Sub);
  code.set(low);
  e.getGpr(RDX);
  code.get(sign);
  code.op(OP.i64Xor);
  code.get(low);
  code.op(OP.i64Eqz);
  code.op(OP.i64ExtendI32U);
  code.get(sign);
  code.op(OP.i64And);
  code.op(OP.i64Add);
  code.set(high);
  pushMagnitude(e, divisor);
  code.set(magnitude);
  code.get(high);
  code.get(magnitude);
  code.op(OP.i64GeU);
  e.raiseIf(DIVIDE_ERROR);
  code.get(high);
  code.get(low);
  code.get(magnitude);
  e.call('divide128');
  code.set(quotient);
  negateIf(e, quotient, () => {
    code.get(sign);
    code.get(divisor);
    code.i64(63);
    code.op(OP.i64ShrS);
    code.op(OP.i64Xor);
  });
  // The sign must be the one expected, unless the quotient is 0.
  code.get(quotient);
  code.get(sign);
  code.op(OP.i64Xor);
  code.get(divisor);
  code.op(OP.i64Xor);
  code.i64(0);
  code.op(OP.i64LtS);
  code.get(quotient);
  code.i64(0);
  code.op(OP.i64Ne);
  code.op(OP.i32And);
  e.raiseIf(DIVIDE_ERROR);
  pushRemainder(e);
  code.set(remainder);
  negateIf(e, remainder, () => {
    code.get(sign);
  });
}

function pushMagnitude(e: EmitContext, value: Local): void {
  const { code } = e;
  code.get(value);
  code.get(value);
  code.i64(63);
  code.op(OP.i64ShrS);
  code.op(OP.i64Xor);
  code.get(value);
  code.i64(63);
  code.op(OP.i64ShrS);
  code.op(OP.i64Sub);
}

/** value = (value ^ mask) − mask, where mask is 0 or −1. */
function negateIf(e: EmitContext, value: Local, pushMask: () => void): void {
  const { code } = e;
  const mask = e.temporary(I64);
  pushMask();
  code.set(mask);
  code.get(value);
  code.get(mask);
  code.op(OP.i64Xor);
  code.get(mask);
  code.op(OP.i64Sub);
  code.set(value);
}

function imul(e: EmitContext): void {
  if (e.instruction.operands.length === 1) multiplyFull(e, true);
  else imulTruncating(e);
}

export const MULTIPLY_EMITTERS: EmitterTable = {
  mul: (e) => {
    multiplyFull(e, false);
  },
  imul,
  div: (e) => {
    divide(e, false);
  },
  idiv: (e) => {
    divide(e, true);
  },
};
