// futex-table.ts: who sleeps on which futex word.
//
// A key is the address space (or shared memory) and the offset in it; waiters of one key wake in the order they came.
// Compares no memory: the futex system call does, before it sleeps.
// Truth: futex(2).

import type { Waiter } from './wait-queue';

export interface FutexKey {
  /** The address space, or what several share. */
  readonly owner: object;
  readonly offset: number;
}

export interface FutexWaiter {
  readonly waiter: Waiter;
  readonly bitset: number;
  key: FutexKey;
}

export const FUTEX_BITSET_ANY = 0xffffffff;

export class FutexTable {
  private readonly tables = new WeakMap<object, Map<number, FutexWaiter[]>>();

  /** Returns how to leave; leaving twice does no harm. */
  add(key: FutexKey, bitset: number, waiter: Waiter): () => void {
    const entry: FutexWaiter = { waiter, bitset, key };
    this.list(key).push(entry);
    return () => {
      const list = this.list(entry.key);
      const index = list.indexOf(entry);
      if (index >= 0) list.splice(index, 1);
    };
  }

  /** Wakes at most `count` waiters whose bitset meets this one; how many were woken. */
  wake(key: FutexKey, count: number, bitset: number = FUTEX_BITSET_ANY): number {
    let woken = 0;
    for (const entry of [...this.list(key)]) {
      if (woken >= count) break;
      if ((entry.bitset & bitset) === 0) continue;
      this.remove(entry);
      if (entry.waiter.wake()) woken++;
    }
    return woken;
  }

  /** Moves at most `count` waiters to another key; how many. */
  requeue(from: FutexKey, to: FutexKey, count: number): number {
    const moved = this.list(from).slice(0, Math.max(0, count));
    for (const entry of moved) {
      this.remove(entry);
      entry.key = to;
      this.list(to).push(entry);
    }
    return moved.length;
  }

  private remove(entry: FutexWaiter): void {
    const list = this.list(entry.key);
    const index = list.indexOf(entry);
    if (index >= 0) list.splice(index, 1);
  }

  private list(key: FutexKey): FutexWaiter[] {
    let table = this.tables.get(key.owner);
    if (table === undefined) {
      table = new Map();
      this.tables.set(key.owner, table);
    }
    let list = table.get(key.offset);
    if (list === undefined) {
      list = [];
      table.set(key.offset, list);
    }
    return list;
  }
}
