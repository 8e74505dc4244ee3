// judging.ts: what the parts of the judge (judge.ts) share: its locals, its loops, its verdicts.

import { RECORD, NO_PART } from '../layout';
import type { Code, Local } from '../wasm/code';
import { I32, OP } from '../wasm/opcodes.table';

/** Parameters: address of the instruction; instructions left before it. */
export const RIP = 0;
export const LEFT = 1;

export interface Judging {
  readonly code: Code;
  readonly entry: Local;
  readonly kind: Local;
  readonly isWrite: Local;
  readonly changed: Local;
  /** Goes through the parts. */
  readonly part: Local;
  /** Of the instruction in the condition's table. */
  readonly place: Local;
  readonly truth: Local;
  readonly test: Local;
  readonly told: Local;
  /** 1: the hit may be counted. */
  readonly passed: Local;
  // Where a condition has several filters:
  readonly companion: Local;
  readonly verdicts: Local;
  readonly hasCompanions: Local;
}

/** `body` may leave the block that it is in: it goes on with the next. */
export function forListed({ code, entry }: Judging, list: number, length: number, body: () => void): void {
  const n = code.newLocal(I32);
  const done = code.block();
  const again = code.loop();
  code.get(n);
  code.i32(0);
  code.memory(OP.i32Load, length);
  code.op(OP.i32GeU);
  code.brIf(done);
  code.get(n);
  code.i32(2);
  code.op(OP.i32Shl);
  code.memory(OP.i32Load, list);
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

/** `body` for each part of the condition that `from` leads. */
export function forParts({ code, part }: Judging, from: Local, body: () => void): void {
  code.get(from);
  code.set(part);
  const again = code.loop();
  body();
  code.get(part);
  code.memory(OP.i32Load, RECORD.nextPart);
  code.tee(part);
  code.i32(NO_PART);
  code.op(OP.i32Ne);
  code.brIf(again);
  code.end();
}

export function verdict({ code, entry }: Judging, value: number): void {
  code.get(entry);
  code.i32(value);
  code.memory(OP.i32Store, RECORD.verdict);
}

export function tell(judging: Judging, value: number): void {
  verdict(judging, value);
  judging.code.i32(1);
  judging.code.set(judging.told);
}

/** The hit stays as it was. */
export function askAgain(judging: Judging, value: number): void {
  const { code, entry, part } = judging;
  forParts(judging, entry, () => {
    code.get(part);
    code.get(part);
    code.memory(OP.i32Load, RECORD.partKind);
    code.memory(OP.i32Store, RECORD.kind);
  });
  tell(judging, value);
}
