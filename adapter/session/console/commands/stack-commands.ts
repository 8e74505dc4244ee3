// stack-commands.ts: `bt`: the calls of the thread that the person looks at.

import type { Frame } from '../../../symbols/program-symbols';
import { placeText } from '../../stop-text';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleCommand, ConsoleContext } from '../command';
import { noFrame } from './info-command';

const SHOWN = 50;
const LONGEST_ARGUMENT = 60;

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
    const lines = frames.map(({ frame, index }) => `#${String(index).padEnd(2)} ${frameText(frame, index, context)}`);
    const isMore = total === undefined || total > frames.length;
    return textAnswer([...lines, ...(isMore ? [`(more: \`bt ${count * 2}\`)`] : [])].join('\n'));
  },
};

function frameText(frame: Frame, index: number, { core, thread }: ConsoleContext): string {
  const { debuggee } = core;
  const name = frame.function?.name ?? debuggee.codeName(frame.lookupPc);
  const pc = index === 0 && frame.location !== undefined ? '' : `0x${frame.pc.toString(16)} in `;
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
