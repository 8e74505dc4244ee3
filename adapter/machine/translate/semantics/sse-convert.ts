// sse-convert.ts: conversions between integers, floats and doubles, and rounding to integers.
//
// An integer that does not fit (and a NaN) becomes the "integer indefinite", the most negative number. WebAssembly's
// saturating truncations differ for NaN (0) and for what is too large; both fail the test "value < 2^31 (2^63)".
// Conversions to integers round as MXCSR says.
// Quirk: conversions to float and double round to nearest whatever MXCSR says.
// Truth: Intel SDM vol. 2 (CVT…, ROUND…); vol. 1, 4.8.4.

import { MXCSR } from '../../layout';
import { F32, F64, I32, OP, OP_FC, V128 } from '../../wasm/opcodes.table';
import { SIMD } from '../../wasm/simd.table';
import type { EmitContext } from '../emit-context';
import type { InstructionEmitter } from './emitter';
import { lowestOf, pushPreparedScalar } from './sse-float';
import { immediateOf, pushVector, prepareAligned, registerOf, unary, xmmOnly } from './sse-operand';

type Width = 4 | 8;

/** In the order of MXCSR's RC: nearest, down, up, to zero. */
const ROUND_F32 = [OP.f32Nearest, OP.f32Floor, OP.f32Ceil, OP.f32Trunc];
const ROUND_F64 = [OP.f64Nearest, OP.f64Floor, OP.f64Ceil, OP.f64Trunc];
const ROUND_PS = [SIMD.f32x4Nearest, SIMD.f32x4Floor, SIMD.f32x4Ceil, SIMD.f32x4Trunc];
const ROUND_PD = [SIMD.f64x2Nearest, SIMD.f64x2Floor, SIMD.f64x2Ceil, SIMD.f64x2Trunc];

/** Rounds the value on the stack as MXCSR says: nearest in the straight line, the others aside. */
function roundAsControlled(
  e: EmitContext,
  type: typeof F32 | typeof F64 | typeof V128,
  apply: (mode: number) => void,
): void {
  const { code } = e;
  const value = e.temporary(type);
  const mode = e.temporary(I32);
  code.set(value);
  code.i32(0);
  code.memory(OP.i32Load, MXCSR);
  code.i32(13);
  code.op(OP.i32ShrU);
  code.i32(3);
  code.op(OP.i32And);
  code.tee(mode);
  code.coldIf(type);
  code.get(mode);
  code.i32(1);
  code.op(OP.i32Eq);
  code.if(type);
  code.get(value);
  apply(1);
  code.else();
  code.get(mode);
  code.i32(2);
  code.op(OP.i32Eq);
  code.if(type);
  code.get(value);
  apply(2);
  code.else();
  code.get(value);
  apply(3);
  code.end();
  code.end();
  code.else();
  code.get(value);
  apply(0);
  code.end();
}

const TRUNCATE: Readonly<Record<Width, Readonly<Record<Width, number>>>> = {
  4: { 4: OP_FC.i32TruncSatF32S, 8: OP_FC.i64TruncSatF32S },
  8: { 4: OP_FC.i32TruncSatF64S, 8: OP_FC.i64TruncSatF64S },
};

/** CVTSD2SI and its like; `truncate` for the CVTT ones. */
function toInteger(bytes: Width, truncate: boolean): InstructionEmitter {
  const type = bytes === 4 ? F32 : F64;
  const rounds = bytes === 4 ? ROUND_F32 : ROUND_F64;
  return (e) => {
    const { code } = e;
    const target = registerOf(e.operand(0));
    const wide = target.bytes === 8;
    pushPreparedScalar(e, e.prepare(e.operand(1), 'read', bytes), bytes);
    if (!truncate) {
      roundAsControlled(e, type, (mode) => {
        code.op(rounds[mode]);
      });
    }
    const value = e.temporary(type);
    code.tee(value);
    code.opFc(TRUNCATE[bytes][wide ? 8 : 4]);
    code.constant(wide ? -(1n << 63n) : -0x8000_0000, wide);
    code.get(value);
    pushConstant(e, bytes, wide ? 2 ** 63 : 2 ** 31);
    code.op(bytes === 4 ? OP.f32Lt : OP.f64Lt);
    code.op(OP.select);
    e.setRegister(target);
  };
}

function pushConstant(e: EmitContext, bytes: Width, value: number): void {
  if (bytes === 4) e.code.f32(value);
  else e.code.f64(value);
}

/** CVTSI2SD and its like. */
function fromInteger(bytes: Width, from32: number, from64: number): InstructionEmitter {
  return (e) => {
    const source = e.operand(1);
    const target = registerOf(e.operand(0)).index;
    const at = e.prepare(source, 'read');
    e.getXmm(target);
    e.push(source, at);
    e.code.op(source.bytes === 8 ? from64 : from32);
    e.code.simdLane(bytes === 4 ? SIMD.f32x4ReplaceLane : SIMD.f64x2ReplaceLane, 0);
    e.setXmm(target);
  };
}

/** CVTSS2SD and CVTSD2SS. */
function scalarWidth(from: Width, opcode: number): InstructionEmitter {
  return (e) => {
    const target = registerOf(e.operand(0)).index;
    const at = e.prepare(e.operand(1), 'read', from);
    e.getXmm(target);
    pushPreparedScalar(e, at, from);
    e.code.op(opcode);
    e.code.simdLane(from === 4 ? SIMD.f64x2ReplaceLane : SIMD.f32x4ReplaceLane, 0);
    e.setXmm(target);
  };
}

