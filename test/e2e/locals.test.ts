import assert from 'node:assert/strict';
import type { WatchView } from '../../adapter/protocol/watches';
import { addCounter, slots, viewOf, views } from './model/requests';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('data breakpoints on locals', () => {
  let person: Person;
  let recursion: Compiled;

  before(() => {
    recursion = compile('recursion');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const changes = () =>
    person.client
      .events('breakpoint')
      .map((event) => event.body as { breakpoint: { id: number; verified: boolean; message: string } });

  it('of a function that is not called yet wait for a call, and for the next when it ends', async () => {
    const guarded = compile('guarded');
    await person.launch(guarded.program);
    const spec = { expression: 'sum::result', access: 'write', origin: 'file', mayCome: true };
    const added = await person.client.request('trapline/addWatch', spec);
    assert.equal(added.state, 'pending');
    assert.match(String(added.message), /Waits for a call of sum: armed in it until it ends/);
    const counted = await person.client.request('trapline/addWatch', { ...spec, mode: 'count' });
    await person.breakAt(guarded, ['never']);
    const stop = await person.begin();
    assert.equal(stop.reason, 'data breakpoint');
    assert.deepEqual(stop.hitBreakpointIds, [added.id]);
    assert.match(stop.description ?? '', /^sum::result: /);
    assert.equal((await person.top()).name, 'sum');
    await person.client.request('trapline/removeWatch', { id: added.id });
    await person.toTheEnd();
    const views = (await person.client.request('trapline/watches')) as unknown as { id: number; hits: number }[];
    const told = person.client
      .events('breakpoint')
      .map(({ body }) => body as { breakpoint: { id: number; message: string } });
    const own = told
      .filter(({ breakpoint }) => breakpoint.id === counted.id)
      .map(({ breakpoint }) => breakpoint.message);
    // As `trapline check` counts them, in both calls.
    assert.equal(views.find(({ id }) => id === counted.id)?.hits, 9, own.join('\n'));
    assert.match(own.join('\n'), /this call of sum has returned.* Armed again in the next call/);
  });

  it('belong to one call of a recursion and end with it', async () => {
    await person.runTo(recursion, ['add']);
    const locals = await person.scope('Locals');
    const info = await person.infoOfChild(locals, 'partial');
    assert.equal(info.description, 'partial (in sum)');
    assert.equal(info.canPersist, false);
    await person.client.request('setBreakpoints', {
      source: { path: recursion.source },
      breakpoints: [{ line: recursion.line('summed') }],
    });
    const [answer] = await person.watch({ dataId: info.dataId ?? '', accessType: 'write' });
    assert.equal(answer.verified, true, answer.message);
    const stop = await person.continue();
    assert.equal(stop.description, 'partial: 4 → 10');
    assert.equal((await person.top()).line, recursion.line('add'));
    const frames = await person.frames();
    assert.deepEqual(
      frames.slice(0, 2).map(({ name }) => name),
      ['sum', 'main'],
    );
    const after = await person.continue();
    assert.equal(after.reason, 'breakpoint');
    assert.equal((await person.top()).line, recursion.line('summed'));
    const [change] = changes();
    assert.equal(change.breakpoint.verified, false);
    assert.match(change.breakpoint.message, /this call of sum has returned/);
    assert.match(person.client.output('console'), /The watch on `partial` has ended/);
    const map = (await person.client.request('trapline/debugRegisters')) as unknown as { slots: { used: number } };
    assert.equal(map.slots.used, 0);
    await person.client.request('setBreakpoints', { source: { path: recursion.source }, breakpoints: [] });
    assert.equal(await person.toTheEnd(), 0);
  });

  it('that find no slot wait for one, but not longer than their call', async () => {
    await person.runTo(recursion, ['enter', 'leave', 'summed']);
    const add = async (expression: string, frameId: number) =>
      (await person.client.request('trapline/addWatch', {
        expression,
        frameId,
        mode: 'count',
      })) as unknown as WatchView;
    const ids: number[] = [];
    for (let call = 0; call < 5; call++) {
      const { id, state } = await add('partial', (await person.top()).id);
      assert.equal(state, call < 4 ? 'armed' : 'refused');
      ids.push(id);
      if (call < 4) await person.continue();
    }
    const innermost = ids[4];
    const states = async () => new Map((await views(person)).map(({ id, state }) => [id, state]));
    await person.continue();
    assert.equal((await states()).get(innermost), 'refused', 'its call is under way');
    await person.continue();
    assert.equal((await states()).get(innermost), 'ended');
    assert.match(changes().at(-1)?.breakpoint.message ?? '', /this call of sum has returned\.$/, 'it held no slots');
    const main = (await person.frames()).find(({ name }) => name === 'main');
    const result = await add('result', main?.id ?? 0);
    assert.equal(result.state, 'refused');
    await person.continue();
    assert.equal((await states()).get(result.id), 'armed', 'a slot was free when one more call had returned');
    assert.deepEqual(await slots(person), { total: 4, used: 4, free: 0 });
    await person.continue();
    await person.continue();
    await person.continue();
    assert.equal((await person.top()).line, recursion.line('summed'));
    assert.deepEqual(await slots(person), { total: 4, used: 1, free: 3 });
    assert.equal((await views(person)).find(({ id }) => id === result.id)?.hits, 1);
  });

  for (const [marker, name, lines, texts] of [
    ['make', 'made', 'made taken home made taken home last', '0 1 11 111 112 122 222 9'],
    ['interrupted', 'mine', 'handled after jumped', '1 18 2 3'],
  ] as const) {
    it(`live on while the thread is on another stack, above theirs: ${name}`, async () => {
      const stacks = compile('stacks', ['-g', '-O0', '-pthread']);
      await person.runTo(stacks, [marker]);
      const [answer] = await person.watch({ dataId: await person.idInFrame(name), accessType: 'write' });
      const values = texts.split(' ');
      for (const [n, line] of lines.split(' ').entries()) {
        assert.equal((await person.continue()).description, `${name}: ${values[n]} → ${values[n + 1]}`);
        assert.equal((await person.top()).line, stacks.line(line));
      }
      assert.equal(await person.toTheEnd(), 0);
      const last =
        changes()
          .filter(({ breakpoint }) => breakpoint.id === answer.id)
          .at(-1)?.breakpoint.message ?? '';
      assert.match(last, /this call of \w+ has returned|thread \d+ has ended/);
    });
  }

  for (const [how, args, reason] of [
    ['freed', [], /its heap block was freed by thread \d+ "borrowed[^"]*" in main at borrowed\.c:\d+/],
    ['unmapped', ['mapped'], /its memory was unmapped by munmap\(0x[0-9a-f]+, 65536\), thread/],
  ] as const) {
    it(`end when the stack that the program gave their coroutine is ${how}`, async () => {
      const borrowed = compile('borrowed', ['-g', '-O0']);
      await person.runTo(borrowed, ['mine', 'freed', 'end'], { args });
      const id = await addCounter(person, 'mine', { frameId: (await person.top()).id, mayCome: false });
      const state = async (): Promise<string> => (await viewOf(person, id)).state;
      await person.continue();
      assert.deepEqual([(await person.top()).line, await state()], [borrowed.line('freed'), 'armed']);
      await person.continue();
      assert.deepEqual([(await person.top()).line, await state()], [borrowed.line('end'), 'ended']);
      assert.match((await viewOf(person, id)).message, reason);
      assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
    });
  }

  it('end when another function is jumped to in the place of theirs, and count nothing of it', async () => {
    const tail = compile('tail', ['-g', '-O2']);
    await person.runTo(tail, ['start', 'end']);
    const spec = { expression: 'mine', frameId: (await person.top()).id, mode: 'count', access: 'write' };
    const { id } = await person.client.request('trapline/addWatch', spec);
    assert.equal((await person.continue()).reason, 'breakpoint');
    const view = (await views(person)).find((each) => each.id === id);
    assert.deepEqual([view?.state, view?.hits], ['ended', 2]);
    assert.match(view?.message ?? '', /this call of first was left without returning/);
  });

  it('end when longjmp leaves their frame, and the frame that comes there does not stop', async () => {
    await person.runTo(recursion, ['mine']);
    const dataId = await person.idInFrame('mine');
    await person.client.request('setBreakpoints', { source: { path: recursion.source }, breakpoints: [] });
    await person.watch({ dataId, accessType: 'write' });
    assert.equal((await person.continue()).description, 'mine: 0 → 1');
    assert.equal(await person.toTheEnd(), 0);
    const [change] = changes();
    assert.match(change.breakpoint.message, /left without returning|has returned/);
    assert.match(person.client.output('stdout'), /noise 63/);
  });

  it('of a call that is over cannot be set again', async () => {
    await person.runTo(recursion, ['leave', 'summed']);
    const dataId = await person.idInFrame('partial');
    await person.client.request('setBreakpoints', {
      source: { path: recursion.source },
      breakpoints: [{ line: recursion.line('summed') }],
    });
    await person.continue();
    const [answer] = await person.watch({ dataId, accessType: 'write' });
    assert.equal(answer.verified, false);
    assert.match(answer.message ?? '', /lived in a call of sum that has ended/);
  });

  it('end when an exception leaves their frame', async () => {
    const thrower = compile('thrower.cpp');
    await person.runTo(thrower, ['mine']);
    const dataId = await person.idInFrame('mine');
    await person.breakAt(thrower, ['caught']);
    await person.watch({ dataId, accessType: 'write' });
    assert.equal((await person.continue()).description, 'mine: 1 → 2');
    assert.equal((await person.continue()).reason, 'breakpoint');
    assert.match(changes().at(0)?.breakpoint.message ?? '', /left without returning/);
    assert.equal(await person.toTheEnd(), 0);
  });

  it('end with their thread', async () => {
    const worker = compile('worker');
    await person.runTo(worker, ['work']);
    const dataId = await person.idInFrame('steps');
    await person.client.request('setBreakpoints', { source: { path: worker.source }, breakpoints: [] });
    await person.watch({ dataId, accessType: 'write', hitCondition: '3' });
    assert.equal((await person.continue()).description, 'steps: 4 → 6');
    assert.equal(await person.toTheEnd(), 0);
    assert.equal(changes().length, 1);
    assert.match(changes().at(0)?.breakpoint.message ?? '', /thread \d+ has ended|left without returning|has returned/);
  });

  it('of a caller can be watched from the frame that was selected', async () => {
    await person.runTo(recursion, ['leave']);
    // sum(0) returns into sum(1), whose partial was 1 and stays so; that of sum(2) becomes 3.
    const caller = (await person.frames())[2];
    const dataId = await person.idOf('partial', { frameId: caller.id });
    await person.client.request('setBreakpoints', { source: { path: recursion.source }, breakpoints: [] });
    await person.watch({ dataId, accessType: 'write' });
    assert.equal((await person.continue()).description, 'partial: 2 → 3');
    assert.equal(await person.toTheEnd(), 0);
  });
});
