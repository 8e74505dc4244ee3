// breakpoint-info.ts: a validated breakpoint in x86's own terms, and its place in DR7.
//
//   type code  EXECUTE 0x80 · WRITE 0x81 · RW 0x83          length code 0x40 | LEN << 2
//   DR7        bits 2n/2n+1 Ln/Gn · 16+4n: nibble = (length code | type code) & 0xF
//
// Truth: shared reference "hw-breakpoint-spec", A.1, B.2.

import { BREAKPOINT_EXECUTE, BREAKPOINT_READ_WRITE, BREAKPOINT_WRITE } from '../perf/event-attributes';

/** What may decide a breakpoint's hits before there is a #DB. */
export type { HitFilter } from '../../machine/debug-registers';

export type HardwareLength = 1 | 2 | 4 | 8;
/** DR7's R/W field: execute, write, read or write. */
export type HardwareType = 0 | 1 | 3;

/** What goes into a debug register. */
export interface ArchBreakpoint {
  readonly address: bigint;
  readonly length: HardwareLength;
  readonly type: HardwareType;
}

const LENGTH_FIELD: Readonly<Record<HardwareLength, number>> = { 1: 0, 2: 1, 4: 3, 8: 2 };
const LENGTH_OF_FIELD: readonly HardwareLength[] = [1, 2, 8, 4];

/** The four bits that DR7 holds for a register. */
export function dr7Nibble(breakpoint: ArchBreakpoint): number {
  return (LENGTH_FIELD[breakpoint.length] << 2) | breakpoint.type;
}

export function dr7Shift(index: number): bigint {
  return BigInt(16 + 4 * index);
}

/** Gn: the enable bit that the kernel uses. */
export function globalEnable(index: number): bigint {
  return 2n << BigInt(2 * index);
}

/** GE: "exact"; set with the first breakpoint, never cleared. */
export const DR7_GE = 1n << 9n;

/** A nibble as the generic type and length that perf knows; undefined for what Linux refuses. */
export function genericOfNibble(nibble: number): { readonly type: number; readonly length: bigint } | undefined {
  const length = LENGTH_OF_FIELD[(nibble >> 2) & 3];
  switch (nibble & 3) {
    case 0:
      return nibble >> 2 === 0 ? { type: BREAKPOINT_EXECUTE, length: 8n } : undefined;
    case 1:
      return { type: BREAKPOINT_WRITE, length: BigInt(length) };
    case 3:
      return { type: BREAKPOINT_READ_WRITE, length: BigInt(length) };
    default:
      return undefined;
  }
}
