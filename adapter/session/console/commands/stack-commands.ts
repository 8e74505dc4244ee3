// stack-commands.ts: `bt`, `frame`, `up`, `down`: the calls of the thread that the person looks at.

import type { Frame } from '../../../symbols/program-symbols';
import { UserError } from '../../../util/user-error';
import type { StackFrame } from '../../stack';
import { placeText } from '../../stop-text';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleAnswer, ConsoleCommand, ConsoleContext } from '../command';
import { noFrame } from './info-command';
import { hex } from '../../../util/hex';

const SHOWN = 50;
const LONGEST_ARGUMENT = 60;
const CHOICE =
  'What is typed here then looks at it, until another frame is chosen in the Call Stack or the program goes on.';

export const backtrace: ConsoleCommand = {
  name: 'bt',
  aliases: ['backtrace', 'where'],
  usage: 'bt [COUNT]',
  summary: 'The calls that led here, innermost first.',
  details: [`COUNT: so many of them; ${SHOWN} where it is left out.`],
  argument: 'none',
  need: always('stop'),
  run({ rest }, context) {
    const { core, thread } = context;
    if (rest !== '' && !/^\d{1,6}$/.test(rest)) throw usageError(backtrace, `\`${rest}\` is no number of frames.`);
    if (thread === undefined) throw noFrame();
    const count = rest === '' ? SHOWN : Number(rest);
    const { frames, total } = core.stack.page(thread, 0, count);
    const lines = frames.map((entry) => frameLine(entry, context));
    const isMore = total === undefined || total > frames.length;
    return textAnswer([...lines, ...(isMore ? [`(more: \`bt ${count * 2}\`)`] : [])].join('\n'));
  },
};

export const frameLine = ({ frame, index }: StackFrame, context: ConsoleContext): string =>
  `#${String(index).padEnd(2)} ${frameText(frame, index, context)}`;

export const frame: ConsoleCommand = {
  name: 'frame',
  aliases: ['f'],
  usage: 'frame [N]',
  summary: 'Looks at the call with that number in `bt`; without one, says which it is.',
  details: [CHOICE],
  argument: 'none',
  need: always('stop'),
  run({ rest }, context) {
    const own = looked(context);
    if (rest === '') return textAnswer(frameLine(own, context));
    if (!/^\d{1,6}$/.test(rest)) throw usageError(frame, `\`${rest}\` is no number of a frame.`);
    return choose(own, Number(rest), context);
  },
};

const moving = (name: string, aliases: readonly string[], summary: string, by: 1 | -1): ConsoleCommand => {
  const command: ConsoleCommand = {
    name,
    aliases,
    usage: `${name} [COUNT]`,
    summary,
    details: [CHOICE],
    argument: 'none',
    need: always('stop'),
    run({ rest }, context) {
      if (!/^\d{0,6}$/.test(rest)) throw usageError(command, `\`${rest}\` is no number of frames.`);
      const own = looked(context);
      const wanted = Math.max(own.index + by * (rest === '' ? 1 : Number(rest)), 0);
      const { core, thread } = context;
      if (by < 0 && own.index === 0) throw atEnd('The innermost frame is chosen: you cannot go down.');
      const last = core.stack.page(thread ?? own.thread, 0, wanted + 1).frames.length - 1;
      if (by > 0 && own.index === last) throw atEnd('The outermost frame is chosen: you cannot go up.');
      return choose(own, Math.min(wanted, last), context);
    },
  };
  return command;
};

export const up = moving('up', [], 'Looks at the call that called this one.', 1);
export const down = moving('down', ['dow'], 'Looks at the call that this one called.', -1);

/** The frame that the console's lines are about. */
function looked({ frame: own, core, thread }: ConsoleContext): StackFrame {
  const found = own ?? (thread === undefined ? undefined : core.stack.innermost(thread));
  if (found === undefined) throw noFrame();
  return found;
}

function choose(own: StackFrame, index: number, context: ConsoleContext): ConsoleAnswer {
  const found = context.core.stack.page(own.thread, index, 1).frames.at(0);
  if (found === undefined) throw atEnd(`There is no frame ${index}: \`bt\` shows all.`);
  context.chosen.choose(own, found);
  return textAnswer(frameLine(found, context));
}

const atEnd = (text: string): UserError => new UserError('console-frame', text);

function frameText(frame: Frame, index: number, { core, thread }: ConsoleContext): string {
  const { debuggee } = core;
  const name = frame.function?.name ?? debuggee.codeName(frame.lookupPc);
  const pc = index === 0 && frame.location !== undefined ? '' : `${hex(frame.pc)} in `;
  const place = frame.location === undefined ? '' : ` at ${placeText(frame.location)}`;
  const context = debuggee.context(thread, frame);
  const values = debuggee.symbols
    .localsAt(frame)
    .filter(({ kind }) => kind === 'parameter')
    .map((variable) => {
      const value = debuggee.symbols.valueOf(variable, context);
      const text =
        value.error === undefined
          ? debuggee.symbols.format(value, debuggee.memory, { maxLength: LONGEST_ARGUMENT })
          : '<optimized out>';
      return `${variable.name}=${text}`;
    });
  return `${pc}${name} (${values.join(', ')})${place}`;
}
