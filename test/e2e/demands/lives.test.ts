// The demands about threads, lifetimes and values: 4, 5, 6 and 7 of the fifteen.

import assert from 'node:assert/strict';
import { Demander, demands } from './demand';

describe('demands about threads and lives', () => {
  let person: Demander;

  beforeEach(() => {
    person = new Demander();
  });
  afterEach(async () => {
    await person.close();
  });

  it('demand 4: every thread, new ones included; duplicates share a slot', async () => {
    await person.start();
    const { address = '' } = await person.plan({ expression: 'shared' });
    const ids = [await person.idOf('shared'), await person.idOf(address, { asAddress: true, bytes: 4 })];
    const answers = await person.watch(...ids.map((dataId) => ({ dataId, accessType: 'write' as const })));
    assert.deepEqual(await person.slots(), { total: 4, used: 1, free: 3 });
    const threads = new Set<number>();
    for (let value = 1; value <= 6; value++) {
      const stop = await person.continue();
      const change = `shared: ${value - 1} → ${value}`;
      assert.equal(stop.description, `${change}; ${change}`);
      assert.deepEqual(
        stop.hitBreakpointIds,
        answers.map(({ id }) => id),
      );
      threads.add(stop.threadId);
    }
    assert.equal(threads.size, 2);
    assert.ok(!threads.has(1000), 'both were started after it was armed');
    assert.equal(await person.toTheEnd(), 0);
  });

  it('demand 5: on chosen threads, which the id says, in the next session too', async () => {
    await person.start();
    const { dataId, state } = await person.add({ expression: 'shared', threads: { name: 'right' } });
    assert.equal(state, 'pending', 'it waits for the thread');
    assert.match(dataId, /;threadName=right/);
    for (const change of ['3 → 4', '4 → 5', '5 → 6']) {
      const text = await person.stopsAt('shared', `shared: ${change}`);
      assert.match(text, /^written by thread \d+ "right"/);
    }
    assert.equal(await person.toTheEnd(), 0);
    await person.close();
    person = new Demander();
    await person.start();
    await person.watch({ dataId, accessType: 'write' });
    assert.match(await person.stopsAt('shared', 'shared: 3 → 4'), /"right"/);
  });

  it('demand 6: a local’s watch ends with its call, with the reason, and whoever is there next does not hit', async () => {
    await person.start('part');
    assert.match((await person.info('part', { frameId: (await person.top()).id })).description, /^part \(in sum\)$/);
    const [answer] = await person.watch({ dataId: await person.idInFrame('part'), accessType: 'write' });
    assert.match(answer.message ?? '', /Ends when this call of sum \(thread 1000\) does/);
    assert.match((await person.continue()).description ?? '', /^part: -?\d+ → 2$/, 'not that of the calls below');
    assert.equal((await person.continue()).description, 'part: 2 → 3');
    await person.runsTo('again');
    const [ended, ...more] = person.told();
    assert.deepEqual([ended.id, ended.verified, more.length], [answer.id, false, 0]);
    assert.match(
      ended.message,
      /The watch on `part` has ended: this call of sum has returned\. Its slots are free again/,
    );
    assert.deepEqual(await person.slots(), { total: 4, used: 0, free: 4 });
  });

  it('demand 7: old → new, with writer, thread and instruction; the old value is that of its arming', async () => {
    await person.start();
    const [answer] = await person.watchAll('one');
    const stop = await person.continue();
    assert.equal(stop.description, 'one: 0 → 1');
    assert.match(stop.text ?? '', /^written by thread 1000 "\S+" in once at demands\.c:\d+$/);
    assert.deepEqual(stop.hitBreakpointIds, [answer.id]);
    const [{ id, lastWriter }] = await person.views();
    const { instructions } = await person.client.request('disassemble', {
      ...{ memoryReference: lastWriter?.instruction, instructionCount: 1 },
    });
    const [{ instruction, line }] = instructions as { instruction: string; line: number }[];
    assert.match(instruction, /^mov DWORD PTR \[.*\],0x1\b/, 'the very instruction that wrote');
    assert.equal(line, demands().line('one'));
    // What the debugger writes is no hit, and what was written while it was off is no old value.
    await person.evaluate('one = 30');
    assert.equal((await person.views())[0].hits, 1);
    await person.change({ id, disabled: true });
    await person.runsTo('again');
    await person.evaluate('one = 39');
    await person.change({ id, disabled: false });
    await person.stopsAt('again', 'one: 39 → 40');
  });
});
