// carry.ts: ADC and SBB, which add the carry in, INC and DEC, which leave it alone.
//
// CF, AF and OF are worked out beside the result.
// Truth: Intel SDM vol. 2.

import type { Local } from '../../wasm/code';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import type { EmitterTable, InstructionEmitter } from './emitter';
import { setMixedFlags } from './mixed-flags';
import { prepareBoth, pushComparison } from './two-operands';

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
      pushCarryFlags(e, { left, right, carry, result }, isAdd, bytes);
      setMixedFlags(e, result, bytes);
    }
    e.assign(target, targetAt, () => {
      code.get(result);
    });
  };
}

interface CarryLocals {
  readonly left: Local;
  readonly right: Local;
  readonly carry: Local;
  readonly result: Local;
}

/** Pushes CF, AF and OF in place. */
function pushCarryFlags(e: EmitContext, locals: CarryLocals, isAdd: boolean, bytes: number): void {
  const { code } = e;
  const { left, right, carry, result } = locals;
  const wide = bytes === 8;
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
      pushStepFlags(e, carry, result, isIncrement, bytes);
      setMixedFlags(e, result, bytes);
    }
    e.assign(target, at, () => {
      code.get(result);
    });
  };
}

/** Pushes CF as it was, AF and OF in place. */
function pushStepFlags(e: EmitContext, carry: Local, result: Local, isIncrement: boolean, bytes: number): void {
  const { code } = e;
  const wide = bytes === 8;
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
}

export const CARRY_EMITTERS: EmitterTable = {
  adc: withCarry(true),
  sbb: withCarry(false),
  inc: step(true),
  dec: step(false),
};
