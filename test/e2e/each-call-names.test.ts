// A function's name that means several: of two files, and where a function was inlined. Each call of any is watched.

import assert from 'node:assert/strict';
import path from 'node:path';
import type { WatchView } from '../../adapter/protocol/watches';
import { addCounter, historyOf, slots, viewOf } from './model/requests';
import { compile } from './support/compiled';
import { Person } from './support/session';

const OTHER = path.resolve('test/programs/twin.c');

describe('a watch on a local in each call of a name that several functions have', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  async function hitsOf(flags: readonly string[], expression: string): Promise<[WatchView, string[]]> {
    const twins = compile('twins', [...flags, OTHER]);
    await person.runTo(twins, ['start', 'end']);
    const id = await addCounter(person, expression);
    assert.equal((await person.continue()).reason, 'breakpoint');
    const { entries } = await historyOf(person, id);
    const view = await viewOf(person, id);
    return [view, entries.map(({ newValue }) => newValue)];
  }

  it('sees those of all files, whatever type each has', async () => {
    const [view] = await hitsOf(['-g', '-O0'], 'twin::mine');
    assert.deepEqual([view.hits, view.calls], [5, { underWay: 0, watched: 2, missed: 0 }]);
    assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
  });

  for (const optimization of ['-O0', '-O1', '-O2']) {
    it(`sees each place where it was inlined, and nothing after it: ${optimization}`, async () => {
      const [view, values] = await hitsOf(['-g', optimization], 'folded::inner');
      // Both write the first value, and the next by way of another function.
      assert.deepEqual(values, ['3', '4', '30', '31'], view.message);
      assert.deepEqual([view.hits, view.calls?.underWay, view.calls?.missed], [4, 0, 0]);
      assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
    });
  }
});
