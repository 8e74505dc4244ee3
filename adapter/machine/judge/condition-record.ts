// condition-record.ts: one condition on data as the probes and the judge see it (layout.ts, RECORD).
//
// Written when the debug registers change, kept true from run to run, and read when there is something to report.

import type { HitFilter, PassedEntry, PassedHits } from '../../judging/hit-filter';
import type { DebugCondition } from '../debug-registers';
import { CONDITION_READ_WRITE } from '../debug-registers';
import {
  ACCESS_READ,
  ACCESS_WRITE,
  ENTRIES,
  ENTRY_SHIFT,
  MAX_LIMIT,
  PLACES,
  PLACES_SHIFT,
  PLACE_BYTES,
  RECORD,
  RECORD_SHIFT,
  RING_ENTRIES,
  RING_SHIFT,
  TEST_ALWAYS,
  TEST_BY_PLACE,
  TEST_TOLD,
  VERDICT_TOLD,
  WAY_COUNTED,
  WAY_JUDGED,
  WAY_TOLD,
} from '../layout';
import type { TestFunctions } from './test-functions';

const MOST_QUIET = 0x7fffffff;

/** A hit that raises #DB. */
export interface ToldAccess {
  /** Number of the debug register. */
  readonly index: number;
  readonly isWrite: boolean;
  /** The access that hit. */
  readonly address: bigint;
  readonly lengthBytes: number;
  /** The condition's own bytes, and as they were before the instruction. */
  readonly first: bigint;
  readonly before: Uint8Array;
}

export class ConditionRecord {
  readonly at: number;
  readonly lengthBytes: number;
  readonly mask: number;
  readonly way: number;
  readonly filter: HitFilter | undefined;

  constructor(
    private readonly view: DataView,
    private readonly n: number,
    /** Number of the debug register. */
    readonly index: number,
    readonly first: bigint,
    { lengthBytes, type, countOnly, filter }: DebugCondition,
    private readonly tests: TestFunctions,
  ) {
    this.at = n << RECORD_SHIFT;
    this.lengthBytes = lengthBytes;
    this.mask = type === CONDITION_READ_WRITE ? ACCESS_READ | ACCESS_WRITE : ACCESS_WRITE;
    this.filter = countOnly ? undefined : filter;
    this.way = countOnly ? WAY_COUNTED : filter === undefined ? WAY_TOLD : WAY_JUDGED;
    this.write();
  }

  private setInt(field: number, value: number): void {
    this.view.setInt32(field + this.at, value, true);
  }

  private getInt(field: number): number {
    return this.view.getInt32(field + this.at, true);
  }

  private setLong(field: number, value: bigint): void {
    this.view.setBigInt64(field + this.at, value, true);
  }

  private write(): void {
    const { first, lengthBytes, filter } = this;
    this.setLong(RECORD.first, first);
    this.setLong(RECORD.end, first + BigInt(lengthBytes));
    this.setInt(RECORD.mask, this.mask);
    this.setInt(RECORD.way, this.way);
    this.setLong(RECORD.hits, 0n);
    this.setInt(RECORD.place, first < MAX_LIMIT ? Number(first) : 0);
    this.setLong(RECORD.bits, BigInt.asIntN(64, (1n << BigInt(8 * lengthBytes)) - 1n));
    this.setInt(RECORD.kind, 0);
    if (filter === undefined) return;
    const { reads, writes, onlyChanges, test, thread } = filter;
    this.setInt(RECORD.wanted, (reads ? ACCESS_READ : 0) | (writes ? ACCESS_WRITE : 0));
    this.setInt(RECORD.onlyChanges, onlyChanges ? 1 : 0);
    this.setInt(RECORD.test, this.testNumber(test));
    this.setLong(RECORD.thread, BigInt(thread));
    this.clearPassed();
    this.clearPlaces();
    this.refresh();
  }

  private testNumber(test: HitFilter['test']): number {
    if (test === undefined) return TEST_ALWAYS;
    return test === 'byPlace' ? TEST_BY_PLACE : this.tests.slotOf(test);
  }

  private clearPassed(): void {
    this.setLong(RECORD.hits, 0n);
    this.setInt(RECORD.matches, 0);
    this.setInt(RECORD.changed, 0);
    this.setInt(RECORD.hasPassed, 0);
  }

  private clearPlaces(): void {
    const from = PLACES + (this.n << PLACES_SHIFT);
    new Uint8Array(this.view.buffer, from, 1 << PLACES_SHIFT).fill(0);
  }

