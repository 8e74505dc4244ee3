// debug-registers.ts: DR0–DR7 of one emulated CPU, bit for bit.
//
// The kernel's breakpoint PMU writes them; the CPU matches accesses against them. Knows no task and no owner.
//
//   DR6  bits 0–3 B0–B3 · 13 BD · 14 BS · 15 BT; idle 0xFFFF0FF0
//   DR7  bits 2n/2n+1 Ln/Gn · 8 LE · 9 GE · 10 reads 1 · 13 GD · 16+4n R/Wn · 18+4n LENn; idle 0x400
//
// A launch may ask for more than four (they are emulated). Number n ≥ 4 has no bits in DR6/DR7: its condition lies
// in `extended[n - 4]`.
// Truth: Intel SDM vol. 3B, 18.2; shared reference "hw-breakpoint-spec", A.1.

import type { HitFilter } from '../judging/hit-filter';

export type { HitFilter };

export const DR6_IDLE = 0xffff0ff0n;
export const DR7_IDLE = 0x400n;
export const DR6_BS = 1n << 14n;
export const DR6_BD = 1n << 13n;

/** DR7's R/W field. */
export const CONDITION_EXECUTE = 0;
export const CONDITION_WRITE = 1;
export const CONDITION_IO = 2;
export const CONDITION_READ_WRITE = 3;

export interface DebugCondition {
  readonly enabled: boolean;
  /** Linear address; the low bits below the length do not count. */
  readonly address: bigint;
  readonly lengthBytes: 1 | 2 | 4 | 8;
  readonly type: 0 | 1 | 2 | 3;
  /**
   * True: hits are only counted (in the machine's probe, without leaving translated code) and read with
   * `readCount`; false: each hit raises #DB after the instruction (before it, for execute).
   */
  readonly countOnly: boolean;
  /** Decide each hit of a data condition before #DB, which is raised where one of them says so; none where absent. */
  readonly filters?: readonly HitFilter[] | undefined;
}

/** What the registers of one CPU hold, DR6 aside; of no meaning but to who keeps it. */
export interface RegisterContents {
  readonly generation: number;
}

/** What the CPU sees; changes take effect before the next instruction. */
export interface DebugRegisters {
  /** How many conditions this CPU has: 4 as on x86, more where the launch asked, 0 for a machine without any. */
  readonly count: number;
  /** Increments with every change, so that the machine can tell cheaply whether its watch tables are up to date. */
  readonly generation: number;
  /** Whose generation it is, where contents can be exchanged. */
  readonly contents?: RegisterContents;
  /** Puts in others as they were when they were taken out (undefined: none), and answers what was there; DR6 stays. */
  exchange?(contents: RegisterContents | undefined): RegisterContents;
  readAddress(index: number): bigint;
  writeAddress(index: number, value: bigint): void;
  dr6: bigint;
  /** Writing drops reserved bits and sets bit 10. */
  dr7: bigint;
  condition(index: number): DebugCondition;
  /** For index ≥ 4, or to mark a condition as count-only. */
  setCondition(index: number, condition: DebugCondition): void;
  /** Hits counted so far by a count-only condition (it is the machine that adds to it). */
  readCount(index: number): number;
  addCount(index: number, hits: number): void;
}
