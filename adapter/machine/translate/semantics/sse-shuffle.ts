// sse-shuffle.ts: unpack, shuffle, align, blend.
//
// Truth: Intel SDM vol. 2 (PUNPCK…, UNPCK…, PSHUF…, SHUF…, PALIGNR, PBLEND…, BLEND…).

import { V128 } from '../../wasm/opcodes.table';
import { SIMD } from '../../wasm/simd.table';
import type { EmitContext } from '../emit-context';
import type { InstructionEmitter } from './emitter';
import { binary, immediateOf, lanes, pushSource, pushZero, registerOf, shuffle, unary, xmmOnly } from './sse-operand';

/** Interleaves the low (or high) lanes of target and source. */
function unpack(laneBytes: number, high: boolean): InstructionEmitter {
  const count = 16 / laneBytes;
  const first = high ? count / 2 : 0;
  const numbers = Array.from({ length: count / 2 }, (_, n) => [first + n, first + n + count]).flat();
  return shuffle(lanes(laneBytes, numbers));
}

/** The two bits of a control byte for each of four lanes. */
function selectors(control: number): number[] {
  return [control & 3, (control >> 2) & 3, (control >> 4) & 3, (control >> 6) & 3];
}

/** target = the source's lanes, as the immediate selects. */
function rearrange(bytesOf: (control: number) => number[]): InstructionEmitter {
  return unary((e) => {
    const value = e.temporary(V128);
    e.code.tee(value);
    e.code.get(value);
    e.code.simdBytes(SIMD.i8x16Shuffle, bytesOf(immediateOf(e, 2)));
  });
}

/** target = lanes of both, as the immediate selects. */
function select(bytesOf: (control: number) => number[]): InstructionEmitter {
  return binary((e) => {
    e.code.simdBytes(SIMD.i8x16Shuffle, bytesOf(immediateOf(e, 2)));
  });
}

function blend(laneBytes: number): InstructionEmitter {
  const count = 16 / laneBytes;
  return select((control) =>
    lanes(
      laneBytes,
      Array.from({ length: count }, (_, n) => ((control >> n) & 1) * count + n),
    ),
  );
}

/** By the sign bits of xmm0's lanes. */
function blendBySign(shift: number, bits: number): InstructionEmitter {
  return (e) => {
    const target = registerOf(e.operand(0)).index;
    pushSource(e);
    e.getXmm(target);
    e.getXmm(0);
    e.code.i32(bits - 1);
    e.code.simd(shift);
    e.code.simd(SIMD.v128Bitselect);
    e.setXmm(target);
  };
}

/** PSHUFB: an index with its top bit set gives 0. */
const shuffleBytes = binary((e) => {
  e.code.i32(0x8f);
  e.code.simd(SIMD.i8x16Splat);
  e.code.simd(SIMD.v128And);
  e.code.simd(SIMD.i8x16Swizzle);
});

/** PALIGNR: target above source, shifted right by bytes. */
function align(e: EmitContext): void {
  const target = registerOf(e.operand(0)).index;
  const count = immediateOf(e, 2);
  pushSource(e);
  const source = e.save(16);
  const bytes = Array.from({ length: 16 }, (_, n) => (count + n) & 31);
  if (count >= 16) {
    e.getXmm(target);
    pushZero(e);
    const shifted = Array.from({ length: 16 }, (_, n) => Math.min(count - 16 + n, 31));
    e.code.simdBytes(SIMD.i8x16Shuffle, shifted);
  } else {
    e.code.get(source);
    e.getXmm(target);
    e.code.simdBytes(SIMD.i8x16Shuffle, bytes);
  }
  e.setXmm(target);
}

export const SSE_SHUFFLE_EMITTERS = xmmOnly({
  punpcklbw: unpack(1, false),
  punpcklwd: unpack(2, false),
  punpckldq: unpack(4, false),
  punpcklqdq: unpack(8, false),
  punpckhbw: unpack(1, true),
  punpckhwd: unpack(2, true),
  punpckhdq: unpack(4, true),
  punpckhqdq: unpack(8, true),
  unpcklps: unpack(4, false),
  unpcklpd: unpack(8, false),
  unpckhps: unpack(4, true),
  unpckhpd: unpack(8, true),
  pshufd: rearrange((control) => lanes(4, selectors(control))),
  pshuflw: rearrange((control) => lanes(2, [...selectors(control), 4, 5, 6, 7])),
  pshufhw: rearrange((control) => lanes(2, [0, 1, 2, 3, ...selectors(control).map((lane) => lane + 4)])),
  shufps: select((control) => {
    const [a, b, c, d] = selectors(control);
    return lanes(4, [a, b, c + 4, d + 4]);
  }),
  shufpd: select((control) => lanes(8, [control & 1, 2 + ((control >> 1) & 1)])),
  pblendw: blend(2),
  blendps: blend(4),
  blendpd: blend(8),
  pblendvb: blendBySign(SIMD.i8x16ShrS, 8),
  blendvps: blendBySign(SIMD.i32x4ShrS, 32),
  blendvpd: blendBySign(SIMD.i64x2ShrS, 64),
  pshufb: shuffleBytes,
  palignr: align,
});
