// judge-passed.ts: what the judge keeps of a hit that it passes over, as WebAssembly; watch-conditions.ts fetches it.

import {
  AT,
  ENTRIES,
  ENTRY_SHIFT,
  PLACES,
  PLACE_BYTES,
  RECORD,
  RECORD_SHIFT,
  RING_ENTRIES,
  RING_SHIFT,
} from '../layout';
import type { Local } from '../wasm/code';
import { I32, OP } from '../wasm/opcodes.table';
import { appendToList } from './append-to-list';
import { forParts, type Judging, LEFT, RIP } from './judging';
import { emitCountHit } from './matching';

const PLACE_SHIFT = Math.log2(PLACE_BYTES);

/** The hit is passed over: counted here, at its place, and kept where it meets the condition. */
export function countPassed(judging: Judging): void {
  const { code, entry, place, changed, truth } = judging;
  emitCountHit(code, entry);
  code.get(place);
  code.get(place);
  code.memory(OP.i64Load, PLACES + 8);
  code.i64(1);
  code.op(OP.i64Add);
  code.memory(OP.i64Store, PLACES + 8);
  markPlace(judging);
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

/** Whoever reports need not look for it. */
function markPlace({ code, entry, place }: Judging): void {
  code.get(entry);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.placesUsed);
  code.i64(1);
  code.get(place);
  code.i32(PLACE_SHIFT);
  code.op(OP.i32ShrU);
  code.op(OP.i64ExtendI32U);
  // By 64 at most: places of one condition lie at as many.
  code.op(OP.i64Shl);
  code.op(OP.i64Or);
  code.memory(OP.i64Store, RECORD.placesUsed);
}

function noteChange(judging: Judging): void {
  const { code, entry, part } = judging;
  code.get(entry);
  code.i32(1);
  code.memory(OP.i32Store, RECORD.changed);
  forParts(judging, entry, () => {
    code.get(part);
    code.get(part);
    code.memory(OP.i64Load, RECORD.before);
    code.memory(OP.i64Store, RECORD.changedOld);
    code.get(part);
    code.get(part);
    code.memory(OP.i64Load, RECORD.now);
    code.memory(OP.i64Store, RECORD.changedNew);
  });
}

/** The hit meets the condition: into the ring, over the oldest. */
function keepEntry(judging: Judging): void {
  const { code, entry, kind, part } = judging;
  const [offset, at] = [code.newLocal(I32), code.newLocal(I32)];
  takeEntry(judging, offset);
  pushEntry(judging, entry, offset);
  code.tee(at);
  code.get(RIP);
  code.memory(OP.i32Store, ENTRIES);
  code.get(at);
  code.get(kind);
  code.memory(OP.i32Store, ENTRIES + 4);
  code.get(at);
  code.i32(0);
  code.memory(OP.f64Load, AT.judgeBase);
  code.get(LEFT);
  code.op(OP.f64ConvertI32S);
  code.op(OP.f64Sub);
  code.memory(OP.f64Store, ENTRIES + 24);
  forParts(judging, entry, () => {
    pushEntry(judging, part, offset);
    code.tee(at);
    code.get(part);
    code.memory(OP.i64Load, RECORD.before);
    code.memory(OP.i64Store, ENTRIES + 8);
    code.get(at);
    code.get(part);
    code.memory(OP.i64Load, RECORD.now);
    code.memory(OP.i64Store, ENTRIES + 16);
  });
}

/** Sets where in each part's ring the hit is kept. */
function takeEntry({ code, entry }: Judging, offset: Local): void {
  const matches = code.newLocal(I32);
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
  code.set(offset);
}

function pushEntry({ code }: Judging, of: Local, offset: Local): void {
  code.get(of);
  code.i32(RING_SHIFT - RECORD_SHIFT);
  code.op(OP.i32Shl);
  code.get(offset);
  code.op(OP.i32Or);
}
