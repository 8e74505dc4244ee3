// Demand 12, its second half: back in time to the last write. The truth is an independent run that stops at the same write
// the first time it happens.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { WatchHistory, WatchSpec, WatchView } from '../../../adapter/protocol/watches';
import { compile, scratch } from '../support/compiled';
import { Person } from '../support/session';

const rewind = compile('rewind');

type Stopped = Awaited<ReturnType<Person['stop']>>;

/** All that a person can see of a stop. */
interface Picture {
  readonly stop: { readonly description: string | undefined; readonly text: string | undefined };
  readonly threads: readonly unknown[];
  readonly values: readonly string[];
}

class Traveller extends Person {
  private readonly directory = mkdtempSync(path.join(scratch(), 'time-'));
  private readonly file = path.join(this.directory, 'log.txt');
  private readonly stdin = path.join(this.directory, 'input.txt');

  async start(...markers: string[]): Promise<Stopped> {
    writeFileSync(this.stdin, '42\n');
    return this.runTo(rewind, markers, { args: [this.file], stdin: this.stdin, cwd: this.directory });
  }

  /** What lies on the host is another now. */
  changeHost(): void {
    writeFileSync(this.stdin, '77\n');
  }

  get log(): string {
    return readFileSync(this.file, 'utf8');
  }

  async add(spec: WatchSpec): Promise<number> {
    return ((await this.client.request('trapline/addWatch', spec)) as unknown as WatchView).id;
  }

  async view(id: number): Promise<WatchView> {
    const views = (await this.client.request('trapline/watches')) as unknown as WatchView[];
    return views.find((view) => view.id === id) ?? assert.fail(`no watch ${id}`);
  }

  async history(id: number): Promise<WatchHistory> {
    return (await this.client.request('trapline/watchHistory', { id })) as unknown as WatchHistory;
  }

  async goBack(id: number, sequence?: number): Promise<Stopped> {
    await this.client.request('trapline/goBack', { id, ...(sequence === undefined ? {} : { sequence }) });
    return this.stop();
  }

  async reverse(): Promise<Stopped> {
    await this.client.request('reverseContinue', { threadId: this.thread });
    return this.stop();
  }

  async picture({ description, text }: Stopped, ...expressions: string[]): Promise<Picture> {
    const { threads } = await this.client.request('threads');
    const all: unknown[] = [];
    for (const { id, name } of threads as DebugProtocol.Thread[]) {
      const { stackFrames } = await this.client.request('stackTrace', { threadId: id });
      const frames = stackFrames as DebugProtocol.StackFrame[];
      const shown = frames.map((frame) => [frame.name, frame.line, frame.instructionPointerReference]);
      const registers = await this.children(await this.scope('Registers', frames[0].id));
      const groups = registers.map(async ({ name: group, value, variablesReference }) => {
        const inner = variablesReference === 0 ? [] : await this.children(variablesReference);
        // In code that runs often, flags that nobody needs are older than the rest.
        return group === 'rflags' ? [] : [group, value, ...inner.map((each) => `${each.name} ${each.value}`)];
      });
      all.push([id, name, shown, ...(await Promise.all(groups))]);
    }
    const values: string[] = [];
    for (const expression of expressions) values.push(await this.evaluate(expression));
    return { stop: { description, text }, threads: all, values };
  }
}

const SEEN = ['shared', 'typed', 'config', 'ticks', 'clock_seen == 0'];

