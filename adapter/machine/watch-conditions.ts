// watch-conditions.ts: makes an address space look for what a CPU's debug registers say.
//
// Conditions on data go to the granule tables and, sorted by address, to the records that the probes search. Hits that
// are only counted, and those that a filter passes over, come back from the records at the end of a run. A condition
// covers its aligned block; an access matches where any byte overlaps.
// Truth: Intel SDM vol. 3B, 18.2.4, 18.2.5.

import { assert } from '../util/assert';
import type { FilterNews, HitFilter } from '../judging/hit-filter';
import type { DebugRegisters } from './debug-registers';
import type { GuestMemory } from './guest-memory';
import type { WatchedBytes } from './granule-tables';
import { ConditionPlan } from './judge/condition-plan';
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
  VERDICT_AGAIN,
  VERDICT_FULL,
  VERDICT_TOLD,
  VERDICT_UNKNOWN,
  WAY_COUNTED,
  WRITE_TABLE,
} from './layout';
import type { DebugHit } from './machine';

/** helpers/judge.ts */
export type Judge = (instruction: number, left: number) => number;

/** Outside of translated code AT.judgeBase is exact. */
const NONE_LEFT = 0;

/** The plan of some registers, as they were. */
interface KnownPlan {
  readonly generation: number;
  readonly plan: ConditionPlan;
}

export class WatchConditions {
  /** Some have filters. */
  isQuick = false;
  private plan: ConditionPlan | undefined;
  /** By address: record n is that of the plan's condition n. */
  private active: readonly ConditionRecord[] = [];
  private counted: readonly ConditionRecord[] = [];
  private news: readonly NewsOfFilters[] = [];
  /** Not passed over by the instruction that is being decided. */
  private readonly told: ConditionRecord[] = [];
  private source: object | undefined;
  private generation = -1;
  private readonly known = new WeakMap<object, KnownPlan>();
  /** Plans that the active records serve. */
  private alike = new WeakSet<ConditionPlan>();

  constructor(
    private readonly memory: GuestMemory,
    private readonly tests: TestFunctions,
    private readonly judge: Judge,
  ) {}

  /** Addresses of execute conditions, with the registers that have them. */
  get execute(): ReadonlyMap<number, readonly number[]> {
    return this.plan?.execute ?? NO_EXECUTE;
  }

  /** Before each run: filters that would say something else by now are asked anew. */
  begin(): void {
    for (const group of this.news) {
      const { count } = group.news;
      if (count === group.seen) continue;
      const subjects = group.news.since(group.seen);
      group.seen = count;
      const records = subjects?.flatMap((subject) => group.records.get(subject) ?? []) ?? group.records.values();
      for (const record of records) record.refresh(this.filterOf(record));
    }
  }

  /** True if anything changed. */
  follow(debug: DebugRegisters): boolean {
    const source = debug.contents ?? debug;
    if (source === this.source && debug.generation === this.generation) return false;
    assert(debug.count <= MAX_CONDITIONS, 'each debug register has room for its record', debug.count);
    this.forgetPending();
    this.source = source;
    this.generation = debug.generation;
    const plan = this.planOf(debug, source);
    const last = this.plan;
    this.plan = plan;
    this.memory.view.setBigInt64(AT.thread, BigInt(plan.thread), true);
    if (last !== undefined && (this.alike.has(plan) || plan.isLike(last))) {
      this.alike.add(plan);
      this.begin();
    } else this.writeRecords(plan);
    return true;
  }

  /** Threads that run in turn come back with the registers as they were. */
  private planOf(debug: DebugRegisters, source: object): ConditionPlan {
    const known = this.known.get(source);
    if (known?.generation === debug.generation) return known.plan;
    const plan = new ConditionPlan(debug);
    this.known.set(source, { generation: debug.generation, plan });
    return plan;
  }

