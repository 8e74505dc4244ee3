// Who wakes when a futex word is woken.

import * as assert from 'node:assert';
import { FutexTable } from '../../../adapter/kernel/sched/futex-table';

const owner = {};
const key = (offset: number): { owner: object; offset: number } => ({ owner, offset });

function bench(): {
  table: FutexTable;
  woken: number[];
  sleep: (id: number, offset: number, bitset?: number) => () => void;
} {
  const table = new FutexTable();
  const woken: number[] = [];
  const sleep = (id: number, offset: number, bitset = 0xffffffff): (() => void) =>
    table.add(key(offset), bitset, {
      wake: () => {
        woken.push(id);
        return true;
      },
    });
  return { table, woken, sleep };
}

describe('futex table', () => {
  it('wakes in the order of arrival, as many as asked', () => {
    const { table, woken, sleep } = bench();
    for (const id of [1, 2, 3]) sleep(id, 8);
    assert.strictEqual(table.wake(key(8), 2), 2);
    assert.deepStrictEqual(woken, [1, 2]);
    assert.strictEqual(table.wake(key(8), 5), 1);
  });

  it('wakes only those whose bitset meets', () => {
    const { table, woken, sleep } = bench();
    sleep(1, 8, 1);
    sleep(2, 8, 2);
    table.wake(key(8), 10, 2);
    assert.deepStrictEqual(woken, [2]);
  });

  it('moves waiters to another word', () => {
    const { table, woken, sleep } = bench();
    for (const id of [1, 2, 3]) sleep(id, 8);
    assert.strictEqual(table.requeue(key(8), key(16), 2), 2);
    table.wake(key(16), 10);
    assert.deepStrictEqual(woken, [1, 2]);
  });

  it('forgets who left, also after it was moved', () => {
    const { table, woken, sleep } = bench();
    const leave = sleep(1, 8);
    table.requeue(key(8), key(16), 1);
    leave();
    assert.strictEqual(table.wake(key(16), 1), 0);
    assert.deepStrictEqual(woken, []);
  });

  it('tells address spaces apart', () => {
    const { table, sleep } = bench();
    sleep(1, 8);
    assert.strictEqual(table.wake({ owner: {}, offset: 8 }, 1), 0);
  });
});
