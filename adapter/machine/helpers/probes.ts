// probes.ts: what a slow access asks, as WebAssembly functions.
//
// `probe` lets an access go on, counts it, or says: leave. `probeAlone` serves an instruction that runs by itself.

import {
  ACCESS_BYTES_SHIFT,
  ACCESS_READ,
  ACCESS_WRITE,
  AT,
  FIRST_LIMIT_BITS,
  GRANULE_CODE,
  GRANULE_SHIFT,
  HIGH_BOTTOM_BITS,
  HIGH_PAGES,
  LOG_ENTRIES,
  LONGEST_FAST_BYTES,
  PAGE_BYTES,
  PAGE_MAPPED,
  PAGE_READ,
  PAGE_SHIFT,
  PAGE_TABLE,
  PAGE_WRITE,
  READ_TABLE,
  WINDOW_BYTES,
  WINDOWS,
  WRITE_TABLE,
} from '../layout';
import { emitMatching, emitNoting } from './matching';
import { Code, type FunctionBody } from '../wasm/code';
import { I32, I64, OP } from '../wasm/opcodes.table';

const ADDRESS = 0;
const INFO = 1;

interface ProbeLocals {
  readonly at: number;
  readonly bytes: number;
  readonly need: number;
  readonly last: number;
}

/** Splits INFO; leaves the page bits that the access needs in `need`, the last byte's offset in `last`. */
function beginProbe(code: Code): ProbeLocals {
  const locals = {
    at: code.newLocal(I32),
    bytes: code.newLocal(I32),
    need: code.newLocal(I32),
    last: code.newLocal(I32),
  };
  code.get(ADDRESS);
  code.op(OP.i32WrapI64);
  code.set(locals.at);
  code.get(INFO);
  code.i32(ACCESS_BYTES_SHIFT);
  code.op(OP.i32ShrU);
  code.set(locals.bytes);
  code.get(locals.at);
  code.get(locals.bytes);
  code.op(OP.i32Add);
  code.i32(1);
  code.op(OP.i32Sub);
  code.set(locals.last);
  code.i32(PAGE_MAPPED | PAGE_WRITE);
  code.i32(PAGE_MAPPED | PAGE_READ);
  code.get(INFO);
  code.i32(ACCESS_WRITE);
  code.op(OP.i32And);
  code.op(OP.select);
  code.set(locals.need);
  return locals;
}

function pushPageAllows(code: Code, at: number, need: number, table = PAGE_TABLE): void {
  code.get(at);
  code.i32(PAGE_SHIFT);
  code.op(OP.i32ShrU);
  code.memory(OP.i32Load8U, table);
  code.get(need);
  code.op(OP.i32And);
  code.get(need);
  code.op(OP.i32Eq);
}

/** Pushes 1 where the address lies at or above HIGH_BOTTOM. */
function pushIsFar(code: Code): void {
  code.get(ADDRESS);
  code.i64(HIGH_BOTTOM_BITS);
  code.op(OP.i64ShrU);
  code.i64(0);
  code.op(OP.i64Ne);
}

function returnZeroIf(code: Code): void {
  code.if();
  code.i32(0);
  code.op(OP.return);
  code.end();
}

/** The quick way: go on, or leave for whatever needs JavaScript. Conditions that are only counted are counted here. */
export function emitProbe(probeHighIndex: number, noteIndex: number): FunctionBody {
  const code = new Code(2);
  pushIsFar(code);
  code.if();
  code.get(ADDRESS);
  code.get(INFO);
  code.call(probeHighIndex);
  code.op(OP.return);
  code.end();
  const locals = beginProbe(code);
  pushPageAllows(code, locals.at, locals.need);
  pushPageAllows(code, locals.last, locals.need);
  code.op(OP.i32And);
  code.op(OP.i32Eqz);
  returnZeroIf(code);
  leaveForCode(code, locals);
  emitMatching(code, { address: ADDRESS, info: INFO, bytes: locals.bytes }, noteIndex);
  code.get(locals.at);
  code.op(OP.end);
  return code.finish();
}

