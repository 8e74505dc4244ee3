// arithmetic.ts: ADD, SUB, CMP, NEG: sums and differences whose flags follow from two numbers.
//
// Truth: Intel SDM vol. 2.

import type { Operand } from '../../decode/instruction';
import type { Local } from '../../wasm/code';
import { I64, OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { KIND_ADD, KIND_SUB } from '../flag-kind';
import type { EmitterTable } from './emitter';
import { assignTop, prepareBoth, pushLoose } from './two-operands';

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

export const ARITHMETIC_EMITTERS: EmitterTable = {
  add,
  sub,
  cmp,
  neg,
};
