// matching.ts: which conditions an access meets, as WebAssembly.
//
// Records are sorted by address (layout.ts, RECORDS): the search ends where they lie beyond the access. A condition that
// an instruction meets is pending until the instruction is done: its bytes are kept as they were before.

import {
  ACCESS_BYTES_SHIFT,
  ACCESS_JUDGED,
  ACCESS_READ,
  ACCESS_UNCERTAIN,
  ACCESS_WRITE,
  AT,
  HIGH_BOTTOM_BITS,
  RECORD,
  RECORD_SHIFT,
  WAY_COUNTED,
  WAY_JUDGED,
} from '../layout';
import { Code, type FunctionBody, type Local } from '../wasm/code';
import { I32, I64, OP } from '../wasm/opcodes.table';
import { appendToList } from './append-to-list';

/** Bytes of the longest condition. */
const LONGEST_CONDITION = 8;
const RECORD_BYTES = 1 << RECORD_SHIFT;

export interface AccessLocals {
  /** i64 */
  readonly address: Local;
  /** Kinds and bytes, as translated code hands them to the probes. */
  readonly info: Local;
  readonly bytes: Local;
}

interface Search extends AccessLocals {
  /** One past the access. */
  readonly end: Local;
  readonly entry: Local;
  readonly last: Local;
}

/**
 * Conditions that are only counted or judged let the access go on; for any other the function returns 0. Nothing is done
 * before all have been looked at: what one meets alone is acted on at once, several in a second round.
 */
export function emitMatching(code: Code, access: AccessLocals, noteIndex: number): void {
  const search = beginSearch(code, access);
  const [start, met, one, acts] = [code.newLocal(I32), code.newLocal(I32), code.newLocal(I32), code.newLocal(I32)];
  code.get(search.entry);
  code.set(start);
  const done = code.block();
  const round = code.loop();
  forMet(code, search, () => {
    code.get(acts);
    code.if();
    actOn(code, search, search.entry, noteIndex);
    code.else();
    leaveUnlessItMayGoOn(code, search);
    code.get(search.entry);
    code.set(one);
    code.get(met);
    code.i32(1);
    code.op(OP.i32Add);
    code.set(met);
    code.end();
  });
  code.get(acts);
  code.get(met);
  code.op(OP.i32Eqz);
  code.op(OP.i32Or);
  code.brIf(done);
  code.get(met);
  code.i32(1);
  code.op(OP.i32Eq);
  code.if();
  actOn(code, search, one, noteIndex);
  code.br(done);
  code.end();
  code.i32(1);
  code.set(acts);
  code.get(start);
  code.set(search.entry);
  code.br(round);
  code.end();
  code.end();
}

/** All that the access meets is pending. */
export function emitNoting(code: Code, access: AccessLocals, noteIndex: number): void {
  const search = beginSearch(code, access);
  forMet(code, search, () => {
    callNote(code, search, search.entry, noteIndex);
  });
}

/** `entry`: the first record that may overlap. */
function beginSearch(code: Code, access: AccessLocals): Search {
  const [entry, last, middle] = [code.newLocal(I32), code.newLocal(I32), code.newLocal(I32)];
  const end = code.newLocal(I64);
  code.get(access.address);
  code.get(access.bytes);
  code.op(OP.i64ExtendI32U);
  code.op(OP.i64Add);
  code.set(end);
  pushListEnd(code);
  code.set(last);
  const done = code.block();
  const again = code.loop();
  code.get(entry);
  code.get(last);
  code.op(OP.i32GeU);
  code.brIf(done);
  code.get(entry);
  code.get(last);
  code.op(OP.i32Add);
  code.i32(1);
  code.op(OP.i32ShrU);
  code.i32(-RECORD_BYTES);
  code.op(OP.i32And);
  code.tee(middle);
  code.memory(OP.i64Load, RECORD.first);
  code.i64(LONGEST_CONDITION);
  code.op(OP.i64Add);
  code.get(access.address);
  code.op(OP.i64LeU);
  code.if();
  code.get(middle);
  code.i32(RECORD_BYTES);
  code.op(OP.i32Add);
  code.set(entry);
  code.else();
  code.get(middle);
  code.set(last);
  code.end();
  code.br(again);
  code.end();
  code.end();
  return { ...access, entry, last, end };
}

function pushListEnd(code: Code): void {
  code.i32(0);
  code.memory(OP.i32Load, AT.conditionCount);
  code.i32(RECORD_SHIFT);
  code.op(OP.i32Shl);
}

