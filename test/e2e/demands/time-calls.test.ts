// Demand 12 with watches on each call of a function: back to accesses in calls that are over, and that nobody watched then.

import assert from 'node:assert/strict';
import type { WatchSpec, WatchView } from '../../../adapter/protocol/watches';
import { addCounter, historyOf, slots, viewOf } from '../model/requests';
import { compile } from '../support/compiled';
import { Person } from '../support/session';

const calls = compile('calls');

describe('demand 12: back to accesses in each call of a function', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const add = (expression: string, more: Partial<WatchSpec> = {}): Promise<number> =>
    addCounter(person, expression, more);
  const view = (id: number): Promise<WatchView> => viewOf(person, id);
  const goBack = async (id: number, sequence?: number): Promise<string | undefined> => {
    await person.client.request('trapline/goBack', { id, ...(sequence === undefined ? {} : { sequence }) });
    return (await person.stop()).description;
  };

  it('asked only when it is too late: from the last call to the first', async () => {
    await person.runTo(calls, ['joined']);
    const id = await add('sum::partial');
    assert.equal((await view(id)).calls?.watched, 0);
    const seen: (string | undefined)[] = [];
    for (let n = 0; n < 3; n++) {
      const description = await goBack(id);
      seen.push(`${description}, n = ${await person.evaluate('n')}`);
    }
    assert.deepEqual(seen.slice(0, 2), ['sum::partial: 2 → 3, n = 2', 'sum::partial: 1 (written, unchanged), n = 1']);
    assert.match(seen[2] ?? '', /^sum::partial: .*0.*, n = 0$/);
    // All three calls are under way there, and watched; what is seen on the way forward had not been counted.
    assert.deepEqual([(await view(id)).calls?.underWay, (await slots(person)).used], [3, 3]);
    await person.breakAt(calls, []);
    assert.equal((await person.continue()).description, 'Back at the present');
    assert.deepEqual([(await view(id)).state, (await slots(person)).used], ['pending', 0]);
  });

  it('to any access that the history has, in whichever call and thread, and counts nothing again', async () => {
    await person.runTo(calls, ['start', 'joined']);
    const id = await add('meet::own');
    await person.continue();
    const { entries } = await historyOf(person, id);
    assert.equal(entries.length, 7);
    for (const entry of [entries[5], entries[0]]) {
      await goBack(id, entry.sequence);
      assert.equal(person.thread, entry.writer.threadId);
      assert.equal(await person.evaluate('own'), entry.newValue);
    }
    await person.breakAt(calls, []);
    assert.equal((await person.continue()).description, 'Back at the present');
    const { hits, calls: all } = await view(id);
    assert.deepEqual([hits, all], [7, { underWay: 0, watched: 2, missed: 0 }]);
  });
});
