// sse-integer.ts: integer arithmetic, logic and comparison on xmm registers (SSE2, SSSE3, SSE4.1).
//
// Most are one WebAssembly operation; the tables say which. The others are spelled out below.
// Truth: Intel SDM vol. 2.

import { I32, OP, V128 } from '../../wasm/opcodes.table';
import { SIMD } from '../../wasm/simd.table';
import type { EmitContext } from '../emit-context';
import { KIND_EFLAGS } from '../flag-kind';
import type { InstructionEmitter } from './emitter';
import {
  binary,
  immediateOf,
  lanes,
  operation,
  prepareAligned,
  pushVector,
  pushZero,
  registerOf,
  xmmOnly,
} from './sse-operand';
import { reversed, unary } from './sse-operand';

/** target = operation(target, source). */
const OPERATIONS: Readonly<Record<string, number>> = {
  paddb: SIMD.i8x16Add,
  paddw: SIMD.i16x8Add,
  paddd: SIMD.i32x4Add,
  paddq: SIMD.i64x2Add,
  psubb: SIMD.i8x16Sub,
  psubw: SIMD.i16x8Sub,
  psubd: SIMD.i32x4Sub,
  psubq: SIMD.i64x2Sub,
  paddsb: SIMD.i8x16AddSatS,
  paddsw: SIMD.i16x8AddSatS,
  paddusb: SIMD.i8x16AddSatU,
  paddusw: SIMD.i16x8AddSatU,
  psubsb: SIMD.i8x16SubSatS,
  psubsw: SIMD.i16x8SubSatS,
  psubusb: SIMD.i8x16SubSatU,
  psubusw: SIMD.i16x8SubSatU,
  pmullw: SIMD.i16x8Mul,
  pmulld: SIMD.i32x4Mul,
  pmaddwd: SIMD.i32x4DotI16x8S,
  pavgb: SIMD.i8x16AvgrU,
  pavgw: SIMD.i16x8AvgrU,
  pminub: SIMD.i8x16MinU,
  pmaxub: SIMD.i8x16MaxU,
  pminsw: SIMD.i16x8MinS,
  pmaxsw: SIMD.i16x8MaxS,
  pminsb: SIMD.i8x16MinS,
  pmaxsb: SIMD.i8x16MaxS,
  pminuw: SIMD.i16x8MinU,
  pmaxuw: SIMD.i16x8MaxU,
  pminsd: SIMD.i32x4MinS,
  pmaxsd: SIMD.i32x4MaxS,
  pminud: SIMD.i32x4MinU,
  pmaxud: SIMD.i32x4MaxU,
  pcmpeqb: SIMD.i8x16Eq,
  pcmpeqw: SIMD.i16x8Eq,
  pcmpeqd: SIMD.i32x4Eq,
  pcmpeqq: SIMD.i64x2Eq,
  pcmpgtb: SIMD.i8x16GtS,
  pcmpgtw: SIMD.i16x8GtS,
  pcmpgtd: SIMD.i32x4GtS,
  pcmpgtq: SIMD.i64x2GtS,
  pand: SIMD.v128And,
  andps: SIMD.v128And,
  andpd: SIMD.v128And,
  por: SIMD.v128Or,
  orps: SIMD.v128Or,
  orpd: SIMD.v128Or,
  packsswb: SIMD.i8x16NarrowI16x8S,
  packuswb: SIMD.i8x16NarrowI16x8U,
  packssdw: SIMD.i16x8NarrowI32x4S,
  packusdw: SIMD.i16x8NarrowI32x4U,
};

/** A register exclusive-ored with itself is 0, whatever it was. */
function exclusiveOr(e: EmitContext): void {
  const target = registerOf(e.operand(0));
  const source = e.operand(1);
  if (source.kind === 'register' && source.index === target.index) {
    pushZero(e);
    e.setXmm(target.index);
    return;
  }
  operation(SIMD.v128Xor)(e);
}

/** ~target & source. */
const andNot = reversed((e) => {
  e.code.simd(SIMD.v128Andnot);
});

interface Pair {
  readonly left: number;
  readonly right: number;
}

/** Takes source and target from the stack into temporaries. */
function takePair(e: EmitContext): Pair {
  const right = e.temporary(V128);
  const left = e.temporary(V128);
  e.code.set(right);
  e.code.set(left);
  return { left, right };
}

