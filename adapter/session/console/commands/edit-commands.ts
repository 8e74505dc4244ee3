// edit-commands.ts: `delete`, `enable`, `disable`, `condition`, `ignore`: changes of what is there, by number.
//
// Watches and breakpoints of all origins: the editor is told.

import type { WatchView } from '../../../protocol/watches';
import { UserError } from '../../../util/user-error';
import type { CodeBreakpoint } from '../../code-breakpoint';
import { conditionTrouble } from '../../../watch/wish-check';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleAnswer, ConsoleCommand, ConsoleContext } from '../command';
import { parseNumbers } from '../number-list';
import { removeBreakpoint } from './break-commands';
import { displayNumbers, endDisplays, switchDisplays } from './display-commands';
import { baseName } from '../../../util/base-name';

export const deleteCommand: ConsoleCommand = {
  name: 'delete',
  aliases: ['d', 'del'],
  usage: 'delete [N…]',
  summary: 'Removes watches and breakpoints by number; without one, all that are not the editor’s breakpoints.',
  details: [
    'Ranges are understood: `delete 2 5-7`. The editor takes what is deleted out of its list.',
    'Without a number: all watches, and the breakpoints that were typed here. `delete display N` ends a display.',
  ],
  argument: 'breakpoint',
  need: always('standing'),
  run({ rest }, context) {
    const display = displayNumbers(rest);
    if (display !== undefined) return endDisplays(display, context);
    const numbers = numbersIn(rest);
    const wanted = numbers.length > 0 ? numbers : ownNumbers(context);
    // All are looked up first: a mistake removes nothing.
    const removals = wanted.map((number) => removalOf(number, context));
    for (const remove of removals) remove();
    if (removals.length === 0) return textAnswer('There are no watches.');
    const all = numbers.length === 0 && removals.length > 1 ? ' (all that are not the editor’s breakpoints)' : '';
    return textAnswer(`Deleted ${wanted.join(', ')}${all}.`);
  },
};

const numbersIn = (rest: string): readonly number[] => parseNumbers(rest.replace(/^breakpoints?(?=\s|$)/, ''));

/** Watches, and breakpoints that were typed. */
function ownNumbers({ core, desk }: ConsoleContext): readonly number[] {
  const typed = core.breakpoints.list().filter(({ typed: how }) => how !== undefined);
  return [...desk.list().map(({ id }) => id), ...typed.map(({ id }) => id)].sort((a, b) => a - b);
}

function removalOf(number: number, context: ConsoleContext): () => void {
  const found = find(number, context);
  return () => {
    if (found.kind === 'watch') context.desk.remove(number);
    else removeBreakpoint(found.breakpoint, context);
  };
}

export const disable: ConsoleCommand = {
  name: 'disable',
  aliases: ['dis', 'disa'],
  usage: 'disable [N…]',
  summary: 'Switches watches and breakpoints off: registers are given back, the history is kept.',
  details: ['Without a number all watches. `disable display N` leaves a display out.'],
  argument: 'breakpoint',
  need: always('standing'),
  run: ({ rest }, context) => switchAll(rest, context, 'disabled'),
};

export const enable: ConsoleCommand = {
  name: 'enable',
  aliases: ['en'],
  usage: 'enable [N…]',
  summary: 'Switches watches and breakpoints on again.',
  argument: 'breakpoint',
  need: always('standing'),
  run: ({ rest }, context) => switchAll(rest, context, 'enabled'),
};

function switchAll(rest: string, context: ConsoleContext, to: 'enabled' | 'disabled'): ConsoleAnswer {
  const display = displayNumbers(rest);
  if (display !== undefined) return switchDisplays(display, to === 'enabled', context);
  const numbers = numbersIn(rest);
  const wanted = numbers.length === 0 ? context.desk.list().map(({ id }) => id) : numbers;
  if (wanted.length === 0) return textAnswer('There are no watches.');
  const found = wanted.map((number) => find(number, context));
  return textAnswer(found.map((each) => switchOne(each, context, to)).join('\n'));
}

function switchOne(found: Found, { core, desk }: ConsoleContext, to: 'enabled' | 'disabled'): string {
  if (found.kind === 'watch') {
    const view = desk.change({ id: found.view.id, disabled: to === 'disabled' });
    return `${view.id}: ${view.label} is ${stateText(view)}`;
  }
  const { breakpoint } = found;
  breakpoint.enabled = to === 'enabled';
  core.installBreakpoints();
  core.tellBreakpoint(breakpoint, 'changed');
  return `${breakpoint.id}: ${breakpointName(breakpoint)} is ${to}.`;
}

function stateText({ state, message }: WatchView): string {
  if (state === 'disabled') return 'disabled.';
  return state === 'armed' ? `enabled. ${message}` : `enabled, and not armed (${state}): ${message}`;
}

