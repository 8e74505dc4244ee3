// list-command.ts: `list`: the source around a place, with line numbers.
//
// Truth: the GDB manual, "List": ten lines, those of a place around it; again without arguments those behind, `-` those
// before.

import { UserError } from '../../../util/user-error';
import { functionsOf } from '../../breakpoint-place';
import { textAnswer, usageError, always } from '../command';
import type { ConsoleCommand, ConsoleContext } from '../command';
import type { LineRange } from '../listed-lines';
import { addressesOf, hereOf, placeOf } from '../locations';
import { baseName } from '../../../util/base-name';

const LINES = 10;
/** Of these so many stand before the place. */
const BEFORE = 5;
const MOST = 10_000;

export const list: ConsoleCommand = {
  name: 'list',
  aliases: ['l', 'li', 'lis'],
  usage: 'list [LOCATION | FIRST,LAST | -]',
  summary: 'Shows ten lines of source: around a place, then those behind; `list -` those before.',
  details: ['LOCATION: as of `break`. FIRST,LAST: `list 10,20`, `list main.c:10,20`, `list 10,` ten lines from there.'],
  argument: 'location',
  need: always('standing'),
  run({ rest }, context) {
    const range = wanted(rest, context);
    const lines = linesOf(range.path, context);
    if (range.first > lines.length) throw outOfRange(range, lines.length);
    const last = Math.min(range.last, lines.length);
    const shown = lines.slice(range.first - 1, last).map((text, at) => `${range.first + at}\t${text}`);
    context.listed.note(context.frame?.id, { ...range, last });
    return textAnswer(shown.join('\n'));
  },
};

function wanted(rest: string, context: ConsoleContext): LineRange {
  const before = context.listed.inFrame(context.frame?.id);
  if (rest === '' && before !== undefined) return from(before.path, before.last + 1);
  if (rest === '-') return linesBefore(before, context);
  const comma = /^(?<first>[^,]*),(?<last>[^,]*)$/.exec(rest)?.groups;
  if (comma === undefined) return around(lineOf(rest, context));
  const { first, last } = { first: comma.first.trim(), last: comma.last.trim() };
  if (first === '' && last === '') throw usageError(list, 'Say a first or a last line.');
  if (first === '') {
    const end = lineOf(last, context);
    return { path: end.path, first: Math.max(end.line - LINES + 1, 1), last: end.line };
  }
  const start = lineOf(first, context);
  if (last === '') return from(start.path, start.line);
  const end = /^\d+$/.test(last) ? { path: start.path, line: Number(last) } : lineOf(last, context);
  if (end.line < start.line) throw usageError(list, 'Write the smaller line first, as in `list 10,20`.');
  return { path: start.path, first: start.line, last: Math.min(end.line, start.line + MOST) };
}

function linesBefore(before: LineRange | undefined, context: ConsoleContext): LineRange {
  const shown = before ?? around(hereOf(context));
  if (shown.first === 1) throw new UserError('console-list', `${baseName(shown.path)} begins there.`);
  return { path: shown.path, first: Math.max(shown.first - LINES, 1), last: shown.first - 1 };
}

interface Line {
  readonly path: string;
  readonly line: number;
}

const from = (path: string, first: number): LineRange => ({ path, first, last: first + LINES - 1 });
const around = ({ path, line }: Line): LineRange => from(path, Math.max(line - BEFORE, 1));

function lineOf(text: string, context: ConsoleContext): Line {
  const place = placeOf(text, context);
  if (place.kind === 'line') return place;
  const { symbols } = context.core.debuggee;
  const address = addressesOf(place, context).at(0) ?? 0n;
  const own = place.kind === 'function' ? functionsOf(place, symbols).at(0) : undefined;
  const at = own?.declaration ?? symbols.locationOf(own?.low ?? address);
  if (at !== undefined) return at;
  throw new UserError('console-list', `No source is known for \`${text}\`: compile it with -g.`);
}

function linesOf(path: string, { core }: ConsoleContext): readonly string[] {
  const bytes = core.engine.files.read(path);
  if (bytes === undefined) throw new UserError('console-list', `${path} is not on this machine, or cannot be read.`);
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function outOfRange({ path, first }: LineRange, count: number): UserError {
  return new UserError('console-list', `Line ${first} is out of range: ${baseName(path)} has ${count} lines.`);
}
