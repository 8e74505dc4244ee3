// watch-conditions.ts: makes an address space look for what a CPU's debug registers say.
//
// Conditions on data go to the granule tables and to the list that the probe walks; hits that are only counted come
// back from that list. A condition covers its aligned block; an access matches where any byte overlaps.
// Truth: Intel SDM vol. 3B, 18.2.4, 18.2.5.

import type { DebugCondition, DebugRegisters, FilteredHit, HitFilter } from './debug-registers';
import { CONDITION_EXECUTE, CONDITION_IO, CONDITION_READ_WRITE } from './debug-registers';
import type { GuestMemory } from './guest-memory';
import {
  ACCESS_READ,
  ACCESS_WRITE,
  AT,
  CONDITION_BYTES,
  GRANULE_BYTES,
  GRANULE_CODE,
  GRANULE_SHIFT,
  MAX_CONDITIONS,
  MAX_LIMIT,
  WRITE_TABLE,
} from './layout';
import type { WatchedBytes } from './granule-tables';

/** So many hits may be looked at one by one on the whole, and so many more come back: a third of the time at most. */
const MOST_DETAILS = 20_000;
const INSTRUCTIONS_PER_DETAIL = 400;

export interface ActiveCondition {
  /** Number of the debug register. */
  readonly index: number;
  readonly first: bigint;
  /** The same as a place in the memory; undefined for what lies in windows. */
  readonly place: number | undefined;
  readonly lengthBytes: number;
  /** Accesses that meet it. */
  readonly mask: number;
  readonly countOnly: boolean;
  /** Undefined: every hit raises #DB. */
  readonly filter: HitFilter | undefined;
  /** What the filter gets, and the bytes before the instruction that runs alone. */
  readonly hit: ActiveHit;
}

class ActiveHit implements FilteredHit {
  instruction = 0;
  retired = 0;
  isWrite = false;
  /** What the filter said of it. */
  isTold = true;
  /** The probe counts its hits until the run ends. */
  isBulk = false;
  readonly beforeBytes: Uint8Array;
  readonly before: DataView;

  constructor(
    lengthBytes: number,
    readonly memory: DataView,
  ) {
    this.beforeBytes = new Uint8Array(lengthBytes);
    this.before = new DataView(this.beforeBytes.buffer);
  }
}

export class WatchConditions {
  /** Those that only count come last. */
  active: readonly ActiveCondition[] = [];
  /** Addresses of execute conditions, with the registers that have them. */
  execute: ReadonlyMap<number, readonly number[]> = new Map();
  /** Some have filters, and all lie where `passesOver` can look. */
  isQuick = false;
  private details = MOST_DETAILS;
  private hasBulk = false;
  private source: DebugRegisters | undefined;
  private generation = -1;

  constructor(private readonly memory: GuestMemory) {}

  /** A run begins; `instructions`: of the last one. */
  begin(instructions: number): void {
    this.details = Math.min(MOST_DETAILS, this.details + instructions / INSTRUCTIONS_PER_DETAIL);
    if (!this.hasBulk) return;
    this.hasBulk = false;
    for (const { hit } of this.active) hit.isBulk = false;
    this.writeList();
  }

  /** True if anything changed. */
  follow(debug: DebugRegisters): boolean {
    if (debug === this.source && debug.generation === this.generation) return false;
    this.source = debug;
    this.generation = debug.generation;
    const active: ActiveCondition[] = [];
    const execute = new Map<number, readonly number[]>();
    for (let index = 0; index < debug.count && active.length < MAX_CONDITIONS; index++) {
      const condition = debug.condition(index);
      if (!condition.enabled || condition.type === CONDITION_IO) continue;
      if (condition.type === CONDITION_EXECUTE) {
        const address = Number(condition.address);
        execute.set(address, [...(execute.get(address) ?? []), index]);
      } else active.push(activeCondition(index, condition, this.memory.view));
    }
    this.active = active;
    this.hasBulk = false;
    this.isQuick =
      active.some(({ filter }) => filter !== undefined) && active.every(({ place }) => place !== undefined);
    this.execute = execute;
    this.writeList();
    return true;
  }

  private writeList(): void {
    const { view, granules } = this.memory;
    // The probe walks the list once: whoever makes it leave must come before it has counted anybody.
    this.active = [...this.active].sort((a, b) => Number(counts(a)) - Number(counts(b)));
    view.setInt32(AT.conditionCount, this.active.length, true);
    this.active.forEach((condition, n) => {
      const at = AT.conditions + n * CONDITION_BYTES;
      view.setBigUint64(at, condition.first, true);
      view.setBigUint64(at + 8, condition.first + BigInt(condition.lengthBytes), true);
      view.setInt32(at + 16, condition.mask, true);
      view.setInt32(at + 20, counts(condition) ? 1 : 0, true);
      view.setBigUint64(at + 24, 0n, true);
    });
    granules.setWatched(this.active.filter(({ first }) => first < MAX_LIMIT).map(watchedBytes));
  }

  /** Before an instruction that runs alone: keeps the bytes of all conditions. */
  remember(): void {
    const { view } = this.memory;
    for (const { first, place, lengthBytes, hit } of this.active) {
      if (place === undefined) hit.beforeBytes.set(this.memory.read(Number(first), lengthBytes));
      else copySmall(view, place, hit.before, lengthBytes);
    }
  }

