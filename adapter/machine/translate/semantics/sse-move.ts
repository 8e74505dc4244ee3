// sse-move.ts: moves between xmm registers, memory and general registers.
//
// Truth: Intel SDM vol. 2 (MOVAPS … MOVQ, MOVMSKPS, PMOVMSKB, PINSRW, PEXTRW, MASKMOVDQU).

import { V128 } from '../../wasm/opcodes.table';
import { SIMD } from '../../wasm/simd.table';
import type { EmitContext } from '../emit-context';
import type { InstructionEmitter } from './emitter';
import { immediateOf, lanes, prepareAligned, pushVector, pushZero, registerOf, unary, xmmOnly } from './sse-operand';

/** All sixteen bytes, wherever they lie. */
function moveWhole(aligned: boolean): InstructionEmitter {
  return (e) => {
    const target = e.operand(0);
    const source = e.operand(1);
    const memory = target.kind === 'memory' ? target : source;
    const mode = target.kind === 'memory' ? 'write' : 'read';
    const at = aligned ? prepareAligned(e, memory, mode) : e.prepare(memory, mode);
    if (target.kind === 'memory' && at !== undefined) {
      e.store(at, 16, () => {
        e.getXmm(registerOf(source).index);
      });
      return;
    }
    pushVector(e, source, at);
    e.setXmm(registerOf(target).index);
  };
}

/** MOVSS, MOVSD: from memory the rest becomes 0, from a register the rest stays. */
function moveScalar(bytes: 4 | 8): InstructionEmitter {
  const low = lanes(bytes, bytes === 8 ? [2, 1] : [4, 1, 2, 3]);
  return (e) => {
    const target = e.operand(0);
    const source = e.operand(1);
    if (target.kind === 'memory') {
      storeLane(e, 0, bytes);
      return;
    }
    const at = e.prepare(source, 'read');
    const { index } = registerOf(target);
    if (at !== undefined) {
      pushVector(e, source, at);
    } else {
      e.getXmm(index);
      e.getXmm(registerOf(source).index);
      e.code.simdBytes(SIMD.i8x16Shuffle, low);
    }
    e.setXmm(index);
  };
}

/** Stores one lane of the second operand to the first, in memory. */
function storeLane(e: EmitContext, lane: number, bytes: 4 | 8): void {
  const at = e.prepare(e.operand(0), 'write', bytes);
  if (at === undefined) return;
  e.code.get(at);
  e.getXmm(registerOf(e.operand(1)).index);
  e.code.simdMemoryLane(bytes === 8 ? SIMD.v128Store64Lane : SIMD.v128Store32Lane, lane);
}

/** MOVLPS, MOVHPS and their like: eight bytes to or from one half; the other half stays. */
function moveHalf(half: 0 | 1): InstructionEmitter {
  return (e) => {
    const target = e.operand(0);
    if (target.kind === 'memory') {
      storeLane(e, half, 8);
      return;
    }
    const at = e.prepare(e.operand(1), 'read');
    if (at === undefined) return;
    e.code.get(at);
    e.getXmm(registerOf(target).index);
    e.code.simdMemoryLane(SIMD.v128Load64Lane, half);
    e.setXmm(registerOf(target).index);
  };
}

/** MOVHLPS and MOVLHPS, by the numbers of the two quadwords (source's are 2 and 3). */
function mergeHalves(low: number, high: number): InstructionEmitter {
  const bytes = lanes(8, [low, high]);
  return (e) => {
    const target = registerOf(e.operand(0)).index;
    e.getXmm(target);
    e.getXmm(registerOf(e.operand(1)).index);
    e.code.simdBytes(SIMD.i8x16Shuffle, bytes);
    e.setXmm(target);
  };
}

/** MOVD, and MOVQ in all its forms: the low bytes, zero above. */
function moveInteger(e: EmitContext): void {
  const target = e.operand(0);
  const source = e.operand(1);
  const { code } = e;
  if (target.kind === 'memory') {
    storeLane(e, 0, target.bytes === 4 ? 4 : 8);
    return;
  }
  if (target.kind === 'register' && target.file === 'gpr') {
    e.getXmm(registerOf(source).index);
    code.simdLane(target.bytes === 8 ? SIMD.i64x2ExtractLane : SIMD.i32x4ExtractLane, 0);
    e.setRegister(target);
    return;
  }
  const at = e.prepare(source, 'read');
  if (at !== undefined) {
    pushVector(e, source, at);
  } else if (source.kind === 'register' && source.file === 'xmm') {
    e.getXmm(source.index);
    pushZero(e);
    code.simdBytes(SIMD.i8x16Shuffle, lanes(8, [0, 2]));
  } else {
    pushZero(e);
    e.push(source, undefined);
    code.simdLane(source.bytes === 8 ? SIMD.i64x2ReplaceLane : SIMD.i32x4ReplaceLane, 0);
  }
  e.setXmm(registerOf(target).index);
}

/** One bit per lane, to a general register. */
function mask(opcode: number): InstructionEmitter {
  return (e) => {
    e.getXmm(registerOf(e.operand(1)).index);
    e.code.simd(opcode);
    e.setRegister(registerOf(e.operand(0)));
  };
}

const REPLACE: Readonly<Record<number, number>> = {
  1: SIMD.i8x16ReplaceLane,
  2: SIMD.i16x8ReplaceLane,
  4: SIMD.i32x4ReplaceLane,
  8: SIMD.i64x2ReplaceLane,
};
const EXTRACT: Readonly<Record<number, number>> = {
  1: SIMD.i8x16ExtractLaneU,
  2: SIMD.i16x8ExtractLaneU,
  4: SIMD.i32x4ExtractLane,
  8: SIMD.i64x2ExtractLane,
};

