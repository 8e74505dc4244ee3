// divide.ts: DIV and IDIV.
//
// WebAssembly divides 64 bits by 64. Dividends of 128 bits go through the helper `divide128` where rdx is more than rax
// extended; divisions that WebAssembly would trap on raise the guest's #DE first.
// Truth: Intel SDM vol. 2. The flags after a division are undefined: they stay as they were.

import { AT } from '../../layout';
import type { Local } from '../../wasm/code';
import { I64, OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import type { EmitterTable } from './emitter';
import { pushExceeds, widen } from './widening';

const RAX = 0;
const RDX = 2;
const DIVIDE_ERROR = 0;

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
  widen(e, bytes, isSigned);
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
  pushExceeds(e, quotient, bytes, isSigned);
  e.raiseIf(DIVIDE_ERROR);
  code.get(dividend);
  code.get(divisor);
  code.op(isSigned ? OP.i64RemS : OP.i64RemU);
  const remainder = e.save(8);
  setSmallResults(e, quotient, remainder, bytes);
}

/** Bytes leave the remainder in ah. */
function setSmallResults(e: EmitContext, quotient: Local, remainder: Local, bytes: number): void {
  const { code } = e;
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
    widen(e, 2, isSigned);
    return;
  }
  e.getGprBytes(RDX, bytes);
  widen(e, bytes, isSigned);
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
  setDividendMagnitude(e, sign, high, low);
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
  raiseIfWrongSign(e, quotient, sign, divisor);
  pushRemainder(e);
  code.set(remainder);
  negateIf(e, remainder, () => {
    code.get(sign);
  });
}

/** |rdx:rax| = (rdx:rax ^ sign) − sign, where sign is 0 or −1. */
function setDividendMagnitude(e: EmitContext, sign: Local, high: Local, low: Local): void {
  const { code } = e;
  e.getGpr(RDX);
  code.i64(63);
  code.op(OP.i64ShrS);
  code.set(sign);
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
}

/** The sign must be the one expected, unless the quotient is 0. */
function raiseIfWrongSign(e: EmitContext, quotient: Local, sign: Local, divisor: Local): void {
  const { code } = e;
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

export const DIVIDE_EMITTERS: EmitterTable = {
  div: (e) => {
    divide(e, false);
  },
  idiv: (e) => {
    divide(e, true);
  },
};
