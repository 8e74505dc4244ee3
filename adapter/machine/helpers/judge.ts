// judge.ts: decides, right after an instruction, what becomes of the hits that are pending, as WebAssembly.
//
// What is passed over is counted here, by the instruction's place too, and its last ones are kept; watch-conditions.ts
// fetches all that at the end of the run. What must be told, or cannot be decided here, has a verdict that says so, and
// has not been counted.

import {
  ACCESS_READ,
  ACCESS_WRITE,
  AT,
  ENTRIES,
  ENTRY_SHIFT,
  PLACES,
  PLACES_SHIFT,
  PLACE_BYTES,
  RECORD,
  RECORD_SHIFT,
  RING_ENTRIES,
  RING_SHIFT,
  TEST_ALWAYS,
  TEST_BY_PLACE,
  TEST_TOLD,
  VERDICT_FULL,
  VERDICT_PASSED,
  VERDICT_TOLD,
  VERDICT_UNKNOWN,
  WAY_COUNTED,
  WAY_TOLD,
} from '../layout';
import { MET, NO_RESULT } from '../judge/number-function';
import { Code, type FunctionBody, type Local } from '../wasm/code';
import { I32, I64, OP } from '../wasm/opcodes.table';
import { appendToList } from './append-to-list';
import { emitCountHit } from './matching';

const RIP = 0;
const LEFT = 1;
/** So many places of the table are looked at. */
const MOST_PROBES = 16;
const PLACE_MASK = (1 << PLACES_SHIFT) - PLACE_BYTES;
/** Spreads addresses that are near each other. */
const SPREAD = 0x9e3779b1 | 0;
const SPREAD_SHIFT = 16;

interface Judging {
  readonly code: Code;
  readonly entry: Local;
  readonly kind: Local;
  readonly isWrite: Local;
  readonly changed: Local;
  readonly now: Local;
  /** Of the instruction in the condition's table. */
  readonly place: Local;
  readonly truth: Local;
  readonly test: Local;
  readonly told: Local;
}

/** (address of the instruction, instructions left before it) → 1 where some hit was not passed over. */
export function emitJudge(testType: number): FunctionBody {
  const code = new Code(2);
  const judging: Judging = {
    code,
    entry: code.newLocal(I32),
    kind: code.newLocal(I32),
    isWrite: code.newLocal(I32),
    changed: code.newLocal(I32),
    now: code.newLocal(I64),
    place: code.newLocal(I32),
    truth: code.newLocal(I32),
    test: code.newLocal(I32),
    told: code.newLocal(I32),
  };
  forPending(judging, () => {
    judgeOne(judging, testType);
  });
  code.get(judging.told);
  code.op(OP.i32Eqz);
  code.if();
  code.i32(0);
  code.i32(0);
  code.memory(OP.i32Store, AT.pendingCount);
  code.end();
  code.get(judging.told);
  code.op(OP.end);
  return code.finish();
}

/** `body` may leave the block that it is in: it goes on with the next. */
function forPending({ code, entry }: Judging, body: () => void): void {
  const n = code.newLocal(I32);
  const done = code.block();
  const again = code.loop();
  code.get(n);
  code.i32(0);
  code.memory(OP.i32Load, AT.pendingCount);
  code.op(OP.i32GeU);
  code.brIf(done);
  code.get(n);
  code.i32(2);
  code.op(OP.i32Shl);
  code.memory(OP.i32Load, AT.pending);
  code.set(entry);
  body();
  code.get(n);
  code.i32(1);
  code.op(OP.i32Add);
  code.set(n);
  code.br(again);
  code.end();
  code.end();
}

function judgeOne(judging: Judging, testType: number): void {
  const { code, entry, kind } = judging;
  const next = code.block();
  code.get(entry);
  code.memory(OP.i32Load, RECORD.kind);
  code.set(kind);
  code.get(entry);
  code.i32(0);
  code.memory(OP.i32Store, RECORD.kind);
  verdict(judging, VERDICT_PASSED);
  whereWayIs(judging, WAY_COUNTED, () => {
    emitCountHit(code, entry);
    code.br(next);
  });
  whereWayIs(judging, WAY_TOLD, () => {
    tell(judging, VERDICT_TOLD);
    code.br(next);
  });
  seeKind(judging, next);
  seeChange(judging);
  findPlace(judging, next);
  decide(judging, testType, next);
  countPassed(judging);
  code.end();
}

