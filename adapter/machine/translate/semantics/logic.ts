// logic.ts: AND, OR, XOR, TEST, NOT.
//
// Truth: Intel SDM vol. 2. AF is undefined.

import type { Operand } from '../../decode/instruction';
import type { Local } from '../../wasm/code';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { KIND_LOGIC } from '../flag-kind';
import type { EmitterTable, InstructionEmitter } from './emitter';
import { assignTop, isSameRegister, prepareBoth, pushLoose } from './two-operands';

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

function not(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const at = e.prepare(target, 'readWrite');
  e.push(target, at);
  code.constant(-1, target.bytes === 8);
  code.arithmetic(OP.i32Xor, target.bytes === 8);
  assignTop(e, target, at);
}

export const LOGIC_EMITTERS: EmitterTable = {
  and: logic(OP.i32And),
  or: logic(OP.i32Or),
  xor: logic(OP.i32Xor),
  test,
  not,
};
