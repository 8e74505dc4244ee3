// stat-text.ts: counts as perf stat prints them: for people, as fields, as JSON.
//
// Truth: perf-stat(1), "CSV FORMAT", "JSON FORMAT"; what perf 6.1 prints.

import type { StatFormat } from './stat-options';

/** One event of one run. */
export interface StatCount {
  /** As the person wrote it. */
  readonly event: string;
  readonly value: number;
  /** ns of emulated time. */
  readonly enabledNs: number;
  readonly runningNs: number;
  /** What and where, for people: `4 bytes at 0x404040`. */
  readonly place: string;
  /** Why it could not be counted at all. */
  readonly refusal?: string | undefined;
}

export interface StatRun {
  readonly counts: readonly StatCount[];
  /** Of the host's clock. */
  readonly elapsedSeconds: number;
  readonly emulatedSeconds: number;
}

const COUNT_WIDTH = 18;
const NAME_WIDTH = 32;
const NOT_COUNTED = '<not counted>';

/** `runs`: one or more, each with the same events. Ends with a newline. */
export function statText(command: string, runs: readonly StatRun[], format: StatFormat): string {
  switch (format.kind) {
    case 'people':
      return peopleText(command, runs);
    case 'fields':
      return rowsOf(runs)
        .map((row) => `${fieldsOf(row, runs.length).join(format.separator)}\n`)
        .join('');
    case 'json':
      return rowsOf(runs)
        .map((row) => `${jsonOf(row, runs.length)}\n`)
        .join('');
  }
}

/** The same event over all runs. */
interface Row {
  readonly event: string;
  readonly place: string;
  readonly counted: boolean;
  readonly mean: number;
  /** Standard error of the mean, in percent of it. */
  readonly errorPercent: number;
  readonly runningNs: number;
  readonly percentRunning: number;
  readonly refusal: string | undefined;
}

function rowsOf(runs: readonly StatRun[]): readonly Row[] {
  return (runs.at(0)?.counts ?? []).map((first, index) => {
    const all = runs.map((run) => run.counts[index]);
    const { mean, errorPercent } = statistics(all.map(scaled));
    const running = sum(all.map(({ runningNs }) => runningNs));
    const enabled = sum(all.map(({ enabledNs }) => enabledNs));
    const refusal = all.find((count) => count.refusal !== undefined)?.refusal;
    return {
      event: first.event,
      place: first.place,
      counted: refusal === undefined && running > 0,
      mean,
      errorPercent,
      runningNs: running / all.length,
      percentRunning: enabled === 0 ? 0 : (running / enabled) * 100,
      refusal,
    };
  });
}

/** What it would have been had the event run all the time. */
function scaled({ value, enabledNs, runningNs }: StatCount): number {
  return runningNs === 0 || runningNs === enabledNs ? value : Math.round((value * enabledNs) / runningNs);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function statistics(values: readonly number[]): {
  readonly mean: number;
  readonly error: number;
  readonly errorPercent: number;
} {
  const mean = sum(values) / values.length;
  const variance = values.length < 2 ? 0 : sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1);
  const error = Math.sqrt(variance / values.length);
  return { mean, error, errorPercent: mean === 0 ? 0 : (error / mean) * 100 };
}

function peopleText(command: string, runs: readonly StatRun[]): string {
  const times = runs.length === 1 ? '' : ` (${runs.length} runs)`;
  const rows = rowsOf(runs);
  const width = Math.max(NAME_WIDTH, ...rows.map(({ event }) => event.length));
  const notes = [...new Set(rows.flatMap(({ refusal }) => refusal ?? []))].map((note) => ` ${note}\n`);
  return [
    `\n Performance counter stats for '${command}'${times}:\n\n`,
    ...rows.map((row) => `${peopleLine(row, width, runs.length)}\n`),
    `\n${elapsedText(runs)}`,
    ...(notes.length === 0 ? [] : ['\n', ...notes]),
    '\n',
  ].join('');
}

function peopleLine(row: Row, width: number, runs: number): string {
  const count = row.counted ? Math.round(row.mean).toLocaleString('en') : NOT_COUNTED;
  const spread = runs > 1 && row.counted ? `  ( +-  ${row.errorPercent.toFixed(2)}% )` : '';
  const share = row.counted && row.percentRunning === 100 ? '' : `  (${row.percentRunning.toFixed(2)}%)`;
  return `${count.padStart(COUNT_WIDTH)}      ${row.event.padEnd(width)}  # ${row.place}${spread}${share}`;
}

function elapsedText(runs: readonly StatRun[]): string {
  const elapsed = statistics(runs.map(({ elapsedSeconds }) => elapsedSeconds));
  const emulated = statistics(runs.map(({ emulatedSeconds }) => emulatedSeconds));
  const spread =
    runs.length === 1
      ? ''
      : ` +- ${elapsed.error.toFixed(6)} seconds time elapsed  ( +-  ${elapsed.errorPercent.toFixed(2)}% )`;
  const plain = spread === '' ? ' seconds time elapsed' : spread;
  return (
    `${elapsed.mean.toFixed(9).padStart(COUNT_WIDTH)}${plain}\n` +
    `${emulated.mean.toFixed(9).padStart(COUNT_WIDTH)} seconds emulated (1 ns an instruction)\n`
  );
}

/** count, unit, event, [deviation,] time running, percent running, metric, its unit. */
function fieldsOf(row: Row, runs: number): readonly string[] {
  const spread = runs > 1 ? [`${row.errorPercent.toFixed(2)}%`] : [];
  return [
    row.counted ? String(Math.round(row.mean)) : NOT_COUNTED,
    '',
    row.event,
    ...spread,
    String(Math.round(row.runningNs)),
    row.percentRunning.toFixed(2),
    '',
    '',
  ];
}

function jsonOf(row: Row, runs: number): string {
  return JSON.stringify({
    'counter-value': row.counted ? row.mean.toFixed(6) : NOT_COUNTED,
    unit: '',
    event: row.event,
    ...(runs > 1 ? { variance: Number(row.errorPercent.toFixed(6)) } : {}),
    'event-runtime': Math.round(row.runningNs),
    'pcnt-running': Number(row.percentRunning.toFixed(2)),
    ...(row.refusal === undefined ? {} : { refusal: row.refusal }),
  });
}
