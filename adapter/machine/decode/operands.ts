// operands.ts: the operand codes of an opcode's line → operands, reading displacement and immediates in order.
//
// Truth: Intel SDM vol. 2, appendix A.2.1 and A.2.2.

import { assert } from '../../util/assert';
import type { DecodeState, MutableMemoryOperand } from './decode-state';
import type { ImmediateOperand, Operand, OperandBytes } from './instruction';
import { FORM, SIZE } from './opcode-table';
import type { OperandCode } from './opcode-table';
import { CONTROL, DEBUG, GPR, GPR_HIGH, MMX, SEGMENT, ST, XMM } from './registers.table';

const ONE: Operand = Object.freeze({ kind: 'immediate', value: 1, bytes: 1 });

/** `size` is the operation's. */
export function decodeOperands(state: DecodeState, codes: readonly OperandCode[], size: 1 | 2 | 4 | 8): Operand[] {
  const operands: Operand[] = [];
  let memory: MutableMemoryOperand | undefined;
  for (const code of codes) {
    const operand = decodeOperand(state, code >>> 16, code & 0xffff, size);
    if (operand.kind === 'memory') memory = operand;
    operands.push(operand);
  }
  if (memory !== undefined) state.resolveRipRelative(memory);
  return operands;
}

type DecodedOperand = Exclude<Operand, { kind: 'memory' }> | MutableMemoryOperand;

function decodeOperand(state: DecodeState, form: number, sizeCode: number, size: 1 | 2 | 4 | 8): DecodedOperand {
  switch (form) {
    case FORM.rmGpr:
      if (state.modrm < 0xc0) return state.memoryOperand(memoryBytes(state, sizeCode, size));
      return gpr(state, (state.modrm & 7) | ((state.rex & 1) << 3), registerBytes(state, sizeCode, size));
    case FORM.regGpr:
      return gpr(state, ((state.modrm >> 3) & 7) | ((state.rex & 4) << 1), registerBytes(state, sizeCode, size));
    case FORM.opcodeGpr:
      return gpr(state, (state.opcode & 7) | ((state.rex & 1) << 3), registerBytes(state, sizeCode, size));
    case FORM.accumulator:
      return GPR[registerBytes(state, sizeCode, size)][0];
    case FORM.memory:
      return state.memoryOperand(memoryBytes(state, sizeCode, size));
    case FORM.regXmm:
      return XMM[((state.modrm >> 3) & 7) | ((state.rex & 4) << 1)];
    case FORM.rmXmm:
      if (state.modrm < 0xc0) return state.memoryOperand(memoryBytes(state, sizeCode, size));
      return XMM[(state.modrm & 7) | ((state.rex & 1) << 3)];
    case FORM.regMmx:
      return MMX[(state.modrm >> 3) & 7];
    case FORM.rmMmx:
      if (state.modrm < 0xc0) return state.memoryOperand(memoryBytes(state, sizeCode, size));
      return MMX[state.modrm & 7];
    case FORM.immediate:
      return immediate(state, sizeCode, size);
    case FORM.unsignedImmediate:
      return sizeCode === 1
        ? { kind: 'immediate', value: state.u8(), bytes: 1 }
        : { kind: 'immediate', value: state.u16(), bytes: 2 };
    case FORM.offset:
      return state.offsetOperand(memoryBytes(state, sizeCode, size));
    default:
      return fixedOperand(state, form);
  }
}

function fixedOperand(state: DecodeState, form: number): DecodedOperand {
  switch (form) {
    case FORM.cl:
      return GPR[1][1];
    case FORM.dx:
      return GPR[2][2];
    case FORM.one:
      return ONE;
    case FORM.st0:
      return ST[0];
    case FORM.sti:
      return ST[state.modrm & 7];
    case FORM.regSegment:
      return SEGMENT[Math.min((state.modrm >> 3) & 7, SEGMENT.length - 1)];
    case FORM.fs:
      return SEGMENT[4];
    case FORM.gs:
      return SEGMENT[5];
    case FORM.control:
      return CONTROL[((state.modrm >> 3) & 7) | ((state.rex & 4) << 1)];
    default:
      assert(form === FORM.debug, 'every operand form is decoded', form);
      return DEBUG[((state.modrm >> 3) & 7) | ((state.rex & 4) << 1)];
  }
}

/** Without REX, byte registers 4–7 are ah ch dh bh. */
function gpr(state: DecodeState, index: number, bytes: 1 | 2 | 4 | 8): Operand & { kind: 'register' } {
  if (bytes === 1 && state.rex === 0 && index >= 4) return GPR_HIGH[index - 4];
  return GPR[bytes][index];
}

function immediate(state: DecodeState, sizeCode: number, size: 1 | 2 | 4 | 8): ImmediateOperand {
  if (sizeCode === 1) return { kind: 'immediate', value: state.i8(), bytes: 1 };
  if (size === 2) return { kind: 'immediate', value: state.i16(), bytes: 2 };
  if (size === 8 && sizeCode === SIZE.v) return { kind: 'immediate', value: state.i64(), bytes: 8 };
  return { kind: 'immediate', value: state.i32(), bytes: 4 };
}

function registerBytes(state: DecodeState, sizeCode: number, size: 1 | 2 | 4 | 8): 1 | 2 | 4 | 8 {
  switch (sizeCode) {
    case 1:
    case 2:
    case 4:
    case 8:
      return sizeCode;
    case SIZE.y:
      return state.rexW ? 8 : 4;
    case SIZE.z:
      return size === 2 ? 2 : 4;
    case SIZE.dw:
    case SIZE.db:
      return 4;
    default:
      return size;
  }
}

function memoryBytes(state: DecodeState, sizeCode: number, size: 1 | 2 | 4 | 8): OperandBytes {
  switch (sizeCode) {
    case 10:
    case 16:
    case 28:
    case 108:
    case 512:
      return sizeCode;
    case SIZE.sw:
    case SIZE.dw:
      return 2;
    case SIZE.db:
      return 1;
    case SIZE.pair:
      return state.rexW ? 16 : 8;
    default:
      return registerBytes(state, sizeCode, size);
  }
}
