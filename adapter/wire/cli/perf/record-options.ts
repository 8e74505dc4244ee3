// record-options.ts: what follows `trapline record` and `trapline report`.

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
import { cannotAttach, EVENT_EXAMPLE, noEvents } from './stat-options';

const DEFAULT_FILE = 'trapline.data';

export interface RecordCommand extends ProgramOptions {
  readonly events: readonly EventWish[];
  /** With who called. */
  readonly callGraph: boolean;
  readonly output: string;
  /** A sample for every so many accesses. */
  readonly period: number;
  readonly quiet: boolean;
}

export const RECORD_USAGE = `usage: trapline record -e EVENT[,EVENT…] [options] -- PROGRAM [ARGUMENTS…]

Records who accesses memory while the program runs on the emulated machine: each access with its thread, CPU, time and
source line. Read the file with trapline report.

  -e, --event=EVENT         mem:PLACE[/LENGTH][:ACCESS][:MODIFIERS]; see trapline stat --help (may be repeated)
  -g, --call-graph          with the calls that led there, by the program's unwind information
  -c, --count=N             only every Nth access (1: each)
  -o, --output=FILE         the file (${DEFAULT_FILE})
  -q, --quiet               no progress, no summary
${PROGRAM_OPTIONS_USAGE}
Example: trapline record -g -e mem:counter:w -- ./program && trapline report
`;

const MAX_PERIOD = 1_000_000_000;

/** Throws UserError. */
export function parseRecordArguments(argv: readonly string[]): RecordCommand {
  const events: EventWish[] = [];
  const reader = programOptions('record', EVENT_EXAMPLE);
  const options = { callGraph: false, output: DEFAULT_FILE, period: 1, quiet: false };
  const addEvents = valued((text) => events.push(...parseEvents(text)));
  const callGraph = plain(() => (options.callGraph = true));
  const output = valued((file) => (options.output = file));
  const period = valued((text) => (options.period = wholeNumber('record', '-c', text, 1, MAX_PERIOD)));
  const quiet = plain(() => (options.quiet = true));
  const attach = valued((pid) => {
    throw cannotAttach('record', pid);
  });
  const words = readOptions('record', argv, {
    '-e': addEvents,
    '--event': addEvents,
    '-g': callGraph,
    '--call-graph': callGraph,
    '-c': period,
    '--count': period,
    '-o': output,
    '--output': output,
    '-q': quiet,
    '--quiet': quiet,
    '-p': attach,
    '--pid': attach,
    ...reader.rules,
  });
  if (events.length === 0) throw noEvents('record');
  return { ...reader.finish(words), ...options, events };
}

export type SortKey = 'line' | 'thread' | 'sym';
const SORT_KEYS: readonly SortKey[] = ['line', 'thread', 'sym'];

export interface ReportCommand {
  readonly input: string;
  readonly sort: readonly SortKey[];
  readonly json: boolean;
  /** With the listing of the sources. */
  readonly source: boolean;
  /** With the calls that led there, where they were recorded. */
  readonly calls: boolean;
}

export const REPORT_USAGE = `usage: trapline report [options] [FILE]

Shows what trapline record has recorded: accesses by source line and thread, the calls that led there, and the sources
with the number of accesses beside each line.

  -i, --input=FILE          the recording (${DEFAULT_FILE})
  -s, --sort=KEYS           group by these, separated by commas: line, thread, sym (line,thread)
      --no-source           without the listing of the sources
      --no-calls            without the calls that led there
  -j, --json                one JSON object a row, for programs
      --stdio               in this terminal, as it always is: taken for perf's sake
`;

/** Throws UserError. */
export function parseReportArguments(argv: readonly string[]): ReportCommand {
  const options = { input: DEFAULT_FILE, json: false, source: true, calls: true };
  let sort: readonly SortKey[] = ['line', 'thread'];
  const input = valued((file) => (options.input = file));
  const sorting = valued((text) => (sort = parseSort(text)));
  const json = plain(() => (options.json = true));
  const words = readOptions('report', argv, {
    '-i': input,
    '--input': input,
    '-s': sorting,
    '--sort': sorting,
    '-j': json,
    '--json': json,
    '--no-source': plain(() => (options.source = false)),
    '--no-calls': plain(() => (options.calls = false)),
    '--stdio': plain(() => undefined),
  });
  if (words.length > 1) throw oneFile(words);
  return { ...options, input: words.at(0) ?? options.input, sort };
}

function parseSort(text: string): readonly SortKey[] {
  const keys = text.split(',').map((word) => {
    const key = SORT_KEYS.find((known) => known === word.trim());
    if (key === undefined) throw unknownSort(word);
    return key;
  });
  return [...new Set(keys)];
}

const unknownSort = (word: string): UserError =>
  new UserError('report-sort', `trapline report cannot sort by "${word}". It sorts by ${SORT_KEYS.join(', ')}.`);

const oneFile = (words: readonly string[]): UserError =>
  new UserError('report-files', `trapline report reads one file, not ${words.length}: ${words.join(', ')}.`);
