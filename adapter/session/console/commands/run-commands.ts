// run-commands.ts: `continue`, `step`, `next`, `finish` and their kin: what the editor's keys do, typed.
//
// The editor is told that the program goes on; the stop comes as any other.

import { UserError } from '../../../util/user-error';
import type { StepKind } from '../../stepper';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleCommand, ConsoleContext } from '../command';
import { watchAt } from './edit-commands';
import { noFrame } from './info-command';

export const goOn: ConsoleCommand = {
  name: 'continue',
  aliases: ['c', 'cont', 'fg'],
  usage: 'continue [COUNT]',
  summary: 'Lets the program go on, as F5.',
  details: ['COUNT: the data breakpoint that has stopped the program passes over so many hits less one.'],
  argument: 'none',
  need: always('stop'),
  run({ rest }, context) {
    if (rest !== '') ignoreHits(rest, context);
    context.running.goOn();
    return textAnswer('Continuing.');
  },
};

function ignoreHits(rest: string, { core, desk, ...context }: ConsoleContext): void {
  if (!/^[1-9]\d{0,14}$/.test(rest)) throw usageError(goOn, `\`${rest}\` is no count.`);
  const stop = core.watchStop;
  if (stop === undefined) throw new UserError('console-count', 'A count is for the stop of a data breakpoint.');
  const { id, matches } = watchAt(stop.watch.id, { core, desk, ...context });
  const wanted = Number(rest) - 1;
  if (wanted > 0) desk.change({ id, hitCondition: `> ${matches + wanted}` });
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
    usage: name,
    summary,
    argument: 'none',
    need: always('stop'),
    run({ rest }, { thread, running }) {
      if (rest !== '') throw usageError(command, 'It makes one step at a time.');
      if (thread === undefined) throw noFrame();
      const byInstruction = how.byInstruction === true;
      if (how.kind === 'back') running.stepBack(thread, byInstruction);
      else running.step(thread, how.kind, byInstruction);
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