/** The same for what lies in windows. No code is translated there. */
export function emitProbeHigh(placeHighIndex: number, noteIndex: number): FunctionBody {
  const code = new Code(2);
  const locals = beginProbe(code);
  pushPlaces(code, locals, placeHighIndex);
  for (const place of [locals.at, locals.last]) {
    code.get(place);
    code.op(OP.i32Eqz);
    returnZeroIf(code);
    pushPageAllows(code, place, locals.need, HIGH_PAGES);
    code.op(OP.i32Eqz);
    returnZeroIf(code);
  }
  emitMatching(code, { address: ADDRESS, info: INFO, bytes: locals.bytes }, noteIndex);
  code.get(locals.at);
  code.op(OP.end);
  return code.finish();
}

/** Sets `at` and `last` to where the access' ends lie, 0 where they are not mapped. */
function pushPlaces(code: Code, locals: ProbeLocals, placeHighIndex: number): void {
  code.get(ADDRESS);
  code.call(placeHighIndex);
  code.set(locals.at);
  pushLastAddress(code, locals);
  code.call(placeHighIndex);
  code.set(locals.last);
}

function pushLastAddress(code: Code, locals: ProbeLocals): void {
  code.get(ADDRESS);
  code.get(locals.bytes);
  code.op(OP.i64ExtendI32U);
  code.op(OP.i64Add);
  code.i64(1);
  code.op(OP.i64Sub);
}

/** (address) → its place in the memory, by binary search in the list of windows; 0: not mapped. */
export function emitPlaceHigh(): FunctionBody {
  const code = new Code(1);
  const [low, high, middle] = [code.newLocal(I32), code.newLocal(I32), code.newLocal(I32)];
  const first = code.newLocal(I64);
  code.i32(0);
  code.memory(OP.i32Load, WINDOWS);
  code.set(high);
  const done = code.block();
  const again = code.loop();
  code.get(low);
  code.get(high);
  code.op(OP.i32GeU);
  code.brIf(done);
  code.get(low);
  code.get(high);
  code.op(OP.i32Add);
  code.i32(1);
  code.op(OP.i32ShrU);
  code.tee(middle);
  code.i32(WINDOW_BYTES);
  code.op(OP.i32Mul);
  code.memory(OP.i64Load, WINDOWS + WINDOW_BYTES);
  code.tee(first);
  code.get(ADDRESS);
  code.op(OP.i64GtU);
  code.if();
  code.get(middle);
  code.set(high);
  code.br(again);
  code.end();
  code.get(middle);
  code.i32(WINDOW_BYTES);
  code.op(OP.i32Mul);
  code.memory(OP.i64Load, WINDOWS + WINDOW_BYTES + 8);
  code.get(ADDRESS);
  code.op(OP.i64LeU);
  code.if();
  code.get(middle);
  code.i32(1);
  code.op(OP.i32Add);
  code.set(low);
  code.br(again);
  code.end();
  code.get(middle);
  code.i32(WINDOW_BYTES);
  code.op(OP.i32Mul);
  code.memory(OP.i32Load, WINDOWS + WINDOW_BYTES + 16);
  code.get(ADDRESS);
  code.get(first);
  code.op(OP.i64Sub);
  code.op(OP.i32WrapI64);
  code.op(OP.i32Add);
  code.op(OP.return);
  code.end();
  code.end();
  code.i32(0);
  code.op(OP.end);
  return code.finish();
}

/** Beyond it everything is slow: what the tables cover at first. */
const FAST_BITS = FIRST_LIMIT_BITS;

/** What translated code does inline where it is worth it. */
export function emitAccess(probeIndex: number): FunctionBody {
  const code = new Code(2);
  const at = code.newLocal(I32);
  code.get(ADDRESS);
  code.i64(FAST_BITS);
  code.op(OP.i64ShrU);
  code.op(OP.i64Eqz);
  code.if();
  code.get(ADDRESS);
  code.op(OP.i32WrapI64);
  code.tee(at);
  code.i32(GRANULE_SHIFT);
  code.op(OP.i32ShrU);
  code.i32(WRITE_TABLE);
  code.i32(READ_TABLE);
  code.get(INFO);
  code.i32(ACCESS_WRITE);
  code.op(OP.i32And);
  code.op(OP.select);
  code.op(OP.i32Add);
  code.memory(OP.i32Load8U);
  code.get(INFO);
  code.i32((LONGEST_FAST_BYTES + 1) << ACCESS_BYTES_SHIFT);
  code.op(OP.i32GeU);
  code.op(OP.i32Or);
  code.op(OP.i32Eqz);
  code.if();
  code.get(at);
  code.op(OP.return);
  code.end();
  code.end();
  code.get(ADDRESS);
  code.get(INFO);
  code.call(probeIndex);
  code.op(OP.end);
  return code.finish();
}

