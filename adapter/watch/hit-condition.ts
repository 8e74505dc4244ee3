// hit-condition.ts: at which of its hits a breakpoint acts: `5`, `>= 5`, `% 3`, …
//
// A bare number means exactly that hit. `%` means every so many hits. Hits count from 1.

import { UserError } from '../util/user-error';

export type HitOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '%';

export interface HitCondition {
  readonly operator: HitOperator;
  readonly count: number;
}

const PATTERN = /^(==?|!=|<=?|>=?|%)?\s*(\d+)$/;

/** Undefined for blank text: acts at every hit. Throws UserError. */
export function parseHitCondition(text: string): HitCondition | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const [, operator = '==', digits = ''] = PATTERN.exec(trimmed) ?? [];
  const count = digits === '' ? NaN : Number(digits);
  if (!Number.isSafeInteger(count)) throw badHitCondition(trimmed);
  const condition = { operator: HIT_OPERATORS[operator] ?? '==', count };
  if (isNeverMet(condition)) throw neverMet(trimmed);
  return condition;
}

/** A breakpoint that can never act is a mistake, not a wish. */
function isNeverMet({ operator, count }: HitCondition): boolean {
  if (operator === '<') return count <= 1;
  return count === 0 && (operator === '==' || operator === '<=' || operator === '%');
}

const HIT_OPERATORS: Readonly<Record<string, HitOperator>> = {
  '=': '==',
  '==': '==',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '%': '%',
};

/** As a person would write it; `parseHitCondition` reads it back. */
export const printHitCondition = (condition: HitCondition): string => `${condition.operator} ${condition.count}`;

/** Whether to act at the hit of that number. */
export function actsAtHit(condition: HitCondition | undefined, hit: number): boolean {
  if (condition === undefined) return true;
  const { operator, count } = condition;
  switch (operator) {
    case '==':
      return hit === count;
    case '!=':
      return hit !== count;
    case '<':
      return hit < count;
    case '<=':
      return hit <= count;
    case '>':
      return hit > count;
    case '>=':
      return hit >= count;
    case '%':
      return hit % count === 0;
  }
}

/** After so many hits: how many more come before one at which to act; Infinity: there is none. */
export function hitsBeforeNext(condition: HitCondition | undefined, hits: number): number {
  if (condition === undefined || actsAtHit(condition, hits + 1)) return 0;
  const { operator, count } = condition;
  switch (operator) {
    case '!=':
      return 1;
    case '%':
      return count - 1 - (hits % count);
    case '>':
      return count - hits;
    case '==':
    case '>=':
      return hits < count ? count - 1 - hits : Infinity;
    case '<':
    case '<=':
      return Infinity;
  }
}

/** At how many of the hits after the first so many, up to the last, to act. */
export function actsAmong(condition: HitCondition | undefined, first: number, last: number): number {
  if (condition === undefined) return last - first;
  const { operator, count } = condition;
  const upTo = (end: number): number => Math.max(0, Math.min(last, end) - first);
  switch (operator) {
    case '==':
      return count > first && count <= last ? 1 : 0;
    case '!=':
      return last - first - (count > first && count <= last ? 1 : 0);
    case '<':
      return upTo(count - 1);
    case '<=':
      return upTo(count);
    case '>':
      return last - first - upTo(count);
    case '>=':
      return last - first - upTo(count - 1);
    case '%':
      return Math.floor(last / count) - Math.floor(first / count);
  }
}

export function badHitCondition(text: string): UserError {
  return new UserError(
    'watch.badHitCondition',
    `"${text}" is no hit count. Write 5 for the fifth hit, >= 5 for it and all later ones, or % 5 for every fifth.`,
  );
}

export function neverMet(text: string): UserError {
  return new UserError(
    'watch.hitNeverMet',
    `The hit count "${text}" would never be met, since hits count from 1: write 1 or more, or leave it out.`,
  );
}
