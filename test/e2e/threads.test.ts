import assert from 'node:assert/strict';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

interface SlotMap {
  readonly threads: { id: number; registers: { state: string; symbol?: string; hits?: number }[] }[];
  readonly slots: { total: number; used: number; free: number };
}

describe('data breakpoints and threads', () => {
  let person: Person;
  let racers: Compiled;

  before(() => {
    racers = compile('racers');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  it('see every write of threads that start later, each with its thread', async () => {
    await person.runTo(racers, ['start']);
    await person.watch({ dataId: await person.idOf('shared'), accessType: 'write' });
    const writers = new Map<number, number>();
    let value = 0;
    for (let round = 0; round < 12; round++) {
      const stop = await person.continue();
      const [, old, now] = /^shared: (\d+) → (\d+)$/.exec(stop.description ?? '') ?? [];
      assert.equal(Number(old), value, stop.description);
      value = Number(now);
      writers.set(stop.threadId, (writers.get(stop.threadId) ?? 0) + 1);
      const top = await person.top();
      assert.equal(top.name, 'work');
      assert.equal(top.line, racers.line('write'));
    }
    assert.equal(value, 3 * (1 + 2 + 3 + 4));
    assert.deepEqual([...writers.values()], [3, 3, 3, 3]);
    assert.equal(await person.toTheEnd(), 0);
    assert.match(person.client.output('stdout'), /shared 30/);
  });

  it('are armed in every thread, as the slot map shows', async () => {
    await person.runTo(racers, ['write']);
    await person.watch({ dataId: await person.idOf('shared'), accessType: 'write' });
    await person.continue();
    const map = (await person.client.request('trapline/debugRegisters')) as unknown as SlotMap;
    const { threads } = (await person.client.request('threads')) as unknown as DebugProtocol.ThreadsResponse['body'];
    assert.equal(map.threads.length, threads.length);
    assert.ok(threads.length >= 2);
    for (const thread of map.threads) {
      assert.equal(thread.registers[0]?.state, 'armed');
      assert.equal(thread.registers[0]?.symbol, 'shared');
    }
    assert.deepEqual(map.slots, { total: 4, used: 1, free: 3 });
  });

  it('give events for threads that start and end', async () => {
    await person.runTo(racers, ['finished']);
    const reasons = person.client.events('thread').map((event) => (event.body as { reason: string }).reason);
    assert.equal(reasons.filter((reason) => reason === 'started').length >= 4, true);
    assert.equal(reasons.filter((reason) => reason === 'exited').length, 4);
  });

  it('a thread-local variable is one thread’s own, and its watch ends with it', async () => {
    const own = compile('own');
    await person.runTo(own, ['first']);
    const info = await person.info('own', { frameId: (await person.top()).id });
    assert.match(info.description, /^own \(thread \d+'s own\)$/);
    await person.watch({ dataId: info.dataId ?? '', accessType: 'write' });
    await person.breakAt(own, ['main']);
    assert.equal((await person.continue()).description, 'own: 3 → 4');
    assert.equal((await person.continue()).description, 'own: 4 → 5');
    assert.equal((await person.continue()).reason, 'breakpoint', 'the next thread takes over the memory');
    const [ended] = person.client.events('breakpoint').map(({ body }) => body as { breakpoint: { message: string } });
    assert.match(ended.breakpoint.message, /The watch on `own` has ended: thread \d+ has ended/);
    assert.equal(await person.toTheEnd(), 0);
  });

  for (const [kind, flags] of [
    ['dynamic', ['-g', '-O0', '-pthread']],
    ['static', ['-g', '-O0', '-pthread', '-static']],
  ] as const) {
    it(`a thread-local variable by its name alone is each thread’s own, in the next session, too (${kind})`, async () => {
      const each = compile('each-own', flags);
      await person.launch(each.program);
      const info = await person.info('own');
      assert.match(info.description, /^own \(each thread's own\)$/);
      assert.equal(info.canPersist, true);
      const [waiting] = await person.watch({ dataId: info.dataId ?? '', accessType: 'write', condition: '$new < 10' });
      assert.equal(waiting.reason, 'pending');
      assert.match(waiting.message ?? '', /armed on each thread when the first one has its own/);
      const seen: string[] = [];
      let stop = await person.begin();
      for (; stop.reason === 'data breakpoint'; stop = await person.continue()) {
        assert.deepEqual(stop.hitBreakpointIds, [waiting.id]);
        assert.equal((await person.top()).line, each.line('bump'));
        seen.push(stop.description ?? '');
        if (seen.length === 6) break;
      }
      assert.deepEqual(seen.sort(), [
        'own: 3 → 4',
        'own: 3 → 4',
        'own: 3 → 4',
        'own: 4 → 5',
        'own: 4 → 5',
        'own: 5 → 6',
      ]);
      assert.equal(await person.toTheEnd(), 0);
    });
  }
});
