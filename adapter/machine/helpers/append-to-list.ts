// append-to-list.ts: lists of records in the state area: u32 entries, and how many there are.

import type { Code, Local } from '../wasm/code';
import { I32, OP } from '../wasm/opcodes.table';

/** Writes code that puts the record at the end. `list`, `length`: addresses in the state area. */
export function appendToList(code: Code, entry: Local, list: number, length: number): void {
  const count = code.newLocal(I32);
  code.i32(0);
  code.memory(OP.i32Load, length);
  code.tee(count);
  code.i32(2);
  code.op(OP.i32Shl);
  code.get(entry);
  code.memory(OP.i32Store, list);
  code.i32(0);
  code.get(count);
  code.i32(1);
  code.op(OP.i32Add);
  code.memory(OP.i32Store, length);
}
