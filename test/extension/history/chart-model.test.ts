// chart-model.test.ts: the history of a watch as a drawing.

import * as assert from 'node:assert';
import type { WatchHistoryEntry } from '../../../adapter/protocol/watches';
import {
  draw,
  entriesIn,
  fromX,
  isWhole,
  lanesOf,
  numberText,
  panned,
  ticks,
  timeText,
  toX,
  wholeRange,
  zoomed,
  type ChartSize,
} from '../../../extension/history/chart-model';

const size: ChartSize = { width: 520, valueHeight: 116, laneHeight: 20, left: 100, right: 20, top: 0 };

const entry = (sequence: number, timeNs: number, number: number | undefined, threadId = 1): WatchHistoryEntry => ({
  sequence,
  timeNs,
  access: 'write',
  oldValue: '',
  newValue: String(number),
  ...(number === undefined ? {} : { number }),
  writer: { threadId, threadName: threadId === 1 ? 'main' : 'worker', instruction: '0x1' },
});

const three = [entry(1, 0, 10), entry(2, 100, 20, 2), entry(3, 200, 10)];

describe('the drawing of a history', () => {
  it('has no more labels on its axis than have room beside each other', () => {
    for (const [start, width] of [
      [0, 520],
      [131_971, 520],
      [131_971_234_567, 380],
      [14_572_000, 1200],
    ]) {
      const entries = [entry(1, start, 1), entry(2, start + 7, 2)];
      const { xTicks } = draw(entries, wholeRange(entries, 'time'), { ...size, width }, 'time');
      assert.ok(xTicks.length > 0, `there is one at ${start}`);
      for (const [index, { at, text }] of xTicks.entries()) {
        if (index > 0) assert.ok(at - xTicks[index - 1].at > 6 * text.length, `${text} at ${at} is apart`);
      }
    }
  });

  it('leaves out a label that would be cut off at its edge', () => {
    const { xTicks } = draw(three, { from: 131_360, to: 131_365 }, { ...size, width: 240 }, 'time');
    assert.deepStrictEqual(xTicks, [
      { at: 100, text: '131.36 µs' },
      { at: 220, text: '' },
    ]);
  });

  it('holds each value until the next', () => {
    const { steps, points } = draw(three, { from: 0, to: 200 }, size, 'time');
    assert.strictEqual(steps, 'M100 108H300V8H500V108H500');
    assert.deepStrictEqual(
      points.map(({ sequence, x, y }) => [sequence, x, y]),
      [
        [1, 100, 108],
        [2, 300, 8],
        [3, 500, 108],
      ],
    );
  });

  it('has a lane per thread, in the order of their first access', () => {
    const { lanes, height } = draw(three, { from: 0, to: 200 }, size, 'time');
    assert.deepStrictEqual(
      lanes.map(({ label, y, marks }) => [label, y, marks.map(({ sequence }) => sequence)]),
      [
        ['main 1', 126, [1, 3]],
        ['worker 2', 146, [2]],
      ],
    );
    assert.strictEqual(height, 156);
    assert.strictEqual(lanesOf([]).length, 0);
  });

  it('breaks the line where entries were let go, and marks the place', () => {
    const { steps, gaps } = draw([entry(1, 0, 1), entry(9, 100, 2)], { from: 0, to: 200 }, size, 'time');
    assert.strictEqual(steps, 'M100 108M300 8H500');
    assert.deepStrictEqual(gaps, [300]);
  });

  it('draws lanes only where the values are no numbers', () => {
    const drawing = draw([entry(1, 0, undefined)], { from: 0, to: 100 }, size, 'time');
    assert.deepStrictEqual([drawing.steps, drawing.points.length, drawing.height], ['', 0, 20]);
    assert.strictEqual(drawing.lanes[0].marks.length, 1);
    const infinite = draw([entry(1, 0, Infinity), entry(2, 50, 3)], { from: 0, to: 100 }, size, 'time');
    assert.doesNotMatch(infinite.steps, /NaN|Infinity/);
  });

  it('draws nothing without entries', () => {
    const drawing = draw([], wholeRange([], 'time'), size, 'time');
    assert.deepStrictEqual([drawing.steps, drawing.points, drawing.lanes, drawing.gaps], ['', [], [], []]);
  });

  it('leads the steps in from what is left of the view, and draws no point there', () => {
    const { steps, points } = draw(three, { from: 90, to: 190 }, size, 'time');
    assert.match(steps, /^M100 \d/);
    assert.deepStrictEqual(
      points.map(({ sequence }) => sequence),
      [2],
    );
    assert.deepStrictEqual(
      entriesIn(three, { from: 500, to: 600 }, 'time').map(({ sequence }) => sequence),
      [3],
    );
  });

  it('counts by access, too', () => {
    const { points } = draw(three, { from: 1, to: 3 }, size, 'hits');
    assert.deepStrictEqual(
      points.map(({ x }) => x),
      [100, 300, 500],
    );
  });
});