describe('demand 12: reverse to the last write', () => {
  let person: Traveller;
  let other: Traveller;

  beforeEach(() => {
    person = new Traveller();
    other = new Traveller();
  });
  afterEach(async () => {
    await person.close();
    await other.close();
  });

  /** An independent run that stops at the hits with these numbers. */
  async function firstTime(expression: string, ...numbers: number[]): Promise<Picture[]> {
    await other.start('start');
    await other.breakAt(rewind, []);
    await other.add({ expression, mode: 'stop', hitCondition: `>= ${numbers[0]}` });
    const pictures: Picture[] = [];
    for (let number = numbers[0]; number <= numbers[numbers.length - 1]; number++) {
      const stop = await other.continue();
      if (numbers.includes(number)) pictures.push(await other.picture(stop, ...SEEN));
    }
    return pictures;
  }

  it('from the end to the last write of threads that race, further back, and forward to the present', async () => {
    const truth = await firstTime('shared', 79, 80);
    await person.start('start');
    const id = await person.add({ expression: 'shared', mode: 'count' });
    await person.breakAt(rewind, ['end']);
    const end = await person.continue();
    assert.equal(end.reason, 'breakpoint');
    const [before, output] = [await person.picture(end, ...SEEN), person.client.output('stdout')];
    const known = await person.history(id);
    person.changeHost();

    const last = await person.goBack(id);
    assert.equal(last.reason, 'data breakpoint');
    assert.deepEqual(await person.picture(last, ...SEEN), truth[1]);
    assert.deepEqual(await person.picture(await person.goBack(id), ...SEEN), truth[0]);
    // Counts and history are the present's.
    assert.deepEqual([(await person.view(id)).hits, await person.history(id)], [80, known]);

    const back = await person.continue();
    assert.deepEqual([back.reason, back.description], ['pause', 'Back at the present']);
    assert.deepEqual((await person.picture(back, ...SEEN)).threads, before.threads);
    assert.deepEqual([(await person.view(id)).hits, await person.history(id)], [80, known]);
    assert.deepEqual(
      [person.client.output('stdout'), person.log],
      [output, 'begun\njoined\n'],
      'nothing happens twice',
    );
    assert.equal(await person.toTheEnd(), 0);
    assert.equal(person.log, 'begun\njoined\nended\n');
    assert.match(person.client.output('stdout'), /^typed 42\r?\nconfig 42, sum 10, shared -?\d+\r?\n$/);
  });

  it('to any write that the history has, forward and back', async () => {
    const [third, seventieth] = await firstTime('shared', 3, 70);
    await person.start('start');
    const id = await person.add({ expression: 'shared', mode: 'count' });
    await person.breakAt(rewind, ['end']);
    await person.continue();
    assert.deepEqual(await person.picture(await person.goBack(id, 3), ...SEEN), third);
    assert.deepEqual(await person.picture(await person.goBack(id, 70), ...SEEN), seventieth);
    assert.deepEqual(await person.picture(await person.goBack(id, 3), ...SEEN), third);
    await assert.rejects(person.goBack(id, 81), /Access 81 of `shared` is not in its history/);
  });

  it('asked only when it is too late: who spoilt the value, though nothing was watched then', async () => {
    const [truth] = await firstTime('config', 1);
    await person.start('end');
    await person.add({ expression: 'config' });
    assert.deepEqual(await person.picture(await person.reverse(), ...SEEN), truth);
    assert.match(truth.stop.text ?? '', /written by thread \d+ "rewind[^"]*" in spoil at rewind\.c:\d+/);
    assert.equal((await person.top()).line, rewind.line('spoiled'));
    const none = await person.reverse();
    assert.deepEqual([none.reason, none.description], ['pause', 'Not taken back']);
    assert.match(none.text ?? '', /Nothing that is watched was hit before/);
    assert.equal((await person.top()).line, rewind.line('spoiled'), 'it stands where it stood');
  });

  it('the editor’s reverse button leads from write to write of all that stops, input included', async () => {
    await person.start('end');
    await person.breakAt(rewind, []);
    for (const expression of ['config', 'typed', 'quiet']) await person.add({ expression });
    const lines: [string | undefined, number][] = [];
    for (let n = 0; n < 2; n++) lines.push([(await person.reverse()).description, (await person.top()).line]);
    assert.deepEqual(lines, [
      ['config: 7 → 42', rewind.line('spoiled')],
      ['typed: 0 → 42', rewind.line('typed')],
    ]);
    // And forward again, through the same hits.
    assert.equal((await person.continue()).description, 'config: 7 → 42');
    assert.equal((await person.continue()).description, 'Back at the present');
    assert.equal((await person.continue()).description, 'quiet: 0 → 10');
  });

  it('a local of one call in a recursion: its own writes, and not those of others at the same address', async () => {
    await person.start('summed');
    // The innermost calls have returned: sum(2) is about to.
    await person.continue();
    await person.continue();
    assert.equal(await person.evaluate('n'), '2');
    const id = await person.add({ expression: 'mine', frameId: (await person.top()).id });
    await person.breakAt(rewind, []);
    assert.equal((await person.goBack(id)).description, 'mine: 2 → 3');
    assert.deepEqual([(await person.top()).line, await person.evaluate('n')], [rewind.line('added'), '2']);
    const first = await person.goBack(id);
    assert.match(first.description ?? '', /^mine: -?\d+ → 2$/);
    assert.deepEqual([(await person.top()).line, await person.evaluate('n')], [rewind.line('mine'), '2']);
    await assert.rejects(person.goBack(id), /`mine` has not changed before this moment since its call of sum began/);
    // Before its call it is not there; at the present it is again.
    const spoilt = await person.add({ expression: 'config' });
    assert.equal((await person.goBack(spoilt)).description, 'config: 7 → 42');
    assert.match((await person.view(id)).message, /Not armed in this part of the past: the call of sum/);
    assert.equal((await person.continue()).description, 'Back at the present');
    assert.equal((await person.view(id)).state, 'armed');
  });

  it('a local whose call is over, and a heap block that is freed, live again at their writes', async () => {
    await person.start('mine', 'second');
    const cell = await person.add({ expression: '*cell', mode: 'count' });
    await person.continue();
    const mine = await person.add({ expression: 'mine', frameId: (await person.top()).id, mode: 'count' });
    await person.breakAt(rewind, ['end']);
    await person.continue();
    assert.deepEqual([(await person.view(mine)).state, (await person.view(cell)).state], ['ended', 'armed']);
    await person.breakAt(rewind, []);
    await person.step('next');
    await person.step('next');
    assert.equal((await person.view(cell)).state, 'ended');
    assert.equal((await person.goBack(mine)).description, 'mine: 4 → 10');
    assert.deepEqual([(await person.top()).line, await person.evaluate('n')], [rewind.line('added'), '4']);
    assert.deepEqual([(await person.view(mine)).state, (await person.view(cell)).state], ['armed', 'armed']);
    assert.equal((await person.goBack(cell)).description, '*cell: 5 → 6');
    assert.deepEqual([(await person.view(mine)).state, (await person.view(cell)).state], ['ended', 'armed']);
    // Forward again both end as they did.
    assert.equal((await person.continue()).description, 'Back at the present');
    assert.deepEqual([(await person.view(mine)).state, (await person.view(cell)).state], ['ended', 'ended']);
    assert.match((await person.view(cell)).message, /its heap block was freed by .* at rewind\.c:\d+/);
  });

  it('steps back by lines and by instructions come by what steps forward came by', async () => {
    const forward: unknown[] = [];
    const look = async () => {
      const { frames, registers } = { frames: await person.frames(), registers: await person.scope('Registers') };
      const shown = (await person.children(registers)).filter(({ name }) => name !== 'rflags');
      return [frames.map(({ name, line }) => `${name}:${line}`), shown.map(({ name, value }) => `${name} ${value}`)];
    };
    await person.start('allocated');
    await person.breakAt(rewind, []);
    for (let n = 0; n < 4; n++) {
      forward.push(await look());
      await person.step('next');
    }
    for (let n = 0; n < 6; n++) {
      forward.push(await look());
      await person.step('stepIn', 'instruction');
    }
    const stepBack = async (granularity?: string): Promise<void> => {
      await person.client.request('stepBack', { threadId: person.thread, granularity });
      assert.equal((await person.stop()).reason, 'step');
    };
    for (let n = 5; n >= 0; n--) {
      await stepBack('instruction');
      assert.deepEqual(await look(), forward[4 + n], `instruction ${n}`);
    }
    for (let n = 3; n >= 0; n--) {
      await stepBack();
      assert.deepEqual(await look(), forward[n], `line ${n}`);
    }
    // Out of a call: to the line that called.
    await person.breakAt(rewind, ['mine']);
    await person.continue();
    await stepBack();
    assert.match((await person.top()).name, /^main/);
    assert.equal((await person.top()).line, rewind.line('called'));
  });

  it('locals of a thread that has not begun yet are not armed, and are again at the present; what is set in the past counts', async () => {
    await person.start('shared');
    await person.continue();
    const local = await person.add({ expression: 'n', frameId: (await person.top()).id });
    assert.equal((await person.view(local)).state, 'armed');
    await person.breakAt(rewind, []);
    const typed = await person.add({ expression: 'typed' });
    assert.equal((await person.goBack(typed)).description, 'typed: 0 → 42');
    assert.match((await person.view(local)).message, /^Not armed in this part of the past: the call of worker/);
    const shared = await person.add({ expression: 'shared' });
    assert.match((await person.continue()).description ?? '', /^shared: 0 → /);
    assert.deepEqual([(await person.view(shared)).hits, (await person.view(typed)).hits], [1, 0]);
    await person.client.request('trapline/removeWatch', { id: shared });
    assert.equal((await person.continue()).description, 'Back at the present');
    assert.deepEqual([(await person.view(local)).state, (await person.view(local)).hits], ['armed', 0]);
    assert.equal((await person.continue()).description, 'n: 0 → 1');
    assert.equal((await person.view(local)).hits, 1);
  });

  it('a program that is ended in its past leaves the outside as it is', async () => {
    await person.start('end');
    const id = await person.add({ expression: 'config' });
    await person.goBack(id);
    await person.client.request('terminate');
    assert.equal(await person.end(), 137);
    assert.equal(person.log, 'begun\njoined\n');
    assert.doesNotMatch(person.client.output('console'), /not what happened/);
  });

  it('the debug console goes back, too', async () => {
    const type = async (expression: string) => person.client.request('evaluate', { expression, context: 'repl' });
    await person.start('end');
    await type('watch config');
    await type('reverse-continue');
    assert.equal((await person.stop()).description, 'config: 7 → 42');
    await type('rn');
    assert.deepEqual([(await person.stop()).reason, (await person.top()).line], ['step', rewind.line('spoiled')]);
    await type('rsi');
    assert.equal((await person.stop()).reason, 'step');
    assert.match((await person.top()).name, /^spoil/);
  });

  it('the past cannot be changed, and says so; the present can, and is taken back with the change', async () => {
    await person.start('end');
    await person.client.request('setExpression', {
      expression: 'quiet',
      value: '77',
      frameId: (await person.top()).id,
    });
    const id = await person.add({ expression: 'config' });
    await person.goBack(id);
    const frameId = (await person.top()).id;
    await assert.rejects(
      person.client.request('setExpression', { expression: 'config', value: '1', frameId }),
      /The program stands in its past, which cannot be changed/,
    );
    assert.equal((await person.continue()).description, 'Back at the present');
    assert.equal(await person.evaluate('quiet'), '77');
  });

  it('a program that a gdb may share is refused, with the reason', async () => {
    writeFileSync(path.join(scratch(), 'nothing.txt'), '');
    await person.runTo(rewind, ['end'], { gdbserver: 0 });
    const id = await person.add({ expression: 'config' });
    await assert.rejects(person.goBack(id), /cannot be taken back: a gdb may be attached/);
  });
});