function verdict({ code, entry }: Judging, value: number): void {
  code.get(entry);
  code.i32(value);
  code.memory(OP.i32Store, RECORD.verdict);
}

function tell(judging: Judging, value: number): void {
  verdict(judging, value);
  judging.code.i32(1);
  judging.code.set(judging.told);
}

function whereWayIs({ code, entry }: Judging, way: number, body: () => void): void {
  code.get(entry);
  code.memory(OP.i32Load, RECORD.way);
  code.i32(way);
  code.op(OP.i32Eq);
  code.if();
  body();
  code.end();
}

/** An instruction that reads and writes writes. */
function seeKind({ code, entry, kind, isWrite }: Judging, next: number): void {
  code.get(kind);
  code.i32(ACCESS_WRITE);
  code.op(OP.i32And);
  code.set(isWrite);
  code.i32(ACCESS_WRITE);
  code.i32(ACCESS_READ);
  code.get(isWrite);
  code.op(OP.select);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.wanted);
  code.op(OP.i32And);
  code.op(OP.i32Eqz);
  code.brIf(next);
}

function seeChange({ code, entry, isWrite, changed, now }: Judging): void {
  code.get(entry);
  code.memory(OP.i32Load, RECORD.place);
  code.memory(OP.i64Load);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.bits);
  code.op(OP.i64And);
  code.tee(now);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.before);
  code.op(OP.i64Ne);
  code.get(isWrite);
  code.op(OP.i32And);
  code.set(changed);
}

/** The instruction's entry in the condition's table, made where there is none. */
function findPlace(judging: Judging, next: number): void {
  const { code, entry, place } = judging;
  const [table, hash, probes] = [code.newLocal(I32), code.newLocal(I32), code.newLocal(I32)];
  code.get(entry);
  code.i32(PLACES_SHIFT - RECORD_SHIFT);
  code.op(OP.i32Shl);
  code.set(table);
  code.get(RIP);
  code.i32(SPREAD);
  code.op(OP.i32Mul);
  code.i32(SPREAD_SHIFT);
  code.op(OP.i32ShrU);
  code.set(hash);
  code.i32(MOST_PROBES);
  code.set(probes);
  const found = code.block();
  const again = code.loop();
  code.get(table);
  code.get(hash);
  code.i32(PLACE_MASK);
  code.op(OP.i32And);
  code.op(OP.i32Or);
  code.tee(place);
  code.memory(OP.i32Load, PLACES);
  code.get(RIP);
  code.op(OP.i32Eq);
  code.brIf(found);
  code.get(place);
  code.memory(OP.i32Load, PLACES);
  code.op(OP.i32Eqz);
  code.if();
  code.get(place);
  code.get(RIP);
  code.memory(OP.i32Store, PLACES);
  code.br(found);
  code.end();
  code.get(hash);
  code.i32(PLACE_BYTES);
  code.op(OP.i32Add);
  code.set(hash);
  code.get(probes);
  code.i32(1);
  code.op(OP.i32Sub);
  code.tee(probes);
  code.brIf(again);
  code.end();
  askAgain(judging, VERDICT_FULL);
  code.br(next);
  code.end();
}

/** The hit stays as it was. */
function askAgain(judging: Judging, value: number): void {
  const { code, entry, kind } = judging;
  code.get(entry);
  code.get(kind);
  code.memory(OP.i32Store, RECORD.kind);
  tell(judging, value);
}

/** Leaves in `truth` whether the hit meets the condition; what must be told goes to `next`. */
function decide(judging: Judging, testType: number, next: number): void {
  const { code, entry, changed, truth } = judging;
  code.i32(0);
  code.set(truth);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.onlyChanges);
  code.op(OP.i32Eqz);
  code.get(changed);
  code.op(OP.i32Or);
  code.if();
  takeTest(judging, next);
  callTest(judging, testType);
  code.get(truth);
  code.i32(NO_RESULT);
  code.op(OP.i32Eq);
  code.get(truth);
  code.i32(MET);
  code.op(OP.i32Eq);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.quiet);
  code.op(OP.i32Eqz);
  code.op(OP.i32And);
  code.op(OP.i32Or);
  code.if();
  tell(judging, VERDICT_TOLD);
  code.br(next);
  code.end();
  code.end();
}

