// A watch on a function's local by the function's name: each call of it that is under way, on every thread.

import assert from 'node:assert/strict';
import type { DebugRegisterMap } from '../../adapter/protocol/debug-register-map';
import type { WatchSpec, WatchView } from '../../adapter/protocol/watches';
import { addCounter, historyOf, slots, viewOf } from './model/requests';
import { compile } from './support/compiled';
import { Person } from './support/session';

const calls = compile('calls');

describe('a watch on a local in each call of its function', () => {
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
  const registers = async (): Promise<DebugRegisterMap> =>
    (await person.client.request('trapline/debugRegisters')) as unknown as DebugRegisterMap;

  it('sees all calls of a recursion, each with slots of its own until it returns', async () => {
    await person.runTo(calls, ['start', 'summed', 'joined']);
    const id = await add('sum::partial');
    assert.equal((await view(id)).state, 'pending');
    await person.continue();
    const inner = await view(id);
    assert.deepEqual(
      [inner.state, inner.slots.length, inner.calls],
      ['armed', 3, { underWay: 3, watched: 3, missed: 0 }],
    );
    assert.match(inner.message, /3 calls of sum are under way, each with its own: DR0, DR1, DR2, counts every write\./);
    const [thread] = (await registers()).threads;
    assert.deepEqual(
      thread.registers.map(({ symbol }) => symbol),
      ['sum::partial', 'sum::partial', 'sum::partial', undefined],
    );
    assert.equal(new Set(thread.registers.slice(0, 3).map(({ address }) => address)).size, 3, 'each its own');
    await person.continue();
    assert.equal((await view(id)).calls?.underWay, 2);
    await person.continue();
    const outer = await view(id);
    assert.equal(outer.calls?.underWay, 1);
    assert.match(outer.message, /Ends when this call of sum \(thread \d+\) does/);
    await person.continue();
    const over = await view(id);
    // Three beginnings, two sums.
    assert.deepEqual([over.state, over.hits, over.calls], ['pending', 5, { underWay: 0, watched: 3, missed: 0 }]);
    assert.match(over.message, /this call of sum has returned\. .*Armed again in the next call/);
    const { entries } = await historyOf(person, id);
    assert.deepEqual(
      entries.map(({ newValue }) => newValue),
      ['2', '1', '0', '1', '3'],
    );
    assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
  });

  it('counts the calls that find no slot, and says why; others are watched all the same', async () => {
    await person.runTo(calls, ['start', 'joined'], { args: ['6'] });
    const id = await add('sum::partial');
    await person.continue();
    const { hits, calls: seen, message } = await view(id);
    assert.deepEqual([seen?.watched, seen?.missed, seen?.underWay], [4, 3, 0]);
    assert.match(
      seen?.why ?? '',
      /`sum::partial` needs 1 of 4 debug registers, and thread \d+ "calls[^"]*" has no slot free/,
    );
    assert.match(message, /3 calls were not watched: `sum::partial` needs 1 of 4/);
    assert.equal(hits, 8);
  });

  it('is extended where it is to be, for as many calls as there are', async () => {
    await person.runTo(calls, ['start', 'joined'], { args: ['6'], debugRegisters: 4 });
    const id = await add('sum::partial', { extend: true });
    await person.continue();
    const { hits, calls: seen } = await view(id);
    assert.deepEqual([hits, seen], [13, { underWay: 0, watched: 7, missed: 0 }]);
    assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
  });

  it('sees the calls of all threads at once, also those that a thread leaves by its end', async () => {
    await person.runTo(calls, ['start', 'joined']);
    const id = await add('meet::own');
    await person.continue();
    const { hits, state, calls: seen } = await view(id);
    assert.deepEqual([hits, state, seen], [7, 'pending', { underWay: 0, watched: 2, missed: 0 }]);
    const { bySource } = await historyOf(person, id);
    const perThread = new Map<number, number>();
    for (const { threadId, hits: own } of bySource) perThread.set(threadId, (perThread.get(threadId) ?? 0) + own);
    assert.deepEqual([...perThread.values()].sort(), [3, 4]);
    assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
  });

  it('sees what other threads do to a call’s local', async () => {
    await person.runTo(calls, ['joined']);
    const id = await add('lend::lent', { access: 'change', mode: 'stop' });
    await person.breakAt(calls, []);
    const first = await person.continue();
    assert.deepEqual(first.hitBreakpointIds, [id]);
    const stop = (await person.top()).name === 'lend' ? await person.continue() : first;
    assert.equal(stop.description, 'lend::lent: 1 → 77');
    assert.equal((await person.top()).name, 'give');
  });

  it('stops by its condition and hit count over all calls', async () => {
    await person.runTo(calls, ['start']);
    const id = await add('sum::partial', { mode: 'stop', condition: '$new < 2', hitCondition: '3' });
    await person.breakAt(calls, ['end']);
    // 2, then 1, 0 and 1 again, then 3.
    const stop = await person.continue();
    assert.deepEqual([stop.description, stop.hitBreakpointIds], ['sum::partial: 1 (written, unchanged)', [id]]);
    assert.equal((await person.top()).line, calls.line('added'));
    assert.equal(await person.evaluate('n'), '1');
    await person.continue();
    assert.deepEqual([(await view(id)).matches, (await view(id)).hits], [3, 5]);
  });

  it('watches the calls that are under way when it is set, enabled or changed', async () => {
    await person.runTo(calls, ['summed', 'joined']);
    const id = await add('sum::partial');
    assert.equal((await view(id)).calls?.underWay, 3);
    const change = async (more: object) => person.client.request('trapline/changeWatch', { id, ...more });
    await change({ disabled: true });
    assert.deepEqual([(await view(id)).state, (await slots(person)).used], ['disabled', 0]);
    await change({ disabled: false });
    assert.deepEqual([(await view(id)).state, (await slots(person)).used], ['armed', 3]);
    await change({ access: 'access' });
    assert.deepEqual([(await view(id)).calls?.underWay, (await slots(person)).used], [3, 3]);
    await person.client.request('trapline/removeWatch', { id });
    assert.equal((await slots(person)).used, 0);
    const again = await add('sum::partial');
    await person.continue();
    await person.continue();
    await person.continue();
    // The two sums that come.
    assert.deepEqual([(await view(again)).hits, (await view(again)).calls?.watched], [2, 3]);
  });

  it('is for the calls of one thread where it is to be', async () => {
    await person.runTo(calls, ['start', 'joined']);
    const id = await add('meet::own', { threads: { name: 'nobody' } });
    const own = await add('sum::partial', { threads: { id: person.thread } });
    await person.continue();
    assert.deepEqual([(await view(id)).hits, (await view(id)).calls?.watched], [0, 0]);
    assert.equal((await view(own)).hits, 5);
  });

  it('ends with calls that longjmp leaves', async () => {
    await person.runTo(calls, ['joined', 'jump', 'end']);
    const id = await add('deep::mine');
    await person.continue();
    assert.equal((await view(id)).calls?.underWay, 3);
    await person.continue();
    const { hits, calls: seen, message } = await view(id);
    assert.deepEqual([hits, seen], [6, { underWay: 0, watched: 3, missed: 0 }]);
    assert.match(message, /was left without returning/);
    assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
  });

  it('looks anew where a call that begins as the one before has its local elsewhere', async () => {
    await person.runTo(compile('boxes'), ['start', 'end']);
    const id = await add('bump::it->value');
    await person.continue();
    const { hits, calls: seen } = await view(id);
    assert.deepEqual([hits, seen?.watched], [9, 9]);
    const { entries } = await historyOf(person, id);
    assert.deepEqual(
      entries.map(({ newValue }) => newValue),
      ['1', '1', '1', '2', '2', '2', '3', '3', '3'],
    );
  });

  it('lets a pause through, however often the program stops unseen', async () => {
    await person.launch(compile('busy').program);
    const id = await add('turn::mine');
    await person.client.request('configurationDone');
    for (let round = 0; round < 20; round++) {
      await person.client.request('pause', { threadId: person.thread });
      assert.equal((await person.stop()).reason, 'pause');
      await person.client.request('continue', { threadId: person.thread });
    }
    assert.ok((await view(id)).hits > 0);
  });
});
