// judge.ts: decides, right after an instruction, what becomes of the hits that are pending, as WebAssembly.
//
// First each condition that was met says so to its lead (layout.ts: conditions with one filter are parts of one), then the
// leads are decided: a part that the instruction did not touch is now what it was before. Where a condition has several
// filters its leads are settled together (judge-companions.ts).
//
// What is passed over is counted (judge-passed.ts). What must be told, or cannot be decided here, has a verdict that says so, and
// has not been counted.

import {
  ACCESS_READ,
  ACCESS_WRITE,
  AT,
  PLACES,
  PLACES_SHIFT,
  PLACE_BYTES,
  RECORD,
  RECORD_SHIFT,
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
import { Code, type FunctionBody } from '../wasm/code';
import { I32, I64, OP } from '../wasm/opcodes.table';
import { appendToList } from './append-to-list';
import { forgetVerdicts, keepDecision, settleCompanion, takeCompanion } from './judge-companions';
import { countPassed } from './judge-passed';
import { askAgain, forListed, forParts, type Judging, RIP, tell, verdict } from './judging';
import { emitCountHit } from './matching';

/** So many places of the table are looked at. */
const MOST_PROBES = 16;
const PLACE_MASK = (1 << PLACES_SHIFT) - PLACE_BYTES;
/** Spreads addresses that are near each other. */
const SPREAD = 0x9e3779b1 | 0;
const SPREAD_SHIFT = 16;

/** (address of the instruction, instructions left before it) → 1 where some hit was not passed over. */
export function emitJudge(testType: number): FunctionBody {
  const code = new Code(2);
  const judging: Judging = {
    code,
    entry: code.newLocal(I32),
    kind: code.newLocal(I32),
    isWrite: code.newLocal(I32),
    changed: code.newLocal(I32),
    part: code.newLocal(I32),
    place: code.newLocal(I32),
    truth: code.newLocal(I32),
    test: code.newLocal(I32),
    told: code.newLocal(I32),
    passed: code.newLocal(I32),
    companion: code.newLocal(I32),
    verdicts: code.newLocal(I32),
    hasCompanions: code.newLocal(I32),
  };
  forListed(judging, AT.pending, AT.pendingCount, () => {
    meet(judging);
  });
  forListed(judging, AT.asked, AT.askedCount, () => {
    judgeOne(judging, testType);
  });
  settleCompanions(judging);
  clearCount(code, AT.askedCount);
  code.get(judging.told);
  code.op(OP.i32Eqz);
  code.if();
  clearCount(code, AT.pendingCount);
  code.end();
  code.get(judging.told);
  code.op(OP.end);
  return code.finish();
}

function settleCompanions(judging: Judging): void {
  const { code } = judging;
  code.get(judging.hasCompanions);
  code.if();
  forListed(judging, AT.asked, AT.askedCount, () => {
    settleCompanion(judging);
  });
  forListed(judging, AT.asked, AT.askedCount, () => {
    forgetVerdicts(judging);
  });
  code.end();
}

function clearCount(code: Code, count: number): void {
  code.i32(0);
  code.i32(0);
  code.memory(OP.i32Store, count);
}

/** A condition that was met: counted, to be told, or its lead's affair. */
function meet(judging: Judging): void {
  const { code, entry, kind } = judging;
  const next = code.block();
  code.get(entry);
  code.memory(OP.i32Load, RECORD.kind);
  code.set(kind);
  code.get(entry);
  code.i32(0);
  code.memory(OP.i32Store, RECORD.kind);
  whereWayIs(judging, WAY_COUNTED, () => {
    verdict(judging, VERDICT_PASSED);
    emitCountHit(code, entry);
    code.br(next);
  });
  whereWayIs(judging, WAY_TOLD, () => {
    tell(judging, VERDICT_TOLD);
    code.br(next);
  });
  tellLead(judging);
  code.end();
}

/** An instruction that reads and writes a part writes it. */
function tellLead(judging: Judging): void {
  const { code, entry, kind } = judging;
  const lead = code.newLocal(I32);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.lead);
  code.tee(lead);
  code.memory(OP.i32Load, RECORD.kinds);
  code.op(OP.i32Eqz);
  code.if();
  appendToList(code, lead, AT.asked, AT.askedCount);
  forParts(judging, lead, () => {
    code.get(judging.part);
    code.i32(0);
    code.memory(OP.i32Store, RECORD.partKind);
  });
  code.end();
  code.i32(ACCESS_WRITE);
  code.i32(ACCESS_READ);
  code.get(kind);
  code.i32(ACCESS_WRITE);
  code.op(OP.i32And);
  code.op(OP.select);
  code.set(kind);
  code.get(entry);
  code.get(kind);
  code.memory(OP.i32Store, RECORD.partKind);
  code.get(lead);
  code.get(lead);
  code.memory(OP.i32Load, RECORD.kinds);
  code.get(kind);
  code.op(OP.i32Or);
  code.memory(OP.i32Store, RECORD.kinds);
}