function pushPair(e: EmitContext, { left, right }: Pair): void {
  e.code.get(left);
  e.code.get(right);
}

/** PMULHW, PMULHUW: the upper halves of the products. */
function multiplyHigh(low: number, high: number): InstructionEmitter {
  return binary((e) => {
    const pair = takePair(e);
    pushPair(e, pair);
    e.code.simd(low);
    pushPair(e, pair);
    e.code.simd(high);
    e.code.simdBytes(SIMD.i8x16Shuffle, lanes(2, [1, 3, 5, 7, 9, 11, 13, 15]));
  });
}

/** PMULUDQ, PMULDQ: lanes 0 and 2 of each. */
function multiplyEven(opcode: number): InstructionEmitter {
  const even = lanes(4, [0, 2, 0, 2]);
  return binary((e) => {
    const { left, right } = takePair(e);
    for (const value of [left, right]) {
      e.code.get(value);
      e.code.get(value);
      e.code.simdBytes(SIMD.i8x16Shuffle, even);
    }
    e.code.simd(opcode);
  });
}

/** PMULHRSW: 0x8000 times itself stays 0x8000, where WebAssembly saturates to 0x7fff. */
const multiplyRounded = binary((e) => {
  const { code } = e;
  const pair = takePair(e);
  pushPair(e, pair);
  code.simd(SIMD.i16x8Q15mulrSatS);
  for (const value of [pair.left, pair.right]) {
    code.get(value);
    code.i32(0x8000);
    code.simd(SIMD.i16x8Splat);
    code.simd(SIMD.i16x8Eq);
  }
  code.simd(SIMD.v128And);
  code.simd(SIMD.v128Xor);
});

