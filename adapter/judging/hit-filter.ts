// hit-filter.ts: what is handed down to the machine so that it decides most hits of a data condition itself, right after
// the instruction and before anybody is told; and what it reports of those that it passed over.
//
// Types only: watch/ makes them, target/ and kernel/ hand them on, machine/judge/ decides.

import type { NumberCode } from './number-code';

/** Bytes of one condition before and after an instruction, and where they lie. */
export interface PassedPart {
  readonly lengthBytes: number;
  readonly oldAt: number;
  readonly newAt: number;
}

/** What all conditions of a filter held, before and after; valid only during the call. */
export interface PassedBytes {
  readonly bytes: DataView;
  /** By address. */
  readonly parts: readonly PassedPart[];
}

/** A hit that was passed over and met the condition. */
export interface PassedEntry extends PassedBytes {
  /** Address of the instruction that accessed. */
  readonly instruction: number;
  /** Instructions that retired in this run of the machine before it. */
  readonly retired: number;
  /** False: it only read. */
  readonly isWrite: boolean;
}

/** Hits that were passed over since the last report. */
export interface PassedHits {
  readonly hits: number;
  /** Those that met the condition. */
  readonly matches: number;
  /** The last hit that changed them; none may have. */
  lastChange(visit: (change: PassedBytes) => void): void;
  forPlaces(visit: (instruction: number, hits: number) => void): void;
  /** The newest of those that met the condition, so many, oldest first; the last 1,000 in any case. */
  readonly entries: number;
  forEntries(visit: (entry: PassedEntry) => void): void;
}

/** Told by whoever has filters when `hits` or `quiet` of some of them may answer differently than before. */
export interface FilterNews {
  /** Grows with each piece of news. */
  readonly count: number;
  /** Whose filters (`HitFilter.subject`) may, since the count was that; undefined: any. */
  since(count: number): readonly object[] | undefined;
}

/**
 * What the machine decides of a data condition's hits, right after the instruction and before anybody is told. Read when the
 * condition is set, and anew after `news` and after each report. Conditions that have the same filter are parts of one: what
 * an instruction does to several of them is one hit. Of a condition that has several filters a hit is told, and passed over
 * by none, where one of them tells it.
 */
export interface HitFilter {
  /** Filters with one subject differ in their thread alone, and tell the same. */
  readonly subject: object;
  /** Of all conditions that have it, together. */
  readonly lengthBytes: number;
  /** Asked before all else, where it is there: a hit for which it is not 1 is told. */
  readonly guard: NumberCode | undefined;
  /** Hits of other kinds are passed over and not counted. An instruction that reads and writes writes. */
  readonly reads: boolean;
  readonly writes: boolean;
  /** A write of the same value, and a read, is passed over and counted. */
  readonly onlyChanges: boolean;
  /** Which of all bits are meant: others may change without a change. The lowest is the first byte's; undefined: all. */
  readonly bits?: bigint | undefined;
  /** Undefined: every hit meets the condition. 'byPlace': that of `testAt` decides. A hit without result is told. */
  readonly test: NumberCode | 'byPlace' | undefined;
  /** 'told': every hit of the instruction is. Undefined: not known yet, this one is told. */
  testAt(instruction: number): NumberCode | 'told' | undefined;
  /** What the trees call `thread` and `hits`: the latter without the hits that are not reported yet. */
  readonly thread: number;
  readonly hits: number;
  readonly news: FilterNews;
  /** So many hits that meet the condition are passed over; the next one is told. */
  quiet(): number;
  /** Comes at the latest at the end of each run. */
  passed(hits: PassedHits): void;
}