function judgeOne(judging: Judging, testType: number): void {
  const { code, entry, kind, passed } = judging;
  code.i32(0);
  code.set(passed);
  const next = code.block();
  code.get(entry);
  code.memory(OP.i32Load, RECORD.kinds);
  code.set(kind);
  code.get(entry);
  code.i32(0);
  code.memory(OP.i32Store, RECORD.kinds);
  verdict(judging, VERDICT_PASSED);
  askGuard(judging, testType, next);
  seeKind(judging, next);
  seeChange(judging);
  findPlace(judging, next);
  decide(judging, testType, next);
  code.i32(1);
  code.set(passed);
  code.end();
  takeCompanion(judging);
  code.if();
  keepDecision(judging);
  code.i32(1);
  code.set(judging.hasCompanions);
  code.else();
  code.get(passed);
  code.if();
  countPassed(judging);
  code.end();
  code.end();
}

function askGuard(judging: Judging, testType: number, next: number): void {
  const { code, entry, test } = judging;
  code.get(entry);
  code.memory(OP.i32Load, RECORD.guard);
  code.tee(test);
  code.if();
  code.get(entry);
  code.get(test);
  code.callIndirect(testType);
  code.i32(MET);
  code.op(OP.i32Ne);
  code.if();
  tell(judging, VERDICT_TOLD);
  code.br(next);
  code.end();
  code.end();
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

function seeKind({ code, entry, kind, isWrite }: Judging, next: number): void {
  code.get(kind);
  code.i32(ACCESS_WRITE);
  code.op(OP.i32And);
  code.set(isWrite);
  code.get(kind);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.wanted);
  code.op(OP.i32And);
  code.op(OP.i32Eqz);
  code.brIf(next);
}

/** Each part's bytes now; and as they were before, where the instruction did not touch it. */
function seeChange(judging: Judging): void {
  const { code, entry, isWrite, part, changed } = judging;
  const now = code.newLocal(I64);
  code.i32(0);
  code.set(changed);
  forParts(judging, entry, () => {
    code.get(part);
    code.get(part);
    code.memory(OP.i32Load, RECORD.place);
    code.memory(OP.i64Load);
    code.get(part);
    code.memory(OP.i64Load, RECORD.bits);
    code.op(OP.i64And);
    code.tee(now);
    code.memory(OP.i64Store, RECORD.now);
    code.get(part);
    code.memory(OP.i32Load, RECORD.partKind);
    code.if();
    code.get(now);
    code.get(part);
    code.memory(OP.i64Load, RECORD.before);
    code.op(OP.i64Xor);
    code.get(part);
    code.memory(OP.i64Load, RECORD.meant);
    code.op(OP.i64And);
    code.i64(0);
    code.op(OP.i64Ne);
    code.get(changed);
    code.op(OP.i32Or);
    code.set(changed);
    code.else();
    code.get(part);
    code.get(now);
    code.memory(OP.i64Store, RECORD.before);
    code.end();
  });
  code.get(changed);
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
