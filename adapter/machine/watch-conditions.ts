// watch-conditions.ts: makes an address space look for what a CPU's debug registers say.
//
// Conditions on data go to the granule tables and, sorted by address, to the records that the probes search. Hits that
// are only counted, and those that a filter passes over, come back from the records at the end of a run. A condition
// covers its aligned block; an access matches where any byte overlaps.
// Truth: Intel SDM vol. 3B, 18.2.4, 18.2.5.

import { assert } from '../util/assert';
import type { FilterNews } from '../judging/hit-filter';
import type { DebugCondition, DebugRegisters } from './debug-registers';
import { CONDITION_EXECUTE, CONDITION_IO } from './debug-registers';
import type { GuestMemory } from './guest-memory';
import type { WatchedBytes } from './granule-tables';
import { ConditionRecord, type ToldAccess } from './judge/condition-record';
import type { TestFunctions } from './judge/test-functions';
import {
  ACCESS_READ,
  ACCESS_WRITE,
  AT,
  GRANULE_BYTES,
  GRANULE_CODE,
  GRANULE_SHIFT,
  MAX_CONDITIONS,
  MAX_LIMIT,
  RECORD_SHIFT,
  VERDICT_FULL,
  VERDICT_TOLD,
  VERDICT_UNKNOWN,
  WAY_COUNTED,
  WRITE_TABLE,
} from './layout';

/** helpers/judge.ts */
export type Judge = (instruction: number, left: number) => number;

/** Outside of translated code AT.judgeBase is exact. */
const NONE_LEFT = 0;

export class WatchConditions {
  /** Addresses of execute conditions, with the registers that have them. */
  execute: ReadonlyMap<number, readonly number[]> = new Map();
  /** Some have filters. */
  isQuick = false;
  /** By address: record n is that of active[n]. */
  private active: readonly ConditionRecord[] = [];
  private counted: readonly ConditionRecord[] = [];
  private news: readonly NewsOfFilters[] = [];
  /** Not passed over by the instruction that is being decided. */
  private readonly told: ConditionRecord[] = [];
  private source: DebugRegisters | undefined;
  private generation = -1;

  constructor(
    private readonly memory: GuestMemory,
    private readonly tests: TestFunctions,
    private readonly judge: Judge,
  ) {}

  /** Before each run: filters that would say something else by now are asked anew. */
  begin(): void {
    for (const group of this.news) {
      const { count } = group.news;
      if (count === group.seen) continue;
      group.seen = count;
      for (const record of group.records) record.refresh();
    }
  }

