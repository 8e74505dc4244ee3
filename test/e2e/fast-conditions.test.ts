import assert from 'node:assert/strict';
import type { WatchHistory, WatchSpec, WatchView } from '../../adapter/protocol/watches';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

/** Writes 0, 1, 2, … to i32; the first write leaves another value than the 5 that was there. */
const ROUNDS = 200_000;

describe('watches that are hit very often', () => {
  let person: Person;
  let numbers: Compiled;

  before(() => {
    numbers = compile('numbers');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(numbers, ['start'], { args: [String(ROUNDS)] });
  });
  afterEach(async () => {
    await person.close();
  });

  const add = async (spec: WatchSpec): Promise<WatchView> =>
    (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
  const only = async (): Promise<WatchView> => {
    const [view] = (await person.client.request('trapline/watches')) as unknown as WatchView[];
    return view;
  };

  it('stop where the condition holds, after counting all the others', async () => {
    await add({ expression: 'i32', condition: '$new == 150000 && limit > 3' });
    const stop = await person.continue();
    assert.equal(stop.description, 'i32: 149999 → 150000');
    const { hits, matches, oldValue, newValue } = await only();
    assert.deepEqual([hits, matches, oldValue, newValue], [150_001, 1, '149999', '150000']);
    assert.equal(await person.evaluate('value'), '150000');
    assert.equal(await person.toTheEnd(), 0);
    assert.deepEqual([(await only()).hits, (await only()).matches], [ROUNDS, 1]);
  });

  it('have conditions over the one who wrote, and over the hits', async () => {
    await add({ expression: 'i32', condition: '$writer == "main" || $hits == 777' });
    assert.equal((await person.continue()).description, 'i32: 775 → 776');
    assert.equal(await person.toTheEnd(), 0);
    assert.equal((await only()).matches, 1);
  });

  it('have conditions over locals and parameters of the one who wrote', async () => {
    await add({ expression: 'i32', condition: 'value == 123456 || value + $old > 2 * 199990' });
    assert.equal((await person.continue()).description, 'i32: 123455 → 123456');
    assert.equal(await person.evaluate('value'), '123456');
    assert.equal((await only()).hits, 123_457);
    assert.equal((await person.continue()).description, 'i32: 199990 → 199991');
    assert.deepEqual([(await only()).hits, (await only()).matches], [199_992, 2]);
  });

  it('stop at a hit count', async () => {
    await add({ expression: 'i32', condition: '$new % 2 == 1', hitCondition: '50000' });
    assert.equal((await person.continue()).description, 'i32: 99998 → 99999');
    assert.equal((await only()).matches, 50_000);
    await person.toTheEnd();
  });

  it('count them all, and know from where', async () => {
    const { id } = await add({ expression: 'i32', mode: 'count' });
    assert.equal(await person.toTheEnd(), 0);
    const { hits, matches, lastWriter } = await only();
    assert.deepEqual([hits, matches, lastWriter?.function], [ROUNDS, ROUNDS, 'write_i32']);
    const history = (await person.client.request('trapline/watchHistory', { id })) as unknown as WatchHistory;
    assert.equal(history.entries.length, 1000);
    assert.equal(history.dropped, ROUNDS - 1000);
    for (const [n, { sequence, number, oldValue }] of history.entries.entries()) {
      assert.deepEqual([sequence, number, oldValue], [ROUNDS - 999 + n, ROUNDS - 1000 + n, String(ROUNDS - 1001 + n)]);
    }
    const times = history.entries.map(({ timeNs }) => timeNs);
    assert.deepEqual(
      times,
      [...new Set(times)].sort((a, b) => a - b),
      'each later than the one before',
    );
    assert.deepEqual(
      history.bySource.map(({ line, hits: all }) => [line, all]),
      [[numbers.line('write'), ROUNDS]],
    );
  });

  it('count every write, and know the place of each', async () => {
    const { id } = await add({ expression: 'i32', mode: 'count', access: 'write' });
    assert.equal(await person.toTheEnd(), 0);
    const { hits, matches } = await only();
    assert.deepEqual([hits, matches], [ROUNDS, ROUNDS]);
    const { bySource, entries, dropped } = (await person.client.request('trapline/watchHistory', {
      id,
    })) as unknown as WatchHistory;
    assert.equal(
      bySource.reduce((sum, row) => sum + row.hits, 0),
      ROUNDS,
    );
    assert.equal(bySource.find(({ line }) => line === numbers.line('write'))?.hits, ROUNDS);
    assert.equal(entries.length + dropped, ROUNDS);
    const sequences = entries.map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      [...new Set(sequences)].sort((a, b) => a - b),
    );
    for (const { sequence, number } of entries) assert.equal(number, sequence - 1, 'the n-th write writes n - 1');
  });

  it('log what a person can read, and count the rest', async () => {
    await add({ expression: 'i32', mode: 'log', logMessage: 'now {$new} by {$writer}' });
    assert.equal(await person.toTheEnd(), 0);
    const text = person.client.output('console');
    const lines = text.match(/^now \d+ by write_i32$/gm) ?? [];
    const dropped = [...text.matchAll(/^… ([\d,]+) lines? dropped$/gm)].map(([, count]) =>
      Number(count.replaceAll(',', '')),
    );
    assert.ok(lines.length >= 5000 && lines.length < 40_000, String(lines.length));
    assert.equal(lines.length + dropped.reduce((sum, count) => sum + count, 0), ROUNDS);
    assert.equal((await only()).hits, ROUNDS);
    assert.ok(person.client.events('output').length < 1000);
  });

  it('can be paused at once, however dear the condition is', async () => {
    await add({ expression: 'i32', condition: 'text == "other" && value < 0' });
    await person.client.request('continue', { threadId: person.thread });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const asked = Date.now();
    await person.client.request('pause', { threadId: person.thread });
    const stop = await person.stop();
    assert.equal(stop.reason, 'pause');
    assert.ok(Date.now() - asked < 500, `${Date.now() - asked} ms`);
  });

  it('say at once what is wrong with a condition', async () => {
    const refused = await person.client.refused('trapline/addWatch', { expression: 'i32', condition: '$new >' });
    assert.match(refused, /The condition `\$new >` cannot be read/);
    const [answer] = await person.watch({ dataId: await person.idOf('i32'), condition: '$nwe == 1' });
    assert.equal(answer.verified, false);
    assert.match(answer.message ?? '', /\$nwe, which does not exist/);
    assert.match(
      (await add({ expression: 'i32', condition: 'value == 1' })).message,
      /`value` in its condition: no global/,
    );
    const note = async (condition: string): Promise<string> => (await add({ expression: 'i32', condition })).message;
    assert.doesNotMatch(await note('both.x == 1'), /its condition/i);
    assert.match(await note('both == 1'), /Its condition cannot be evaluated, so that every hit counts: .*whole/);
    assert.match(await note('both.nothing'), /no member `nothing`/);
  });
});