  private writeRecords(plan: ConditionPlan): void {
    const { view, granules } = this.memory;
    const leads = new Map<HitFilter, ConditionRecord>();
    this.active = plan.data.map((condition, n) => {
      const { filter, companion } = condition;
      const lead = filter === undefined ? undefined : leads.get(filter);
      const record = new ConditionRecord(view, n, condition, this.tests, lead);
      if (filter !== undefined && lead === undefined) leads.set(filter, record);
      const first = companion && leads.get(companion);
      if (lead === undefined && first !== undefined) record.accompany(first);
      return record;
    });
    this.alike = new WeakSet([plan]);
    this.counted = this.active.filter(({ way }) => way === WAY_COUNTED);
    this.news = newsOf(leads);
    this.isQuick = this.news.length > 0;
    view.setInt32(AT.conditionCount, this.active.length, true);
    view.setInt32(AT.pendingCount, 0, true);
    view.setInt32(AT.askedCount, 0, true);
    view.setInt32(AT.passedCount, 0, true);
    granules.setWatched(this.active.filter(({ first }) => first < MAX_LIMIT).map(watchedBytes));
  }

  private filterOf({ n }: ConditionRecord): HitFilter {
    const filter = this.plan?.data[n]?.filter;
    assert(filter !== undefined, 'what the judge decides has a filter');
    return filter;
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
      const leads = [...new Set(pending.map(({ lead }) => lead))];
      const open = new Set(leads.filter((lead) => this.prepare(lead, instruction)));
      const told = new Set(leads.filter(({ verdict }) => verdict === VERDICT_TOLD).map(({ company }) => company));
      for (const record of pending) {
        if (!told.has(record.company)) continue;
        record.forget();
        this.told.push(record);
      }
      const left = pending.filter(({ lead }) => open.has(lead) && !told.has(lead.company));
      view.setInt32(AT.pendingCount, left.length, true);
      if (left.length === 0) break;
      left.forEach((record, n) => {
        view.setInt32(AT.pending + 4 * n, record.at, true);
      });
    }
    return this.told.length > 0;
  }

  /** True: ask again. */
  private prepare(lead: ConditionRecord, instruction: number): boolean {
    switch (lead.verdict) {
      case VERDICT_FULL:
        lead.makeRoom(this.filterOf(lead));
        return true;
      case VERDICT_UNKNOWN:
        return lead.learnTest(instruction, this.filterOf(lead));
      case VERDICT_AGAIN:
        return true;
      default:
        return false;
    }
  }

  /** Hits that were not passed over, by register, of each one; once. */
  takeTold(): readonly DebugHit[] {
    if (this.told.length === 0) return NOTHING_TOLD;
    const told = new Map(this.told.map((record) => [this.plan?.data[record.n]?.index ?? 0, record]));
    this.told.length = 0;
    return [...told].map(([index, record]) => this.hitOf(record.toldAccess(index))).sort((a, b) => a.index - b.index);
  }

  /** After the instruction: memory holds what it has left. */
  private hitOf({ index, isWrite, address, lengthBytes, first, before }: ToldAccess): DebugHit {
    const after = this.memory.read(Number(first), before.length);
    return { index, access: isWrite ? 'write' : 'read', address, lengthBytes, before, after };
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
      if (hits > 0) debug.addCount(this.plan?.data[record.n]?.index ?? 0, hits);
    }
    const { view } = this.memory;
    const count = view.getInt32(AT.passedCount, true);
    if (count === 0) return;
    view.setInt32(AT.passedCount, 0, true);
    for (let n = 0; n < count; n++) {
      const record = this.active[view.getInt32(AT.passed + 4 * n, true) >>> RECORD_SHIFT];
      record.report(this.filterOf(record));
    }
  }
}

const NO_EXECUTE: ReadonlyMap<number, readonly number[]> = new Map();
const NOTHING_TOLD: readonly DebugHit[] = [];

interface NewsOfFilters {
  readonly news: FilterNews;
  seen: number;
  /** By the subjects of their filters. */
  readonly records: Map<object, ConditionRecord>;
}

function newsOf(leads: ReadonlyMap<HitFilter, ConditionRecord>): readonly NewsOfFilters[] {
  const groups = new Map<FilterNews, NewsOfFilters>();
  for (const [{ news, subject }, record] of leads) {
    let group = groups.get(news);
    if (group === undefined) groups.set(news, (group = { news, seen: news.count, records: new Map() }));
    group.records.set(subject, record);
  }
  return [...groups.values()];
}

function watchedBytes({ first, lengthBytes, mask }: ConditionRecord): WatchedBytes {
  return { first: Number(first), end: Number(first) + lengthBytes, reads: (mask & ACCESS_READ) !== 0 };
}
