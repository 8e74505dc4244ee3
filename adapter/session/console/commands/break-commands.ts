// break-commands.ts: `break`, `tbreak`, `clear`: breakpoints on code from the debug console.
//
// The editor is told of each that has a source line: it puts it into its list, where it is then changed and removed as
// its own. One that stops once stays here.

import { UserError } from '../../../util/user-error';
import { conditionTrouble } from '../../../watch/wish-check';
import { functionsOf } from '../../breakpoint-place';
import type { CodeBreakpoint } from '../../code-breakpoint';
import { always, textAnswer, usageError } from '../command';
import type { CommandCall, ConsoleAnswer, ConsoleCommand, ConsoleContext } from '../command';
import { placeOf } from '../locations';
import { threadNamed } from '../threads-by-name';
import { hex } from '../../../util/hex';
import { baseName } from '../../../util/base-name';

const LOCATIONS =
  'LOCATION: a line (`17`, `file.c:17`, `+3`), a function (`main`, `file.c:main`), an address (`*0x401136`); without one, here.';
const CLAUSES = ['if CONDITION: stops only where it is true.', 'thread THREAD: only that one, by number or name.'];

export const breakCommand: ConsoleCommand = {
  name: 'break',
  aliases: ['b', 'br', 'brea', 'hbreak'],
  usage: 'break [LOCATION] [thread THREAD] [if CONDITION]',
  summary: 'Stops at a line, a function or an address; the editor shows it.',
  details: [LOCATIONS, ...CLAUSES],
  argument: 'location',
  need: always('standing'),
  run: (call, context) => add(call, context, false),
};

export const tbreak: ConsoleCommand = {
  name: 'tbreak',
  aliases: ['tb', 'thbreak'],
  usage: 'tbreak [LOCATION] [thread THREAD] [if CONDITION]',
  summary: 'The same, for one stop; the editor does not show it.',
  details: [LOCATIONS, ...CLAUSES],
  argument: 'location',
  need: always('standing'),
  run: (call, context) => add(call, context, true),
};

function add({ rest }: CommandCall, context: ConsoleContext, isTemporary: boolean): ConsoleAnswer {
  const { core } = context;
  const { location, condition, thread } = clausesOf(rest);
  const trouble = condition === undefined ? undefined : conditionTrouble(condition);
  if (trouble !== undefined) throw new UserError('console-condition', trouble);
  const made = core.breakpoints.add({
    target: placeOf(location, context),
    wish: condition === undefined ? {} : { condition },
    thread: thread === undefined ? undefined : threadNamed(thread, context).id,
    isTemporary,
  });
  core.installBreakpoints();
  core.tellBreakpoint(made, 'new');
  return textAnswer(addedText(made));
}

interface Clauses {
  readonly location: string;
  readonly condition: string | undefined;
  readonly thread: string | undefined;
}

/** `file.c:17 thread 2 if x > 3`; a condition goes to the end. */
export function clausesOf(text: string): Clauses {
  const cut = /^(?<before>.*?)(?:^|\s)if(?=[\s(]|$)(?<condition>.*)$/s.exec(text)?.groups;
  const condition = cut?.condition.trim();
  if (condition === '') throw new UserError('console-clause', 'Nothing follows `if`: write a condition.');
  const before = (cut?.before ?? text).trim();
  const named = /^(?<location>.*?)(?:^|\s)thread\s+(?<thread>"[^"]*"|\S+)$/s.exec(before)?.groups;
  return { location: (named?.location ?? before).trim(), condition, thread: named?.thread };
}

function addedText(breakpoint: CodeBreakpoint): string {
  const { id, typed, addresses, path, line, message, target } = breakpoint;
  const name = `${typed === 'temporary' ? 'Temporary breakpoint' : 'Breakpoint'} ${id}`;
  const first = addresses.at(0);
  if (first === undefined) return `${name} (${targetText(target)}) pending. ${message ?? ''}`.trim();
  const at = `${name} at ${hex(first)}`;
  if (addresses.length > 1) return `${at}: ${targetText(target)}. (${addresses.length} locations)`;
  return path === undefined || line === undefined ? at : `${at}: file ${path}, line ${line}.`;
}

function targetText(target: CodeBreakpoint['target']): string {
  switch (target.kind) {
    case 'line':
      return `${baseName(target.path)}:${target.line}`;
    case 'function':
      return target.name;
    case 'instruction':
      return `*${hex(target.address)}`;
  }
}

export const clear: ConsoleCommand = {
  name: 'clear',
  usage: 'clear [LOCATION]',
  summary: 'Removes the breakpoints there; without a location, here.',
  details: [LOCATIONS],
  argument: 'location',
  need: always('standing'),
  run({ rest }, context) {
    const { core } = context;
    const place = placeOf(rest, context);
    if (rest.includes('->')) throw usageError(clear, 'Watches are removed by number, with `delete`.');
    const found = core.breakpoints.list().filter((each) => isAt(each, place, context));
    if (found.length === 0) throw new UserError('console-clear', `No breakpoint at ${targetText(place)}.`);
    for (const breakpoint of found) removeBreakpoint(breakpoint, context);
    const names = found.map(({ id }) => id).join(' ');
    return textAnswer(`Deleted breakpoint${found.length === 1 ? '' : 's'} ${names}`);
  },
};

function isAt(breakpoint: CodeBreakpoint, place: CodeBreakpoint['target'], { core }: ConsoleContext): boolean {
  const { symbols } = core.debuggee;
  switch (place.kind) {
    case 'line':
      return breakpoint.path === place.path && breakpoint.line === place.line;
    case 'instruction':
      return breakpoint.addresses.includes(place.address);
    case 'function':
      return functionsOf(place, symbols).some(({ afterPrologue }) => breakpoint.addresses.includes(afterPrologue));
  }
}

/** The editor is told. */
export function removeBreakpoint(breakpoint: CodeBreakpoint, { core }: ConsoleContext): void {
  core.breakpoints.remove(breakpoint);
  core.installBreakpoints();
  core.tellBreakpoint(breakpoint, 'removed');
}
