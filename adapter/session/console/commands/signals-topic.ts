// signals-topic.ts: `info signals`: at which signals the program stops.

import { UserError } from '../../../util/user-error';
import { ORDINARY_SIGNALS, SIGNAL_MEANINGS } from '../../signals.table';
import type { ConsoleContext } from '../command';
import { textTable } from '../text-table';

const FILTERS = {
  none: 'The program stops at none: *Signals* is off in the Breakpoints view.',
  serious: 'The ordinary ones pass unseen; *Ordinary Signals Too* in the Breakpoints view stops at them.',
  all: 'The program stops at all of them.',
};

/** As the Breakpoints view has it. Every signal is passed on to the program. */
export function signalsTopic(rest: string, { core }: ConsoleContext): string {
  const { signalFilter } = core;
  const stops = (name: string): boolean =>
    signalFilter === 'all' || (signalFilter === 'serious' && !ORDINARY_SIGNALS.has(name));
  const known = [...Object.keys(SIGNAL_MEANINGS), ...ORDINARY_SIGNALS];
  const wanted = rest.toUpperCase().replace(/^(?!SIG)/, 'SIG');
  const shown = rest === '' ? known : known.filter((name) => name === wanted);
  if (shown.length === 0) {
    throw new UserError('console-signal', `\`${rest}\` is no signal that is told apart here: ${known.join(', ')}.`);
  }
  const rows = shown.map((name) => [name, stops(name) ? 'Yes' : 'No', 'Yes', SIGNAL_MEANINGS[name] ?? 'ordinary work']);
  return [...textTable(['Signal', 'Stop', 'Pass to program', 'Description'], rows), FILTERS[signalFilter]].join('\n');
}
