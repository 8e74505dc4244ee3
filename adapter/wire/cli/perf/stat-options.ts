// stat-options.ts: what follows `trapline stat`: events, output, the program.

import { UserError } from '../../../util/user-error';
import {
  plain,
  PROGRAM_OPTIONS_USAGE,
  programOptions,
  type ProgramOptions,
  readOptions,
  valued,
  wholeNumber,
} from '../program-options';
import { type EventWish, parseEvents } from './event-text';

export type StatFormat =
  { readonly kind: 'people' } | { readonly kind: 'json' } | { readonly kind: 'fields'; readonly separator: string };

export interface StatCommand extends ProgramOptions {
  readonly events: readonly EventWish[];
  readonly format: StatFormat;
  /** How often the program is run. */
  readonly repeat: number;
  /** undefined: standard error. */
  readonly output: string | undefined;
}

export const STAT_USAGE = `usage: trapline stat -e EVENT[,EVENT…] [options] -- PROGRAM [ARGUMENTS…]

Counts accesses to memory while the program runs on the emulated machine, by perf events on debug registers, in all
its threads and child processes. Prints to standard error, as perf stat does.

  EVENT is mem:PLACE[/LENGTH][:ACCESS][:MODIFIERS]
    PLACE      a symbol, an expression (point.x, matrix[2], file.c:name), or an address 0x…
    LENGTH     1, 2, 4 or 8 bytes; left out: the variable's own
    ACCESS     w writes, rw reads and writes (the default), x execution
    MODIFIERS  u user mode only, k the kernel's copies only, D pinned: refused where no debug register is free

  -e, --event=EVENT         what to count (may be repeated)
  -x, --field-separator=S   one line an event, fields separated by S: count,unit,event,time running,percent
  -j, --json                one JSON object an event
  -r, --repeat=N            run the program N times; the mean is shown
  -o, --output=FILE         write there instead
${PROGRAM_OPTIONS_USAGE}
Example: trapline stat -e mem:counter:w -e mem:main:x -- ./program
`;

const MAX_REPEAT = 1000;
export const EVENT_EXAMPLE = '-e mem:SYMBOL:w';

/** Throws UserError. */
export function parseStatArguments(argv: readonly string[]): StatCommand {
  const events: EventWish[] = [];
  const reader = programOptions('stat', EVENT_EXAMPLE);
  const options = { format: { kind: 'people' } as StatFormat, repeat: 1, output: undefined as string | undefined };
  const addEvents = valued((text) => events.push(...parseEvents(text)));
  const fields = valued((separator) => (options.format = { kind: 'fields', separator }));
  const json = plain(() => (options.format = { kind: 'json' }));
  const repeat = valued((text) => (options.repeat = wholeNumber('stat', '-r', text, 1, MAX_REPEAT)));
  const output = valued((file) => (options.output = file));
  const refuse = valued((pid) => {
    throw cannotAttach('stat', pid);
  });
  const words = readOptions('stat', argv, {
    '-e': addEvents,
    '--event': addEvents,
    '-x': fields,
    '--field-separator': fields,
    '-j': json,
    '--json': json,
    '-r': repeat,
    '--repeat': repeat,
    '-o': output,
    '--output': output,
    '-p': refuse,
    '--pid': refuse,
    ...reader.rules,
  });
  if (events.length === 0) throw noEvents('stat');
  return { ...reader.finish(words), ...options, events };
}

export function cannotAttach(verb: string, pid: string): UserError {
  return new UserError(
    `${verb}-attach`,
    `trapline ${verb} -p ${pid}: a process that runs already is on the real CPU, and Trapline watches programs on its own ` +
      `emulated machine. Start the program with it: trapline ${verb} ${EVENT_EXAMPLE} -- PROGRAM ARGUMENTS…`,
  );
}

export function noEvents(verb: string): UserError {
  return new UserError(
    `${verb}-no-events`,
    `trapline ${verb} needs something to watch: trapline ${verb} ${EVENT_EXAMPLE} -- PROGRAM ARGUMENTS…`,
  );
}