  /** What the filter says now. */
  refresh(): void {
    const { filter } = this;
    if (filter === undefined) return;
    this.setLong(RECORD.hitsBefore, BigInt(filter.hits));
    this.setInt(RECORD.quiet, Math.min(filter.quiet(), MOST_QUIET));
  }

  // At a hit -----------------------------------------------------------------------------------------------------

  get verdict(): number {
    return this.getInt(RECORD.verdict);
  }

  forget(): void {
    this.setInt(RECORD.kind, 0);
  }

  /** Puts the instruction's test where the judge looks for it. False: the hit is to be told. */
  learnTest(instruction: number): boolean {
    const test = this.filter?.testAt(instruction);
    const place = this.placeOf(instruction);
    if (test === undefined || place === undefined) {
      this.setInt(RECORD.verdict, VERDICT_TOLD);
      this.forget();
      return false;
    }
    this.view.setInt32(place + 4, test === 'told' ? TEST_TOLD : this.tests.slotOf(test), true);
    return true;
  }

  /** The judge has made it. */
  private placeOf(instruction: number): number | undefined {
    const from = PLACES + (this.n << PLACES_SHIFT);
    for (let at = from; at < from + (1 << PLACES_SHIFT); at += PLACE_BYTES) {
      if (this.view.getUint32(at, true) === instruction) return at;
    }
    return undefined;
  }

  toldAccess(): ToldAccess {
    const at = RECORD.before + this.at;
    return {
      index: this.index,
      isWrite: (this.getInt(RECORD.accessKind) & ACCESS_WRITE) !== 0,
      address: this.view.getBigUint64(RECORD.accessAddress + this.at, true),
      lengthBytes: this.getInt(RECORD.accessBytes),
      first: this.first,
      before: new Uint8Array(this.view.buffer, at, this.lengthBytes).slice(),
    };
  }

  // Reports ------------------------------------------------------------------------------------------------------

  takeHits(): number {
    const hits = Number(this.view.getBigUint64(RECORD.hits + this.at, true));
    if (hits > 0) this.setLong(RECORD.hits, 0n);
    return hits;
  }

  /** Tells the filter what was passed over. */
  report(): void {
    this.filter?.passed(new Passed(this.view, this.n));
    this.clearPassed();
    this.refresh();
  }

  /** The same, and forgets the places and their tests: there is room for others. */
  makeRoom(): void {
    this.report();
    this.clearPlaces();
  }
}

class Passed implements PassedHits {
  readonly hits: number;
  readonly matches: number;
  readonly entries: number;
  readonly change: PassedHits['change'];

  constructor(
    private readonly view: DataView,
    private readonly n: number,
  ) {
    const at = n << RECORD_SHIFT;
    this.hits = Number(view.getBigUint64(RECORD.hits + at, true));
    this.matches = view.getUint32(RECORD.matches + at, true);
    this.entries = Math.min(this.matches, RING_ENTRIES);
    const hasChange = view.getInt32(RECORD.changed + at, true) !== 0;
    const places = { bytes: view, oldAt: RECORD.changedOld + at, newAt: RECORD.changedNew + at };
    this.change = hasChange ? places : undefined;
  }

  forPlaces(visit: (instruction: number, hits: number) => void): void {
    const { view } = this;
    const from = PLACES + (this.n << PLACES_SHIFT);
    for (let at = from; at < from + (1 << PLACES_SHIFT); at += PLACE_BYTES) {
      const hits = Number(view.getBigUint64(at + 8, true));
      if (hits === 0) continue;
      visit(view.getUint32(at, true), hits);
      view.setBigUint64(at + 8, 0n, true);
    }
  }

  forEntries(visit: (entry: PassedEntry) => void): void {
    const entry = new Entry(this.view);
    const from = ENTRIES + (this.n << RING_SHIFT);
    for (let number = this.matches - this.entries; number < this.matches; number++) {
      entry.moveTo(from + ((number & (RING_ENTRIES - 1)) << ENTRY_SHIFT));
      visit(entry);
    }
  }
}

/** One object for all, moved along. */
class Entry implements PassedEntry {
  instruction = 0;
  retired = 0;
  isWrite = false;
  oldAt = 0;
  newAt = 0;

  constructor(readonly bytes: DataView) {}

  moveTo(at: number): void {
    const { bytes } = this;
    this.instruction = bytes.getUint32(at, true);
    this.isWrite = (bytes.getUint32(at + 4, true) & ACCESS_WRITE) !== 0;
    this.oldAt = at + 8;
    this.newAt = at + 16;
    this.retired = bytes.getFloat64(at + 24, true);
  }
}
