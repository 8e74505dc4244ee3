// ksym-options.ts: what follows `trapline ksym`: filters in the kernel's own syntax, then the program.

import { UserError } from '../../util/user-error';
import {
  plain,
  PROGRAM_OPTIONS_USAGE,
  programOptions,
  type ProgramOptions,
  readOptions,
  valued,
  wholeNumber,
} from './program-options';

export interface KsymCommand extends ProgramOptions {
  /** `symbol:rw-`, unchecked. */
  readonly filters: readonly string[];
  /** Trace lines that are kept. */
  readonly lines: number;
  /** Only the profile is shown. */
  readonly profileOnly: boolean;
  readonly output: string | undefined;
  readonly selfTestOnly: boolean;
}

export const KSYM_USAGE = `usage: trapline ksym [options] SYMBOL:OPERATION… -- PROGRAM [ARGUMENTS…]

Traces accesses to variables by name, on all CPUs and in all processes, as Linux's symbol tracer (ksym_tracer) did: a
line for each access, with task, CPU, symbol, type and the function that did it, then the number of accesses. The
symbols are those of the program and its libraries. Four bytes are watched, whatever the variable's size.

  SYMBOL:OPERATION          counter:rw- reads and writes, counter:-w- writes only

  -n, --lines=N             trace lines that are kept, the latest (10000)
      --profile             only the number of accesses of each symbol
  -o, --output=FILE         write there instead of standard error
      --self-test           only the tracer's test of itself, on the program given
${PROGRAM_OPTIONS_USAGE}
Programs can do the same themselves, by the files ksym_trace_filter, current_tracer, trace, trace_pipe and ksym_profile
in /sys/kernel/tracing.
`;

const MAX_LINES = 10_000_000;
const EXAMPLE = 'counter:rw-';

/** Throws UserError. */
export function parseKsymArguments(argv: readonly string[]): KsymCommand {
  const reader = programOptions('ksym', EXAMPLE);
  const options = { lines: 10_000, profileOnly: false, selfTestOnly: false, output: undefined as string | undefined };
  const lines = valued((text) => (options.lines = wholeNumber('ksym', '-n', text, 1, MAX_LINES)));
  const output = valued((file) => (options.output = file));
  const rules = {
    '-n': lines,
    '--lines': lines,
    '-o': output,
    '--output': output,
    '--profile': plain(() => (options.profileOnly = true)),
    '--self-test': plain(() => (options.selfTestOnly = true)),
    ...reader.rules,
  };
  const dashes = argv.indexOf('--');
  const own = dashes < 0 ? argv : argv.slice(0, dashes);
  const filters: string[] = [];
  let words = readOptions('ksym', own, rules);
  for (let word = words.at(0); word?.includes(':') === true; word = words.at(0)) {
    filters.push(word);
    words = readOptions('ksym', words.slice(1), rules);
  }
  if (dashes >= 0 && words.length > 0) throw notAFilter(words[0]);
  const command = reader.finish(dashes < 0 ? words : argv.slice(dashes + 1));
  if (filters.length === 0 && !options.selfTestOnly) throw noFilters();
  return { ...command, ...options, filters };
}

const notAFilter = (word: string): UserError =>
  new UserError(
    'ksym-filter',
    `"${word}" is no filter: write SYMBOL:OPERATION, as in counter:rw- (reads and writes) or counter:-w- (writes).`,
  );

const noFilters = (): UserError =>
  new UserError('ksym-no-filter', `trapline ksym needs a symbol: trapline ksym ${EXAMPLE} -- PROGRAM ARGUMENTS…`);

/** Why the kernel refused a filter, and what to do. `near`: names that were probably meant. */
export function filterRefused(filter: string, errno: string, near: readonly string[] | undefined): UserError {
  return new UserError('ksym-refused', `${filter}: ${refusalText(filter, errno, near)}`);
}

function refusalText(filter: string, errno: string, near: readonly string[] | undefined): string {
  const colon = filter.indexOf(':');
  const operation = filter.slice(colon + 1);
  if (errno === 'ENOSPC') {
    return 'no debug register is free for it. Each symbol takes one on every CPU; trace fewer, or give more with --debug-registers.';
  }
  if (errno === 'ENOSYS') return 'this machine has no debug registers (--debug-registers=0).';
  if (operation.length !== 3) {
    return `an operation is three characters, r, w and x in their places or - instead: ${filter.slice(0, colon)}:rw-.`;
  }
  if (near !== undefined) {
    const advice =
      near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'The symbol table (nm PROGRAM) has the names.';
    return `neither the program nor its libraries have a symbol ${filter.slice(0, colon)}. ${advice}`;
  }
  if (operation[2] === 'x') return 'the tracer watches data; for execution see trapline stat -e mem:FUNCTION:x.';
  if (operation.startsWith('r-')) return 'x86 cannot watch reads alone: write rw-.';
  if (operation[0] !== 'r' && operation[1] !== 'w') return 'it asks for neither reads nor writes: write rw- or -w-.';
  return (
    `the kernel refuses it with ${errno}: the tracer watches four bytes, so the symbol's address must be a multiple of four, ` +
    'and the same symbol with the same operation is there only once.'
  );
}
