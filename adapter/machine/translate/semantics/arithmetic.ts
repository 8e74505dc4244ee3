// arithmetic.ts: add, sub, logic, compare, and their like.
//
// Truth: Intel SDM vol. 2 (ADD, ADC, SUB, SBB, CMP, AND, OR, XOR, TEST, INC, DEC, NEG, NOT, XADD, CMPXCHG).

import type { Operand } from '../../decode/instruction';
import type { Local } from '../../wasm/code';
import { I64, OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { KIND_ADD, KIND_LOGIC, KIND_MIXED, KIND_SUB } from '../flag-kind';
import type { EmitterTable, InstructionEmitter } from './emitter';

/** Prepares the memory operand, whichever it is. */
function prepareBoth(
  e: EmitContext,
  target: Operand,
  source: Operand,
  mode: 'read' | 'readWrite',
): { targetAt: Local | undefined; sourceAt: Local | undefined } {
  return { targetAt: e.prepare(target, mode), sourceAt: e.prepare(source, 'read') };
}

/** Pushes the operand as an i64 whose bits above its size are junk: cheap, and enough for the flags. */
function pushLoose(e: EmitContext, operand: Operand, at: Local | undefined, bytes: number): void {
  if (operand.kind === 'register' && operand.file === 'gpr') {
    e.getGpr(operand.index);
  } else if (operand.kind === 'immediate') {
    e.code.i64(operand.value);
  } else {
    e.push(operand, at, bytes);
    e.widen(bytes);
  }
}

function logic(opcode: number): InstructionEmitter {
  return (e) => {
    const target = e.operand(0);
    const source = e.operand(1);
    const { bytes } = target;
    const { targetAt, sourceAt } = prepareBoth(e, target, source, 'readWrite');
    if (opcode === OP.i32Xor && isSameRegister(target, source) && bytes >= 4) {
      e.code.constant(0, bytes === 8);
    } else {
      e.push(target, targetAt);
      e.push(source, sourceAt, bytes);
      e.code.arithmetic(opcode, bytes === 8);
    }
    finishLogic(e, target, targetAt);
  };
}

/** Takes the result from the stack, sets the flags and the target. */
function finishLogic(e: EmitContext, target: Operand, at: Local | undefined): void {
  const { bytes } = target;
  if (!e.flagsWanted) {
    assignTop(e, target, at);
    return;
  }
  const result = e.save(bytes);
  e.code.get(result);
  e.widen(bytes);
  e.flags.setA();
  e.flags.is(KIND_LOGIC, bytes);
  e.assign(target, at, () => {
    e.code.get(result);
  });
}

function assignTop(e: EmitContext, target: Operand, at: Local | undefined): void {
  if (at === undefined) {
    e.assign(target, undefined, () => undefined);
    return;
  }
  const result = e.save(target.bytes);
  e.assign(target, at, () => {
    e.code.get(result);
  });
}

function isSameRegister(a: Operand, b: Operand): boolean {
  return a.kind === 'register' && b.kind === 'register' && a.file === b.file && a.index === b.index;
}

function test(e: EmitContext): void {
  const target = e.operand(0);
  const source = e.operand(1);
  const at = e.prepare(target, 'read');
  if (!e.flagsWanted) return;
  pushLoose(e, target, at, target.bytes);
  if (!isSameRegister(target, source)) {
    pushLoose(e, source, undefined, target.bytes);
    e.code.op(OP.i64And);
  }
  e.flags.setA();
  e.flags.is(KIND_LOGIC, target.bytes);
}

function add(e: EmitContext): void {
  const target = e.operand(0);
  const source = e.operand(1);
  const { bytes } = target;
  const { targetAt, sourceAt } = prepareBoth(e, target, source, 'readWrite');
  if (e.flagsWanted) {
    pushLoose(e, source, sourceAt, bytes);
    const addend = e.temporary(I64);
    e.code.tee(addend);
    pushNumber(e, bytes);
    pushLoose(e, target, targetAt, bytes);
    pushNumber(e, bytes);
    combine(e, OP.i32Add, bytes);
    finishLoose(e, target, targetAt, () => {
      e.code.get(addend);
      e.flags.setB();
      e.flags.is(KIND_ADD, bytes);
    });
    return;
  }
  e.push(target, targetAt);
  e.push(source, sourceAt, bytes);
  e.code.arithmetic(OP.i32Add, bytes === 8);
  assignTop(e, target, targetAt);
}

/** Four bytes are computed as i32: V8 knows that the upper half of the result is clear. */
function pushNumber(e: EmitContext, bytes: number): void {
  if (bytes === 4) e.code.op(OP.i32WrapI64);
}

/** Takes two numbers of pushNumber, leaves an i64 with junk above the size; above four bytes there is none. */
function combine(e: EmitContext, opcode: number, bytes: number): void {
  e.code.arithmetic(opcode, bytes !== 4);
  if (bytes === 4) e.code.op(OP.i64ExtendI32U);
}

/** Takes an i64 result with junk above the size; A becomes the result as it is in the target. */
function finishLoose(e: EmitContext, target: Operand, at: Local | undefined, setFlags: () => void): void {
  const { bytes } = target;
  if (target.kind === 'register' && target.file === 'gpr' && bytes >= 4) {
    e.setGpr(target.index);
    e.getGpr(target.index);
    e.flags.setA();
    setFlags();
    return;
  }
  e.flags.setA();
  setFlags();
  e.assign(target, at, () => {
    e.code.get(e.flags.a);
    if (bytes < 8) e.code.op(OP.i32WrapI64);
  });
}

function sub(e: EmitContext): void {
  const target = e.operand(0);
  const source = e.operand(1);
  const { bytes } = target;
  const { targetAt, sourceAt } = prepareBoth(e, target, source, 'readWrite');
  if (e.flagsWanted) {
    pushLoose(e, source, sourceAt, bytes);
    const right = e.temporary(I64);
    e.code.set(right);
    pushLoose(e, target, targetAt, bytes);
    e.flags.setA();
    e.code.get(right);
    e.flags.setB();
    e.flags.is(KIND_SUB, bytes);
    e.assign(target, targetAt, () => {
      e.code.get(e.flags.a);
      pushNumber(e, bytes);
      e.code.get(e.flags.b);
      pushNumber(e, bytes);
      e.code.arithmetic(OP.i32Sub, bytes !== 4);
      if (bytes < 4) e.code.op(OP.i32WrapI64);
    });
    return;
  }
  e.push(target, targetAt);
  e.push(source, sourceAt, bytes);
  e.code.arithmetic(OP.i32Sub, bytes === 8);
  assignTop(e, target, targetAt);
}

function cmp(e: EmitContext): void {
  const target = e.operand(0);
  const source = e.operand(1);
  const { targetAt, sourceAt } = prepareBoth(e, target, source, 'read');
  if (!e.flagsWanted) return;
  pushLoose(e, target, targetAt, target.bytes);
  e.flags.setA();
  pushLoose(e, source, sourceAt, target.bytes);
  e.flags.setB();
  e.flags.is(KIND_SUB, target.bytes);
}

/** ADC and SBB. All numbers are zero-extended to the operand's type, so that the comparisons tell the carry. */
function withCarry(isAdd: boolean): InstructionEmitter {
  return (e) => {
    const { code } = e;
    const target = e.operand(0);
    const source = e.operand(1);
    const { bytes } = target;
    const wide = bytes === 8;
    const { targetAt, sourceAt } = prepareBoth(e, target, source, 'readWrite');
    const opcode = isAdd ? OP.i32Add : OP.i32Sub;
    e.flags.carry();
    const carry = e.save(4);
    e.push(target, targetAt);
    const left = e.save(bytes);
    e.push(source, sourceAt, bytes);
    const right = e.save(bytes);
    code.get(left);
    code.get(right);
    code.arithmetic(opcode, wide);
    code.get(carry);
    e.widen(wide ? 4 : 8);
    code.arithmetic(opcode, wide);
    e.zeroExtend(bytes);
    const result = e.save(bytes);
    if (e.flagsWanted) {
      // Carry out: the sum is below (with carry in: not above) the left number; for SBB left below right.
      const [small, large] = isAdd ? [result, left] : [left, right];
      pushComparison(e, small, large, OP.i32LtU, wide);
      pushComparison(e, small, large, OP.i32Eq, wide);
      code.get(carry);
      code.op(OP.i32And);
      code.op(OP.i32Or);
      pushAuxiliary(e, [left, right, result], wide);
      code.op(OP.i32Or);
      pushOverflow(e, left, isAdd ? result : right, isAdd ? right : left, result, bytes);
      code.op(OP.i32Or);
      code.op(OP.i64ExtendI32U);
      e.flags.setB();
      code.get(result);
      e.widen(bytes);
      e.flags.setA();
      e.flags.is(KIND_MIXED, bytes);
    }
    e.assign(target, targetAt, () => {
      code.get(result);
    });
  };
}

function pushComparison(e: EmitContext, left: Local, right: Local, opcode: number, wide: boolean): void {
  e.code.get(left);
  e.code.get(right);
  e.code.compare(opcode, wide);
}

/** Pushes AF in place: bit 4 of the exclusive or of operands and result. */
function pushAuxiliary(e: EmitContext, numbers: readonly Local[], wide: boolean): void {
  const { code } = e;
  numbers.forEach((local, n) => {
    code.get(local);
    if (wide) code.op(OP.i32WrapI64);
    if (n > 0) code.op(OP.i32Xor);
  });
  code.i32(0x10);
  code.op(OP.i32And);
}

/** Pushes OF in place: the sign of (a ^ b) & (c ^ d). */
function pushOverflow(e: EmitContext, a: Local, b: Local, c: Local, d: Local, bytes: number): void {
  const { code } = e;
  const wide = bytes === 8;
  code.get(a);
  code.get(b);
  code.arithmetic(OP.i32Xor, wide);
  code.get(c);
  code.get(d);
  code.arithmetic(OP.i32Xor, wide);
  code.arithmetic(OP.i32And, wide);
  code.constant(8 * bytes - 1, wide);
  code.arithmetic(OP.i32ShrU, wide);
  if (wide) code.op(OP.i32WrapI64);
  code.i32(1);
  code.op(OP.i32And);
  code.i32(11);
  code.op(OP.i32Shl);
}

/** INC and DEC keep CF. */
function step(isIncrement: boolean): InstructionEmitter {
  return (e) => {
    const { code } = e;
    const target = e.operand(0);
    const { bytes } = target;
    const wide = bytes === 8;
    const at = e.prepare(target, 'readWrite');
    const carry = e.flagsWanted ? (e.flags.carry(), e.save(4)) : undefined;
    e.push(target, at);
    code.constant(1, wide);
    code.arithmetic(isIncrement ? OP.i32Add : OP.i32Sub, wide);
    e.zeroExtend(bytes);
    const result = e.save(bytes);
    if (carry !== undefined) {
      // OF: the result is the least (greatest) number; AF: its low nibble is 0 (15).
      const least = 1n << BigInt(8 * bytes - 1);
      code.get(carry);
      code.get(result);
      code.constant(BigInt.asIntN(wide ? 64 : 32, isIncrement ? least : least - 1n), wide);
      code.compare(OP.i32Eq, wide);
      code.i32(11);
      code.op(OP.i32Shl);
      code.op(OP.i32Or);
      code.get(result);
      if (wide) code.op(OP.i32WrapI64);
      code.i32(15);
      code.op(OP.i32And);
      code.i32(isIncrement ? 0 : 15);
      code.op(OP.i32Eq);
      code.i32(4);
      code.op(OP.i32Shl);
      code.op(OP.i32Or);
      code.op(OP.i64ExtendI32U);
      e.flags.setB();
      code.get(result);
      e.widen(bytes);
      e.flags.setA();
      e.flags.is(KIND_MIXED, bytes);
    }
    e.assign(target, at, () => {
      code.get(result);
    });
  };
}

function neg(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const { bytes } = target;
  const at = e.prepare(target, 'readWrite');
  e.push(target, at);
  const value = e.save(bytes);
  if (e.flagsWanted) {
    code.i64(0);
    e.flags.setA();
    code.get(value);
    e.widen(bytes);
    e.flags.setB();
    e.flags.is(KIND_SUB, bytes);
  }
  e.assign(target, at, () => {
    code.constant(0, bytes === 8);
    code.get(value);
    code.arithmetic(OP.i32Sub, bytes === 8);
  });
}

function not(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const at = e.prepare(target, 'readWrite');
  e.push(target, at);
  code.constant(-1, target.bytes === 8);
  code.arithmetic(OP.i32Xor, target.bytes === 8);
  assignTop(e, target, at);
}

function xadd(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const source = e.operand(1);
  const { bytes } = target;
  const at = e.prepare(target, 'readWrite');
  e.push(target, at);
  const old = e.save(bytes);
  e.push(source, undefined);
  const addend = e.save(bytes);
  code.get(old);
  code.get(addend);
  code.arithmetic(OP.i32Add, bytes === 8);
  const sum = e.save(bytes);
  code.get(sum);
  e.widen(bytes);
  e.flags.setA();
  code.get(addend);
  e.widen(bytes);
  e.flags.setB();
  e.flags.is(KIND_ADD, bytes);
  e.assign(source, undefined, () => {
    code.get(old);
  });
  e.assign(target, at, () => {
    code.get(sum);
  });
}

/** Writes memory even when the comparison fails, as the CPU does. */
function cmpxchg(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const source = e.operand(1);
  const { bytes } = target;
  const wide = bytes === 8;
  const at = e.prepare(target, 'readWrite');
  e.push(target, at);
  const old = e.save(bytes);
  e.getGprBytes(0, bytes);
  const expected = e.save(bytes);
  e.push(source, undefined);
  code.get(old);
  pushComparison(e, expected, old, OP.i32Eq, wide);
  code.op(OP.select);
  const stored = e.save(bytes);
  code.get(expected);
  e.widen(bytes);
  e.flags.setA();
  code.get(old);
  e.widen(bytes);
  e.flags.setB();
  e.flags.is(KIND_SUB, bytes);
  // A 32-bit accumulator keeps its upper half when the comparison succeeds.
  pushComparison(e, expected, old, OP.i32Ne, wide);
  code.if();
  code.get(old);
  e.setGprBytes(0, bytes);
  code.end();
  if (target.kind === 'register' && bytes === 4) {
    pushComparison(e, expected, old, OP.i32Eq, wide);
    code.if();
    e.assign(target, undefined, () => {
      code.get(stored);
    });
    code.end();
    return;
  }
  e.assign(target, at, () => {
    code.get(stored);
  });
}

export const ARITHMETIC_EMITTERS: EmitterTable = {
  add,
  sub,
  cmp,
  adc: withCarry(true),
  sbb: withCarry(false),
  and: logic(OP.i32And),
  or: logic(OP.i32Or),
  xor: logic(OP.i32Xor),
  test,
  inc: step(true),
  dec: step(false),
  neg,
  not,
  xadd,
  cmpxchg,
};
