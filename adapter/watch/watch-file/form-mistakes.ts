// form-mistakes.ts: the mistakes of an expression within a line, in the file's places.

import { parseExpression } from '../../symbols/expression/parser';
import type { FileSpan, Mistake, Spelled } from './syntax';

/** What is wrong with its form. Needs no program. */
export function formMistakes(written: Spelled): readonly Mistake[] {
  return parseExpression(written.text).errors.map(({ code, message, span }) => ({
    code,
    severity: 'error' as const,
    span: spanWithin(written, span),
    message: withoutPlace(message),
  }));
}

/** A span of the expression's text as a span of the file; an empty one marks a character. */
export function spanWithin(written: Spelled, span: { readonly start: number; readonly end: number }): FileSpan {
  const { line, start, end } = written.span;
  const from = Math.min(start + span.start, Math.max(start, end - 1));
  return { line, start: from, end: Math.max(from + 1, Math.min(start + span.end, end)) };
}

/** Whoever shows it marks the place itself: no column, no caret. */
export const withoutPlace = (message: string): string =>
  message.replace(/ \(column \d+\):\n[\s\S]*$/, '.').replace(/\n[\s\S]*$/, '');

export function isWholeNumber(text: string, low: number, high: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= low && Number(text) <= high;
}
