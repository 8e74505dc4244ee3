// run-commands.ts: `continue`, `step`, `next`, `finish` and their kin: what the editor's keys do, typed.
//
// The editor is told that the program goes on; the stop comes as any other.

import { UserError } from '../../../util/user-error';
import type { StepKind } from '../../stepper';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleCommand, ConsoleContext } from '../command';
import { addressesOf, placeOf } from '../locations';
import { passOver } from './edit-commands';
import { noFrame } from './info-command';

export const goOn: ConsoleCommand = {
  name: 'continue',
  aliases: ['c', 'cont', 'fg'],
  usage: 'continue [COUNT]',
  summary: 'Lets the program go on, as F5.',
  details: ['COUNT: what has stopped the program passes over so many hits less one.'],
  argument: 'none',
  need: always('stop'),
  run({ rest }, context) {
    if (rest !== '') ignoreHits(rest, context);
    context.running.goOn();
    return textAnswer('Continuing.');
  },
};

function ignoreHits(rest: string, context: ConsoleContext): void {
  if (!/^[1-9]\d{0,14}$/.test(rest)) throw usageError(goOn, `\`${rest}\` is no count.`);
  const { watchStop, stoppedAt } = context.core;
  const number = watchStop?.watch.id ?? stoppedAt.at(0);
  if (number === undefined) throw new UserError('console-count', 'A count is for the stop of a breakpoint or a watch.');
  if (Number(rest) > 1) passOver(number, Number(rest) - 1, context);
}

const stepping = (
  name: string,
  aliases: readonly string[],
  summary: string,
  how: { readonly kind: StepKind | 'back'; readonly byInstruction?: boolean },
): ConsoleCommand => {
  const command: ConsoleCommand = {
    name,
    aliases,
    usage: how.kind === 'back' || how.kind === 'out' ? name : `${name} [COUNT]`,
    summary,
    argument: 'none',
    need: always('stop'),
    run({ rest }, { thread, running, finishing, core }) {
      const isOne = how.kind === 'back' || how.kind === 'out';
      if (rest !== '' && isOne) throw usageError(command, 'It makes one step at a time.');
      if (!/^(?:[1-9]\d{0,8})?$/.test(rest)) throw usageError(command, `\`${rest}\` is no count.`);
      if (thread === undefined) throw noFrame();
      const byInstruction = how.byInstruction === true;
      if (how.kind === 'back') running.stepBack(thread, byInstruction);
      else {
        if (how.kind === 'out') finishing.expect(thread, core.stack.innermost(thread)?.frame);
        running.step(thread, how.kind, byInstruction, rest === '' ? 1 : Number(rest));
      }
      return textAnswer(name === 'finish' ? 'Run till exit.' : '');
    },
  };
  return command;
};

export const step = stepping('step', ['s'], 'Goes to the next line, also of a function that is called, as F11.', {
  kind: 'into',
});
export const next = stepping('next', ['n'], 'Goes to the next line of this function, as F10.', { kind: 'over' });
export const finish = stepping('finish', ['fin'], 'Runs until this function has returned, as Shift+F11.', {
  kind: 'out',
});
export const stepi = stepping('stepi', ['si'], 'Runs one instruction.', { kind: 'into', byInstruction: true });
export const nexti = stepping('nexti', ['ni'], 'Runs one instruction, a call as a whole.', {
  kind: 'over',
  byInstruction: true,
});

/** `until` is `advance` where it has a place. */
const runningTo = (name: string, aliases: readonly string[], usage: string, summary: string): ConsoleCommand => {
  const command: ConsoleCommand = {
    name,
    aliases,
    usage,
    summary,
    details: [
      'LOCATION: as of `break`. It ends at the latest where this function has returned.',
      ...(name === 'until'
        ? ['Without one: the next line that is written below this one, so a loop is run through.']
        : []),
    ],
    argument: 'location',
    need: always('stop'),
    run({ rest }, context) {
      const { thread, running } = context;
      if (thread === undefined) throw noFrame();
      if (rest === '' && name !== 'until') throw usageError(command, 'It needs a place to run to.');
      if (rest === '') running.step(thread, 'until', false, 1);
      else running.runTo(thread, addressesOf(placeOf(rest, context), context));
      return textAnswer('');
    },
  };
  return command;
};

export const until = runningTo('until', ['u'], 'until [LOCATION]', 'Runs to a place, or past the end of a loop.');
export const advance = runningTo('advance', [], 'advance LOCATION', 'Runs to a place, as Run to Cursor.');

export const reverse: ConsoleCommand = {
  name: 'reverse-continue',
  aliases: ['rc'],
  usage: 'reverse-continue',
  summary: 'Goes back in time to the last hit of a data breakpoint that stops, as the editor’s Reverse.',
  details: ['Set one on what was written, even after the fact: the program is run again to where that was.'],
  argument: 'none',
  need: always('stop'),
  run({ rest }, { running }) {
    if (rest !== '') throw usageError(reverse, 'It goes back to one hit at a time.');
    running.reverse();
    return textAnswer('Running it again.');
  },
};
export const reverseNext = stepping('reverse-next', ['rn'], 'Goes back to the line before, over calls, as Step Back.', {
  kind: 'back',
});
export const reverseStepi = stepping('reverse-stepi', ['rsi'], 'Goes back by one instruction.', {
  kind: 'back',
  byInstruction: true,
});
