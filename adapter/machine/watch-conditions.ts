// watch-conditions.ts: makes an address space look for what a CPU's debug registers say.
//
// Conditions on data go to the granule tables and to the list that the probe walks; hits that are only counted come
// back from that list. A condition covers its aligned block; an access matches where any byte overlaps.
// Truth: Intel SDM vol. 3B, 18.2.4, 18.2.5.

import type { DebugCondition, DebugRegisters } from './debug-registers';
import { CONDITION_EXECUTE, CONDITION_IO, CONDITION_READ_WRITE } from './debug-registers';
import type { GuestMemory } from './guest-memory';
import { ACCESS_READ, ACCESS_WRITE, AT, CONDITION_BYTES, MAX_CONDITIONS, MAX_LIMIT } from './layout';
import type { WatchedBytes } from './granule-tables';

export interface ActiveCondition {
  /** Number of the debug register. */
  readonly index: number;
  readonly first: bigint;
  readonly lengthBytes: number;
  /** Accesses that meet it. */
  readonly mask: number;
  readonly countOnly: boolean;
}

export class WatchConditions {
  /** Those that only count come last. */
  active: readonly ActiveCondition[] = [];
  /** Addresses of execute conditions, with the registers that have them. */
  execute: ReadonlyMap<number, readonly number[]> = new Map();
  private source: DebugRegisters | undefined;
  private generation = -1;

  constructor(private readonly memory: GuestMemory) {}

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
      } else active.push(activeCondition(index, condition));
    }
    // The probe walks the list once: whoever makes it leave must come before it has counted anybody.
    this.active = active.sort((a, b) => Number(a.countOnly) - Number(b.countOnly));
    this.execute = execute;
    this.writeList();
    return true;
  }

  private writeList(): void {
    const { view, granules } = this.memory;
    view.setInt32(AT.conditionCount, this.active.length, true);
    this.active.forEach((condition, n) => {
      const at = AT.conditions + n * CONDITION_BYTES;
      view.setBigUint64(at, condition.first, true);
      view.setBigUint64(at + 8, condition.first + BigInt(condition.lengthBytes), true);
      view.setInt32(at + 16, condition.mask, true);
      view.setInt32(at + 20, condition.countOnly ? 1 : 0, true);
      view.setBigUint64(at + 24, 0n, true);
    });
    granules.setWatched(this.active.filter(({ first }) => first < MAX_LIMIT).map(watchedBytes));
  }

  /** Hands the hits counted since the last time to the debug registers. */
  collectCounts(debug: DebugRegisters): void {
    const { view } = this.memory;
    for (const [n, condition] of this.active.entries()) {
      if (!condition.countOnly) continue;
      const at = AT.conditions + n * CONDITION_BYTES + 24;
      const hits = Number(view.getBigUint64(at, true));
      if (hits === 0) continue;
      view.setBigUint64(at, 0n, true);
      debug.addCount(condition.index, hits);
    }
  }
}

function activeCondition(index: number, condition: DebugCondition): ActiveCondition {
  const lengthBytes = condition.lengthBytes;
  return {
    index,
    lengthBytes,
    first: condition.address & ~BigInt(lengthBytes - 1),
    mask: condition.type === CONDITION_READ_WRITE ? ACCESS_READ | ACCESS_WRITE : ACCESS_WRITE,
    countOnly: condition.countOnly,
  };
}

function watchedBytes({ first, lengthBytes, mask }: ActiveCondition): WatchedBytes {
  return { first: Number(first), end: Number(first) + lengthBytes, reads: (mask & ACCESS_READ) !== 0 };
}