describe('the view of a history', () => {
  const whole = { from: 0, to: 1000 };

  it('comes nearer, and what is under the pointer stays there', () => {
    const view = zoomed(whole, 0.5, 250, whole, 'time');
    assert.deepStrictEqual(view, { from: 125, to: 625 });
    assert.strictEqual(toX(250, view, size), toX(250, whole, size));
  });

  it('never leaves the whole, and never becomes a point', () => {
    assert.deepStrictEqual(zoomed(whole, 10, 500, whole, 'time'), whole);
    assert.deepStrictEqual(panned({ from: 0, to: 100 }, -3, whole), { from: 0, to: 100 });
    assert.deepStrictEqual(panned({ from: 0, to: 100 }, 100, whole), { from: 900, to: 1000 });
    let view = { from: 0, to: 1000 };
    for (let i = 0; i < 100; i++) view = zoomed(view, 0.5, 500, whole, 'time');
    assert.ok(view.to - view.from >= 10);
    assert.ok(isWhole(whole, whole) && !isWhole(view, whole));
  });

  it('has air around a single access', () => {
    const { from, to } = wholeRange([entry(5, 70, 1)], 'time');
    assert.ok(from < 70 && to > 70);
  });

  it('maps places back to what they show', () => {
    for (const value of [0, 300, 1000]) assert.strictEqual(fromX(toX(value, whole, size), whole, size), value);
  });
});

describe('the scales', () => {
  it('are round numbers', () => {
    assert.deepStrictEqual(ticks({ from: 0, to: 100 }, 5), [0, 20, 40, 60, 80, 100]);
    assert.deepStrictEqual(ticks({ from: -1, to: 1 }, 4), [-1, -0.5, 0, 0.5, 1]);
    for (const bad of [
      { from: 0, to: 0 },
      { from: 0, to: Infinity },
      { from: NaN, to: 1 },
    ]) {
      assert.deepStrictEqual(ticks(bad, 4), []);
    }
  });

  it('write times in their unit, so that neighbours differ', () => {
    assert.strictEqual(timeText(0), '0 ns');
    assert.strictEqual(timeText(1500), '1.5 µs');
    assert.strictEqual(timeText(2_000_000_000), '2 s');
    assert.notStrictEqual(timeText(2_000_000_100, 500), timeText(2_000_000_200, 500));
    const texts = ticks({ from: 1_000_000_000, to: 1_000_000_600 }, 6).map((at) => timeText(at, 600));
    assert.strictEqual(new Set(texts).size, texts.length);
  });

  it('write numbers shortly', () => {
    assert.deepStrictEqual([0, 12, 1234567, 0.1 + 0.2, 4e12].map(numberText), [
      '0',
      '12',
      '1,234,567',
      '0.3',
      '4.0e+12',
    ]);
  });
});
