import assert from 'node:assert/strict';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('system calls that access a watched byte', () => {
  let person: Person;
  let writes: Compiled;

  before(() => {
    writes = compile('kernel-writes');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(writes, ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  const callerLine = async (): Promise<number | undefined> =>
    (await person.frames()).find(({ name }) => name === 'main' || name === 'fill')?.line;

  it('are told with the call, the value before and after, the function of the library and the caller', async () => {
    await person.watch({ dataId: await person.idOf('buffer[3]'), accessType: 'write' });
    const stop = await person.continue();
    assert.equal(stop.description, "buffer[3]: 111 'o' → 101 'e'");
    assert.match(
      stop.text ?? '',
      /^written by read\(\d+, 0x[0-9a-f]+, 64\), thread \d+ ".+" in \S*read\S*, called from fill at kernel-writes\.c:\d+$/,
    );
    assert.match(stop.text ?? '', new RegExp(`:${writes.line('read')}$`));
    assert.equal(await callerLine(), writes.line('read'));
    assert.equal(await person.toTheEnd(), 0);
  });

  it('that write several watched words are one stop', async () => {
    const ids = [await person.idOf('ends[0]'), await person.idOf('ends[1]')];
    await person.watch(...ids.map((dataId) => ({ dataId, accessType: 'write' as const })));
    const stop = await person.continue();
    assert.equal(stop.hitBreakpointIds?.length, 2);
    assert.match(stop.text ?? '', /^written by pipe2?\(0x[0-9a-f]+/);
    assert.equal(await callerLine(), writes.line('pipe'));
    assert.equal(await person.toTheEnd(), 0);
  });

  it('that slept first are told when they are done', async () => {
    await person.watch({ dataId: await person.idOf('slow'), accessType: 'write' });
    assert.equal((await person.continue()).description, 'slow: 0 → 7');
    assert.equal(await callerLine(), writes.line('slow'));
    assert.equal(await person.toTheEnd(), 0);
  });

  it('are the writer of a condition', async () => {
    const dataId = await person.idOf('buffer[3]');
    const stored = /0x[0-9a-f]+/.exec(await person.evaluate('&buffer[0]'))?.[0] ?? '';
    const call = /^read\(\d+/;
    await person.watch({ dataId, accessType: 'write', condition: '$writer == "no such call"' });
    await person.watch({ dataId, accessType: 'write' });
    const text = (await person.continue()).text ?? '';
    const writer = /written by (.+?\)),/.exec(text)?.[1] ?? '';
    assert.match(writer, call);
    assert.ok(writer.endsWith(`, ${stored}, 64)`), writer);
    const views = (await person.client.request('trapline/watches')) as unknown as {
      lastWriter?: { systemCall?: string };
    }[];
    assert.equal(views[0].lastWriter?.systemCall, writer);
    await person.close();
    person = new Person();
    await person.runTo(writes, ['start']);
    await person.watch({ dataId, accessType: 'write', condition: `$writer == "${writer}"` });
    assert.equal((await person.continue()).text, text);
    assert.equal(await person.toTheEnd(), 0);
  });

  it('that read are told to watches that look for reads', async () => {
    await person.watch({ dataId: await person.idOf('slow'), accessType: 'read' });
    const stop = await person.continue();
    assert.equal(stop.description, 'slow: 7 (read)');
    assert.match(stop.text ?? '', /^read by write\(\d+, 0x[0-9a-f]+, 4\), thread/);
    assert.equal(await callerLine(), writes.line('write'));
  });
});
