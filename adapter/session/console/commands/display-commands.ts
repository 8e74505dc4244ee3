// display-commands.ts: `display` and `undisplay`: expressions that are shown at each stop.

import { UserError } from '../../../util/user-error';
import { always, textAnswer } from '../command';
import type { ConsoleAnswer, ConsoleCommand, ConsoleContext } from '../command';
import type { Display } from '../displays';
import { parseNumbers } from '../number-list';
import { textTable } from '../text-table';
import { examineText, formattedValue, pointerLead } from './print-commands';

export const display: ConsoleCommand = {
  name: 'display',
  aliases: ['disp'],
  usage: 'display[/FORMAT] [EXPRESSION]',
  summary: 'Shows an expression now and at each stop; without one, shows all.',
  details: [
    'FORMAT: as of `print`; with `i` or `s` as of `x`: `display/i $pc`.',
    'Where a name of it means nothing it is left out. `undisplay N` ends it, `info display` lists them.',
  ],
  takesFormat: true,
  argument: 'expression',
  need: always('standing'),
  run({ rest, format }, context) {
    if (rest === '') return textAnswer(displaysText(context));
    // Tried first: a mistake adds nothing.
    const text = displayText({ number: 0, expression: rest, format, enabled: true }, context);
    const { number } = context.displays.add(rest, format);
    return textAnswer(`${number}${text.slice(1)}`);
  },
};

export const undisplay: ConsoleCommand = {
  name: 'undisplay',
  usage: 'undisplay [N…]',
  summary: 'Ends displays; without a number, all.',
  argument: 'none',
  need: always('nothing'),
  run: ({ rest }, context) => endDisplays(parseNumbers(rest), context),
};

/** All that are on and mean something here; '' where there are none. */
export function displaysText(context: ConsoleContext): string {
  const texts = context.displays.list().flatMap((each) => {
    if (!each.enabled) return [];
    try {
      return [displayText(each, context)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const isElsewhere = error.code === 'expression.unknownName';
      return isElsewhere ? [] : [`${each.number}: ${each.expression} = <${error.message}>`];
    }
  });
  return texts.join('\n');
}

function displayText({ number, expression, format }: Display, context: ConsoleContext): string {
  if (/[is]$/.test(format)) return `${number}: x/${format} ${expression}\n${examineText(expression, format, context)}`;
  const value = context.evaluate(expression);
  if (value.error !== undefined) throw new UserError('console-no-value', `\`${expression}\`: ${value.error}`);
  const slash = format === '' ? '' : `/${format} `;
  const lead = format === '' ? pointerLead(value) : '';
  return `${number}: ${slash}${expression} = ${lead}${formattedValue(value, format.toLowerCase(), context)}`;
}

/** Of `delete display 2`: the numbers; undefined where it is about something else. */
export function displayNumbers(rest: string): readonly number[] | undefined {
  const after = /^display(?=\s|$)(.*)$/s.exec(rest)?.[1];
  return after === undefined ? undefined : parseNumbers(after);
}

export function endDisplays(numbers: readonly number[], context: ConsoleContext): ConsoleAnswer {
  const wanted = chosen(numbers, context);
  for (const { number } of wanted) context.displays.remove(number);
  return textAnswer(wanted.length === 0 ? 'There are no displays.' : `Ended ${namesOf(wanted)}.`);
}

export function switchDisplays(numbers: readonly number[], enabled: boolean, context: ConsoleContext): ConsoleAnswer {
  const wanted = chosen(numbers, context);
  for (const each of wanted) each.enabled = enabled;
  const how = enabled ? 'Shown again' : 'Not shown';
  return textAnswer(wanted.length === 0 ? 'There are no displays.' : `${how}: ${namesOf(wanted)}.`);
}

const namesOf = (all: readonly Display[]): string =>
  all.map(({ number, expression }) => `${number} (${expression})`).join(', ');

function chosen(numbers: readonly number[], { displays }: ConsoleContext): readonly Display[] {
  const all = displays.list();
  if (numbers.length === 0) return all;
  return numbers.map((number) => {
    const found = all.find((each) => each.number === number);
    if (found === undefined)
      throw new UserError('console-no-display', `There is no display ${number}: \`info display\`.`);
    return found;
  });
}

export function displayTable({ displays }: ConsoleContext): string {
  const rows = displays
    .list()
    .map(({ number, enabled, format, expression }) => [
      String(number),
      enabled ? 'y' : 'n',
      `${format === '' ? '' : `/${format} `}${expression}`,
    ]);
  return rows.length === 0 ? 'There are no displays.' : textTable(['Num', 'Enb', 'Expression'], rows).join('\n');
}
