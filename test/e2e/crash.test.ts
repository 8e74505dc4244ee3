import assert from 'node:assert/strict';
import { compile } from './support/compiled';
import { Person } from './support/session';

describe('programs that end badly', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  it('a segmentation fault stops with its sentence, and the end is told', async () => {
    const crash = compile('crash');
    await person.launch(crash.program);
    await person.watch({ dataId: await person.idOf('progress'), accessType: 'write' });
    assert.equal((await person.begin()).description, 'progress: 0 → 1');
    const stop = await person.continue();
    assert.equal(stop.reason, 'exception');
    assert.match(stop.description ?? '', /^SIGSEGV/);
    assert.match(stop.text ?? '', /0x10/);
    const top = await person.top();
    assert.equal(top.name, 'store');
    assert.equal(top.line, crash.line('crash'));
    const info = await person.client.request('exceptionInfo', { threadId: person.thread });
    assert.equal(info.exceptionId, 'SIGSEGV');
    assert.equal(await person.evaluate('progress'), '1');
    assert.equal(await person.toTheEnd(), 128 + 11);
    assert.match(person.client.output('console'), /killed by SIGSEGV/);
    assert.match(person.client.output('stdout'), /about to crash/);
    assert.doesNotMatch(person.client.output('stdout'), /unreachable/);
    assert.match(await person.client.refused('continue', { threadId: 1 }), /has ended/);
    await person.client.request('disconnect');
    assert.equal(await person.client.exit, 0);
  });

  for (const flag of ['-O0', '-O2']) {
    it(`calls deeper than the stack end in the program’s SIGSEGV, not in ours, ${flag}`, async () => {
      const deep = compile('deep', ['-g', flag]);
      await person.launch(deep.program, { args: ['20000000'] });
      const stop = await person.begin();
      assert.match(stop.description ?? '', /^SIGSEGV/);
      assert.match((await person.top()).name, /^(first|second|third)$/);
      assert.ok(Number(await person.evaluate('rounds')) > 100_000, 'warm, then deep');
      assert.equal(await person.toTheEnd(), 128 + 11);
    });
  }

  it('one that never ends can be paused, looked at, watched and ended', async () => {
    const spin = compile('spin');
    await person.launch(spin.program);
    await person.client.request('configurationDone');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.match(await person.client.refused('stackTrace', { threadId: 1 }), /running/);
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const before = Date.now();
      await person.client.request('pause', { threadId: 1 });
      assert.equal((await person.stop()).reason, 'pause');
      times.push(Date.now() - before);
      if (round < 4) await person.client.request('continue', { threadId: person.thread });
    }
    assert.ok(Math.min(...times) < 100, `pauses took ${times.join(', ')} ms`);
    const top = await person.top();
    assert.equal(top.name, 'main');
    const turns = Number(await person.evaluate('turns'));
    assert.ok(turns > 1000);
    await person.client.request('continue', { threadId: person.thread });
    // Watching while it runs: nobody sees the pause that it takes.
    const dataId = await person.idOf('turns');
    const [answer] = await person.watch({ dataId, accessType: 'write' });
    assert.equal(answer.verified, true, answer.message);
    assert.equal((await person.stop()).reason, 'data breakpoint');
    await person.watch();
    await person.client.request('continue', { threadId: person.thread });
    await person.client.request('terminate');
    await person.end();
    assert.match(person.client.output('console'), /ended at your request/);
  });
});
