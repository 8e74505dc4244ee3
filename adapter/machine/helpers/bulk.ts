// bulk.ts: long copies and fills in one piece, as WebAssembly functions.
//
// They go as far as every granule of the range is free of permissions, watches and code; 0 means: one by one.

import { GRANULE_SHIFT, READ_TABLE, WRITE_TABLE } from '../layout';
import { Code, type FunctionBody } from '../wasm/code';
import { EMPTY_BLOCK, I32, OP } from '../wasm/opcodes.table';

/** Shortens `bytes` (i32) so that [at, at + bytes) touches only granules that are 0 in the table. */
function limitToFreeGranules(code: Code, table: number, at: number, bytes: number): void {
  const granule = code.newLocal(I32);
  const end = code.newLocal(I32);
  code.get(at);
  code.i32(GRANULE_SHIFT);
  code.op(OP.i32ShrU);
  code.set(granule);
  code.get(at);
  code.get(bytes);
  code.op(OP.i32Add);
  code.i32((1 << GRANULE_SHIFT) - 1);
  code.op(OP.i32Add);
  code.i32(GRANULE_SHIFT);
  code.op(OP.i32ShrU);
  code.set(end);
  const done = code.block();
  const again = code.loop();
  code.get(granule);
  code.get(end);
  code.op(OP.i32GeU);
  code.brIf(done);
  code.get(granule);
  code.memory(OP.i32Load8U, table);
  code.brIf(done);
  code.get(granule);
  code.i32(1);
  code.op(OP.i32Add);
  code.set(granule);
  code.br(again);
  code.end();
  code.end();
  // The free bytes end where the granule begins.
  code.get(granule);
  code.i32(GRANULE_SHIFT);
  code.op(OP.i32Shl);
  code.set(granule);
  code.get(granule);
  code.get(at);
  code.op(OP.i32LeU);
  code.if(I32);
  code.i32(0);
  code.else();
  code.get(granule);
  code.get(at);
  code.op(OP.i32Sub);
  code.end();
  code.set(granule);
  code.get(granule);
  code.get(bytes);
  code.get(granule);
  code.get(bytes);
  code.op(OP.i32LtU);
  code.op(OP.select);
  code.set(bytes);
}

/** Longest piece at once, so that the scan stays short. */
const LONGEST_PIECE = 1 << 20;

/** Sets the i32 locals from the i64 parameters; leaves with 0 where they are out of reach. */
function beginBulk(
  code: Code,
  addresses: readonly { from: number; to: number }[],
  length: number,
  bytes: number,
): void {
  for (const { from, to } of addresses) {
    code.get(from);
    code.i64(0x7000_0000 - LONGEST_PIECE - 64);
    code.op(OP.i64GtU);
    code.if();
    code.i64(0);
    code.op(OP.return);
    code.end();
    code.get(from);
    code.op(OP.i32WrapI64);
    code.set(to);
  }
  code.get(length);
  code.i64(LONGEST_PIECE);
  code.get(length);
  code.i64(LONGEST_PIECE);
  code.op(OP.i64LtU);
  code.op(OP.select);
  code.op(OP.i32WrapI64);
  code.set(bytes);
}

/** (destination, source, bytes) → bytes copied; the caller rounds the result down to whole elements. */
export function emitBulkCopy(): FunctionBody {
  const code = new Code(3);
  const to = code.newLocal(I32);
  const from = code.newLocal(I32);
  const bytes = code.newLocal(I32);
  beginBulk(
    code,
    [
      { from: 0, to },
      { from: 1, to: from },
    ],
    2,
    bytes,
  );
  limitToFreeGranules(code, WRITE_TABLE, to, bytes);
  limitToFreeGranules(code, READ_TABLE, from, bytes);
  // An ascending copy onto its own source repeats: stay below the distance.
  code.get(to);
  code.get(from);
  code.op(OP.i32GtU);
  code.get(to);
  code.get(from);
  code.op(OP.i32Sub);
  code.get(bytes);
  code.op(OP.i32LtU);
  code.op(OP.i32And);
  code.if();
  code.get(to);
  code.get(from);
  code.op(OP.i32Sub);
  code.set(bytes);
  code.end();
  // Whole elements of up to eight bytes, whatever they are.
  code.get(bytes);
  code.i32(-8);
  code.op(OP.i32And);
  code.set(bytes);
  code.get(to);
  code.get(from);
  code.get(bytes);
  code.memoryCopy();
  code.get(bytes);
  code.op(OP.i64ExtendI32U);
  code.op(OP.end);
  return code.finish();
}

/** (destination, pattern, bytes, element bytes) → bytes filled, a multiple of eight. */
export function emitBulkFill(): FunctionBody {
  const code = new Code(4);
  const to = code.newLocal(I32);
  const bytes = code.newLocal(I32);
  const end = code.newLocal(I32);
  const [destination, pattern, length, element] = [0, 1, 2, 3];
  beginBulk(code, [{ from: destination, to }], length, bytes);
  limitToFreeGranules(code, WRITE_TABLE, to, bytes);
  code.get(bytes);
  code.i32(-8);
  code.op(OP.i32And);
  code.set(bytes);
  repeatPattern(code, pattern, element);
  code.get(to);
  code.get(bytes);
  code.op(OP.i32Add);
  code.set(end);
  // All bytes alike: one fill; otherwise eight bytes at a time.
  code.get(pattern);
  code.get(pattern);
  code.i64(8);
  code.op(OP.i64Rotl);
  code.op(OP.i64Eq);
  code.if();
  code.get(to);
  code.get(pattern);
  code.op(OP.i32WrapI64);
  code.get(bytes);
  code.memoryFill();
  code.else();
  const done = code.block(EMPTY_BLOCK);
  const again = code.loop();
  code.get(to);
  code.get(end);
  code.op(OP.i32GeU);
  code.brIf(done);
  code.get(to);
  code.get(pattern);
  code.memory(OP.i64Store);
  code.get(to);
  code.i32(8);
  code.op(OP.i32Add);
  code.set(to);
  code.br(again);
  code.end();
  code.end();
  code.end();
  code.get(bytes);
  code.op(OP.i64ExtendI32U);
  code.op(OP.end);
  return code.finish();
}

/** Repeats the element's low bytes through all eight. */
function repeatPattern(code: Code, pattern: number, element: number): void {
  for (const [bytes, factor] of [
    [1, 0x0101010101010101n],
    [2, 0x0001000100010001n],
    [4, 0x0000000100000001n],
  ] as const) {
    code.get(element);
    code.i32(bytes);
    code.op(OP.i32Eq);
    code.if();
    code.get(pattern);
    code.i64((1n << BigInt(8 * bytes)) - 1n);
    code.op(OP.i64And);
    code.i64(factor);
    code.op(OP.i64Mul);
    code.set(pattern);
    code.end();
  }
}