function takeTest(judging: Judging, next: number): void {
  const { code, entry, place, test } = judging;
  code.get(entry);
  code.memory(OP.i32Load, RECORD.test);
  code.tee(test);
  code.i32(TEST_BY_PLACE);
  code.op(OP.i32Eq);
  code.if();
  code.get(place);
  code.memory(OP.i32Load, PLACES + 4);
  code.tee(test);
  code.op(OP.i32Eqz);
  code.if();
  askAgain(judging, VERDICT_UNKNOWN);
  code.br(next);
  code.end();
  code.get(test);
  code.i32(TEST_TOLD);
  code.op(OP.i32Eq);
  code.if();
  tell(judging, VERDICT_TOLD);
  code.br(next);
  code.end();
  code.end();
}

function callTest({ code, entry, truth, test }: Judging, testType: number): void {
  code.i32(MET);
  code.set(truth);
  code.get(test);
  code.i32(TEST_ALWAYS);
  code.op(OP.i32Ne);
  code.if();
  code.get(entry);
  code.get(test);
  code.callIndirect(testType);
  code.set(truth);
  code.end();
}

function countPassed(judging: Judging): void {
  const { code, entry, place, changed, truth } = judging;
  emitCountHit(code, entry);
  code.get(place);
  code.get(place);
  code.memory(OP.i64Load, PLACES + 8);
  code.i64(1);
  code.op(OP.i64Add);
  code.memory(OP.i64Store, PLACES + 8);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.hasPassed);
  code.op(OP.i32Eqz);
  code.if();
  notePassed(judging);
  code.end();
  code.get(changed);
  code.if();
  noteChange(judging);
  code.end();
  code.get(truth);
  code.if();
  keepEntry(judging);
  code.end();
}

function notePassed({ code, entry }: Judging): void {
  code.get(entry);
  code.i32(1);
  code.memory(OP.i32Store, RECORD.hasPassed);
  appendToList(code, entry, AT.passed, AT.passedCount);
}

function noteChange({ code, entry, now }: Judging): void {
  code.get(entry);
  code.i32(1);
  code.memory(OP.i32Store, RECORD.changed);
  code.get(entry);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.before);
  code.memory(OP.i64Store, RECORD.changedOld);
  code.get(entry);
  code.get(now);
  code.memory(OP.i64Store, RECORD.changedNew);
}

/** The hit meets the condition: into the ring, over the oldest. */
function keepEntry({ code, entry, kind, now }: Judging): void {
  const [matches, at] = [code.newLocal(I32), code.newLocal(I32)];
  code.get(entry);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.quiet);
  code.i32(1);
  code.op(OP.i32Sub);
  code.memory(OP.i32Store, RECORD.quiet);
  code.get(entry);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.matches);
  code.tee(matches);
  code.i32(1);
  code.op(OP.i32Add);
  code.memory(OP.i32Store, RECORD.matches);
  code.get(matches);
  code.i32(RING_ENTRIES - 1);
  code.op(OP.i32And);
  code.i32(ENTRY_SHIFT);
  code.op(OP.i32Shl);
  code.get(entry);
  code.i32(RING_SHIFT - RECORD_SHIFT);
  code.op(OP.i32Shl);
  code.op(OP.i32Or);
  code.tee(at);
  code.get(RIP);
  code.memory(OP.i32Store, ENTRIES);
  code.get(at);
  code.get(kind);
  code.memory(OP.i32Store, ENTRIES + 4);
  code.get(at);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.before);
  code.memory(OP.i64Store, ENTRIES + 8);
  code.get(at);
  code.get(now);
  code.memory(OP.i64Store, ENTRIES + 16);
  code.get(at);
  code.i32(0);
  code.memory(OP.f64Load, AT.judgeBase);
  code.get(LEFT);
  code.op(OP.f64ConvertI32S);
  code.op(OP.f64Sub);
  code.memory(OP.f64Store, ENTRIES + 24);
}
