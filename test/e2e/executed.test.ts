// A program that takes the place of the first by execve(2): what has a name there is watched there, the rest is over.

import assert from 'node:assert/strict';
import type { WatchView } from '../../adapter/protocol/watches';
import { slots, views } from './model/requests';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('data breakpoints in a program that executes another', () => {
  let person: Person;
  let again: Compiled;

  before(() => {
    again = compile('again');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const add = async (expression: string, more: object = {}): Promise<WatchView> => {
    const spec = { expression, frameId: (await person.top()).id, ...more };
    return (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
  };

  it('are armed there by name: globals, and what pointers lead to', async () => {
    await person.runTo(again, ['start']);
    await person.client.request('setBreakpoints', { source: { path: again.source }, breakpoints: [] });
    await add('counter');
    await add('*block', { through: true });
    for (const [change, marker] of [
      ['counter: 0 → 10', 'first'],
      ['*block: 0 → 1', 'block'],
      ['counter: 0 → 10', 'first'],
      ['*block: 0 → 1', 'block'],
      ['counter: 10 → 110', 'second'],
    ]) {
      assert.equal((await person.continue()).description, change);
      assert.equal((await person.top()).line, again.line(marker));
    }
    assert.equal(await person.toTheEnd(), 0);
  });

  it('end where they were for memory of the first', async () => {
    await person.runTo(again, ['start']);
    const ids = [(await add('*block', { mode: 'count' })).id, (await add('count', { mode: 'count' })).id];
    await person.continue();
    const all = await views(person);
    for (const id of ids) {
      const view = all.find((each) => each.id === id);
      assert.equal(view?.state, 'ended');
      assert.match(view.message, /has ended: the program was replaced by \/.*\/again/);
    }
    assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
  });
});
