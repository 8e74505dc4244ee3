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
  if (operator === '%' && count === 0) throw everyZero();
  return { operator: HIT_OPERATORS[operator] ?? '==', count };
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

export function badHitCondition(text: string): UserError {
  return new UserError(
    'watch.badHitCondition',
    `"${text}" is no hit count. Write 5 for the fifth hit, >= 5 for it and all later ones, or % 5 for every fifth.`,
  );
}

export function everyZero(): UserError {
  return new UserError('watch.everyZero', '"% 0" would never be met: write % 1 or more.');
}
