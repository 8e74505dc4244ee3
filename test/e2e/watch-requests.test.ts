import assert from 'node:assert/strict';
import type { WatchHistory, WatchPlan, WatchSpec, WatchView } from '../../adapter/protocol/watches';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('watches by our own requests', () => {
  let person: Person;
  let counter: Compiled;
  let racers: Compiled;

  before(() => {
    counter = compile('counter');
    racers = compile('racers');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const add = async (spec: WatchSpec): Promise<WatchView> =>
    (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
  const list = async (): Promise<WatchView[]> =>
    (await person.client.request('trapline/watches')) as unknown as WatchView[];
  const change = async (args: object): Promise<WatchView> =>
    (await person.client.request('trapline/changeWatch', args)) as unknown as WatchView;
  const history = async (id: number, last?: number): Promise<WatchHistory> =>
    (await person.client.request('trapline/watchHistory', {
      id,
      ...(last === undefined ? {} : { last }),
    })) as unknown as WatchHistory;

  it('live beside the list of the editor, which replaces its own only', async () => {
    await person.runTo(counter, ['start']);
    const own = await add({ expression: 'counter' });
    assert.equal(own.state, 'armed');
    assert.deepEqual(own.slots, [0]);
    assert.equal(own.origin, 'view');
    const [editors] = await person.watch({ dataId: await person.idOf('steady'), accessType: 'write' });
    assert.deepEqual(
      (await list()).map(({ id, label, origin }) => [id, label, origin]),
      [
        [editors.id, 'steady', 'editor'],
        [own.id, 'counter', 'view'],
      ],
    );
    await person.watch();
    assert.deepEqual(
      (await list()).map(({ id }) => id),
      [own.id],
    );
    assert.equal((await person.continue()).description, 'counter: 40 → 41');
    await person.client.request('trapline/removeWatch', { id: own.id });
    assert.deepEqual(await list(), []);
    assert.equal(await person.toTheEnd(), 3);
    const reasons = person.client.events('breakpoint').map(({ body }) => (body as { reason: string }).reason);
    assert.deepEqual(reasons, ['new', 'removed']);
  });

  it('change without losing their hits, and take their slots with them', async () => {
    await person.runTo(counter, ['start']);
    const { id } = await add({ expression: 'counter' });
    await person.continue();
    const changed = await change({ id, access: 'access', condition: '$new == 43' });
    assert.equal(changed.access, 'access');
    assert.equal(changed.hits, 1);
    const stop = await person.continue();
    assert.equal(stop.description, 'counter: 42 → 43');
    const without = await change({ id, condition: null, disabled: true });
    assert.equal(without.condition, undefined);
    assert.equal(without.state, 'disabled');
    const map = await person.client.request('trapline/debugRegisters');
    assert.equal((map.slots as { used: number }).used, 0);
    assert.equal((await change({ id, disabled: false })).state, 'armed');
    await change({ id, disabled: true });
    assert.equal(await person.toTheEnd(), 3);
  });

  it("keep a change of the editor's watch when it repeats its list, until it says otherwise itself", async () => {
    await person.runTo(counter, ['start']);
    const dataId = await person.idOf('counter');
    const [{ id = 0 }] = await person.watch({ dataId, accessType: 'write' });
    await change({ id, condition: '$new == 42', mode: 'log' });
    await person.watch({ dataId, accessType: 'write' });
    const [kept] = await list();
    assert.equal(kept.id, id);
    assert.deepEqual([kept.mode, kept.condition], ['log', '$new == 42']);
    await person.watch({ dataId, accessType: 'write', condition: '$new == 43' });
    assert.deepEqual([(await list())[0]?.mode, (await list())[0]?.condition], ['log', '$new == 43']);
    assert.equal(await person.toTheEnd(), 3);
    assert.match(person.client.output('console'), /counter: 42 → 43 at counter\.c:\d+\n/);
  });

  it('count without a stop', async () => {
    await person.runTo(racers, ['start', 'finished']);
    const { id } = await add({ expression: 'shared', mode: 'count' });
    await person.continue();
    const [watch] = await list();
    assert.equal(watch.id, id);
    assert.equal(watch.hits, 13);
    assert.equal(await person.toTheEnd(), 0);
    assert.equal((await list())[0]?.hits, 13, 'known after the end, too');
  });

  it('log by a template, without a stop', async () => {
    await person.runTo(counter, ['start']);
    await add({
      expression: 'counter',
      mode: 'log',
      logMessage: '{$old} → {$new} at {$location} by {$writer}, hit {$hits}, total {total}, {nothing}',
    });
    assert.equal(await person.toTheEnd(), 3);
    const lines = person.client.output('console').split('\n');
    const place = `counter.c:${counter.line('bump')}`;
    assert.ok(
      lines.some((line) => line.startsWith(`40 → 41 at ${place} by bump, hit 1, total 0, <`)),
      lines.join('\n'),
    );
    assert.ok(lines.some((line) => line.startsWith(`42 → 43 at ${place} by bump, hit 3, total 83, <`)));
  });

  it('remember who wrote, when, what, and by which way', async () => {
    await person.runTo(racers, ['start', 'finished']);
    const { id } = await add({ expression: 'shared', mode: 'count', condition: '$new > 0' });
    await person.continue();
    const { entries, bySource, dropped } = await history(id);
    assert.equal(dropped, 0);
    assert.equal(entries.length, 12);
    assert.deepEqual(
      entries.map(({ sequence }) => sequence),
      entries.map((_, index) => index + 1),
    );
    let before = 0;
    for (const { number = 0, oldValue, newValue, writer, timeNs, backtrace } of entries) {
      assert.equal(Number(oldValue), before);
      assert.equal(Number(newValue), number);
      before = number;
      assert.equal(writer.function, 'work');
      assert.equal(writer.line, racers.line('write'));
      assert.ok(timeNs > 0);
      assert.match(backtrace?.[0] ?? '', new RegExp(`^work at racers\\.c:${racers.line('write')}$`));
    }
    assert.equal(before, 30);
    assert.equal(
      bySource.filter(({ line }) => line === racers.line('write')).reduce((sum, { hits }) => sum + hits, 0),
      12,
    );
    assert.equal(bySource.filter(({ line }) => line === racers.line('write')).length, 4, 'one per thread');
    assert.equal(bySource.filter(({ line }) => line === racers.line('start')).length, 1, 'hits without a match, too');
    assert.equal((await history(id, 2)).entries.length, 2);
  });

  it('say what they would cost, and arm nothing', async () => {
    await person.runTo(counter, ['start']);
    const plan = (await person.client.request('trapline/planWatch', {
      expression: 'counter',
    })) as unknown as WatchPlan;
    assert.equal(plan.text, '4 bytes: 1 slot');
    assert.deepEqual([plan.slotsNeeded, plan.slotsFree, plan.pieces.length], [1, 4, 1]);
    assert.deepEqual(await list(), []);
  });

  it('are refused with a sentence', async () => {
    await person.runTo(counter, ['start']);
    const refused = async (spec: object): Promise<string> => person.client.refused('trapline/addWatch', spec);
    assert.match(await refused({}), /an `expression`, or the `dataId`/);
    assert.match(await refused({ expression: 'nothing' }), /nothing/);
    assert.match(await refused({ expression: 'counter', mode: 'sing' }), /must be one of stop, count, log/);
    assert.match(await refused({ expression: 'counter', hitCondition: 'often' }), /no hit count/);
    assert.match(await refused({ expression: 'counter + 1' }), /computed value/);
    assert.match(await person.client.refused('trapline/changeWatch', { id: 99 }), /There is no watch 99/);
    assert.deepEqual(await list(), []);
  });

  it('come back by their id, whole', async () => {
    await person.runTo(counter, ['start']);
    const { dataId } = await add({ expression: 'counter', access: 'write', mode: 'count' });
    await person.close();
    person = new Person();
    await person.launch(counter.program);
    const again = await add({ dataId });
    assert.deepEqual([again.label, again.access, again.mode, again.state], ['counter', 'write', 'count', 'armed']);
    await person.client.request('configurationDone');
    assert.equal(await person.end(), 3);
    assert.equal((await list())[0]?.hits, 3);
  });

  it('of an earlier program are found by symbol and offset; what has changed or vanished is said', async () => {
    await person.launch(compile('numbers').program);
    const id = (fields: string): string => `trapline:1;${fields};threads=all`;
    const part = await add({ dataId: id('symbol=table;offset=8;bytes=4;type=int') });
    const whole = await add({ expression: 'table[2]' });
    assert.deepEqual([part.state, part.address, part.lengthBytes], ['armed', whole.address, 4]);
    const other = await add({ dataId: id('expr=f32;bytes=4;type=int') });
    assert.match(other.message, /Its type has changed: it was int, and is float/);
    const wider = await add({ dataId: id('expr=i64;bytes=4;type=int') });
    assert.equal(wider.state, 'refused');
    assert.match(wider.message, /was int, 4 bytes, and is long, 8 bytes/);
    const gone = await add({ dataId: id('symbol=vanished;offset=0;bytes=4;type=int') });
    assert.equal(gone.state, 'pending');
    assert.match(gone.message, /vanished/);
  });

  it('an address comes back with the variable that it was in, or is told to be old', async () => {
    await person.launch(compile('numbers').program);
    const { dataId } = await person.info('table', { bytes: 6 });
    assert.match(dataId ?? '', /;in=table;offset=0$/);
    const moved = await add({ dataId: (dataId ?? '').replace(/0x[0-9a-f]+/, '0x404040') });
    const there = await add({ expression: 'table[0]' });
    assert.equal(moved.address, there.address);
    assert.match(moved.message, /It was at 0x404040 in an earlier session, and has moved with `table`/);
    const gone = await add({ dataId: (dataId ?? '').replace('in=table', 'in=vanished') });
    assert.deepEqual([gone.state, /`vanished`/.test(gone.message)], ['pending', true]);
    const bare = await add({ dataId: `trapline:1;address=${there.address};bytes=2;threads=all` });
    assert.equal(bare.state, 'armed', bare.message);
    assert.match(bare.message, /The address is of an earlier session/);
  });

  it("the protocol's own modes go by the id", async () => {
    await person.runTo(counter, ['start']);
    const capabilities = person.client.messages.find(
      (message) => message.type === 'response' && (message as { command?: string }).command === 'initialize',
    ) as { body?: { breakpointModes?: { mode: string; appliesTo: string[] }[] } } | undefined;
    assert.deepEqual(
      capabilities?.body?.breakpointModes?.map(({ mode, appliesTo }) => [mode, ...appliesTo]),
      [
        ['stop', 'data'],
        ['count', 'data'],
        ['log', 'data'],
      ],
    );
    const dataId = await person.idOf('counter', { mode: 'log' });
    const [answer] = await person.watch({ dataId, accessType: 'write' });
    assert.equal(answer.verified, true);
    assert.equal(await person.toTheEnd(), 3);
    assert.match(person.client.output('console'), /counter: 40 → 41 at counter\.c:\d+/);
  });
});
