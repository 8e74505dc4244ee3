// seen-text.ts: what a watch has seen, as short as a code lens wants it.

import type { WatchView } from '../../adapter/protocol/watches';

/** `12 hits: 41 → 42`, `armed, 0 hits`, `pending`. */
export function seenText({ state, hits, oldValue, newValue }: WatchView): string {
  const count = hits === 1 ? '1 hit' : `${hits} hits`;
  const change = oldValue === undefined || newValue === undefined ? '' : `: ${oldValue} → ${newValue}`;
  if (state === 'armed') return hits === 0 ? 'armed, 0 hits' : `${count}${change}`;
  return hits === 0 ? state : `${count}${change} (${state})`;
}

/** A line of the report of `trapline check`. */
export interface CheckedLine {
  readonly line: number;
  readonly state: string;
  readonly verb: string;
  readonly hits: number;
  readonly matches: number;
}

export function checkedText({ state, verb, hits, matches }: CheckedLine): string {
  if (state === 'unarmed') return 'not armed in the last check';
  if (verb === 'never') return matches === 0 ? 'never happened' : `happened in the last check, ${matches}×`;
  return `${hits === 1 ? '1 hit' : `${hits} hits`} in the last check`;
}

/** The report's lines; none where the text is no report. */
export function readReport(text: string): readonly CheckedLine[] {
  try {
    const report: unknown = JSON.parse(text);
    const lines: unknown =
      typeof report === 'object' && report !== null && 'lines' in report ? report.lines : undefined;
    return Array.isArray(lines) ? lines.filter(isCheckedLine) : [];
  } catch {
    return [];
  }
}

function isCheckedLine(line: unknown): line is CheckedLine {
  if (typeof line !== 'object' || line === null) return false;
  const { line: number, state, verb, hits, matches } = line as Partial<Record<keyof CheckedLine, unknown>>;
  return (
    [number, hits, matches].every((each) => typeof each === 'number') &&
    typeof state === 'string' &&
    typeof verb === 'string'
  );
}
