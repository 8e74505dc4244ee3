// evaluator-simd.ts: the evaluator's SIMD operations, in a function of their own, which few programs need at once.
//
// (where the operation's number is, `sp`) → the new ones: pc << 32 | sp.
// A lane is a place in the slot of its vector: no case is needed for each.

import { Code, type FunctionBody } from '../wasm/code';
import { I32, I64, OP, V128 } from '../wasm/opcodes.table';
import { SIMD } from '../wasm/simd.table';
import { CaseWriter, emitCases, FREE, TOP } from './case-writer';
import {
  EXTRACTS,
  LANE_LOADS,
  LANE_STORES,
  PLAIN_SIMD_EFFECTS,
  REPLACES,
  SIMD_LOAD_EFFECTS,
  type Lane,
} from './operations.table';

const SECOND = TOP - 16;

export function emitEvaluatorSimd(): FunctionBody {
  const code = new Code(2);
  const w = new CaseWriter(code, 0, 1);
  const cases = new Map<number, () => void>();
  addPlain(w, cases);
  addMemory(w, cases);
  addLanes(w, cases);
  addConstants(w, cases);
  const done = code.block();
  emitCases(w, cases, done);
  code.end();
  code.get(w.pc);
  code.op(OP.i64ExtendI32U);
  code.i64(32);
  code.op(OP.i64Shl);
  code.get(w.sp);
  code.op(OP.i64ExtendI32U);
  code.op(OP.i64Or);
  code.op(OP.end);
  return code.finish();
}

function addPlain(w: CaseWriter, cases: Map<number, () => void>): void {
  for (const [number, effect] of PLAIN_SIMD_EFFECTS) {
    cases.set(number, () => {
      w.apply(effect, () => {
        w.code.simd(number);
      });
    });
  }
}

/** Pushes the address: an operand and the operation's offset. */
function pushAddress(w: CaseWriter, below: number): void {
  w.operand(below, I32);
  w.immediate(OP.i32Load);
  w.code.op(OP.i32Add);
}

function addMemory(w: CaseWriter, cases: Map<number, () => void>): void {
  const { code } = w;
  for (const number of SIMD_LOAD_EFFECTS.keys()) {
    cases.set(number, () => {
      code.get(w.sp);
      pushAddress(w, 0);
      code.simdMemory(number);
      w.store(V128, TOP);
      w.add(w.pc, 4);
    });
  }
  cases.set(SIMD.v128Store, () => {
    pushAddress(w, 1);
    w.operand(0, V128);
    w.store(V128, 0);
    w.moveStack(-2);
    w.add(w.pc, 4);
  });
}

/** Pushes where the lane lies, TOP (or another offset) not yet added. The lane's number is a u8 at `pc` + `at`. */
function pushLane(w: CaseWriter, { shift }: Lane, at: number): void {
  const { code } = w;
  code.get(w.sp);
  w.immediate(OP.i32Load8U, at);
  code.i32(shift);
  code.op(OP.i32Shl);
  code.op(OP.i32Add);
}

function addLanes(w: CaseWriter, cases: Map<number, () => void>): void {
  const { code } = w;
  for (const [number, lane] of EXTRACTS) {
    cases.set(number, () => {
      code.get(w.sp);
      pushLane(w, lane, 0);
      code.memory(lane.load, TOP);
      w.store(lane.type, TOP);
      w.add(w.pc, 1);
    });
  }
  for (const [number, lane] of REPLACES) {
    cases.set(number, () => {
      pushLane(w, lane, 0);
      w.operand(0, lane.type);
      code.memory(lane.store, SECOND);
      w.moveStack(-1);
      w.add(w.pc, 1);
    });
  }
  for (const [number, lane] of LANE_LOADS) {
    cases.set(number, () => {
      emitLaneLoad(w, lane);
    });
  }
  for (const [number, lane] of LANE_STORES) {
    cases.set(number, () => {
      pushAddress(w, 1);
      pushLane(w, lane, 4);
      code.memory(lane.load, TOP);
      code.memory(lane.store);
      w.moveStack(-2);
      w.add(w.pc, 5);
    });
  }
}

/** The address lies below the vector, which comes into its place. */
function emitLaneLoad(w: CaseWriter, lane: Lane): void {
  const { code } = w;
  pushLane(w, lane, 4);
  pushAddress(w, 1);
  code.memory(lane.load);
  code.memory(lane.store, TOP);
  code.get(w.sp);
  w.operand(0, V128);
  w.store(V128, SECOND);
  w.moveStack(-1);
  w.add(w.pc, 5);
}

function addConstants(w: CaseWriter, cases: Map<number, () => void>): void {
  const { code } = w;
  cases.set(SIMD.v128Const, () => {
    code.get(w.sp);
    code.get(w.pc);
    w.load(V128, 0);
    w.store(V128, FREE);
    w.moveStack(1);
    w.add(w.pc, 16);
  });
  // Bytes 0–15 of the first vector are numbers 0–15, of the second 16–31; swizzle gives 0 for numbers it has not.
  cases.set(SIMD.i8x16Shuffle, () => {
    code.get(w.sp);
    w.operand(1, V128);
    pushNumbers(w);
    code.simd(SIMD.i8x16Swizzle);
    w.operand(0, V128);
    pushNumbers(w);
    code.i32(16);
    code.simd(SIMD.i8x16Splat);
    code.simd(SIMD.i8x16Sub);
    code.simd(SIMD.i8x16Swizzle);
    code.simd(SIMD.v128Or);
    w.store(V128, SECOND);
    w.moveStack(-1);
    w.add(w.pc, 16);
  });
}

function pushNumbers(w: CaseWriter): void {
  w.code.get(w.pc);
  w.load(V128, 0);
}

/** What the function takes and leaves. */
export const SIMD_SIGNATURE = { parameters: [I32, I32], results: [I64] } as const;
