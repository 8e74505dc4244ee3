// commands.table.ts: every command of the debug console.

import type { ConsoleCommand } from './command';
import { breakCommand, clear, tbreak } from './commands/break-commands';
import { display, undisplay } from './commands/display-commands';
import { condition, deleteCommand, disable, enable, ignore } from './commands/edit-commands';
import { elsewhere } from './commands/elsewhere.table';
import { helpAbout } from './commands/help-command';
import { history } from './commands/history-command';
import { info } from './commands/info-command';
import { list } from './commands/list-command';
import { examine, print, set } from './commands/print-commands';
import { advance, finish, goOn, next, nexti, reverse, reverseNext, reverseStepi } from './commands/run-commands';
import { step, stepi, until } from './commands/run-commands';
import { backtrace, down, frame, up } from './commands/stack-commands';
import { echo, printf } from './commands/text-commands';
import { threadCommand } from './commands/thread-command';
import { ptype, whatis } from './commands/type-commands';
import { awatch, count, log, rwatch, watch } from './commands/watch-commands';

const OWN: readonly ConsoleCommand[] = [
  ...[watch, rwatch, awatch, count, log],
  ...[breakCommand, tbreak, clear],
  ...[info, history],
  ...[deleteCommand, disable, enable, condition, ignore],
  ...[print, examine, set, ptype, whatis, display, undisplay, printf, echo, list],
  ...[backtrace, frame, up, down, threadCommand],
  ...[goOn, step, next, finish, until, advance, stepi, nexti],
  ...[reverse, reverseNext, reverseStepi],
];

/** Those that do something: for help and completion. */
export const COMMANDS: readonly ConsoleCommand[] = [...OWN, helpAbout(OWN)];

const BY_WORD: ReadonlyMap<string, ConsoleCommand> = new Map(
  [...COMMANDS, ...elsewhere].flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((word) => [word, command] as const),
  ),
);

/** By name or short form. */
export const commandNamed = (word: string): ConsoleCommand | undefined => BY_WORD.get(word);

/** Those whose name begins so, where no word is it: one is meant, several are to be told. */
export function commandsBeginning(word: string): readonly ConsoleCommand[] {
  return BY_WORD.has(word) || word === '' ? [] : COMMANDS.filter(({ name }) => name.startsWith(word));
}
