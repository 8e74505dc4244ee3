// sse-float.ts: float and double arithmetic, packed and scalar.
//
// Quirk: arithmetic rounds to nearest whatever MXCSR says, and keeps no exception flags; denormals are never flushed
// (MXCSR's FZ and DAZ are ignored); no SIMD exception is ever unmasked.
// Quirk: which NaN results when both operands are NaNs is the host's choice.
// Quirk: rcpps and rsqrtps are exact to the last bit where the hardware has about twelve.
// Truth: Intel SDM vol. 1, 4.8.3 and 11.5; vol. 2.

import { OP, V128 } from '../../wasm/opcodes.table';
import { SIMD } from '../../wasm/simd.table';
import type { EmitContext } from '../emit-context';
import { KIND_FLOAT } from '../flag-kind';
import { horizontal } from './sse-integer';
import type { InstructionEmitter } from './emitter';
import { binary, immediateOf, lanes, operation, pushVector, registerOf, reversed, unary, xmmOnly } from './sse-operand';

type Width = 4 | 8;

const EXTRACT: Readonly<Record<Width, number>> = { 4: SIMD.f32x4ExtractLane, 8: SIMD.f64x2ExtractLane };
const REPLACE: Readonly<Record<Width, number>> = { 4: SIMD.f32x4ReplaceLane, 8: SIMD.f64x2ReplaceLane };
const LOAD: Readonly<Record<Width, number>> = { 4: OP.f32Load, 8: OP.f64Load };

function scalar(bytes: Width, opcode: number): InstructionEmitter {
  return (e) => {
    const target = registerOf(e.operand(0)).index;
    const at = e.prepare(e.operand(1), 'read', bytes);
    e.getXmm(target);
    e.getXmm(target);
    e.code.simdLane(EXTRACT[bytes], 0);
    pushPreparedScalar(e, at, bytes);
    e.code.op(opcode);
    e.code.simdLane(REPLACE[bytes], 0);
    e.setXmm(target);
  };
}

export function pushPreparedScalar(e: EmitContext, at: number | undefined, bytes: Width): void {
  if (at === undefined) {
    e.getXmm(registerOf(e.operand(1)).index);
    e.code.simdLane(EXTRACT[bytes], 0);
    return;
  }
  e.code.get(at);
  e.code.memory(LOAD[bytes]);
}

function squareRoot(bytes: Width, opcode: number): InstructionEmitter {
  return (e) => {
    const target = registerOf(e.operand(0)).index;
    const at = e.prepare(e.operand(1), 'read', bytes);
    e.getXmm(target);
    pushPreparedScalar(e, at, bytes);
    e.code.op(opcode);
    e.code.simdLane(REPLACE[bytes], 0);
    e.setXmm(target);
  };
}

/** The vector operation on lane 0 only: for what WebAssembly has no scalar form of. */
export function lowestOf(bytes: Width, push: (e: EmitContext) => void): InstructionEmitter {
  const merge = lanes(bytes, bytes === 8 ? [2, 1] : [4, 1, 2, 3]);
  return (e) => {
    const target = registerOf(e.operand(0)).index;
    push(e);
    const result = e.save(16);
    e.getXmm(target);
    e.code.get(result);
    e.code.simdBytes(SIMD.i8x16Shuffle, merge);
    e.setXmm(target);
  };
}

/** Pushes the source, which may be four or eight bytes in memory, as a vector. */
function pushScalarVector(e: EmitContext): void {
  const source = e.operand(1);
  pushVector(e, source, e.prepare(source, 'read'));
}

/**
 * x86's MIN is target < source ? target : source, so that the source wins where one is a NaN or both are 0.
 * WebAssembly's pmin(a, b) is b < a ? b : a: the source goes first.
 */
function pickPacked(opcode: number): InstructionEmitter {
  return reversed((e) => {
    e.code.simd(opcode);
  });
}

function pickScalar(bytes: Width, opcode: number): InstructionEmitter {
  return lowestOf(bytes, (e) => {
    pushScalarVector(e);
    e.getXmm(registerOf(e.operand(0)).index);
    e.code.simd(opcode);
  });
}

interface Comparisons {
  readonly eq: number;
  readonly ne: number;
  readonly lt: number;
  readonly le: number;
}

const COMPARE_PS: Comparisons = { eq: SIMD.f32x4Eq, ne: SIMD.f32x4Ne, lt: SIMD.f32x4Lt, le: SIMD.f32x4Le };
const COMPARE_PD: Comparisons = { eq: SIMD.f64x2Eq, ne: SIMD.f64x2Ne, lt: SIMD.f64x2Lt, le: SIMD.f64x2Le };

/** Compares target and source (both on the stack) by predicate: eq lt le unord neq nlt nle ord. */
function emitPredicate(e: EmitContext, compare: Comparisons, predicate: number): void {
  const { code } = e;
  const negated = predicate >= 4;
  switch (predicate & 3) {
    case 0:
      code.simd(negated ? compare.ne : compare.eq);
      return;
    case 3: {
      const right = e.save(16);
      const left = e.save(16);
      for (const value of [left, right]) {
        code.get(value);
        code.get(value);
        code.simd(negated ? compare.eq : compare.ne);
      }
      code.simd(negated ? SIMD.v128And : SIMD.v128Or);
      return;
    }
    default:
      code.simd((predicate & 3) === 1 ? compare.lt : compare.le);
      if (negated) code.simd(SIMD.v128Not);
  }
}