/** Writes to granules that hold translated code leave. */
function leaveForCode(code: Code, locals: ProbeLocals): void {
  code.get(INFO);
  code.i32(ACCESS_WRITE);
  code.op(OP.i32And);
  code.if();
  for (const end of [locals.at, locals.last]) {
    code.get(end);
    code.i32(GRANULE_SHIFT);
    code.op(OP.i32ShrU);
    code.memory(OP.i32Load8U, WRITE_TABLE);
    code.i32(GRANULE_CODE);
    code.op(OP.i32And);
  }
  code.op(OP.i32Or);
  code.get(locals.bytes);
  code.i32(64);
  code.op(OP.i32GtU);
  code.op(OP.i32Or);
  returnZeroIf(code);
  code.end();
}

/** The exact way, for an instruction that runs alone: logs the access, or says where it faults. */
export function emitProbeAlone(placeHighIndex: number, noteIndex: number): FunctionBody {
  const code = new Code(2);
  const locals = beginProbe(code);
  const entry = code.newLocal(I32);
  pushIsFar(code);
  code.if();
  pushPlaces(code, locals, placeHighIndex);
  faultUnlessAllowed(code, locals.at, locals.need, () => {
    code.get(ADDRESS);
  });
  faultUnlessAllowed(code, locals.last, locals.need, () => {
    pushLastAddress(code, locals);
    code.i64(-PAGE_BYTES);
    code.op(OP.i64And);
  });
  logAccess(code, locals, entry);
  emitNoting(code, { address: ADDRESS, info: INFO, bytes: locals.bytes }, noteIndex);
  code.get(locals.at);
  code.op(OP.return);
  code.end();
  pushPageAllows(code, locals.at, locals.need);
  code.op(OP.i32Eqz);
  code.if();
  storeFault(code, () => {
    code.get(ADDRESS);
  });
  code.end();
  pushPageAllows(code, locals.last, locals.need);
  code.op(OP.i32Eqz);
  code.if();
  storeFault(code, () => {
    code.get(locals.last);
    code.i32(-(1 << PAGE_SHIFT));
    code.op(OP.i32And);
    code.op(OP.i64ExtendI32U);
  });
  code.end();
  logAccess(code, locals, entry);
  emitNoting(code, { address: ADDRESS, info: INFO, bytes: locals.bytes }, noteIndex);
  code.get(locals.at);
  code.op(OP.end);
  return code.finish();
}

function faultUnlessAllowed(code: Code, place: number, need: number, pushAddress: () => void): void {
  code.get(place);
  code.op(OP.i32Eqz);
  pushPageAllows(code, place, need, HIGH_PAGES);
  code.op(OP.i32Eqz);
  code.op(OP.i32Or);
  code.if();
  storeFault(code, pushAddress);
  code.end();
}

function storeFault(code: Code, pushAddress: () => void): void {
  code.i32(0);
  pushAddress();
  code.memory(OP.i64Store, AT.faultAddress);
  code.i32(0);
  code.i32(ACCESS_WRITE);
  code.i32(ACCESS_READ);
  code.get(INFO);
  code.i32(ACCESS_WRITE);
  code.op(OP.i32And);
  code.op(OP.select);
  code.memory(OP.i32Store, AT.faultAccess);
  code.i32(0);
  code.op(OP.return);
}

function logAccess(code: Code, locals: ProbeLocals, entry: number): void {
  code.i32(0);
  code.memory(OP.i32Load, AT.logCount);
  code.tee(entry);
  code.i32(LOG_ENTRIES);
  code.op(OP.i32LtU);
  code.if();
  code.i32(0);
  code.get(entry);
  code.i32(1);
  code.op(OP.i32Add);
  code.memory(OP.i32Store, AT.logCount);
  code.get(entry);
  code.i32(4);
  code.op(OP.i32Shl);
  code.tee(entry);
  code.get(ADDRESS);
  code.memory(OP.i64Store, AT.log);
  code.get(entry);
  code.get(locals.bytes);
  code.memory(OP.i32Store, AT.log + 8);
  code.get(entry);
  code.get(INFO);
  code.memory(OP.i32Store, AT.log + 12);
  code.end();
}
