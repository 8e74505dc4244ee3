// sse-operand.ts: reading and writing the operands of SSE instructions.
//
// Sixteen bytes in memory must be aligned, or #GP comes before anything else, except for the mnemonics that say
// otherwise (movups, movdqu, lddqu …).
// Truth: Intel SDM vol. 1, 4.6.4 (alignment); vol. 2, 2.4 (exception classes).

import { assert } from '../../../util/assert';
import type { MemoryOperand, Operand, RegisterOperand } from '../../decode/instruction';
import type { Local } from '../../wasm/code';
import { OP } from '../../wasm/opcodes.table';
import { SIMD } from '../../wasm/simd.table';
import type { AccessMode, EmitContext } from '../emit-context';
import type { EmitterTable, InstructionEmitter } from './emitter';

const GENERAL_PROTECTION = 13;

/** The table for xmm registers only: the same mnemonics on mmx registers are not there. */
export function xmmOnly(table: EmitterTable): EmitterTable {
  return Object.fromEntries(
    Object.entries(table).map(([name, emit]) => [
      name,
      (e: EmitContext) => {
        if (e.instruction.operands.some(isMmx)) e.leave('unimplemented');
        else emit(e);
      },
    ]),
  );
}

function isMmx(operand: Operand): boolean {
  return operand.kind === 'register' && operand.file === 'mmx';
}

/** The operand as the register that it must be. */
export function registerOf(operand: Operand): RegisterOperand {
  assert(operand.kind === 'register', 'this operand is a register');
  return operand;
}

/** The value of an immediate byte. */
export function immediateOf(e: EmitContext, index: number): number {
  const operand = e.operand(index);
  assert(operand.kind === 'immediate', 'this operand is an immediate', e.instruction);
  return Number(operand.value);
}

/** Raises #GP where sixteen bytes do not lie on a multiple of sixteen. */
export function requireAligned(e: EmitContext, operand: MemoryOperand): void {
  if (operand.base < 0 && operand.index < 0 && operand.segment === 'none' && (operand.displacement & 15) === 0) return;
  e.pushEffectiveAddress(operand);
  e.code.op(OP.i32WrapI64);
  e.code.i32(15);
  e.code.op(OP.i32And);
  e.raiseIf(GENERAL_PROTECTION);
}

/** Prepares an operand of an instruction that demands alignment of sixteen bytes. */
export function prepareAligned(e: EmitContext, operand: Operand, mode: AccessMode): Local | undefined {
  if (operand.kind === 'memory' && operand.bytes === 16) requireAligned(e, operand);
  return e.prepare(operand, mode);
}

/** Pushes a prepared operand as v128; what memory does not have (4 or 8 bytes) becomes 0 above. */
export function pushVector(e: EmitContext, operand: Operand, at: Local | undefined): void {
  const { code } = e;
  if (at === undefined) {
    const register = registerOf(operand);
    assert(register.file === 'xmm', 'a vector operand in a register is an xmm one', e.instruction);
    e.getXmm(register.index);
    return;
  }
  code.get(at);
  switch (operand.bytes) {
    case 16:
      code.simdMemory(SIMD.v128Load);
      return;
    case 8:
      code.simdMemory(SIMD.v128Load64Zero);
      return;
    case 4:
      code.simdMemory(SIMD.v128Load32Zero);
      return;
    default:
      assert(operand.bytes === 2, 'a vector in memory has 2, 4, 8 or 16 bytes', e.instruction);
      code.memory(OP.i32Load16U);
      code.simd(SIMD.i32x4Splat); // only pmov?xbq reads so few, and only from the lowest lane
  }
}

/** Pushes the second operand as v128, checked for alignment. */
export function pushSource(e: EmitContext): void {
  const source = e.operand(1);
  pushVector(e, source, prepareAligned(e, source, 'read'));
}

/** target = operation(target, source): `emit` finds both on the stack, the target below. */
export function binary(emit: (e: EmitContext) => void): InstructionEmitter {
  return (e) => {
    const target = registerOf(e.operand(0));
    const source = e.operand(1);
    const at = prepareAligned(e, source, 'read');
    e.getXmm(target.index);
    pushVector(e, source, at);
    emit(e);
    e.setXmm(target.index);
  };
}

/** The same with the source below the target on the stack. */
export function reversed(emit: (e: EmitContext) => void): InstructionEmitter {
  return (e) => {
    const target = registerOf(e.operand(0));
    const source = e.operand(1);
    const at = prepareAligned(e, source, 'read');
    pushVector(e, source, at);
    e.getXmm(target.index);
    emit(e);
    e.setXmm(target.index);
  };
}

/** target = operation(source). */
export function unary(emit: (e: EmitContext) => void): InstructionEmitter {
  return (e) => {
    pushSource(e);
    emit(e);
    e.setXmm(registerOf(e.operand(0)).index);
  };
}

/** One WebAssembly operation on two vectors. */
export function operation(opcode: number): InstructionEmitter {
  return binary((e) => {
    e.code.simd(opcode);
  });
}

/** A shuffle of target (bytes 0–15) and source (16–31). */
export function shuffle(bytes: readonly number[]): InstructionEmitter {
  return binary((e) => {
    e.code.simdBytes(SIMD.i8x16Shuffle, bytes);
  });
}

/** The sixteen byte numbers of lanes of so many bytes each. */
export function lanes(laneBytes: number, numbers: readonly number[]): number[] {
  return numbers.flatMap((lane) => Array.from({ length: laneBytes }, (_, n) => lane * laneBytes + n));
}

/** Pushes a vector of zeros. */
export function pushZero(e: EmitContext): void {
  e.code.simdBytes(SIMD.v128Const, []);
}