  /**
   * After an instruction that ran alone: asks the filters of those conditions that its logged accesses meet. True: no
   * hit is to be told, and nothing else is to be done. False: look closer; the filters have been asked. Makes no garbage.
   */
  passesOver(debug: DebugRegisters, instruction: number, retired: number): boolean {
    const { view } = this.memory;
    const end = AT.log + 16 * view.getInt32(AT.logCount, true);
    let told = 0;
    for (const condition of this.active) {
      const met = meets(view, condition, end);
      if (met === 0) continue;
      ask(condition, instruction, retired, (met & ACCESS_WRITE) !== 0);
      if (condition.countOnly) condition.hit.isTold = false;
      else if (condition.hit.isTold) told++;
      else if (condition.filter?.bulk !== undefined && --this.details < 0) this.leaveToProbe(debug, condition);
    }
    if (told > 0 || this.writesCode(end)) return false;
    for (const condition of this.active) {
      if (condition.countOnly && meets(view, condition, end) !== 0) debug.addCount(condition.index, 1);
    }
    return true;
  }

  /** Too many to be looked at one by one: for the rest of the run the probe counts them. */
  private leaveToProbe(debug: DebugRegisters, condition: ActiveCondition): void {
    this.collectCounts(debug);
    condition.hit.isBulk = true;
    this.hasBulk = true;
    this.writeList();
  }

  private writesCode(end: number): boolean {
    const { view, bytes } = this.memory;
    for (let at = AT.log; at < end; at += 16) {
      if ((view.getUint8(at + 12) & ACCESS_WRITE) === 0 || view.getUint32(at + 4, true) !== 0) continue;
      const first = view.getUint32(at, true);
      const last = first + view.getUint32(at + 8, true) - 1;
      const flags = bytes[WRITE_TABLE + (first >>> GRANULE_SHIFT)] | bytes[WRITE_TABLE + (last >>> GRANULE_SHIFT)];
      if ((flags & GRANULE_CODE) !== 0 || last - first >= GRANULE_BYTES) return true;
    }
    return false;
  }

  /** Hands the hits counted since the last time to the debug registers. */
  collectCounts(debug: DebugRegisters): void {
    const { view } = this.memory;
    for (const [n, condition] of this.active.entries()) {
      if (!counts(condition)) continue;
      const at = AT.conditions + n * CONDITION_BYTES + 24;
      const hits = Number(view.getBigUint64(at, true));
      if (hits === 0) continue;
      view.setBigUint64(at, 0n, true);
      if (condition.countOnly) debug.addCount(condition.index, hits);
      else condition.filter?.bulk?.(hits);
    }
  }
}

/** Hits are counted in the probe. */
const counts = ({ countOnly, hit }: ActiveCondition): boolean => countOnly || hit.isBulk;

/** Leaves in the condition's hit whether it is to be told. */
export function ask({ filter, hit }: ActiveCondition, instruction: number, retired: number, isWrite: boolean): void {
  hit.instruction = instruction;
  hit.retired = retired;
  hit.isWrite = isWrite;
  hit.isTold = filter === undefined || filter(hit);
}

/** The kinds of those logged accesses that meet the condition, as a mask; 0: none does. */
function meets(view: DataView, { place, lengthBytes, mask }: ActiveCondition, end: number): number {
  let met = 0;
  if (place === undefined) return met;
  for (let at = AT.log; at < end; at += 16) {
    const kind = view.getUint8(at + 12);
    if ((kind & mask) === 0 || view.getUint32(at + 4, true) !== 0) continue;
    const first = view.getUint32(at, true);
    if (first < place + lengthBytes && first + view.getUint32(at + 8, true) > place) met |= kind;
  }
  return met;
}

/** 1, 2, 4 or 8 bytes. */
function copySmall(from: DataView, at: number, to: DataView, lengthBytes: number): void {
  switch (lengthBytes) {
    case 1:
      to.setUint8(0, from.getUint8(at));
      return;
    case 2:
      to.setUint16(0, from.getUint16(at, true), true);
      return;
    case 8:
      to.setUint32(4, from.getUint32(at + 4, true), true);
  }
  to.setUint32(0, from.getUint32(at, true), true);
}

function activeCondition(index: number, condition: DebugCondition, memory: DataView): ActiveCondition {
  const lengthBytes = condition.lengthBytes;
  const first = condition.address & ~BigInt(lengthBytes - 1);
  const place = first < MAX_LIMIT ? Number(first) : undefined;
  return {
    index,
    lengthBytes,
    first,
    place,
    filter: place === undefined ? undefined : condition.filter,
    hit: new ActiveHit(lengthBytes, memory),
    mask: condition.type === CONDITION_READ_WRITE ? ACCESS_READ | ACCESS_WRITE : ACCESS_WRITE,
    countOnly: condition.countOnly,
  };
}

function watchedBytes({ first, lengthBytes, mask }: ActiveCondition): WatchedBytes {
  return { first: Number(first), end: Number(first) + lengthBytes, reads: (mask & ACCESS_READ) !== 0 };
}
