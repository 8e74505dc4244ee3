import assert from 'node:assert/strict';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('the slot budget', () => {
  let person: Person;
  let shapes: Compiled;
  const names = ['byte', 'half', 'word', 'quad', 'table[5]'];

  before(() => {
    shapes = compile('shapes');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(shapes, ['member']);
  });
  afterEach(async () => {
    await person.close();
  });

  it('a fifth is refused at once, naming the thread and the holders; when one goes, it arms', async () => {
    const ids = await Promise.all(names.map((name) => person.idOf(name)));
    const wish = (dataId: string) => ({ dataId, accessType: 'write' as const });
    const answers = await person.watch(...ids.map(wish));
    assert.deepEqual(
      answers.map(({ verified }) => verified),
      [true, true, true, true, false],
    );
    const refused = answers[4];
    assert.equal(refused.reason, 'failed');
    assert.match(
      refused.message ?? '',
      /`table\[5\]` needs 1 of 4 debug registers, and thread \d+ "[^"]+" has no slot free/,
    );
    for (const name of ['byte', 'half', 'word', 'quad'])
      assert.match(refused.message ?? '', new RegExp(`DR\\d ${name} `));
    const again = await person.watch(...ids.slice(1).map(wish));
    assert.deepEqual(
      again.map(({ verified }) => verified),
      [true, true, true, true],
    );
    assert.deepEqual(
      again.slice(0, 3).map(({ id }) => id),
      answers.slice(1, 4).map(({ id }) => id),
    );
    assert.equal((await person.continue()).description, 'table[5]: 0 → 50');
    assert.equal((await person.continue()).description, 'half: 2 → -2');
  });

  it('adding and removing many times loses none', async () => {
    const ids = await Promise.all(names.map((name) => person.idOf(name)));
    for (let round = 0; round < 20; round++) {
      const answers = await person.watch(...ids.map((dataId) => ({ dataId, accessType: 'write' as const })));
      assert.equal(answers.filter(({ verified }) => verified).length, 4);
      await person.watch();
    }
    const map = (await person.client.request('trapline/debugRegisters')) as unknown as { slots: object };
    assert.deepEqual(map.slots, { total: 4, used: 0, free: 4 });
  });

  it('the same variable twice takes one slot', async () => {
    const dataId = await person.idOf('word');
    const number = /0x[0-9a-f]+/.exec(await person.evaluate('&word'))?.[0] ?? '';
    const address = await person.idOf(number, { asAddress: true, bytes: 4 });
    const answers = await person.watch({ dataId, accessType: 'write' }, { dataId: address, accessType: 'write' });
    assert.deepEqual(
      answers.map(({ verified }) => verified),
      [true, true],
    );
    const map = (await person.client.request('trapline/debugRegisters')) as unknown as { slots: { used: number } };
    assert.equal(map.slots.used, 1);
    const stop = await person.continue();
    assert.deepEqual(
      stop.hitBreakpointIds,
      answers.map(({ id }) => id),
    );
  });
});
