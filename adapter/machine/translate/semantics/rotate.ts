// rotate.ts: ROL and ROR, and through the carry RCL and RCR. Their counts: shift-count.ts.
//
// Truth: Intel SDM vol. 2 (RCL/RCR/ROL/ROR).

import type { Local } from '../../wasm/code';
import { I32, OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { CF, OF } from '../flag-kind';
import { overRotate } from '../flag-override';
import type { EmitterTable, InstructionEmitter } from './emitter';
import { constantCount, overrideUnlessZero, pushClCount, shiftByZero } from './shift-count';

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
      shiftByZero(e, target, at);
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

/** RCL and RCR: a rotation through CF, bit by bit in a loop; counts are small and the instruction is rare. */
function rotateThroughCarry(isLeft: boolean): InstructionEmitter {
  return (e) => {
    const { code, flags } = e;
    const target = e.operand(0);
    const source = e.operand(1);
    const { bytes } = target;
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
    const locals = { word, carry, value, count };
    rotateBits(e, locals, bytes, isLeft);
    setCarryAndOverflow(e, locals, bytes, isLeft);
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

/** As often as `count` says, a bit falls out of the value into the carry, and the carry comes in at the other end. */
function rotateBits(e: EmitContext, { carry, value, count }: ThroughCarry, bytes: number, isLeft: boolean): void {
  const { code } = e;
  const wide = bytes === 8;
  const top = 8 * bytes - 1;
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
  pushBit(e, value, isLeft ? top : 0, wide);
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
}

/** Pushes one bit of the value as i32 0 or 1. */
function pushBit(e: EmitContext, value: Local, bit: number, wide: boolean): void {
  const { code } = e;
  code.get(value);
  code.constant(bit, wide);
  code.arithmetic(OP.i32ShrU, wide);
  if (wide) code.op(OP.i32WrapI64);
  code.i32(1);
  code.op(OP.i32And);
}

function setCarryAndOverflow(e: EmitContext, locals: ThroughCarry, bytes: number, isLeft: boolean): void {
  const { code, flags } = e;
  const wide = bytes === 8;
  const top = 8 * bytes - 1;
  code.get(locals.word);
  code.i32(~(CF | OF));
  code.op(OP.i32And);
  code.get(locals.carry);
  code.op(OP.i32Or);
  pushBit(e, locals.value, top, wide);
  if (isLeft) code.get(locals.carry);
  else pushBit(e, locals.value, top - 1, wide);
  code.op(OP.i32Xor);
  code.i32(11);
  code.op(OP.i32Shl);
  code.op(OP.i32Or);
  code.get(locals.word);
  code.get(locals.count);
  code.op(OP.select);
  flags.setWord();
}

export const ROTATE_EMITTERS: EmitterTable = {
  rol: rotate(true),
  ror: rotate(false),
  rcl: rotateThroughCarry(true),
  rcr: rotateThroughCarry(false),
};
