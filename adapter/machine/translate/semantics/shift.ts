// shift.ts: SHL, SHR, SAR, and the double shifts SHLD and SHRD. Their counts: shift-count.ts.
//
// Truth: Intel SDM vol. 2 (SAL/SAR/SHL/SHR, SHLD, SHRD).

import type { Operand } from '../../decode/instruction';
import type { Local } from '../../wasm/code';
import { I64, OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { CF, KIND_MIXED, KIND_SAR, KIND_SHL, KIND_SHR, flagKind, type FlagOperation } from '../flag-kind';
import { overShift } from '../flag-override';
import { DYNAMIC } from '../flags';
import type { EmitterTable, InstructionEmitter } from './emitter';
import { constantCount, overrideUnlessZero, pushClCount, shiftByZero } from './shift-count';

interface ShiftKind {
  readonly opcode: number;
  readonly operation: FlagOperation;
  readonly signed: boolean;
}

const SHIFT_LEFT: ShiftKind = { opcode: OP.i32Shl, operation: KIND_SHL, signed: false };
const SHIFT_RIGHT: ShiftKind = { opcode: OP.i32ShrU, operation: KIND_SHR, signed: false };
const SHIFT_ARITHMETIC: ShiftKind = { opcode: OP.i32ShrS, operation: KIND_SAR, signed: true };

function shift(kind: ShiftKind): InstructionEmitter {
  return (e) => {
    const target = e.operand(0);
    const source = e.operand(1);
    const { bytes } = target;
    const at = e.prepare(target, 'readWrite');
    const count = constantCount(source, bytes);
    if (count !== undefined) shiftByConstant(e, kind, target, at, count);
    else shiftByCl(e, kind, target, at);
  };
}

function shiftByConstant(e: EmitContext, kind: ShiftKind, target: Operand, at: Local | undefined, count: number): void {
  const { code } = e;
  const { bytes } = target;
  const wide = bytes === 8;
  if (count === 0) {
    shiftByZero(e, target, at);
    return;
  }
  e.push(target, at);
  const value = e.save(bytes);
  if (e.flagsWanted) {
    code.get(value);
    e.widen(bytes);
    e.flags.setA();
    code.i64(count);
    e.flags.setB();
    e.flags.is(kind.operation, bytes);
  }
  e.assign(target, at, () => {
    code.get(value);
    if (kind.signed) e.signExtend(bytes);
    code.constant(count, wide);
    code.arithmetic(kind.opcode, wide);
  });
}

function shiftByCl(e: EmitContext, kind: ShiftKind, target: Operand, at: Local | undefined): void {
  const { code } = e;
  const { bytes } = target;
  const wide = bytes === 8;
  e.push(target, at);
  const value = e.save(bytes);
  const count = pushClCount(e, bytes);
  if (e.flagsWanted) {
    const kindOfFlags = flagKind(kind.operation, bytes);
    overrideUnlessZero(e, overShift(kindOfFlags), value, bytes, count);
  }
  e.assign(target, at, () => {
    code.get(value);
    if (kind.signed) e.signExtend(bytes);
    code.get(count);
    if (wide) code.op(OP.i64ExtendI32U);
    code.arithmetic(kind.opcode, wide);
  });
}

/** New kind, A from `pushA`, B the count; all three stay as they were where the count is 0. */
function setFlagsUnlessZero(e: EmitContext, count: Local, kind: number, pushA: () => void): void {
  const { code, flags } = e;
  flags.makeDynamic();
  code.i32(kind);
  code.get(flags.dynamicKind);
  code.get(count);
  code.op(OP.select);
  code.set(flags.dynamicKind);
  pushA();
  code.get(flags.a);
  code.get(count);
  code.op(OP.select);
  code.set(flags.a);
  code.get(count);
  code.op(OP.i64ExtendI32U);
  code.get(flags.b);
  code.get(count);
  code.op(OP.select);
  code.set(flags.b);
  flags.kind = DYNAMIC;
}

/** SHLD and SHRD: the target is shifted, bits of the source come in. */
function doubleShift(isLeft: boolean): InstructionEmitter {
  return (e) => {
    const { code } = e;
    const target = e.operand(0);
    const source = e.operand(1);
    const amount = e.operand(2);
    const { bytes } = target;
    const at = e.prepare(target, 'readWrite');
    const known = constantCount(amount, bytes);
    if (known === 0) {
      shiftByZero(e, target, at);
      return;
    }
    const count = known === undefined ? pushClCount(e, bytes) : (code.i32(known), e.save(4));
    e.push(target, at);
    const value = e.save(bytes);
    e.push(source, undefined);
    const other = e.save(bytes);
    pushDoubleShifted(e, value, other, count, bytes, isLeft);
    e.zeroExtend(bytes);
    code.get(value);
    code.get(count);
    code.op(OP.select);
    const result = e.save(bytes);
    if (e.flagsWanted) setDoubleShiftFlags(e, { value, result, count }, bytes, isLeft);
    e.assign(target, at, () => {
      code.get(result);
    });
  };
}

/** Pushes the shifted number; right only for counts other than 0. Words go through 64 bits. */
function pushDoubleShifted(
  e: EmitContext,
  value: Local,
  other: Local,
  count: Local,
  bytes: number,
  isLeft: boolean,
): void {
  const { code } = e;
  const wide = bytes === 8;
  if (bytes === 2) {
    // value:other:value as 48 bits, so that counts of 17…31 give what the hardware gives.
    const high = isLeft ? value : other;
    const low = isLeft ? other : value;
    code.get(high);
    code.i32(16);
    code.op(OP.i32Shl);
    code.get(low);
    code.op(OP.i32Or);
    const pair = e.save(4);
    code.get(pair);
    code.get(count);
    code.op(isLeft ? OP.i32Rotl : OP.i32Rotr);
    if (isLeft) {
      code.i32(16);
      code.op(OP.i32ShrU);
    }
    return;
  }
  const pushBack = (): void => {
    code.i32(8 * bytes);
    code.get(count);
    code.op(OP.i32Sub);
    if (wide) code.op(OP.i64ExtendI32U);
  };
  code.get(value);
  code.get(count);
  if (wide) code.op(OP.i64ExtendI32U);
  code.arithmetic(isLeft ? OP.i32Shl : OP.i32ShrU, wide);
  code.get(other);
  pushBack();
  code.arithmetic(isLeft ? OP.i32ShrU : OP.i32Shl, wide);
  code.arithmetic(OP.i32Or, wide);
}

function setDoubleShiftFlags(
  e: EmitContext,
  locals: { value: Local; result: Local; count: Local },
  bytes: number,
  isLeft: boolean,
): void {
  const { code } = e;
  const wide = bytes === 8;
  const top = 8 * bytes - 1;
  setFlagsUnlessZero(e, locals.count, flagKind(KIND_MIXED, bytes), () => {
    code.get(locals.result);
    e.widen(bytes);
  });
  // B as MIXED wants it: CF the last bit out, OF a change of sign. AF is undefined.
  const mixed = e.temporary(I64);
  code.get(locals.value);
  if (isLeft) code.i32(8 * bytes);
  code.get(locals.count);
  if (!isLeft) code.i32(1);
  code.op(OP.i32Sub);
  if (wide) code.op(OP.i64ExtendI32U);
  code.arithmetic(OP.i32ShrU, wide);
  e.widen(bytes);
  code.i64(CF);
  code.op(OP.i64And);
  code.get(locals.value);
  code.get(locals.result);
  code.arithmetic(OP.i32Xor, wide);
  e.widen(bytes);
  code.i64(top);
  code.op(OP.i64ShrU);
  code.i64(1);
  code.op(OP.i64And);
  code.i64(11);
  code.op(OP.i64Shl);
  code.op(OP.i64Or);
  code.set(mixed);
  code.get(mixed);
  code.get(e.flags.b);
  code.get(locals.count);
  code.op(OP.select);
  code.set(e.flags.b);
}

export const SHIFT_EMITTERS: EmitterTable = {
  shl: shift(SHIFT_LEFT),
  shr: shift(SHIFT_RIGHT),
  sar: shift(SHIFT_ARITHMETIC),
  shld: doubleShift(true),
  shrd: doubleShift(false),
};
