// commands.table.ts: every command of the debug console.

import type { ConsoleCommand } from './command';
import { condition, deleteCommand, disable, enable, ignore } from './commands/edit-commands';
import { elsewhere } from './commands/elsewhere.table';
import { helpAbout } from './commands/help-command';
import { history } from './commands/history-command';
import { info } from './commands/info-command';
import { examine, print, set } from './commands/print-commands';
import { finish, goOn, next, nexti, reverse, reverseNext, reverseStepi, step, stepi } from './commands/run-commands';
import { backtrace, down, frame, up } from './commands/stack-commands';
import { ptype, whatis } from './commands/type-commands';
import { awatch, count, log, rwatch, watch } from './commands/watch-commands';

const OWN: readonly ConsoleCommand[] = [
  ...[watch, rwatch, awatch, count, log],
  ...[info, history],
  ...[deleteCommand, disable, enable, condition, ignore],
  ...[print, examine, set, ptype, whatis],
  ...[backtrace, frame, up, down],
  ...[goOn, step, next, finish, stepi, nexti],
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
