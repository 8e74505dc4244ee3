import assert from 'node:assert/strict';
import type { WatchView } from '../../adapter/protocol/watches';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('data breakpoints on memory that comes and goes', () => {
  let person: Person;
  let heap: Compiled;

  before(() => {
    heap = compile('heap');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const add = async (spec: object): Promise<WatchView> => {
    const frameId = (await person.frames())[0].id;
    return (await person.client.request('trapline/addWatch', { frameId, ...spec })) as unknown as WatchView;
  };
  const views = async (): Promise<WatchView[]> =>
    (await person.client.request('trapline/watches')) as unknown as WatchView[];
  const stopsAt = async (marker: string, description: string): Promise<void> => {
    assert.equal((await person.continue()).description, description);
    assert.equal((await person.top()).line, heap.line(marker));
  };
  /** The last thing that was said of the watch. */
  const lastWord = (id: number): string =>
    person.client
      .events('breakpoint')
      .map(({ body }) => (body as { breakpoint: { id: number; message: string } }).breakpoint)
      .filter((each) => each.id === id)
      .at(-1)?.message ?? '';

  for (const [kind, flags] of [
    ['dynamic', ['-g', '-O0', '-pthread']],
    ['static', ['-g', '-O0', '-static']],
  ] as const) {
    it(`end when their block is freed, and say by whom (${kind} program)`, async () => {
      await person.runTo(compile('heap', flags), ['start']);
      const { id } = await add({ expression: 'node->value' });
      await stopsAt('one', 'node->value: 0 → 1');
      assert.equal(await person.toTheEnd(), 0);
      const line = heap.line('free');
      assert.match(
        lastWord(id),
        new RegExp(
          `its heap block was freed by thread \\d+ "[^"]+" in drop at heap\\.c:${line}\\. Its slots are free again`,
        ),
      );
    });
  }

  it('through the pointer: pending when it is freed, armed when the pointer leads to another block', async () => {
    await person.runTo(heap, ['start', 'reused']);
    await add({ expression: 'node->value', through: true });
    await stopsAt('one', 'node->value: 0 → 1');
    assert.equal((await person.continue()).reason, 'breakpoint');
    const [view] = await views();
    assert.equal(view.state, 'pending', view.message);
    await stopsAt('three', 'node->value: 2 → 3');
    assert.equal(await person.toTheEnd(), 0);
  });

  it('through a pointer: one that waits for slots waits on when the block is freed', async () => {
    await person.runTo(heap, ['start', 'reused'], { debugRegisters: 2 });
    const first = await add({ expression: 'spare', mode: 'count' });
    const { id, state } = await add({ expression: 'node->value', through: true });
    assert.equal(state, 'refused');
    await person.continue();
    assert.equal((await views()).find((each) => each.id === id)?.state, 'refused');
    await person.client.request('trapline/removeWatch', { id: first.id });
    await stopsAt('three', 'node->value: 2 → 3');
  });

  it('outlive a realloc that stays, and end with one that moves', async () => {
    await person.runTo(heap, ['start']);
    const { id } = await add({ expression: 'text[2]' });
    await stopsAt('same', "text[2]: 120 'x' → 121 'y'");
    assert.equal(await person.toTheEnd(), 0);
    assert.match(
      lastWord(id),
      new RegExp(`realloc moved its heap block, called by .* in main at heap\\.c:${heap.line('grow')}; .* is at 0x`),
    );
  });

  it('that wait for a slot, or are disabled, end with a realloc that moves, too', async () => {
    await person.runTo(heap, ['start', 'again'], { debugRegisters: 1 });
    await add({ expression: '*page', mode: 'count' });
    const waiting = await add({ expression: 'text[2]', mode: 'count' });
    assert.equal(waiting.state, 'refused', waiting.message);
    const disabled = await add({ expression: 'text[3]', disabled: true });
    await person.continue();
    const states = new Map((await views()).map(({ id, state }) => [id, state]));
    assert.deepEqual([states.get(waiting.id), states.get(disabled.id)], ['ended', 'ended']);
    for (const { id } of [waiting, disabled])
      assert.match(lastWord(id), /realloc moved its heap block.*is at 0x\w+ now\.$/);
  });

  it('end when their memory is unmapped, and what is mapped there then is not theirs', async () => {
    await person.runTo(heap, ['start']);
    const { id } = await add({ expression: '*page' });
    await stopsAt('page', '*page: 0 → 5');
    assert.equal(await person.toTheEnd(), 0);
    assert.match(lastWord(id), /its memory was unmapped by munmap\(0x[0-9a-f]+, 4096\), thread/);
  });

  for (const [how, more] of [
    ['', {}],
    [', where a gdb may share the program', { gdbserver: 0 }],
  ] as const) {
    it(`that are disabled end when their memory is unmapped, too${how}`, async () => {
      await person.runTo(heap, ['start', 'again'], more);
      const { id } = await add({ expression: '*page', disabled: true });
      await person.continue();
      assert.equal((await views()).find((each) => each.id === id)?.state, 'ended');
      assert.match(lastWord(id), /its memory was unmapped by munmap\(0x[0-9a-f]+, 4096\), thread/);
    });
  }
});

describe('a class with members called free and realloc', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  it('frees no heap block by them', async () => {
    const pool = compile('pool.cpp');
    await person.runTo(pool, ['start']);
    const [answer] = await person.watch({ dataId: await person.idInFrame('pool->used'), accessType: 'write' });
    assert.equal(answer.verified, true, answer.message);
    for (const [marker, change] of [
      ['start', '1 → 5'],
      ['free', '5 → 3'],
      ['realloc', '3 → 9'],
      ['last', '9 → 10'],
    ]) {
      assert.equal((await person.continue()).description, `pool->used: ${change}`);
      assert.equal((await person.top()).line, pool.line(marker));
    }
    assert.equal(await person.toTheEnd(), 0);
    assert.match(
      person.client.output('console'),
      new RegExp(`its heap block was freed by thread .* in main at pool\\.cpp:${pool.line('delete')}`),
    );
  });
});
