// seen-text.ts: what a watch has seen, as short as a code lens wants it.

import type { WatchView } from '../../adapter/protocol/watches';
import { counted, type Translate } from '../view/translate';
import { stateText } from '../watch/watch-words';

/** `12 hits: 41 → 42`, `armed, 0 hits`, `pending`. */
export function seenText({ state, hits, oldValue, newValue }: WatchView, t: Translate): string {
  if (hits === 0) return state === 'armed' ? t('armed, 0 hits') : stateText(state, t);
  const count = counted(t, hits, '1 hit', '{0} hits');
  const seen = oldValue === undefined || newValue === undefined ? count : `${count}: ${oldValue} → ${newValue}`;
  return state === 'armed' ? seen : `${seen} (${stateText(state, t)})`;
}

/** A line of the report of `trapline check`. */
export interface CheckedLine {
  readonly line: number;
  readonly state: string;
  readonly verb: string;
  readonly hits: number;
  readonly matches: number;
}

export function checkedText({ state, verb, hits, matches }: CheckedLine, t: Translate): string {
  if (state === 'unarmed') return t('not armed in the last check');
  if (verb === 'never') {
    return matches === 0 ? t('never happened') : t('happened in the last check, {0}×', matches.toLocaleString('en-US'));
  }
  return counted(t, hits, '1 hit in the last check', '{0} hits in the last check');
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
