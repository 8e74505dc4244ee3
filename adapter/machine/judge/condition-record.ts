// condition-record.ts: one condition on data as the probes and the judge see it (layout.ts, RECORD).
//
// Written when the debug registers change, kept true from run to run, and read when there is something to report. Conditions
// with one filter are parts of one: what the filter says is kept by the first, their lead.

import type { HitFilter } from '../../judging/hit-filter';
import { CONDITION_READ_WRITE } from '../debug-registers';
import type { PlannedCondition } from './condition-plan';
import { Passed } from './passed-hits';
import {
  ACCESS_READ,
  ACCESS_WRITE,
  MAX_LIMIT,
  NO_COMPANION,
  NO_PART,
  PLACES,
  PLACES_SHIFT,
  PLACE_BYTES,
  RECORD,
  RECORD_SHIFT,
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
const TWO_32 = 2 ** 32;

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
  readonly first: bigint;
  readonly lengthBytes: number;
  readonly mask: number;
  readonly way: number;
  /** Of those that it leads. */
  private lastPartAt: number;
  private companion: ConditionRecord | undefined;
  private readonly passed: Passed;

  /** `ledBy`: of which it is a further part; undefined: it leads itself. */
  constructor(
    private readonly view: DataView,
    readonly n: number,
    { first, lengthBytes, type, countOnly, filter }: PlannedCondition,
    private readonly tests: TestFunctions,
    private readonly ledBy: ConditionRecord | undefined,
  ) {
    this.at = this.lastPartAt = n << RECORD_SHIFT;
    this.first = first;
    this.lengthBytes = lengthBytes;
    this.mask = type === CONDITION_READ_WRITE ? ACCESS_READ | ACCESS_WRITE : ACCESS_WRITE;
    this.way = countOnly ? WAY_COUNTED : filter === undefined ? WAY_TOLD : WAY_JUDGED;
    this.passed = new Passed(view, n, lengthBytes);
    this.write();
    if (filter !== undefined) this.writeMeant(filter);
    if (ledBy !== undefined) ledBy.append(this);
    else if (filter !== undefined) this.writeFilter(filter);
  }

  get lead(): ConditionRecord {
    return this.ledBy ?? this;
  }

  /** Its hits are told together with those of that lead, which may be itself, and of its other companions. */
  accompany(first: ConditionRecord): void {
    this.companion = first;
    this.setInt(RECORD.companion, first.at);
  }

  /** The same for all whose hits are told together. */
  get company(): ConditionRecord {
    const { lead } = this;
    return lead.companion ?? lead;
  }

  private append(part: ConditionRecord): void {
    this.passed.append(part.n, part.lengthBytes);
    this.view.setInt32(RECORD.nextPart + this.lastPartAt, part.at, true);
    this.lastPartAt = part.at;
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
    const { first, lengthBytes } = this;
    this.setLong(RECORD.first, first);
    this.setLong(RECORD.end, first + BigInt(lengthBytes));
    this.setInt(RECORD.mask, this.mask);
    this.setInt(RECORD.way, this.way);
    this.setLong(RECORD.hits, 0n);
    this.setInt(RECORD.place, first < MAX_LIMIT ? Number(first) : 0);
    this.setLong(RECORD.bits, BigInt.asIntN(64, (1n << BigInt(8 * lengthBytes)) - 1n));
    this.setInt(RECORD.kind, 0);
    this.setInt(RECORD.lead, this.lead.at);
    this.setInt(RECORD.nextPart, NO_PART);
    this.setInt(RECORD.companion, NO_COMPANION);
    this.setInt(RECORD.verdicts, 0);
    this.setInt(RECORD.kinds, 0);
  }

  private writeMeant({ bits = -1n }: HitFilter): void {
    const before = Number(this.first - this.lead.first);
    this.setLong(RECORD.meant, BigInt.asIntN(64, bits >> BigInt(8 * before)));
  }

  private writeFilter(filter: HitFilter): void {
    const { reads, writes, onlyChanges, test, guard } = filter;
    this.setInt(RECORD.wanted, (reads ? ACCESS_READ : 0) | (writes ? ACCESS_WRITE : 0));
    this.setInt(RECORD.onlyChanges, onlyChanges ? 1 : 0);
    this.setInt(RECORD.test, this.testNumber(test));
    this.setInt(RECORD.guard, guard === undefined ? 0 : this.tests.slotOf(guard));
    this.clearPassed();
    this.clearPlaces();
    this.refresh(filter);
  }

  private testNumber(test: HitFilter['test']): number {
    if (test === undefined) return TEST_ALWAYS;
    return test === 'byPlace' ? TEST_BY_PLACE : this.tests.slotOf(test);
  }

  private clearPassed(): void {
    this.setInt(RECORD.hits, 0);
    this.setInt(RECORD.hits + 4, 0);
    this.setInt(RECORD.matches, 0);
    this.setInt(RECORD.changed, 0);
    this.setInt(RECORD.hasPassed, 0);
    this.setInt(RECORD.placesUsed, 0);
    this.setInt(RECORD.placesUsed + 4, 0);
  }

  private clearPlaces(): void {
    const from = PLACES + (this.n << PLACES_SHIFT);
    new Uint8Array(this.view.buffer, from, 1 << PLACES_SHIFT).fill(0);
  }

  /** What the filter says now. */
  refresh(filter: HitFilter): void {
    const { hits } = filter;
    this.setInt(RECORD.hitsBefore, hits % TWO_32);
    this.setInt(RECORD.hitsBefore + 4, Math.floor(hits / TWO_32));
    this.setInt(RECORD.quiet, Math.min(filter.quiet(), MOST_QUIET));
  }

  // At a hit -----------------------------------------------------------------------------------------------------

  /** Of all parts. */
  get verdict(): number {
    return this.view.getInt32(RECORD.verdict + this.lead.at, true);
  }

  forget(): void {
    this.setInt(RECORD.kind, 0);
  }

  /** Puts the instruction's test where the judge looks for it. False: the hit is to be told. */
  learnTest(instruction: number, filter: HitFilter): boolean {
    const test = filter.testAt(instruction);
    const place = this.placeOf(instruction);
    if (test === undefined || place === undefined) {
      this.setInt(RECORD.verdict, VERDICT_TOLD);
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

  /** `index`: number of its debug register. */
  toldAccess(index: number): ToldAccess {
    const at = RECORD.before + this.at;
    return {
      index,
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
  report(filter: HitFilter): void {
    const { passed } = this;
    passed.begin();
    filter.passed(passed);
    this.clearPassed();
    this.refresh(filter);
  }

  /** The same, and forgets the places and their tests: there is room for others. It stays in the list that it is in. */
  makeRoom(filter: HitFilter): void {
    const isListed = this.getInt(RECORD.hasPassed);
    this.report(filter);
    this.clearPlaces();
    this.setInt(RECORD.hasPassed, isListed);
  }
}