function comparePacked(compare: Comparisons): InstructionEmitter {
  return binary((e) => {
    emitPredicate(e, compare, immediateOf(e, 2) & 7);
  });
}

function compareScalar(bytes: Width, compare: Comparisons): InstructionEmitter {
  return lowestOf(bytes, (e) => {
    const at = e.prepare(e.operand(1), 'read');
    e.getXmm(registerOf(e.operand(0)).index);
    pushVector(e, e.operand(1), at);
    emitPredicate(e, compare, immediateOf(e, 2) & 7);
  });
}

/** COMISS, UCOMISD and their like: the flags remember both numbers, as doubles. */
function compareIntoFlags(bytes: Width): InstructionEmitter {
  return (e) => {
    const { code, flags } = e;
    const at = e.prepare(e.operand(1), 'read', bytes);
    if (!e.flagsWanted) return;
    const asDoubleBits = () => {
      if (bytes === 4) code.op(OP.f64PromoteF32);
      code.op(OP.i64ReinterpretF64);
    };
    e.getXmm(registerOf(e.operand(0)).index);
    code.simdLane(EXTRACT[bytes], 0);
    asDoubleBits();
    flags.setA();
    pushPreparedScalar(e, at, bytes);
    asDoubleBits();
    flags.setB();
    flags.is(KIND_FLOAT, 8);
  };
}

/** ADDSUBPS, ADDSUBPD: even lanes are subtracted, odd ones added. */
function addSubtract(bytes: Width, add: number, subtract: number): InstructionEmitter {
  const merge = lanes(bytes, bytes === 8 ? [0, 3] : [0, 5, 2, 7]);
  return binary((e) => {
    const { code } = e;
    const right = e.temporary(V128);
    const left = e.temporary(V128);
    code.set(right);
    code.set(left);
    for (const opcode of [subtract, add]) {
      code.get(left);
      code.get(right);
      code.simd(opcode);
    }
    code.simdBytes(SIMD.i8x16Shuffle, merge);
  });
}

/** Takes a vector of floats; pushes 1 divided by it (or by its square root). */
function reciprocal(squareRoots: boolean): (e: EmitContext) => void {
  return (e) => {
    const { code } = e;
    if (squareRoots) code.simd(SIMD.f32x4Sqrt);
    const value = e.save(16);
    code.f32(1);
    code.simd(SIMD.f32x4Splat);
    code.get(value);
    code.simd(SIMD.f32x4Div);
  };
}

function sourceThen(emit: (e: EmitContext) => void): (e: EmitContext) => void {
  return (e) => {
    pushScalarVector(e);
    emit(e);
  };
}

const vectorRoot = (opcode: number) =>
  unary((e) => {
    e.code.simd(opcode);
  });

export const SSE_FLOAT_EMITTERS = xmmOnly({
  addps: operation(SIMD.f32x4Add),
  addpd: operation(SIMD.f64x2Add),
  addss: scalar(4, OP.f32Add),
  addsd: scalar(8, OP.f64Add),
  subps: operation(SIMD.f32x4Sub),
  subpd: operation(SIMD.f64x2Sub),
  subss: scalar(4, OP.f32Sub),
  subsd: scalar(8, OP.f64Sub),
  mulps: operation(SIMD.f32x4Mul),
  mulpd: operation(SIMD.f64x2Mul),
  mulss: scalar(4, OP.f32Mul),
  mulsd: scalar(8, OP.f64Mul),
  divps: operation(SIMD.f32x4Div),
  divpd: operation(SIMD.f64x2Div),
  divss: scalar(4, OP.f32Div),
  divsd: scalar(8, OP.f64Div),
  minps: pickPacked(SIMD.f32x4Pmin),
  minpd: pickPacked(SIMD.f64x2Pmin),
  minss: pickScalar(4, SIMD.f32x4Pmin),
  minsd: pickScalar(8, SIMD.f64x2Pmin),
  maxps: pickPacked(SIMD.f32x4Pmax),
  maxpd: pickPacked(SIMD.f64x2Pmax),
  maxss: pickScalar(4, SIMD.f32x4Pmax),
  maxsd: pickScalar(8, SIMD.f64x2Pmax),
  sqrtps: vectorRoot(SIMD.f32x4Sqrt),
  sqrtpd: vectorRoot(SIMD.f64x2Sqrt),
  sqrtss: squareRoot(4, OP.f32Sqrt),
  sqrtsd: squareRoot(8, OP.f64Sqrt),
  rcpps: unary(reciprocal(false)),
  rsqrtps: unary(reciprocal(true)),
  rcpss: lowestOf(4, sourceThen(reciprocal(false))),
  rsqrtss: lowestOf(4, sourceThen(reciprocal(true))),
  cmpps: comparePacked(COMPARE_PS),
  cmppd: comparePacked(COMPARE_PD),
  cmpss: compareScalar(4, COMPARE_PS),
  cmpsd_xmm: compareScalar(8, COMPARE_PD),
  comiss: compareIntoFlags(4),
  ucomiss: compareIntoFlags(4),
  comisd: compareIntoFlags(8),
  ucomisd: compareIntoFlags(8),
  addsubps: addSubtract(4, SIMD.f32x4Add, SIMD.f32x4Sub),
  addsubpd: addSubtract(8, SIMD.f64x2Add, SIMD.f64x2Sub),
  haddps: horizontal(SIMD.f32x4Add, 4),
  haddpd: horizontal(SIMD.f64x2Add, 8),
  hsubps: horizontal(SIMD.f32x4Sub, 4),
  hsubpd: horizontal(SIMD.f64x2Sub, 8),
});
