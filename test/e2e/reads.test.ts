import assert from 'node:assert/strict';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('data breakpoints on reads', () => {
  let person: Person;
  let readers: Compiled;

  before(() => {
    readers = compile('readers');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(readers, ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  async function lines(accessType: 'read' | 'write' | 'readWrite'): Promise<[string | undefined, number][]> {
    const [answer] = await person.watch({ dataId: await person.idOf('source'), accessType });
    assert.equal(answer.verified, true, answer.message);
    if (accessType === 'read') assert.match(answer.message ?? '', /x86 has no read-only watch/);
    const seen: [string | undefined, number][] = [];
    for (;;) {
      await person.client.request('continue', { threadId: person.thread });
      const event = await Promise.race([person.client.event('stopped'), person.client.event('exited')]).catch(
        () => undefined,
      );
      if (event === undefined || event.exitCode !== undefined) return seen;
      seen.push([event.description as string, (await person.top()).line]);
    }
  }

  it('read stops at reads and passes writes over', async () => {
    assert.deepEqual(await lines('read'), [
      ['source: 5 (read)', readers.line('read')],
      ['source: 6 (read)', readers.line('read')],
    ]);
  });

  it('readWrite stops at every access, a write of the same value too', async () => {
    assert.deepEqual(await lines('readWrite'), [
      ['source: 5 (read)', readers.line('read')],
      ['source: 5 (written, unchanged)', readers.line('same')],
      ['source: 5 → 6', readers.line('change')],
      ['source: 6 (read)', readers.line('read')],
    ]);
  });

  it('write stops at the change alone', async () => {
    assert.deepEqual(await lines('write'), [['source: 5 → 6', readers.line('change')]]);
  });
});
