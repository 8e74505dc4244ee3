// edit-commands.ts: `delete`, `enable`, `disable`, `condition`, `ignore`: changes of what is there, by number.
//
// Watches of all origins: the editor is told. Breakpoints of lines, functions and instructions are the editor's: one
// can be deleted here, and is changed there.

import type { WatchView } from '../../../protocol/watches';
import { UserError } from '../../../util/user-error';
import type { CodeBreakpoint } from '../../code-breakpoints';
import { breakpointView } from '../../session-core';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleAnswer, ConsoleCommand, ConsoleContext } from '../command';
import { parseNumbers } from '../number-list';

export const deleteCommand: ConsoleCommand = {
  name: 'delete',
  aliases: ['d', 'del'],
  usage: 'delete [N…]',
  summary: 'Removes watches and breakpoints by number; without one, all watches.',
  details: ['Ranges are understood: `delete 2 5-7`. The editor takes what is deleted out of its list.'],
  argument: 'breakpoint',
  need: always('standing'),
  run({ rest }, context) {
    const numbers = parseNumbers(rest.replace(/^breakpoints?(?=\s|$)/, ''));
    const wanted = numbers.length > 0 ? numbers : context.desk.list().map(({ id }) => id);
    // All are looked up first: a mistake removes nothing.
    const removals = wanted.map((number) => removalOf(number, context));
    for (const remove of removals) remove();
    if (numbers.length === 0 && removals.length === 0) return textAnswer('There are no watches.');
    const all = numbers.length === 0 && removals.length > 1 ? ' (all watches)' : '';
    return textAnswer(`Deleted ${wanted.join(', ')}${all}.`);
  },
};

function removalOf(number: number, context: ConsoleContext): () => void {
  const { core, desk } = context;
  const found = find(number, context);
  if (found.kind === 'watch') {
    return () => {
      desk.remove(number);
    };
  }
  return () => {
    core.breakpoints.remove(found.breakpoint);
    core.installBreakpoints();
    core.observer.onBreakpointChanged(breakpointView(found.breakpoint), 'removed');
  };
}

export const disable: ConsoleCommand = {
  name: 'disable',
  aliases: ['dis', 'disa'],
  usage: 'disable [N…]',
  summary: 'Switches watches off: they give their debug registers back and keep their history.',
  argument: 'number',
  need: always('standing'),
  run: ({ rest }, context) => switchAll(rest, context, 'disabled'),
};

export const enable: ConsoleCommand = {
  name: 'enable',
  aliases: ['en'],
  usage: 'enable [N…]',
  summary: 'Switches watches on again.',
  argument: 'number',
  need: always('standing'),
  run: ({ rest }, context) => switchAll(rest, context, 'enabled'),
};

function switchAll(rest: string, context: ConsoleContext, to: 'enabled' | 'disabled'): ConsoleAnswer {
  const { desk } = context;
  const numbers = parseNumbers(rest.replace(/^breakpoints?(?=\s|$)/, ''));
  const views = numbers.length === 0 ? desk.list() : numbers.map((number) => watchAt(number, context));
  if (views.length === 0) return textAnswer('There are no watches.');
  const after = views.map(({ id }) => desk.change({ id, disabled: to === 'disabled' }));
  return textAnswer(after.map((view) => `${view.id}: ${view.label} is ${stateText(view)}`).join('\n'));
}

function stateText({ state, message }: WatchView): string {
  if (state === 'disabled') return 'disabled.';
  return state === 'armed' ? `enabled. ${message}` : `enabled, and not armed (${state}): ${message}`;
}

export const condition: ConsoleCommand = {
  name: 'condition',
  aliases: ['cond'],
  usage: 'condition N [CONDITION]',
  summary: 'Gives a watch a condition; without one, takes it away.',
  details: ['`$old`, `$new`, `$thread`, `$hits` and `$writer` are known in it, and all that the writer sees.'],
  argument: 'number',
  need: always('standing'),
  run({ rest }, context) {
    const [, number = '', text = ''] = /^(\d+)(?:\s+(.*))?$/s.exec(rest) ?? [];
    if (number === '') throw usageError(condition, 'It needs the number of a watch.');
    const { id } = watchAt(Number(number), context);
    const view = context.desk.change({ id, condition: text.replace(/^if\s+/, '') || null });
    if (view.condition === undefined) return textAnswer(`${id}: ${view.label} has no condition now.`);
    return textAnswer(`${id}: ${view.label} acts only if ${view.condition}.`);
  },
};

export const ignore: ConsoleCommand = {
  name: 'ignore',
  usage: 'ignore N COUNT',
  summary: 'Passes over the next COUNT hits of a watch.',
  details: [
    'It is the hit count of the watch (`> hits so far + COUNT`), and takes the place of another. 0 takes it away.',
  ],
  argument: 'number',
  need: always('standing'),
  run({ rest }, context) {
    const [, number = '', count = ''] = /^(\d+)\s+(\d{1,15})$/.exec(rest) ?? [];
    if (number === '') throw usageError(ignore, 'It needs the number of a watch and how many hits to pass over.');
    const { id, matches, label } = watchAt(Number(number), context);
    const wanted = Number(count);
    context.desk.change({ id, hitCondition: wanted === 0 ? null : `> ${matches + wanted}` });
    if (wanted === 0) return textAnswer(`${id}: ${label} acts at its next hit.`);
    return textAnswer(`${id}: ${label} passes over its next ${wanted === 1 ? 'hit' : `${wanted} hits`}.`);
  },
};

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
    `${id} is a ${target.kind} breakpoint: change it in the editor's Breakpoints view. Watches can be changed here.`,
  );
}
