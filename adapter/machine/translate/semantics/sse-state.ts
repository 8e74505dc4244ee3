// sse-state.ts: FXSAVE and FXRSTOR.
//
// The state area already holds the image (see layout.ts), so both are copies of its first 416 bytes: x87, MXCSR and
// XMM0–15. What lies above belongs to the program.
// Truth: Intel SDM vol. 1, 10.5; vol. 2 (FXSAVE, FXRSTOR).

import { assert } from '../../../util/assert';
import { AT, MXCSR } from '../../layout';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import type { EmitterTable } from './emitter';
import { requireAligned } from './sse-operand';

const IMAGE_BYTES = 416;
const MXCSR_OFFSET = 24;
const MASK_OFFSET = 28;
/** The bits of MXCSR that exist: no MM (misaligned exception mask). */
const MXCSR_MASK = 0xffff;
/** Bits of FCW that can be set, and the one that always is. */
const CONTROL_BITS = 0x1f3f;
const CONTROL_ONES = 0x40;
const GENERAL_PROTECTION = 13;

function save(e: EmitContext): void {
  const { code, memoryOperand } = e;
  assert(memoryOperand !== undefined, 'FXSAVE has a memory operand', e.instruction);
  requireAligned(e, memoryOperand);
  const at = e.address(memoryOperand, 'write');
  e.spillRegisters();
  code.get(at);
  code.i32(AT.fxsave);
  code.i32(IMAGE_BYTES);
  code.memoryCopy();
  code.get(at);
  code.i32(MXCSR_MASK);
  code.memory(OP.i32Store, MASK_OFFSET);
}

function restore(e: EmitContext): void {
  const { code, memoryOperand } = e;
  assert(memoryOperand !== undefined, 'FXRSTOR has a memory operand', e.instruction);
  requireAligned(e, memoryOperand);
  const at = e.address(memoryOperand, 'read', memoryOperand.bytes, true);
  code.get(at);
  code.memory(OP.i32Load, MXCSR_OFFSET);
  code.i32(~MXCSR_MASK);
  code.op(OP.i32And);
  e.raiseIf(GENERAL_PROTECTION);
  e.spillRegisters();
  code.i32(AT.fxsave);
  code.get(at);
  code.i32(IMAGE_BYTES);
  code.memoryCopy();
  code.i32(0);
  code.i32(MXCSR_MASK);
  code.memory(OP.i32Store, MXCSR + MASK_OFFSET - MXCSR_OFFSET);
  code.i32(0);
  code.i32(0);
  code.memory(OP.i32Load16U, AT.fxsave);
  code.i32(CONTROL_BITS);
  code.op(OP.i32And);
  code.i32(CONTROL_ONES);
  code.op(OP.i32Or);
  code.memory(OP.i32Store16, AT.fxsave);
  e.reloadRegisters();
}

export const SSE_STATE_EMITTERS: EmitterTable = {
  fxsave: save,
  fxrstor: restore,
};