  /** True if anything changed. */
  follow(debug: DebugRegisters): boolean {
    if (debug === this.source && debug.generation === this.generation) return false;
    assert(debug.count <= MAX_CONDITIONS, 'each debug register has room for its record', debug.count);
    this.source = debug;
    this.generation = debug.generation;
    const conditions: { index: number; condition: DebugCondition; first: bigint }[] = [];
    const execute = new Map<number, readonly number[]>();
    for (let index = 0; index < debug.count; index++) {
      const condition = debug.condition(index);
      if (!condition.enabled || condition.type === CONDITION_IO) continue;
      if (condition.type === CONDITION_EXECUTE) {
        const address = Number(condition.address);
        execute.set(address, [...(execute.get(address) ?? []), index]);
      } else conditions.push({ index, condition, first: condition.address & ~BigInt(condition.lengthBytes - 1) });
    }
    conditions.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.index - b.index));
    this.active = conditions.map(
      ({ index, condition, first }, n) => new ConditionRecord(this.memory.view, n, index, first, condition, this.tests),
    );
    this.counted = this.active.filter(({ way }) => way === WAY_COUNTED);
    this.news = newsOf(this.active);
    this.isQuick = this.news.length > 0;
    this.execute = execute;
    const { view, granules } = this.memory;
    view.setInt32(AT.conditionCount, this.active.length, true);
    view.setInt32(AT.pendingCount, 0, true);
    view.setInt32(AT.passedCount, 0, true);
    granules.setWatched(this.active.filter(({ first }) => first < MAX_LIMIT).map(watchedBytes));
    return true;
  }

  /** The instruction that was begun has had no effect, or begins anew. */
  forgetPending(): void {
    const { view } = this.memory;
    const count = view.getInt32(AT.pendingCount, true);
    for (let n = 0; n < count; n++) this.pendingAt(n).forget();
    view.setInt32(AT.pendingCount, 0, true);
  }

  /** Decides the hits of an instruction that is done. False: all were passed over. */
  decide(instruction: number): boolean {
    if (this.memory.view.getInt32(AT.pendingCount, true) === 0) return false;
    return this.judge(instruction, NONE_LEFT) !== 0 && this.settle(instruction);
  }

  /** The same where the judge has been asked: what it could not decide is prepared, and it is asked again. */
  settle(instruction: number): boolean {
    const { view } = this.memory;
    for (let told = 1; told !== 0; told = this.judge(instruction, NONE_LEFT)) {
      const pending = Array.from({ length: view.getInt32(AT.pendingCount, true) }, (_, n) => this.pendingAt(n));
      const open = pending.filter((record) => this.prepare(record, instruction));
      this.told.push(...pending.filter(({ verdict }) => verdict === VERDICT_TOLD));
      if (open.length === 0) {
        view.setInt32(AT.pendingCount, 0, true);
        break;
      }
      view.setInt32(AT.pendingCount, open.length, true);
      open.forEach((record, n) => {
        view.setInt32(AT.pending + 4 * n, record.at, true);
      });
    }
    return this.told.length > 0;
  }

  /** True: ask again. */
  private prepare(record: ConditionRecord, instruction: number): boolean {
    switch (record.verdict) {
      case VERDICT_FULL:
        record.makeRoom();
        return true;
      case VERDICT_UNKNOWN:
        return record.learnTest(instruction);
      default:
        return false;
    }
  }

  /** Hits that were not passed over, by register; once. */
  takeTold(): readonly ToldAccess[] {
    const told = this.told.map((record) => record.toldAccess());
    this.told.length = 0;
    return told.sort((a, b) => a.index - b.index);
  }

  private pendingAt(n: number): ConditionRecord {
    return this.active[this.memory.view.getInt32(AT.pending + 4 * n, true) >>> RECORD_SHIFT];
  }

  /** Did an instruction that ran alone write over translated code? */
  writesCode(): boolean {
    const { view, bytes } = this.memory;
    const end = AT.log + 16 * view.getInt32(AT.logCount, true);
    for (let at = AT.log; at < end; at += 16) {
      if ((view.getUint8(at + 12) & ACCESS_WRITE) === 0 || view.getUint32(at + 4, true) !== 0) continue;
      const first = view.getUint32(at, true);
      const last = first + view.getUint32(at + 8, true) - 1;
      const flags = bytes[WRITE_TABLE + (first >>> GRANULE_SHIFT)] | bytes[WRITE_TABLE + (last >>> GRANULE_SHIFT)];
      if ((flags & GRANULE_CODE) !== 0 || last - first >= GRANULE_BYTES) return true;
    }
    return false;
  }

  /** At the end of a run: hands on what was counted, and what was passed over. */
  report(debug: DebugRegisters): void {
    for (const record of this.counted) {
      const hits = record.takeHits();
      if (hits > 0) debug.addCount(record.index, hits);
    }
    const { view } = this.memory;
    const count = view.getInt32(AT.passedCount, true);
    if (count === 0) return;
    view.setInt32(AT.passedCount, 0, true);
    for (let n = 0; n < count; n++) this.active[view.getInt32(AT.passed + 4 * n, true) >>> RECORD_SHIFT].report();
  }
}

interface NewsOfFilters {
  readonly news: FilterNews;
  seen: number;
  readonly records: ConditionRecord[];
}

function newsOf(records: readonly ConditionRecord[]): readonly NewsOfFilters[] {
  const groups = new Map<FilterNews, NewsOfFilters>();
  for (const record of records) {
    const news = record.filter?.news;
    if (news === undefined) continue;
    const group = groups.get(news);
    if (group === undefined) groups.set(news, { news, seen: news.count, records: [record] });
    else group.records.push(record);
  }
  return [...groups.values()];
}

function watchedBytes({ first, lengthBytes, mask }: ConditionRecord): WatchedBytes {
  return { first: Number(first), end: Number(first) + lengthBytes, reads: (mask & ACCESS_READ) !== 0 };
}
