// The demands about what counts as a hit, and what is kept of hits: 9 to 13 of the fifteen.

import assert from 'node:assert/strict';
import type { WatchAccessName } from '../../../adapter/protocol/watches';
import { Demander, demands } from './demand';

describe('demands about hits', () => {
  let person: Demander;

  beforeEach(async () => {
    person = new Demander();
    await person.start();
  });
  afterEach(async () => {
    await person.close();
  });

  it('demand 9: change, any write, read and access mean what they say, and what x86 can do is told', async () => {
    const counted = async (access: WatchAccessName) => person.add({ expression: 'one', access, mode: 'count' });
    const read = await counted('read');
    assert.match(read.message, /x86 has no read-only watch: it sees reads and writes, and writes are passed over/);
    for (const access of ['change', 'write', 'access'] as const) await counted(access);
    await person.runsTo('count');
    const views = await person.views();
    // one = 1 twice, read once; a write of the same value is no change, but a hit of the register.
    assert.deepEqual(
      views.map(({ access, matches }) => [access, matches]),
      [
        ['read', 1],
        ['change', 1],
        ['write', 2],
        ['access', 3],
      ],
    );
    assert.deepEqual(await person.slots(), { total: 4, used: 2, free: 2 });
  });

  it('demand 10: conditions and hit counts are decided before the stop', async () => {
    const dataId = await person.idOf('shared');
    const watch = async (more: object) => person.watch({ dataId, accessType: 'write', ...more });
    await watch({ condition: '$old + 1 == $new && $new > 1 && $writer == "worker"', hitCondition: '2' });
    assert.equal((await person.continue()).description, 'shared: 2 → 3');
    await watch({ condition: '$thread == 1002' });
    assert.equal((await person.continue()).description, 'shared: 3 → 4');
    await watch({ hitCondition: '% 2' });
    assert.equal((await person.continue()).description, 'shared: 4 → 5');
    const [unreadable] = await watch({ condition: '$new ==' });
    assert.deepEqual([unreadable.verified, unreadable.reason], [false, 'failed']);
    await watch({ condition: '$new == 99' });
    assert.equal(await person.toTheEnd(), 0);
    assert.equal(person.client.events('stopped').length, 4, 'the first breakpoint, and three');
  });

  it('demand 11: count and log without a stop: by line and thread, with backtraces, bounded, with a drop counter', async () => {
    const { id: byThread } = await person.add({ expression: 'shared', mode: 'count' });
    const logMessage = '{$old} → {$new} at {$location}';
    const { id: flood } = await person.add({ expression: 'flood', mode: 'log', logMessage });
    await person.runsTo('again');
    const { bySource, entries } = await person.history(byThread);
    assert.deepEqual(
      bySource.map(({ function: name, line, threadName, hits }) => [name, line, threadName, hits]),
      [
        ['worker', demands().line('shared'), 'left', 3],
        ['worker', demands().line('shared'), 'right', 3],
      ],
    );
    assert.match(entries[0].backtrace?.[0] ?? '', /^worker at demands\.c:\d+$/);
    const lines = person.client.output('console').match(/^\d+ → \d+ at demands\.c:\d+$/gm) ?? [];
    const view = (await person.views()).find(({ id }) => id === flood);
    assert.deepEqual([view?.hits, lines.length + (view?.dropped ?? 0)], [20000, 19999], 'flood = 0 changes nothing');
    assert.ok(lines.length >= 5000 && (view?.dropped ?? 0) > 0, `${lines.length} lines`);
    assert.match(person.client.output('console'), /lines dropped/);
    const kept = await person.history(flood);
    assert.deepEqual([kept.entries.length, kept.dropped], [1000, 18999]);
  });

  it('demand 12: the history of a watch leads to the last write', async () => {
    const { id } = await person.add({ expression: 'one', mode: 'count', access: 'write' });
    await person.runsTo('end');
    const { entries } = await person.history(id);
    assert.deepEqual(
      entries.map(({ sequence, oldValue, newValue, writer }) => [sequence, oldValue, newValue, writer.line]),
      [
        [1, '0', '1', demands().line('one')],
        [2, '1', '1', demands().line('same')],
        [3, '1', '40', demands().line('again')],
        [4, '40', '41', demands().line('last')],
      ],
    );
    const times = entries.map(({ timeNs }) => timeNs);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    const [{ lastWriter }] = await person.views();
    assert.deepEqual([lastWriter?.function, lastWriter?.line], ['main', demands().line('last')]);
  });

  it('demand 13: armed is proven, and "armed, 0 hits" is told apart from "not armed"', async () => {
    const [idle, gone] = await person.watch(
      { dataId: await person.idOf('quiet'), accessType: 'write' },
      { dataId: 'trapline:1;expr=nowhere;bytes=4;threads=all', accessType: 'write' },
    );
    assert.match(idle.message ?? '', /^Armed, 0 hits\. /);
    assert.doesNotMatch(idle.message ?? '', /canary/, 'the canary has sung');
    assert.match(gone.message ?? '', /^Not armed: /);
    assert.deepEqual([gone.verified, gone.reason], [false, 'pending']);
    assert.equal(await person.toTheEnd(), 0);
    const views = await person.views();
    assert.deepEqual([views[0].hits, views[1].hits, views[1].state], [0, 0, 'pending']);
  });
});
