import assert from 'node:assert/strict';
import type { WatchPlan, WatchView } from '../../adapter/protocol/watches';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('what a person names to be watched', () => {
  let person: Person;
  let pointers: Compiled;

  before(() => {
    pointers = compile('pointers');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(pointers, ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  const add = async (spec: object): Promise<WatchView> =>
    (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
  const plan = async (spec: object): Promise<WatchPlan> =>
    (await person.client.request('trapline/planWatch', spec)) as unknown as WatchPlan;
  const views = async (): Promise<WatchView[]> =>
    (await person.client.request('trapline/watches')) as unknown as WatchView[];
  const stopsAt = async (marker: string, description: string): Promise<string> => {
    const stop = await person.continue();
    assert.equal(stop.description, description);
    assert.equal((await person.top()).line, pointers.line(marker));
    return stop.text ?? '';
  };

  it('costs are told before anything is armed', async () => {
    assert.equal((await plan({ expression: 'cfg' })).text, '12 bytes: 2 slots');
    assert.equal((await person.info('cfg')).description, 'cfg (12 bytes: 2 slots)');
    const address = Number((await plan({ expression: 'text' })).address);
    const range = await plan({ expression: `0x${(address + 2).toString(16)} - 0x${(address + 11).toString(16)}` });
    assert.equal(range.lengthBytes, 9);
    assert.match(range.text, /^9 bytes, unaligned: \d slots$/);
    assert.equal(range.pieces.length, range.slotsNeeded);
    const map = (await person.client.request('trapline/debugRegisters')) as unknown as { slots: { used: number } };
    assert.equal(map.slots.used, 0);
  });

  it('a file’s symbol, an address of, a range between places and a function’s local are found', async () => {
    const direct = await plan({ expression: 'first.value' });
    assert.equal((await plan({ expression: 'pointers.c:first.value' })).address, direct.address);
    assert.equal((await plan({ expression: '&first.value' })).address, direct.address);
    assert.equal((await plan({ expression: '&grid[0][1] - &grid[1][0]' })).lengthBytes, 8);
    assert.match((await plan({ expression: 'local::here' })).text, /^8 bytes: 1 slot in each call of local/);
    await person.breakAt(pointers, ['local']);
    await person.continue();
    const view = await add({ expression: 'local::here' });
    assert.equal(view.state, 'armed', view.message);
    assert.match(view.message, /^Armed, 0 hits\. .*Ends when this call of local/);
    const stop = await person.continue();
    assert.match(stop.description ?? '', /^here: 0x[0-9a-f]+ <first> → 0x[0-9a-f]+$/);
    assert.equal((await person.top()).line, pointers.line('move'));
  });

  it('the member, element or byte that was hit is in the stop’s text', async () => {
    const { id } = await add({ expression: 'cfg' });
    const text = async (marker: string): Promise<string> => {
      const stop = await person.continue();
      assert.equal((await person.top()).line, pointers.line(marker));
      return stop.text ?? '';
    };
    assert.match(await text('flags'), /^cfg\.flags \(byte 1\) written by thread/);
    assert.match(await text('levels'), /^cfg\.levels\[2\] \(byte 9\) written by/);
    assert.match(await text('low'), /^cfg\.low \(byte 11\) written by/);
    assert.match(await text('high'), /^cfg\.high \(byte 11\) written by/);
    await person.client.request('trapline/removeWatch', { id });
    const { address } = await plan({ expression: 'text' });
    const bytes = await add({ expression: address, lengthBytes: 12 });
    assert.match(await text('text'), /^byte 7 written by/);
    await person.client.request('trapline/removeWatch', { id: bytes.id });
    await add({ expression: 'grid' });
    assert.match(await text('grid'), /^grid\[1\]\[2\] \(byte 20\) written by/);
  });

  it('of a bit-field only its own bits count as a change', async () => {
    const view = await add({ expression: 'cfg.high' });
    assert.equal(view.state, 'armed', view.message);
    await stopsAt('high', 'cfg.high: 0 → 10');
    assert.ok((await views())[0].hits >= 2);
  });

  it('through a pointer: armed again when it changes, pending while it is null', async () => {
    const asked = await plan({ expression: 'cursor->value', through: true });
    assert.equal(asked.text, '4 bytes: 1 slot, and its pointer: 2 slots');
    const view = await add({ expression: 'cursor->value', through: true });
    assert.equal(view.state, 'armed', view.message);
    assert.match(view.message, /DR0 on the pointers that lead there/);
    await stopsAt('first', 'cursor->value: 1 → 10');
    await stopsAt('second', 'cursor->value: 2 → 20');
    await person.breakAt(pointers, ['unseen', 'back']);
    assert.equal((await person.continue()).reason, 'breakpoint');
    const [waiting] = await views();
    assert.equal(waiting.state, 'pending');
    assert.match(waiting.message, /Armed when a pointer in `cursor->value` changes/);
    assert.equal((await person.continue()).reason, 'breakpoint');
    await stopsAt('again', 'cursor->value: 11 → 12');
  });

  it('through a local pointer: ends with the call', async () => {
    await person.breakAt(pointers, ['local']);
    await person.continue();
    await person.step('next');
    const frameId = (await person.frames())[0].id;
    await person.step('next');
    const here = (await person.frames())[0].id;
    assert.ok(frameId !== here || frameId > 0);
    const view = await add({ expression: 'here->value', through: true, frameId: here });
    assert.equal(view.state, 'armed', view.message);
    await stopsAt('mine', 'here->value: 5 → 31').catch(async () => {
      // The step may have stood before the first write.
      await stopsAt('mine', 'here->value: 5 → 31');
    });
    assert.equal(await person.toTheEnd(), 0);
    const ended = person.client.events('breakpoint').at(-1)?.body as { breakpoint: { message: string } };
    assert.match(ended.breakpoint.message, /this call of local has returned/);
  });

  it('a pointer that the person sets leads elsewhere at once', async () => {
    await add({ expression: 'cursor->value', through: true });
    await person.evaluate('cursor = &second');
    const [view] = await views();
    assert.equal(view.address, (await plan({ expression: 'second.value' })).address);
    assert.equal(view.hits, 0);
  });

  it('what the person sets is no hit, and is the next old value', async () => {
    await add({ expression: 'first.value' });
    await person.evaluate('first.value = 7');
    assert.equal((await views())[0].hits, 0);
    await stopsAt('first', 'first.value: 7 → 10');
  });

  it('beyond four registers: a refusal offers to extend, and what is extended says so', async () => {
    for (const expression of ['first.value', 'second.value', 'cursor', 'grid[0][0]']) await add({ expression });
    const refused = await add({ expression: 'grid[1][2]' });
    assert.equal(refused.state, 'refused');
    assert.match(refused.message, / no slot free.* Or extend it/);
    const view = (await person.client.request('trapline/changeWatch', {
      id: refused.id,
      extend: true,
    })) as unknown as WatchView;
    assert.equal(view.state, 'armed', view.message);
    assert.deepEqual([view.slots, view.isExtended], [[4], true]);
    assert.match(view.message, /EDR4 \(no x86 processor has it\)/);
    const map = await person.client.request('trapline/debugRegisters');
    const [{ registers }] = map.threads as { registers: { index: number; beyondHardware?: boolean }[] }[];
    assert.equal(registers[4].beyondHardware, true);
    assert.deepEqual(map.slots, { total: 5, used: 5, free: 0 });
    for (const { id } of (await views()).filter(({ label }) => label !== 'grid[1][2]')) {
      await person.client.request('trapline/removeWatch', { id });
    }
    await stopsAt('grid', 'grid[1][2]: 0 → 6');
    await person.client.request('trapline/removeWatch', { id: view.id });
    assert.deepEqual((await person.client.request('trapline/debugRegisters')).slots, { total: 4, used: 0, free: 4 });
  });
});

describe('what has no place in memory', () => {
  it('is refused with the reason, and with what can be watched in its stead', async () => {
    const person = new Person();
    try {
      const optimized = compile('optimized', ['-g', '-O1']);
      await person.runTo(optimized, ['work']);
      const frameId = (await person.top()).id;
      const why = async (name: string): Promise<string> => {
        const { dataId, description } = await person.info(name, { frameId });
        assert.equal(dataId, null, name);
        return description;
      };
      assert.match(await why('count'), /`count` lives in a register here, .*Compile with -O0, declare it volatile/);
      assert.match(await why('target'), /What it points to can be watched: `\*target`/);
      assert.match(await why('sum'), /`sum` has no place in memory here: it is a constant, or the compiler keeps only/);
      assert.match(await why('work'), /`work` is a function: set a breakpoint at it/);
      assert.match(await why('$rax'), /`\$rax` is a register: .*Watch the variable that it was loaded from/);
      assert.match(await why('count + 1'), /`count \+ 1` is a computed value without a place/);
      await person.watch({ dataId: await person.idOf('*target', { frameId }), accessType: 'write' });
      assert.match((await person.continue()).description ?? '', /^\*target: 5 → \d+$/);
      assert.equal((await person.top()).line, optimized.line('target'));
    } finally {
      await person.close();
    }
  });
});

describe('a local of an inner block', () => {
  it('is found from anywhere in its call, and ends with it', async () => {
    const person = new Person();
    try {
      const blocks = compile('blocks');
      await person.runTo(blocks, ['total']);
      await person.breakAt(blocks, []);
      const { dataId, description } = await person.info('fill::twice');
      assert.equal(description, 'twice (in fill)');
      const [answer] = await person.watch({ dataId: dataId ?? '' });
      assert.match(answer.message ?? '', /^Armed, 0 hits.*Ends when this call of fill/);
      assert.equal(await person.toTheEnd(), 0);
      const ended = person.client.events('breakpoint').at(-1)?.body as { breakpoint: { message: string } };
      assert.match(ended.breakpoint.message, /The watch on `twice` has ended: this call of fill has returned/);
    } finally {
      await person.close();
    }
  });
});