/** PSADBW: sums of absolute differences of eight bytes. */
const sumOfDifferences = binary((e) => {
  const { code } = e;
  const pair = takePair(e);
  pushPair(e, pair);
  code.simd(SIMD.i8x16MaxU);
  pushPair(e, pair);
  code.simd(SIMD.i8x16MinU);
  code.simd(SIMD.i8x16Sub);
  code.simd(SIMD.i16x8ExtaddPairwiseI8x16U);
  code.simd(SIMD.i32x4ExtaddPairwiseI16x8U);
  const sums = e.temporary(V128);
  code.tee(sums);
  code.i32(32);
  code.simd(SIMD.i64x2ShrU);
  code.get(sums);
  code.simd(SIMD.i32x4Add);
  code.simdBytes(SIMD.v128Const, [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  code.simd(SIMD.v128And);
});

/** PMADDUBSW: unsigned target times signed source, neighbours added with saturation. */
const multiplyAddBytes = binary((e) => {
  const { code } = e;
  const { left, right } = takePair(e);
  const products = [
    [SIMD.i16x8ExtendLowI8x16U, SIMD.i16x8ExtendLowI8x16S],
    [SIMD.i16x8ExtendHighI8x16U, SIMD.i16x8ExtendHighI8x16S],
  ].map(([unsigned, signed]) => {
    code.get(left);
    code.simd(unsigned);
    code.get(right);
    code.simd(signed);
    code.simd(SIMD.i16x8Mul);
    return e.save(16);
  });
  pushNeighbours(e, products, 2);
  code.simd(SIMD.i16x8AddSatS);
});

/** Pushes the even, then the odd lanes of two vectors one after the other. */
function pushNeighbours(e: EmitContext, [first, second]: readonly number[], laneBytes: number): void {
  const count = 32 / laneBytes;
  for (const odd of [0, 1]) {
    e.code.get(first);
    e.code.get(second);
    const numbers = Array.from({ length: count / 2 }, (_, n) => 2 * n + odd);
    e.code.simdBytes(SIMD.i8x16Shuffle, lanes(laneBytes, numbers));
  }
}

/** PHADD…, PHSUB…, HADDPS and their like: neighbours, of the target first. */
export function horizontal(opcode: number, laneBytes: number): InstructionEmitter {
  return binary((e) => {
    const { left, right } = takePair(e);
    pushNeighbours(e, [left, right], laneBytes);
    e.code.simd(opcode);
  });
}

/** PSIGN…: negated, cleared or kept as the source is negative, 0 or positive. */
function sign(negate: number, lessThan: number, equal: number): InstructionEmitter {
  return binary((e) => {
    const { code } = e;
    const { left, right } = takePair(e);
    code.get(left);
    code.simd(negate);
    code.get(left);
    code.get(right);
    pushZero(e);
    code.simd(lessThan);
    code.simd(SIMD.v128Bitselect);
    code.get(right);
    pushZero(e);
    code.simd(equal);
    code.simd(SIMD.v128Andnot);
  });
}

/** Lane size 2 4 8, or 16 for bytes of the whole register. */
function shiftByImmediate(e: EmitContext, opcode: number, bits: number, arithmetic: boolean): void {
  const target = registerOf(e.operand(0)).index;
  const count = immediateOf(e, 1);
  if (count >= bits && !arithmetic) {
    pushZero(e);
  } else {
    e.getXmm(target);
    e.code.i32(Math.min(count, bits - 1));
    e.code.simd(opcode);
  }
  e.setXmm(target);
}

/** The count is the low quadword of the source, all of it. */
function shiftByVector(e: EmitContext, opcode: number, bits: number, arithmetic: boolean): void {
  const { code } = e;
  const target = registerOf(e.operand(0)).index;
  const source = e.operand(1);
  const at = prepareAligned(e, source, 'read');
  pushVector(e, source, at);
  code.simdLane(SIMD.i64x2ExtractLane, 0);
  const count = e.save(8);
  const small = e.temporary(I32);
  code.get(count);
  code.i64(bits);
  code.op(OP.i64LtU);
  code.set(small);
  e.getXmm(target);
  code.get(count);
  code.op(OP.i32WrapI64);
  if (arithmetic) {
    code.i32(bits - 1);
    code.get(small);
    code.op(OP.select);
    code.simd(opcode);
  } else {
    code.simd(opcode);
    code.i32(0);
    code.get(small);
    code.op(OP.i32Sub);
    code.simd(SIMD.i32x4Splat);
    code.simd(SIMD.v128And);
  }
  e.setXmm(target);
}

function shift(opcode: number, bits: number, arithmetic = false): InstructionEmitter {
  return (e) => {
    const byImmediate = e.operand(1).kind === 'immediate';
    (byImmediate ? shiftByImmediate : shiftByVector)(e, opcode, bits, arithmetic);
  };
}

/** PSLLDQ, PSRLDQ: by whole bytes. */
function shiftBytes(left: boolean): InstructionEmitter {
  return (e) => {
    const target = registerOf(e.operand(0)).index;
    const count = Math.min(immediateOf(e, 1), 16);
    if (left) pushZero(e);
    e.getXmm(target);
    if (!left) pushZero(e);
    const first = left ? 16 - count : count;
    e.code.simdBytes(
      SIMD.i8x16Shuffle,
      Array.from({ length: 16 }, (_, n) => first + n),
    );
    e.setXmm(target);
  };
}

/** PTEST: ZF if target & source is 0, CF if ~target & source is. */
function test(e: EmitContext): void {
  const { code } = e;
  const source = e.operand(1);
  const target = registerOf(e.operand(0)).index;
  pushVector(e, source, prepareAligned(e, source, 'read'));
  const value = e.save(16);
  for (const [opcode, bit] of [
    [SIMD.v128And, 6],
    [SIMD.v128Andnot, 0],
  ]) {
    code.get(value);
    e.getXmm(target);
    code.simd(opcode);
    code.simd(SIMD.v128AnyTrue);
    code.op(OP.i32Eqz);
    code.i32(bit);
    code.op(OP.i32Shl);
  }
  code.op(OP.i32Or);
  code.op(OP.i64ExtendI32U);
  e.flags.setA();
  e.flags.is(KIND_EFLAGS, 1);
}

/** PMOVSX…, PMOVZX…: the extensions that lead from the small lanes to the wide ones. */
function extend(...opcodes: readonly number[]): InstructionEmitter {
  return (e) => {
    const source = e.operand(1);
    pushVector(e, source, e.prepare(source, 'read'));
    for (const opcode of opcodes) e.code.simd(opcode);
    e.setXmm(registerOf(e.operand(0)).index);
  };
}

function absolute(opcode: number): InstructionEmitter {
  return unary((e) => {
    e.code.simd(opcode);
  });
}

export const SSE_INTEGER_EMITTERS = xmmOnly({
  ...Object.fromEntries(Object.entries(OPERATIONS).map(([name, opcode]) => [name, operation(opcode)])),
  pxor: exclusiveOr,
  xorps: exclusiveOr,
  xorpd: exclusiveOr,
  pandn: andNot,
  andnps: andNot,
  andnpd: andNot,
  pmulhw: multiplyHigh(SIMD.i32x4ExtmulLowI16x8S, SIMD.i32x4ExtmulHighI16x8S),
  pmulhuw: multiplyHigh(SIMD.i32x4ExtmulLowI16x8U, SIMD.i32x4ExtmulHighI16x8U),
  pmuludq: multiplyEven(SIMD.i64x2ExtmulLowI32x4U),
  pmuldq: multiplyEven(SIMD.i64x2ExtmulLowI32x4S),
  pmulhrsw: multiplyRounded,
  psadbw: sumOfDifferences,
  pmaddubsw: multiplyAddBytes,
  phaddw: horizontal(SIMD.i16x8Add, 2),
  phaddd: horizontal(SIMD.i32x4Add, 4),
  phaddsw: horizontal(SIMD.i16x8AddSatS, 2),
  phsubw: horizontal(SIMD.i16x8Sub, 2),
  phsubd: horizontal(SIMD.i32x4Sub, 4),
  phsubsw: horizontal(SIMD.i16x8SubSatS, 2),
  psignb: sign(SIMD.i8x16Neg, SIMD.i8x16LtS, SIMD.i8x16Eq),
  psignw: sign(SIMD.i16x8Neg, SIMD.i16x8LtS, SIMD.i16x8Eq),
  psignd: sign(SIMD.i32x4Neg, SIMD.i32x4LtS, SIMD.i32x4Eq),
  pabsb: absolute(SIMD.i8x16Abs),
  pabsw: absolute(SIMD.i16x8Abs),
  pabsd: absolute(SIMD.i32x4Abs),
  psrlw: shift(SIMD.i16x8ShrU, 16),
  psrld: shift(SIMD.i32x4ShrU, 32),
  psrlq: shift(SIMD.i64x2ShrU, 64),
  psraw: shift(SIMD.i16x8ShrS, 16, true),
  psrad: shift(SIMD.i32x4ShrS, 32, true),
  psllw: shift(SIMD.i16x8Shl, 16),
  pslld: shift(SIMD.i32x4Shl, 32),
  psllq: shift(SIMD.i64x2Shl, 64),
  pslldq: shiftBytes(true),
  psrldq: shiftBytes(false),
  ptest: test,
  pmovsxbw: extend(SIMD.i16x8ExtendLowI8x16S),
  pmovsxbd: extend(SIMD.i16x8ExtendLowI8x16S, SIMD.i32x4ExtendLowI16x8S),
  pmovsxbq: extend(SIMD.i16x8ExtendLowI8x16S, SIMD.i32x4ExtendLowI16x8S, SIMD.i64x2ExtendLowI32x4S),
  pmovsxwd: extend(SIMD.i32x4ExtendLowI16x8S),
  pmovsxwq: extend(SIMD.i32x4ExtendLowI16x8S, SIMD.i64x2ExtendLowI32x4S),
  pmovsxdq: extend(SIMD.i64x2ExtendLowI32x4S),
  pmovzxbw: extend(SIMD.i16x8ExtendLowI8x16U),
  pmovzxbd: extend(SIMD.i16x8ExtendLowI8x16U, SIMD.i32x4ExtendLowI16x8U),
  pmovzxbq: extend(SIMD.i16x8ExtendLowI8x16U, SIMD.i32x4ExtendLowI16x8U, SIMD.i64x2ExtendLowI32x4U),
  pmovzxwd: extend(SIMD.i32x4ExtendLowI16x8U),
  pmovzxwq: extend(SIMD.i32x4ExtendLowI16x8U, SIMD.i64x2ExtendLowI32x4U),
  pmovzxdq: extend(SIMD.i64x2ExtendLowI32x4U),
});
