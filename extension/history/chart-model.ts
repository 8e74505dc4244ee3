// chart-model.ts: the history of a watch as a drawing: steps of the value, and below them a lane per thread.
//
// Pure: numbers in, numbers out; the webview turns them into SVG. The axis is time or the number of the access; a view is
// the part of it that is shown. Entries are in order, oldest first.
//
//     value  |        ┌───────┐
//            | ───────┘       └────────
//     main   |        •
//     worker |                •
//            └───────────────────────── time

import type { WatchHistoryEntry } from '../../adapter/protocol/watches';

export type AxisName = 'time' | 'hits';

/** Of the axis; `to` is greater than `from`. */
export interface ViewRange {
  readonly from: number;
  readonly to: number;
}

export interface ChartSize {
  readonly width: number;
  readonly valueHeight: number;
  readonly laneHeight: number;
  /** Room for the labels on the left. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

export interface Mark {
  readonly sequence: number;
  readonly x: number;
  readonly y: number;
}

export interface Lane {
  readonly threadId: number;
  readonly label: string;
  readonly y: number;
  readonly marks: readonly Mark[];
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Drawing {
  /** SVG path data; empty where the values are no numbers. */
  readonly steps: string;
  readonly points: readonly Mark[];
  readonly lanes: readonly Lane[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Where entries were let go: x of the first that follows. */
  readonly gaps: readonly number[];
  readonly height: number;
}

const MIN_SPAN: Readonly<Record<AxisName, number>> = { time: 10, hits: 2 };

export const axisValue = (entry: WatchHistoryEntry, axis: AxisName): number =>
  axis === 'time' ? entry.timeNs : entry.sequence;

/** All of it, with a little air; never empty. */
export function wholeRange(entries: readonly WatchHistoryEntry[], axis: AxisName): ViewRange {
  const first = entries.at(0);
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return { from: 0, to: MIN_SPAN[axis] };
  const from = axisValue(first, axis);
  const to = axisValue(last, axis);
  const air = Math.max((to - from) * 0.04, MIN_SPAN[axis] / 2);
  return { from: from - air, to: to + air };
}

/** `factor` below 1 comes nearer; what is at `at` stays where it is. Never leaves `whole`. */
export function zoomed(view: ViewRange, factor: number, at: number, whole: ViewRange, axis: AxisName): ViewRange {
  const span = Math.max((view.to - view.from) * factor, MIN_SPAN[axis]);
  const share = (at - view.from) / (view.to - view.from);
  const from = at - span * share;
  return within({ from, to: from + span }, whole);
}

/** `share` of the view's width, to the right where positive. */
export function panned(view: ViewRange, share: number, whole: ViewRange): ViewRange {
  const by = (view.to - view.from) * share;
  return within({ from: view.from + by, to: view.to + by }, whole);
}

function within(view: ViewRange, whole: ViewRange): ViewRange {
  const span = view.to - view.from;
  if (span >= whole.to - whole.from) return whole;
  const from = Math.min(Math.max(view.from, whole.from), whole.to - span);
  return { from, to: from + span };
}

export const isWhole = (view: ViewRange, whole: ViewRange): boolean => view.from <= whole.from && view.to >= whole.to;

export function toX(value: number, view: ViewRange, size: ChartSize): number {
  const share = (value - view.from) / (view.to - view.from);
  return round(size.left + share * (size.width - size.left - size.right));
}

export function fromX(x: number, view: ViewRange, size: ChartSize): number {
  const share = (x - size.left) / Math.max(1, size.width - size.left - size.right);
  return view.from + share * (view.to - view.from);
}

/** Half pixels suffice, and keep the path short. */
const round = (value: number): number => Math.round(value * 2) / 2;

export function draw(entries: readonly WatchHistoryEntry[], view: ViewRange, size: ChartSize, axis: AxisName): Drawing {
  const shown = entriesIn(entries, view, axis);
  const numbers = shown.flatMap(({ number }) => (number === undefined || !Number.isFinite(number) ? [] : [number]));
  const hasNumbers = entries.some(({ number }) => number !== undefined);
  const values = valueRange(numbers);
  const bottom = size.top + (hasNumbers ? size.valueHeight : 0);
  const toY = (value: number): number =>
    round(bottom - 8 - ((value - values.from) / (values.to - values.from)) * (size.valueHeight - 16));
  const marks = shown.map((entry) => ({ entry, x: toX(axisValue(entry, axis), view, size) }));
  const lanes = lanesOf(entries).map((lane, index) => {
    const y = bottom + (index + 0.5) * size.laneHeight;
    const own = marks.filter(({ entry, x }) => entry.writer.threadId === lane.threadId && isInside(x, size));
    return { ...lane, y, marks: own.map(({ entry, x }) => ({ sequence: entry.sequence, x, y })) };
  });
  return {
    steps: hasNumbers ? stepPath(marks, toY, size) : '',
    points: marks.flatMap(({ entry, x }) =>
      entry.number === undefined || !Number.isFinite(entry.number) || !isInside(x, size)
        ? []
        : [{ sequence: entry.sequence, x, y: toY(entry.number) }],
    ),
    lanes,
    xTicks: xTicks(view, size, axis),
    yTicks: numbers.length === 0 ? [] : ticks(values, 4).map((value) => ({ at: toY(value), text: numberText(value) })),
    gaps: marks.flatMap(({ entry, x }, at) =>
      at > 0 && entry.sequence !== marks[at - 1].entry.sequence + 1 && isInside(x, size) ? [x] : [],
    ),
    height: bottom + lanes.length * size.laneHeight,
  };
}

/** A letter of the labels, with what keeps two of them apart. */
const LETTER_WIDTH = 6.5;
const LABEL_GAP = 12;

/** As many as have room beside each other: a short while far from the beginning has long labels. */
function xTicks(view: ViewRange, size: ChartSize, axis: AxisName): readonly Tick[] {
  const drawn = (count: number): readonly Tick[] =>
    ticks(view, count).map((value) => uncut({ at: toX(value, view, size), text: axisText(value, view, axis) }, size));
  for (let count = 6; count > 1; count--) {
    const some = drawn(count);
    const widest = Math.max(...some.map(({ text }) => text.length)) * LETTER_WIDTH + LABEL_GAP;
    if (some.every(({ at }, index) => index === 0 || at - some[index - 1].at >= widest)) return some;
  }
  return drawn(1).slice(0, 1);
}

/** A label that would be cut off at the right edge is left out; its line stays. */
function uncut(tick: Tick, size: ChartSize): Tick {
  const end = tick.at + (tick.text.length * LETTER_WIDTH) / 2;
  return end <= size.width ? tick : { ...tick, text: '' };
}

const isInside = (x: number, size: ChartSize): boolean => x >= size.left && x <= size.width - size.right;

/** With the neighbour on each side, to which the steps lead. */
export function entriesIn(
  entries: readonly WatchHistoryEntry[],
  view: ViewRange,
  axis: AxisName,
): readonly WatchHistoryEntry[] {
  const first = entries.findIndex((entry) => axisValue(entry, axis) >= view.from);
  if (first < 0) return entries.slice(-1);
  const after = entries.findIndex((entry) => axisValue(entry, axis) > view.to);
  return entries.slice(Math.max(0, first - 1), after < 0 ? undefined : after + 1);
}

interface Placed {
  readonly entry: WatchHistoryEntry;
  readonly x: number;
}

/** A value holds until the next; where entries were let go the line is broken. */
function stepPath(marks: readonly Placed[], toY: (value: number) => number, size: ChartSize): string {
  const clamp = (x: number): number => Math.min(Math.max(x, size.left), size.width - size.right);
  let path = '';
  let before: { readonly sequence: number; readonly y: number } | undefined;
  for (const { entry, x } of marks) {
    if (entry.number === undefined || !Number.isFinite(entry.number)) {
      before = undefined;
      continue;
    }
    const y = toY(entry.number);
    const isNext = before?.sequence === entry.sequence - 1;
    path += isNext ? `H${clamp(x)}V${y}` : `M${clamp(x)} ${y}`;
    before = { sequence: entry.sequence, y };
  }
  return before === undefined ? path : `${path}H${size.width - size.right}`;
}

/** In the order of their first access. */
export function lanesOf(
  entries: readonly WatchHistoryEntry[],
): readonly { readonly threadId: number; readonly label: string }[] {
  const lanes = new Map<number, string>();
  for (const { writer } of entries) {
    const name = writer.threadName === '' ? String(writer.threadId) : `${writer.threadName} ${writer.threadId}`;
    lanes.set(writer.threadId, name);
  }
  return [...lanes].map(([threadId, label]) => ({ threadId, label }));
}

function valueRange(numbers: readonly number[]): ViewRange {
  const from = numbers.reduce((least, number) => Math.min(least, number), Infinity);
  const to = numbers.reduce((most, number) => Math.max(most, number), -Infinity);
  if (from > to) return { from: 0, to: 1 };
  return from === to ? { from: from - 1, to: to + 1 } : { from, to };
}

/** Round numbers (1, 2 or 5 times a power of ten) inside the range, about `count` of them. */
export function ticks({ from, to }: ViewRange, count: number): readonly number[] {
  const rough = (to - from) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const result: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to && result.length <= 4 * count; at++) {
    // -0 would be written with its sign.
    result.push(at * step + 0);
  }
  return result;
}

function axisText(value: number, view: ViewRange, axis: AxisName): string {
  return axis === 'time' ? timeText(value, view.to - view.from) : numberText(value);
}

const UNITS: readonly (readonly [string, number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
];

/** In the unit of the span that it is part of, with as many digits as tell neighbours apart. */
export function timeText(timeNs: number, spanNs = Math.abs(timeNs)): string {
  const [unit, size] = UNITS.find(([, each]) => Math.max(Math.abs(timeNs), spanNs) >= each) ?? ['ns', 1];
  const digits = Math.max(0, Math.min(9, Math.ceil(Math.log10(size / Math.max(1, spanNs))) + 2));
  const text = (timeNs / size).toFixed(Math.min(digits, Math.round(Math.log10(size))));
  return `${text.includes('.') ? text.replace(/\.?0+$/, '') : text} ${unit}`;
}

export function numberText(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-3)) return value.toExponential(1);
  return (Number.isInteger(value) ? value : Number(value.toPrecision(6))).toLocaleString('en-US');
}