function insert(bytes: 1 | 2 | 4 | 8): InstructionEmitter {
  return (e) => {
    const target = registerOf(e.operand(0)).index;
    const source = e.operand(1);
    const at = e.prepare(source, 'read', bytes);
    e.getXmm(target);
    e.push(source, at, at === undefined ? source.bytes : bytes);
    e.code.simdLane(REPLACE[bytes], immediateOf(e, 2) & (16 / bytes - 1));
    e.setXmm(target);
  };
}

function extract(bytes: 1 | 2 | 4 | 8): InstructionEmitter {
  return (e) => {
    const target = e.operand(0);
    const at = e.prepare(target, 'write', bytes);
    const push = () => {
      e.getXmm(registerOf(e.operand(1)).index);
      e.code.simdLane(EXTRACT[bytes], immediateOf(e, 2) & (16 / bytes - 1));
    };
    if (at !== undefined) {
      e.store(at, bytes, push);
      return;
    }
    push();
    e.setRegister(registerOf(target));
  };
}

const RDI = 7;

/**
 * Writes the bytes whose mask byte is negative to [rdi].
 *
 * Quirk: the sixteen bytes must all be writable, even those that the mask leaves alone.
 */
function maskedStore(e: EmitContext): void {
  const { code } = e;
  const source = registerOf(e.operand(0)).index;
  const maskIndex = registerOf(e.operand(1)).index;
  e.pushEffectiveAddress({
    kind: 'memory',
    base: RDI,
    index: -1,
    scaleShift: 0,
    displacement: 0,
    ripRelative: false,
    segment: e.instruction.segment,
    address32: e.instruction.address32,
    bytes: 16,
  });
  const at = e.addressOfTop('readWrite', 16);
  e.store(at, 16, () => {
    e.getXmm(source);
    e.load(at, 16);
    e.getXmm(maskIndex);
    code.i32(7);
    code.simd(SIMD.i8x16ShrS);
    code.simd(SIMD.v128Bitselect);
  });
}

/** EXTRACTPS: one float as bits. */
const extractFloat = extract(4);

/** INSERTPS: lane from, lane to, and lanes to clear, all in the immediate. */
function insertFloat(e: EmitContext): void {
  const { code } = e;
  const target = registerOf(e.operand(0)).index;
  const source = e.operand(1);
  const control = immediateOf(e, 2);
  const at = e.prepare(source, 'read');
  const from = at === undefined ? control >> 6 : 0;
  const to = (control >> 4) & 3;
  e.getXmm(target);
  pushVector(e, source, at);
  code.simdBytes(
    SIMD.i8x16Shuffle,
    lanes(
      4,
      [0, 1, 2, 3].map((lane) => (lane === to ? 4 + from : lane)),
    ),
  );
  const merged = e.temporary(V128);
  code.set(merged);
  code.get(merged);
  code.simdBytes(
    SIMD.v128Const,
    [0, 1, 2, 3].flatMap((lane) => new Array<number>(4).fill((control & (1 << lane)) === 0 ? 0xff : 0)),
  );
  code.simd(SIMD.v128And);
  e.setXmm(target);
}

const aligned = moveWhole(true);
const unaligned = moveWhole(false);
const lowHalf = moveHalf(0);
const highHalf = moveHalf(1);

export const SSE_MOVE_EMITTERS = xmmOnly({
  movaps: aligned,
  movapd: aligned,
  movdqa: aligned,
  movntps: aligned,
  movntpd: aligned,
  movntdq: aligned,
  movntdqa: aligned,
  movups: unaligned,
  movupd: unaligned,
  movdqu: unaligned,
  lddqu: unaligned,
  movss: moveScalar(4),
  movsd_xmm: moveScalar(8),
  movlps: lowHalf,
  movlpd: lowHalf,
  movhps: highHalf,
  movhpd: highHalf,
  movhlps: mergeHalves(3, 1),
  movlhps: mergeHalves(0, 2),
  movd: moveInteger,
  movq: moveInteger,
  movmskps: mask(SIMD.i32x4Bitmask),
  movmskpd: mask(SIMD.i64x2Bitmask),
  pmovmskb: mask(SIMD.i8x16Bitmask),
  pinsrb: insert(1),
  pinsrw: insert(2),
  pinsrd: insert(4),
  pinsrq: insert(8),
  pextrb: extract(1),
  pextrw: extract(2),
  pextrd: extract(4),
  pextrq: extract(8),
  extractps: extractFloat,
  insertps: insertFloat,
  maskmovdqu: maskedStore,
  movsldup: unary(duplicate(4, [0, 0, 2, 2])),
  movshdup: unary(duplicate(4, [1, 1, 3, 3])),
  movddup: (e) => {
    const source = e.operand(1);
    pushVector(e, source, e.prepare(source, 'read'));
    duplicate(8, [0, 0])(e);
    e.setXmm(registerOf(e.operand(0)).index);
  },
});

/** Rearranges the vector on the stack. */
function duplicate(laneBytes: number, numbers: readonly number[]): InstructionEmitter {
  return (e) => {
    const value = e.temporary(V128);
    e.code.tee(value);
    e.code.get(value);
    e.code.simdBytes(SIMD.i8x16Shuffle, lanes(laneBytes, numbers));
  };
}
