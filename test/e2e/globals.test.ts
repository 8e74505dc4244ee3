import assert from 'node:assert/strict';
import path from 'node:path';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('data breakpoints on globals', () => {
  let person: Person;
  let counter: Compiled;

  before(() => {
    counter = compile('counter');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  it('stop on the writing line with old → new, and tell who wrote', async () => {
    await person.runTo(counter, ['start']);
    const globals = await person.scope('Globals');
    const info = await person.infoOfChild(globals, 'counter');
    assert.deepEqual(info.accessTypes, ['read', 'write', 'readWrite']);
    assert.equal(info.description, 'counter');
    assert.equal(info.canPersist, true);
    const [answer] = await person.watch({ dataId: info.dataId ?? '', accessType: 'write' });
    assert.equal(answer.verified, true, answer.message);
    assert.match(answer.message ?? '', /DR0 on every thread: 4 bytes at 0x/);
    for (const [old, now] of [
      [40, 41],
      [41, 42],
      [42, 43],
    ]) {
      const stop = await person.continue();
      assert.equal(stop.reason, 'data breakpoint');
      assert.equal(stop.description, `counter: ${old} → ${now}`);
      assert.match(
        stop.text ?? '',
        new RegExp(`^written by thread \\d+ "[^"]+" in bump at counter\\.c:${counter.line('bump')}$`),
      );
      assert.deepEqual(stop.hitBreakpointIds, [answer.id]);
      const top = await person.top();
      assert.equal(top.name, 'bump');
      assert.equal(top.line, counter.line('bump'));
      assert.equal(top.source?.path, path.resolve(counter.source));
    }
    assert.equal(await person.toTheEnd(), 3);
    assert.match(person.client.output('stdout'), /counter 43 total 126 hello/);
    assert.match(person.client.output('console'), /exited with code 3/);
  });

  it('count a write of the same value and do not stop at it', async () => {
    await person.runTo(counter, ['start']);
    await person.watch({ dataId: await person.idOf('steady'), accessType: 'write' });
    const stop = await person.continue();
    assert.equal(stop.description, 'steady: 7 → 8');
    assert.equal((await person.top()).line, counter.line('steady'));
    const map = await person.client.request('trapline/debugRegisters');
    const threads = map.threads as {
      registers: { symbol?: string; hits?: number; oldValue?: string; newValue?: string }[];
    }[];
    const register = threads[0]?.registers[0];
    assert.deepEqual(
      { symbol: register.symbol, hits: register.hits, old: register.oldValue, new: register.newValue },
      { symbol: 'steady', hits: 4, old: '7', new: '8' },
    );
  });

  it('obey conditions and hit counts before anything stops', async () => {
    await person.runTo(counter, ['start']);
    const dataId = await person.idOf('counter');
    await person.watch({ dataId, accessType: 'write', condition: 'counter == 43' });
    assert.equal((await person.continue()).description, 'counter: 42 → 43');
    const total = await person.idOf('total');
    await person.watch({ dataId: total, accessType: 'write', hitCondition: '1' });
    assert.equal((await person.continue()).description, 'total: 83 → 126');
  });

  it('see $old, $new and the locals of the writer in a condition', async () => {
    await person.runTo(counter, ['start']);
    const dataId = await person.idOf('counter');
    await person.watch({ dataId, accessType: 'write', condition: '$old == 41 && $new == 42 && by == 1' });
    assert.equal((await person.continue()).description, 'counter: 41 → 42');
    assert.equal(await person.toTheEnd(), 3);
  });

  it('tell a condition that divides by zero once, and stop', async () => {
    await person.runTo(counter, ['start']);
    const dataId = await person.idOf('counter');
    await person.watch({ dataId, accessType: 'write', condition: '1 / (counter - counter) == 1' });
    assert.equal((await person.continue()).description, 'counter: 40 → 41');
    assert.equal((await person.continue()).description, 'counter: 41 → 42');
    const told = person.client.output('important').match(/cannot be evaluated/g);
    assert.equal(told?.length, 1);
    assert.match(person.client.output('important'), /division by zero/i);
  });

  it('come back in the next session before the program starts', async () => {
    await person.runTo(counter, ['start']);
    const dataId = await person.idOf('counter');
    await person.close();
    person = new Person();
    await person.launch(counter.program);
    const [answer] = await person.watch({ dataId, accessType: 'write' });
    assert.equal(answer.verified, true, answer.message);
    assert.equal((await person.begin()).description, 'counter: 40 → 41');
  });

  it('can be set at an address', async () => {
    await person.runTo(counter, ['start']);
    const address = await person.evaluate('&counter');
    const number = /0x[0-9a-f]+/.exec(address)?.[0] ?? '';
    const info = await person.info(number, { asAddress: true, bytes: 4 });
    assert.equal(info.canPersist, true);
    const [answer] = await person.watch({ dataId: info.dataId ?? '', accessType: 'write' });
    assert.equal(answer.verified, true, answer.message);
    assert.match((await person.continue()).description ?? '', /: 40 → 41$/);
  });

  it('refuse an address with an error that an editor shows', async () => {
    await person.runTo(counter, ['start']);
    const ask = (name: string, bytes: number) =>
      person.client.refused('dataBreakpointInfo', { name, asAddress: true, bytes });
    assert.match(await ask('0x10', 4), /not mapped/);
    assert.match(await ask('nonsense', 4), /is no address/);
    assert.match(await ask('0x404000', -8), /cannot be watched/);
    assert.match(await ask('0x404000', 0), /cannot be watched/);
    assert.match(await ask('0x404000', 64), /at most 32/);
  });

  it('say why an unknown variable or a register cannot be watched', async () => {
    await person.runTo(counter, ['start']);
    const unknown = await person.info('nothing');
    assert.equal(unknown.dataId, null);
    assert.match(unknown.description, /nothing/);
    const registers = await person.scope('Registers');
    const register = await person.infoOfChild(registers, 'rax');
    assert.equal(register.dataId, null);
    assert.match(register.description, /register/);
    const computed = await person.info('counter + 1');
    assert.equal(computed.dataId, null);
    assert.match(computed.description, /without a place in memory/);
  });

  it('answer ids that are not ours in their place', async () => {
    await person.runTo(counter, ['start']);
    const good = await person.idOf('counter');
    const answers = await person.watch(
      { dataId: 'other:1' },
      { dataId: good, accessType: 'write' },
      { dataId: 'trapline:1;x' },
    );
    assert.deepEqual(
      answers.map(({ verified }) => verified),
      [false, true, false],
    );
    assert.match(answers[0]?.message ?? '', /not made by Trapline/);
    assert.equal(answers[0]?.reason, 'failed');
  });
});
