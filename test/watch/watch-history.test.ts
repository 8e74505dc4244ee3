import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MOST_ENTRIES, WatchHistoryKeeper } from '../../adapter/watch/watch-history';
import type { AccessRecord } from '../../adapter/watch/watch-history';

const access = (value: number, lengthBytes = 1): AccessRecord => ({
  timeNs: value,
  thread: 1,
  instruction: 0x10,
  access: 'write',
  old: new Uint8Array(lengthBytes),
  new: new Uint8Array(lengthBytes).fill(value),
});

describe('the history of a watch', () => {
  it('keeps the newest entries in their order, numbered over all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2500 }), fc.option(fc.integer({ min: 0, max: 1200 })), (count, last) => {
        const history = new WatchHistoryKeeper();
        for (let n = 1; n <= count; n++) history.record(access(n), () => []);
        const kept = Math.min(count, MOST_ENTRIES, last ?? Infinity);
        const expected = Array.from({ length: kept }, (_, n) => count - kept + n + 1);
        assert.deepEqual(
          history.newest(last ?? undefined).map(({ sequence }) => sequence),
          expected,
        );
        assert.equal(history.dropped, Math.max(0, count - MOST_ENTRIES));
        assert.equal(history.last?.sequence, count === 0 ? undefined : count);
      }),
      { numRuns: 30 },
    );
  });

  it('is in the order of time, whoever told it first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 1500 }), (times) => {
        const history = new WatchHistoryKeeper();
        for (const timeNs of times) history.record({ ...access(1), timeNs }, () => []);
        const kept = times.slice(-MOST_ENTRIES).sort((a, b) => a - b);
        const entries = history.newest();
        assert.deepEqual(
          entries.map(({ timeNs }) => timeNs),
          kept,
        );
        assert.deepEqual(
          entries.map(({ sequence }) => sequence),
          kept.map((_, n) => times.length - kept.length + n + 1),
        );
        assert.deepEqual(history.newest(3), entries.slice(-3));
        assert.equal(history.last?.timeNs, kept.at(-1));
        for (const timeNs of kept.slice(0, 5)) assert.equal(history.at(timeNs)?.timeNs, timeNs);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps fewer of wide values', () => {
    const history = new WatchHistoryKeeper();
    for (let n = 0; n < 1000; n++) history.record(access(n, 8192), () => []);
    assert.ok(history.newest().length <= 16);
  });

  it('takes backtraces at first, then seldom', () => {
    const history = new WatchHistoryKeeper();
    let taken = 0;
    for (let n = 0; n < 10_000; n++) history.record(access(n), () => [`frame ${taken++}`]);
    assert.ok(taken < 100, String(taken));
    assert.ok(taken > 64, String(taken));
  });

  it('counts every hit by thread and place, in bounded room', () => {
    const history = new WatchHistoryKeeper();
    for (let n = 0; n < 10_000; n++) history.count(1 + (n % 2), n);
    for (let n = 0; n < 50; n++) history.count(1, 0);
    const places = history.byPlace();
    assert.ok(places.length < 5000);
    assert.equal(
      places.reduce((sum, { hits }) => sum + hits, 0),
      10_050,
    );
    assert.equal(places.find(({ thread, instruction }) => thread === 1 && instruction === 0)?.hits, 51);
  });

  it('numbers what was only counted, too', () => {
    const history = new WatchHistoryKeeper();
    for (let n = 0; n < 3; n++) history.record(access(n), () => []);
    history.skip(100);
    history.record(access(9), () => []);
    assert.deepEqual(
      history.newest().map(({ sequence }) => sequence),
      [1, 2, 3, 104],
    );
    assert.equal(history.dropped, 100);
  });
});
