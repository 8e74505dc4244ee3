// shift.ts: shifts and rotates.
//
// Counts are taken modulo 32 (64 for eight-byte operands). A count of 0 leaves the flags alone; where the count is in
// cl, the flags' kind is therefore chosen at run time (DYNAMIC).
// Quirk: OF after counts other than 1 is undefined; it is computed as for 1.
// Truth: Intel SDM vol. 2 (SAL/SAR/SHL/SHR, RCL/RCR/ROL/ROR, SHLD, SHRD).

import type { Operand } from '../../decode/instruction';
import type { Local } from '../../wasm/code';
import { I32, I64, OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { CF, KIND_MIXED, KIND_SAR, KIND_SHL, KIND_SHR, OF, flagKind, type FlagOperation } from '../flag-kind';
import { overRotate, overShift } from '../flag-override';
import { DYNAMIC } from '../flags';
import type { EmitterTable, InstructionEmitter } from './emitter';

interface ShiftKind {
  readonly opcode: number;
  readonly operation: FlagOperation;
  readonly signed: boolean;
}

const SHIFT_LEFT: ShiftKind = { opcode: OP.i32Shl, operation: KIND_SHL, signed: false };
const SHIFT_RIGHT: ShiftKind = { opcode: OP.i32ShrU, operation: KIND_SHR, signed: false };
const SHIFT_ARITHMETIC: ShiftKind = { opcode: OP.i32ShrS, operation: KIND_SAR, signed: true };

function countMask(bytes: number): number {
  return bytes === 8 ? 63 : 31;
}

/** The count where it is known while translating. */
function constantCount(operand: Operand, bytes: number): number | undefined {
  return operand.kind === 'immediate' ? Number(operand.value) & countMask(bytes) : undefined;
}

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
    if (at !== undefined || bytes === 4) rewrite(e, target, at);
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

/** Writes the operand's own value back: a store that debug registers see, and the clearing of an upper half. */
function rewrite(e: EmitContext, target: Operand, at: Local | undefined): void {
  e.push(target, at);
  const value = e.save(target.bytes);
  e.assign(target, at, () => {
    e.code.get(value);
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

/** cl, masked, in a new i32 local. */
function pushClCount(e: EmitContext, bytes: number): Local {
  const { code } = e;
  e.getGpr(1);
  code.op(OP.i32WrapI64);
  code.i32(countMask(bytes));
  code.op(OP.i32And);
  return e.save(4);
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

/** ROL and ROR change CF and OF only. */
function rotate(isLeft: boolean): InstructionEmitter {
  return (e) => {
    const { code } = e;
    const target = e.operand(0);
    const source = e.operand(1);
    const { bytes } = target;
    const at = e.prepare(target, 'readWrite');
    const known = constantCount(source, bytes);
    if (known === 0) {
      if (at !== undefined || bytes === 4) rewrite(e, target, at);
      return;
    }
    const count = known === undefined ? pushClCount(e, bytes) : undefined;
    e.push(target, at);
    const value = e.save(bytes);
    const pushCount = (): void => {
      if (count === undefined) code.i32(known ?? 0);
      else code.get(count);
    };
    pushRotated(e, value, pushCount, bytes, isLeft);
    e.zeroExtend(bytes);
    const result = e.save(bytes);
    if (e.flagsWanted) overrideUnlessZero(e, overRotate(isLeft, bytes), result, bytes, count);
    e.assign(target, at, () => {
      code.get(result);
    });
  };
}

function pushRotated(e: EmitContext, value: Local, pushCount: () => void, bytes: number, isLeft: boolean): void {
  const { code } = e;
  const wide = bytes === 8;
  code.get(value);
  if (bytes >= 4) {
    pushCount();
    if (wide) code.op(OP.i64ExtendI32U);
    code.arithmetic(isLeft ? OP.i32Rotl : OP.i32Rotr, wide);
    return;
  }
  // Repeat the small number through 32 bits, then any rotation of the whole is right in the low part.
  code.get(value);
  code.i32(8 * bytes);
  code.op(OP.i32Shl);
  code.op(OP.i32Or);
  if (bytes === 1) {
    const pair = e.save(4);
    code.get(pair);
    code.get(pair);
    code.i32(16);
    code.op(OP.i32Shl);
    code.op(OP.i32Or);
  }
  pushCount();
  code.op(isLeft ? OP.i32Rotl : OP.i32Rotr);
}

/** The override by a number of so many bytes, unless the count (i32; undefined: it is not) is 0. */
function overrideUnlessZero(e: EmitContext, over: number, c: Local, bytes: number, count: Local | undefined): void {
  const { code } = e;
  e.flags.override(
    over,
    () => {
      code.get(c);
      e.widen(bytes);
    },
    () => {
      if (count === undefined) {
        code.i64(1);
        return;
      }
      code.get(count);
      code.op(OP.i64ExtendI32U);
    },
  );
}

/** RCL and RCR: a rotation through CF, bit by bit in a loop; counts are small and the instruction is rare. */
function rotateThroughCarry(isLeft: boolean): InstructionEmitter {
  return (e) => {
    const { code, flags } = e;
    const target = e.operand(0);
    const source = e.operand(1);
    const { bytes } = target;
    const wide = bytes === 8;
    const top = 8 * bytes - 1;
    const at = e.prepare(target, 'readWrite');
    const known = constantCount(source, bytes);
    const count = known === undefined ? pushClCount(e, bytes) : (code.i32(known), e.save(4));
    if (bytes < 4) {
      code.get(count);
      code.i32(8 * bytes + 1);
      code.op(OP.i32RemU);
      code.set(count);
    }
    flags.pushWord();
    const word = e.save(4);
    code.get(word);
    code.i32(CF);
    code.op(OP.i32And);
    const carry = e.save(4);
    e.push(target, at);
    const value = e.save(bytes);
    const left = e.temporary(I32);
    code.get(count);
    code.set(left);
    const done = code.block();
    const again = code.loop();
    code.get(left);
    code.op(OP.i32Eqz);
    code.brIf(done);
    code.get(left);
    code.i32(1);
    code.op(OP.i32Sub);
    code.set(left);
    // The bit that falls out, then value shifted with the old carry in.
    code.get(value);
    code.constant(isLeft ? top : 0, wide);
    code.arithmetic(OP.i32ShrU, wide);
    if (wide) code.op(OP.i32WrapI64);
    code.i32(1);
    code.op(OP.i32And);
    code.get(value);
    code.constant(1, wide);
    code.arithmetic(isLeft ? OP.i32Shl : OP.i32ShrU, wide);
    code.get(carry);
    if (wide) code.op(OP.i64ExtendI32U);
    if (!isLeft) {
      code.constant(top, wide);
      code.arithmetic(OP.i32Shl, wide);
    }
    code.arithmetic(OP.i32Or, wide);
    e.zeroExtend(bytes);
    code.set(value);
    code.set(carry);
    code.br(again);
    code.end();
    code.end();
    finishThroughCarry(e, { word, carry, value, count }, bytes, isLeft);
    e.assign(target, at, () => {
      code.get(value);
    });
  };
}

interface ThroughCarry {
  readonly word: Local;
  readonly carry: Local;
  readonly value: Local;
  readonly count: Local;
}

function finishThroughCarry(e: EmitContext, locals: ThroughCarry, bytes: number, isLeft: boolean): void {
  const { code, flags } = e;
  const wide = bytes === 8;
  const top = 8 * bytes - 1;
  const pushBit = (bit: number): void => {
    code.get(locals.value);
    code.constant(bit, wide);
    code.arithmetic(OP.i32ShrU, wide);
    if (wide) code.op(OP.i32WrapI64);
    code.i32(1);
    code.op(OP.i32And);
  };
  code.get(locals.word);
  code.i32(~(CF | OF));
  code.op(OP.i32And);
  code.get(locals.carry);
  code.op(OP.i32Or);
  pushBit(top);
  if (isLeft) code.get(locals.carry);
  else pushBit(top - 1);
  code.op(OP.i32Xor);
  code.i32(11);
  code.op(OP.i32Shl);
  code.op(OP.i32Or);
  code.get(locals.word);
  code.get(locals.count);
  code.op(OP.select);
  flags.setWord();
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
      if (at !== undefined || bytes === 4) rewrite(e, target, at);
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
  rol: rotate(true),
  ror: rotate(false),
  rcl: rotateThroughCarry(true),
  rcr: rotateThroughCarry(false),
  shld: doubleShift(true),
  shrd: doubleShift(false),
};