export const condition: ConsoleCommand = {
  name: 'condition',
  aliases: ['cond'],
  usage: 'condition N [CONDITION]',
  summary: 'Gives a watch or a breakpoint a condition; without one, takes it away.',
  details: ['Of a watch: `$old`, `$new`, `$thread`, `$hits`, `$writer` are known in it, and all that the writer sees.'],
  argument: 'numbered',
  need: always('standing'),
  run({ rest }, context) {
    const [, number = '', text = ''] = /^(\d+)(?:\s+(.*))?$/s.exec(rest) ?? [];
    if (number === '') throw usageError(condition, 'It needs the number of a watch or a breakpoint.');
    const found = find(Number(number), context);
    const wanted = text.replace(/^if\s+/, '');
    const name = found.kind === 'watch' ? found.view.label : breakpointName(found.breakpoint);
    if (found.kind === 'watch') context.desk.change({ id: found.view.id, condition: wanted || null });
    else changeWish(found.breakpoint, { condition: wanted === '' ? undefined : wanted }, context);
    if (wanted === '') return textAnswer(`${number}: ${name} has no condition now.`);
    return textAnswer(`${number}: ${name} acts only if ${wanted}.`);
  },
};

export const ignore: ConsoleCommand = {
  name: 'ignore',
  usage: 'ignore N COUNT',
  summary: 'Passes over the next COUNT hits of a watch or a breakpoint.',
  details: ['It is the hit count (`> hits so far + COUNT`), and takes the place of another. 0 takes it away.'],
  argument: 'numbered',
  need: always('standing'),
  run({ rest }, context) {
    const [, number = '', count = ''] = /^(\d+)\s+(\d{1,15})$/.exec(rest) ?? [];
    if (number === '') throw usageError(ignore, 'It needs a number and how many hits to pass over.');
    const label = passOver(Number(number), Number(count), context);
    if (Number(count) === 0) return textAnswer(`${number}: ${label} acts at its next hit.`);
    return textAnswer(`${number}: ${label} passes over its next ${count === '1' ? 'hit' : `${count} hits`}.`);
  },
};

/** The next so many hits of a watch or breakpoint; its name. */
export function passOver(number: number, count: number, context: ConsoleContext): string {
  const found = find(number, context);
  const hits = found.kind === 'watch' ? found.view.matches : found.breakpoint.hits;
  const hitCondition = count === 0 ? undefined : `> ${hits + count}`;
  if (found.kind === 'watch') context.desk.change({ id: number, hitCondition: hitCondition ?? null });
  else changeWish(found.breakpoint, { hitCondition }, context);
  return found.kind === 'watch' ? found.view.label : breakpointName(found.breakpoint);
}

function changeWish(
  breakpoint: CodeBreakpoint,
  change: { readonly condition?: string | undefined; readonly hitCondition?: string | undefined },
  { core }: ConsoleContext,
): void {
  const trouble = change.condition === undefined ? undefined : conditionTrouble(change.condition);
  if (trouble !== undefined) throw new UserError('console-condition', trouble);
  core.breakpoints.change(breakpoint, change);
  core.tellBreakpoint(breakpoint, 'changed');
}

function breakpointName({ target, path, line }: CodeBreakpoint): string {
  const place = path === undefined || line === undefined ? '' : `${baseName(path)}:${line}`;
  if (target.kind === 'function') return target.name;
  return place === '' ? `the ${target.kind} breakpoint` : place;
}

/** Of any origin. Throws UserError where the number is none, or that of another breakpoint. */
export function watchAt(number: number, context: ConsoleContext): WatchView {
  const found = find(number, context);
  if (found.kind === 'code') throw editorsOwn(found.breakpoint);
  return found.view;
}

type Found =
  { readonly kind: 'watch'; readonly view: WatchView } | { readonly kind: 'code'; readonly breakpoint: CodeBreakpoint };

function find(number: number, { core, desk }: ConsoleContext): Found {
  const view = desk.list().find(({ id }) => id === number);
  if (view !== undefined) return { kind: 'watch', view };
  const breakpoint = core.breakpoints.list().find(({ id }) => id === number);
  if (breakpoint !== undefined) return { kind: 'code', breakpoint };
  throw noSuchNumber(number, desk.list());
}

function noSuchNumber(number: number, watches: readonly WatchView[]): UserError {
  const known = watches.map(({ id, label }) => `${id} (${label})`).join(', ');
  const which = known === '' ? 'There are no watches.' : `The watches are ${known}.`;
  return new UserError('console-no-such', `There is no breakpoint ${number}. ${which} \`info breakpoints\` lists all.`);
}

function editorsOwn({ id, target }: CodeBreakpoint): UserError {
  return new UserError(
    'console-editors',
    `${id} is a ${target.kind} breakpoint; only watches keep a history. \`info breakpoints ${id}\` tells its hits.`,
  );
}
