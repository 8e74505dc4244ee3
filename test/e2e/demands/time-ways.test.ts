// Demand 12, on the way back: how far it is, calling it off, other programs and threads' own variables in the past, and
// a program that has ended.

import assert from 'node:assert/strict';
import { addCounter, historyOf, viewOf } from '../model/requests';
import { compile } from '../support/compiled';
import { Person } from '../support/session';
import type { Stopped } from '../support/dap-client';

const far = compile('far');
const opener = compile('opener');
const opened = compile('opened');
const own = compile('own');
const eachOwn = compile('each-own');

/** Some seconds of the emulated machine's. */
const ROUNDS = '150000000';

describe('demand 12: the way back in time', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const goBack = async (id: number, sequence?: number): Promise<Stopped> => {
    await person.client.request('trapline/goBack', { id, ...(sequence === undefined ? {} : { sequence }) });
    return person.stop();
  };
  const reverse = (): Promise<unknown> => person.client.request('reverseContinue', { threadId: person.thread });
  const progress = (kind: string) => person.client.event(`progress${kind}`);

  describe('that is long', () => {
    let id: number;

    beforeEach(async () => {
      await person.client.request('initialize', { adapterID: 'trapline', supportsProgressReporting: true });
      await person.client.request('launch', { program: far.program, args: [ROUNDS] });
      await person.client.event('initialized');
      await person.breakAt(far, ['end']);
      await person.begin();
      id = await addCounter(person, 'value', { mode: 'stop' });
    });

    const standsAtTheEnd = async (): Promise<void> => {
      assert.equal((await person.top()).line, far.line('end'));
      assert.equal(await person.evaluate('value'), '2');
      assert.equal((await viewOf(person, id)).state, 'armed');
    };

    it('says how far it is until it is there', async () => {
      const stop = await goBack(id);
      assert.deepEqual([stop.description, (await person.top()).line], ['value: 1 → 2', far.line('written')]);
      const [start, end] = [await progress('Start'), await progress('End')];
      assert.match(String(start.title), /^Running the program again, back to the last write of value$/);
      assert.deepEqual([start.cancellable, end.progressId], [true, start.progressId]);
      const shares = person.client
        .events('progressUpdate')
        .map(({ body }) => Number((body as { percentage?: number }).percentage));
      assert.ok(shares.length > 1, 'it is told again and again');
      assert.ok(
        shares.every((share, at) => share >= 0 && share <= 100 && share >= (shares[at - 1] ?? 0)),
        shares.join(),
      );
    });

    for (const [how, argument] of [
      ['as the notification does', (start: object) => start],
      ['by its request’s number', () => ({ requestId: person.client.lastSeq })],
    ] as const) {
      it(`is called off ${how}, and the program stands where it stood`, async () => {
        const gone = person.client.refused('trapline/goBack', { id });
        const cancelled = argument({ progressId: (await progress('Start')).progressId });
        await person.client.request('cancel', cancelled);
        assert.equal(await gone, 'Cancelled: the program stands where it stood.');
        await progress('End');
        await standsAtTheEnd();
        // Another way is not called off by what called that one off.
        await person.client.request('cancel', cancelled);
        assert.equal((await goBack(id)).description, 'value: 1 → 2');
      });
    }

    it('is called off by the editor’s pause, and one stop says so', async () => {
      await reverse();
      await progress('Start');
      await person.client.request('pause', { threadId: person.thread });
      const stay = await person.stop();
      assert.deepEqual([stay.reason, stay.description], ['pause', 'Not taken back']);
      await standsAtTheEnd();
      assert.equal(await person.toTheEnd(), 0);
      assert.equal(person.client.events('stopped').length, 2);
    });

    it('can be looked at meanwhile, ends with the program, and lets nothing else move it', async () => {
      await reverse();
      const { progressId } = await progress('Start');
      await standsAtTheEnd();
      for (const command of ['continue', 'next', 'stepBack', 'reverseContinue']) {
        assert.match(await person.client.refused(command, { threadId: person.thread }), /on its way back in time/);
      }
      await person.client.request('terminate');
      await person.end();
      assert.equal((await progress('End')).progressId, progressId);
    });
  });

  describe('over another program that was executed on the way', () => {
    const changes = async (id: number, count: number): Promise<string[]> => {
      const seen: string[] = [];
      for (let n = 0; n < count; n++) {
        const { description } = await goBack(id);
        seen.push(`${description} in line ${(await person.top()).line}`);
      }
      return seen;
    };
    const toTheEndOfOpened = async (): Promise<void> => {
      await person.client.request('setBreakpoints', {
        source: { path: opened.source },
        breakpoints: [{ line: opened.line('end') }],
      });
    };

    it('leads to the variable of that name in the one before', async () => {
      await person.runTo(opener, ['mine'], { args: [opened.program] });
      const id = await addCounter(person, 'counter');
      await toTheEndOfOpened();
      await person.breakAt(opener, []);
      assert.equal((await person.continue()).reason, 'breakpoint');
      assert.deepEqual(await changes(id, 3), [
        `counter: 10 → 20 in line ${opened.line('after')}`,
        `counter: 0 → 10 in line ${opened.line('after') - 1}`,
        `counter: 1 → 2 in line ${opener.line('before')}`,
      ]);
      const { entries } = await historyOf(person, id);
      assert.deepEqual(
        entries.map(({ newValue }) => newValue),
        ['2', '10', '20'],
      );
      for (const { sequence, newValue } of [entries[0], entries[2], entries[0]]) {
        await goBack(id, sequence);
        assert.equal(await person.evaluate('counter'), newValue);
      }
      assert.equal((await person.top()).line, opener.line('before'));
      assert.equal(await person.evaluate('mine'), '1');
      // And forward again, into the other.
      assert.equal((await person.continue()).description, 'Back at the present');
      assert.equal(await person.evaluate('counter'), '20');
    });

    it('also where nobody watched then, by conditions with that one’s variables', async () => {
      await person.launch(opener.program, { args: [opened.program] });
      await toTheEndOfOpened();
      await person.begin();
      const id = await addCounter(person, 'counter', { condition: '$new + unrelated == 1 || $new == 20' });
      assert.deepEqual(await changes(id, 2), [
        `counter: 10 → 20 in line ${opened.line('after')}`,
        `counter: 0 → 1 in line ${opener.line('mine') - 1}`,
      ]);
      await assert.rejects(goBack(id), /`counter` was not accessed so before this moment since the program began/);
    });
  });

  describe('of a thread-local variable', () => {
    it('leads to the writes of its own thread, not of one that had the memory before', async () => {
      await person.runTo(own, ['second']);
      const id = await addCounter(person, 'own', { frameId: (await person.top()).id, mode: 'stop', mayCome: false });
      await person.breakAt(own, []);
      assert.equal((await person.continue()).description, 'own: 3 → 8');
      assert.equal((await person.continue()).description, 'own: 8 → 6');
      assert.equal((await goBack(id)).description, 'own: 3 → 8');
      await assert.rejects(goBack(id), /`own` was not accessed so before this moment since its thread began/);
      // It is not that thread's before: its memory is the first one's.
      const seen = await addCounter(person, 'seen', { mode: 'stop' });
      assert.equal((await goBack(seen)).description, 'seen: 0 → 5');
      assert.match(
        (await viewOf(person, id)).message,
        /^Not armed in this part of the past: thread \d+, whose own `own` is, had not begun/,
      );
      assert.equal((await person.continue()).description, 'Back at the present');
      assert.equal((await viewOf(person, id)).state, 'armed');
    });

    it('that is watched in each thread leads to any thread’s', async () => {
      await person.launch(eachOwn.program);
      const id = await addCounter(person, 'own');
      await person.breakAt(eachOwn, ['end']);
      await person.begin();
      const { entries } = await historyOf(person, id);
      assert.equal(entries.length, 7);
      for (const { sequence, newValue, writer } of [entries[6], entries[3], entries[0]]) {
        assert.match((await goBack(id, sequence)).description ?? '', new RegExp(`→ ${newValue}$`));
        assert.equal(person.thread, writer.threadId);
        assert.equal(await person.evaluate('own'), newValue);
      }
    });
  });

  describe('of a program that is over', () => {
    it('cannot be gone: it is said why, and what to do instead', async () => {
      await person.runTo(far, ['end']);
      const id = await addCounter(person, 'value');
      await person.breakAt(far, []);
      await person.toTheEnd();
      const why = /The program has ended, and its past with it.*function breakpoint on `_exit`/;
      assert.match(await person.client.refused('trapline/goBack', { id }), why);
      assert.match(await person.client.refused('reverseContinue', { threadId: 1 }), why);
      assert.match(await person.client.refused('stepBack', { threadId: 1 }), why);
    });

    it('can be gone from where that advice leads', async () => {
      await person.launch(far.program);
      await person.client.request('setFunctionBreakpoints', { breakpoints: [{ name: '_exit' }] });
      await person.begin();
      const id = await addCounter(person, 'value');
      assert.equal((await goBack(id)).description, 'value: 1 → 2');
    });
  });
});