/** `body` for each record from `entry` on that the access meets. */
function forMet(code: Code, search: Search, body: () => void): void {
  const { address, info, end, entry, last } = search;
  pushListEnd(code);
  code.set(last);
  const done = code.block();
  const again = code.loop();
  code.get(entry);
  code.get(last);
  code.op(OP.i32GeU);
  code.brIf(done);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.first);
  code.get(end);
  code.op(OP.i64GeU);
  code.brIf(done);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.end);
  code.get(address);
  code.op(OP.i64GtU);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.mask);
  code.get(info);
  code.op(OP.i32And);
  code.i32(0);
  code.op(OP.i32Ne);
  code.op(OP.i32And);
  code.if();
  body();
  code.end();
  code.get(entry);
  code.i32(RECORD_BYTES);
  code.op(OP.i32Add);
  code.set(entry);
  code.br(again);
  code.end();
  code.end();
}

/** Counted ones may always, judged ones where the judge is asked after the instruction; but nothing uncertain. */
function leaveUnlessItMayGoOn(code: Code, { info, entry }: Search): void {
  code.get(info);
  code.i32(ACCESS_JUDGED);
  code.op(OP.i32And);
  code.i32(0);
  code.op(OP.i32Ne);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.way);
  code.i32(WAY_JUDGED);
  code.op(OP.i32Eq);
  code.op(OP.i32And);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.way);
  code.i32(WAY_COUNTED);
  code.op(OP.i32Eq);
  code.op(OP.i32Or);
  code.op(OP.i32Eqz);
  code.get(info);
  code.i32(ACCESS_UNCERTAIN);
  code.op(OP.i32And);
  code.op(OP.i32Or);
  code.if();
  code.i32(0);
  code.op(OP.return);
  code.end();
}

function actOn(code: Code, search: Search, entry: Local, noteIndex: number): void {
  code.get(entry);
  code.memory(OP.i32Load, RECORD.way);
  code.i32(WAY_COUNTED);
  code.op(OP.i32Eq);
  code.if();
  emitCountHit(code, entry);
  code.else();
  callNote(code, search, entry, noteIndex);
  code.end();
}

export function emitCountHit(code: Code, entry: Local): void {
  code.get(entry);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.hits);
  code.i64(1);
  code.op(OP.i64Add);
  code.memory(OP.i64Store, RECORD.hits);
}

function callNote(code: Code, { address, info }: AccessLocals, entry: Local, noteIndex: number): void {
  code.get(entry);
  code.get(address);
  code.get(info);
  code.call(noteIndex);
}

/** (place of a record, address, info): the condition is pending. Of its accesses a write is told rather than a read. */
export function emitNote(placeHighIndex: number): FunctionBody {
  const code = new Code(3);
  const [entry, address, info] = [0, 1, 2];
  code.get(entry);
  code.memory(OP.i32Load, RECORD.kind);
  code.op(OP.i32Eqz);
  code.if();
  appendToList(code, entry, AT.pending, AT.pendingCount);
  keepBytes(code, entry, placeHighIndex);
  keepAccess(code, entry, address, info);
  code.else();
  code.get(info);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.kind);
  code.i32(-1);
  code.op(OP.i32Xor);
  code.op(OP.i32And);
  code.i32(ACCESS_WRITE);
  code.op(OP.i32And);
  code.if();
  keepAccess(code, entry, address, info);
  code.end();
  code.end();
  code.get(entry);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.kind);
  pushKinds(code, info);
  code.op(OP.i32Or);
  code.memory(OP.i32Store, RECORD.kind);
  code.op(OP.end);
  return code.finish();
}

function pushKinds(code: Code, info: Local): void {
  code.get(info);
  code.i32(ACCESS_WRITE | ACCESS_READ);
  code.op(OP.i32And);
}

/** What lies in windows may have moved since. */
function keepBytes(code: Code, entry: Local, placeHighIndex: number): void {
  const first = code.newLocal(I64);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.first);
  code.tee(first);
  code.i64(HIGH_BOTTOM_BITS);
  code.op(OP.i64ShrU);
  code.i64(0);
  code.op(OP.i64Ne);
  code.if();
  code.get(entry);
  code.get(first);
  code.call(placeHighIndex);
  code.memory(OP.i32Store, RECORD.place);
  code.end();
  code.get(entry);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.place);
  code.memory(OP.i64Load);
  code.get(entry);
  code.memory(OP.i64Load, RECORD.bits);
  code.op(OP.i64And);
  code.memory(OP.i64Store, RECORD.before);
}

function keepAccess(code: Code, entry: Local, address: Local, info: Local): void {
  code.get(entry);
  pushKinds(code, info);
  code.memory(OP.i32Store, RECORD.accessKind);
  code.get(entry);
  code.get(info);
  code.i32(ACCESS_BYTES_SHIFT);
  code.op(OP.i32ShrU);
  code.memory(OP.i32Store, RECORD.accessBytes);
  code.get(entry);
  code.get(address);
  code.memory(OP.i64Store, RECORD.accessAddress);
}
