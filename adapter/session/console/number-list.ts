// number-list.ts: `2 5 7-9`: breakpoints by number.

import { UserError } from '../../util/user-error';

const MOST = 10_000;

/** In the order they were written, each once. Throws UserError; empty for blank text. */
export function parseNumbers(text: string): readonly number[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return [...new Set(words.flatMap(numbersOf))];
}

function numbersOf(word: string): readonly number[] {
  const [, first = '', last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(word) ?? [];
  if (first === '') throw notANumber(word);
  const from = Number(first);
  const count = Number(last) - from + 1;
  if (count < 1 || count > MOST) throw badRange(word);
  return Array.from({ length: count }, (_, at) => from + at);
}

function notANumber(word: string): UserError {
  return new UserError(
    'console-number',
    `\`${word}\` is no number of a breakpoint. \`info watchpoints\` and \`info breakpoints\` list them: \`2\`, or \`2 5\`, or \`2-5\`.`,
  );
}

function badRange(word: string): UserError {
  return new UserError('console-range', `\`${word}\` is no range: write the smaller number first, as in \`2-5\`.`);
}
