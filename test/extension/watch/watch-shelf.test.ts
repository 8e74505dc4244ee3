// watch-shelf.test.ts: the watches of a folder from one session to the next.

import * as assert from 'node:assert';
import { canBeKept, specOf, storedView, WatchShelf, type ShelfMemory } from '../../../extension/watch/watch-shelf';
import { counter } from './sample';

class Memory implements ShelfMemory {
  private readonly texts = new Map<string, string>();
  writes = 0;
  get(key: string): unknown {
    const text = this.texts.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }
  update(key: string, value: unknown): void {
    this.writes++;
    this.texts.set(key, JSON.stringify(value));
  }
}

describe('the shelf of watches', () => {
  it('gives back in another session what was put there, in order', () => {
    const memory = new Memory();
    const shelf = new WatchShelf(memory);
    shelf.add('counter', specOf(counter), '/a');
    shelf.add('total', { expression: 'total' });
    const later = new WatchShelf(memory);
    assert.deepStrictEqual(
      later.all.map(({ label }) => label),
      ['counter', 'total'],
    );
    assert.strictEqual(later.all[0].spec.dataId, counter.dataId);
    assert.notStrictEqual(later.add('third', {}), later.all[0].key);
  });

  it('gives a program its own, and those that no program has had', () => {
    const shelf = new WatchShelf(new Memory());
    shelf.add('mine', {}, '/a');
    shelf.add('other', {}, '/b');
    shelf.add('new', {});
    assert.deepStrictEqual(
      shelf.of('/a').map(({ label }) => label),
      ['mine', 'new'],
    );
  });

  it('writes only what has changed', () => {
    const memory = new Memory();
    const shelf = new WatchShelf(memory);
    const key = shelf.add('counter', specOf(counter));
    shelf.put({ key, label: 'counter', spec: specOf(counter) });
    assert.strictEqual(memory.writes, 1);
    shelf.remove('no such key');
    assert.strictEqual(memory.writes, 1);
  });

  it('changes a wish as the adapter would, null taking away', () => {
    const shelf = new WatchShelf(new Memory());
    const key = shelf.add('counter', { ...specOf(counter), condition: '$new > 3' });
    shelf.change(key, { id: 0, mode: 'count', condition: null, disabled: true });
    const { spec } = shelf.all[0];
    assert.deepStrictEqual([spec.mode, spec.condition, spec.disabled], ['count', undefined, true]);
    assert.strictEqual(storedView(shelf.all[0], 0, 'waits').state, 'disabled');
    shelf.change(key, { id: 0, disabled: false });
    assert.strictEqual(storedView(shelf.all[0], 0, 'waits').state, 'pending');
  });

  it('keeps neither locals nor addresses nor what others set', () => {
    assert.ok(canBeKept(counter));
    assert.ok(!canBeKept({ ...counter, origin: 'editor' }));
    assert.ok(!canBeKept({ ...counter, dataId: 'trapline:1;address=0x10;bytes=4;threads=all' }));
    const inTable = 'trapline:1;address=0x10;bytes=4;threads=all;in=table;offset=4';
    assert.ok(canBeKept({ ...counter, dataId: inTable }), 'what lies in a variable is found again');
    assert.ok(!canBeKept({ ...counter, dataId: `${counter.dataId};frame=main;cfa=0x7f00;frameThread=1` }));
  });

  it('leaves out what another hand wrote there', () => {
    for (const kept of [undefined, 7, 'x', {}, [null, 1, { key: 1 }, { key: 'a', label: 'b' }]]) {
      assert.deepStrictEqual(new WatchShelf({ get: () => kept, update: () => undefined }).all, []);
    }
  });
});