/** Takes four floats; pushes four integers. */
function floatsToIntegers(e: EmitContext): void {
  const { code } = e;
  const value = e.temporary(V128);
  code.tee(value);
  code.simd(SIMD.i32x4TruncSatF32x4S);
  code.i32(-0x8000_0000);
  code.simd(SIMD.i32x4Splat);
  code.get(value);
  code.f32(2 ** 31);
  code.simd(SIMD.f32x4Splat);
  code.simd(SIMD.f32x4Lt);
  code.simd(SIMD.v128Bitselect);
}

/** Takes two doubles; pushes two integers and 0 above. */
function doublesToIntegers(e: EmitContext): void {
  const { code } = e;
  const value = e.temporary(V128);
  const fits = e.temporary(V128);
  code.tee(value);
  code.get(value);
  code.f64(2 ** 31);
  code.simd(SIMD.f64x2Splat);
  code.simd(SIMD.f64x2Lt);
  code.set(fits);
  code.simd(SIMD.i32x4TruncSatF64x2SZero);
  code.simdBytes(SIMD.v128Const, [0, 0, 0, 0x80, 0, 0, 0, 0x80]);
  code.get(fits);
  code.get(fits);
  code.simdBytes(SIMD.i8x16Shuffle, [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
  code.simd(SIMD.v128Bitselect);
}

/** Packed conversions; the source may be eight bytes where only its lower half counts. */
function packed(emit: (e: EmitContext) => void): InstructionEmitter {
  return (e) => {
    const source = e.operand(1);
    pushVector(e, source, prepareAligned(e, source, 'read'));
    emit(e);
    e.setXmm(registerOf(e.operand(0)).index);
  };
}

function roundedFirst(rounds: readonly number[], emit: (e: EmitContext) => void): InstructionEmitter {
  return packed((e) => {
    roundAsControlled(e, V128, (mode) => {
      e.code.simd(rounds[mode]);
    });
    emit(e);
  });
}

const plain = (opcode: number) =>
  packed((e) => {
    e.code.simd(opcode);
  });

/** ROUNDPS and its like: the immediate's low two bits, or MXCSR where bit 2 is set. */
function roundVector(e: EmitContext, rounds: readonly number[]): void {
  const control = immediateOf(e, 2);
  if ((control & 4) === 0) {
    e.code.simd(rounds[control & 3]);
    return;
  }
  roundAsControlled(e, V128, (mode) => {
    e.code.simd(rounds[mode]);
  });
}

function roundLowest(bytes: Width, rounds: readonly number[]): InstructionEmitter {
  return lowestOf(bytes, (e) => {
    const source = e.operand(1);
    pushVector(e, source, e.prepare(source, 'read'));
    roundVector(e, rounds);
  });
}

const RESERVED_MXCSR = 0xffff0000;
const GENERAL_PROTECTION = 13;

function loadControl(e: EmitContext): void {
  const { code } = e;
  e.pushOperand(e.operand(0));
  const value = e.save(4);
  code.get(value);
  code.i32(RESERVED_MXCSR | 0);
  code.op(OP.i32And);
  e.raiseIf(GENERAL_PROTECTION);
  code.i32(0);
  code.get(value);
  code.memory(OP.i32Store, MXCSR);
}

function storeControl(e: EmitContext): void {
  const at = e.prepare(e.operand(0), 'write');
  if (at === undefined) return;
  e.store(at, 4, () => {
    e.code.i32(0);
    e.code.memory(OP.i32Load, MXCSR);
  });
}

export const SSE_CONVERT_EMITTERS = xmmOnly({
  cvtsi2ss: fromInteger(4, OP.f32ConvertI32S, OP.f32ConvertI64S),
  cvtsi2sd: fromInteger(8, OP.f64ConvertI32S, OP.f64ConvertI64S),
  cvtss2si: toInteger(4, false),
  cvtsd2si: toInteger(8, false),
  cvttss2si: toInteger(4, true),
  cvttsd2si: toInteger(8, true),
  cvtss2sd: scalarWidth(4, OP.f64PromoteF32),
  cvtsd2ss: scalarWidth(8, OP.f32DemoteF64),
  cvtps2pd: plain(SIMD.f64x2PromoteLowF32x4),
  cvtpd2ps: plain(SIMD.f32x4DemoteF64x2Zero),
  cvtdq2ps: plain(SIMD.f32x4ConvertI32x4S),
  cvtdq2pd: plain(SIMD.f64x2ConvertLowI32x4S),
  cvttps2dq: packed(floatsToIntegers),
  cvttpd2dq: packed(doublesToIntegers),
  cvtps2dq: roundedFirst(ROUND_PS, floatsToIntegers),
  cvtpd2dq: roundedFirst(ROUND_PD, doublesToIntegers),
  roundps: unary((e) => {
    roundVector(e, ROUND_PS);
  }),
  roundpd: unary((e) => {
    roundVector(e, ROUND_PD);
  }),
  roundss: roundLowest(4, ROUND_PS),
  roundsd: roundLowest(8, ROUND_PD),
  ldmxcsr: loadControl,
  stmxcsr: storeControl,
});
