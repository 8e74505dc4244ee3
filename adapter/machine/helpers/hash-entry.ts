// hash-entry.ts: writes code that finds the hash entry of a guest address (layout.ts, HASH).

import { HASH_ENTRIES, HASH_ENTRY_BYTES } from '../layout';
import type { Code, Local } from '../wasm/code';
import { OP } from '../wasm/opcodes.table';

/** Pushes how far the entry lies behind HASH. */
export function pushHashEntry(code: Code, rip: Local): void {
  code.get(rip);
  code.get(rip);
  code.i32(12);
  code.op(OP.i32ShrU);
  code.op(OP.i32Xor);
  code.i32(HASH_ENTRIES - 1);
  code.op(OP.i32And);
  code.i32(HASH_ENTRY_BYTES);
  code.op(OP.i32Mul);
}
