// stat-verb.ts: `trapline stat`: counts accesses to memory while a program runs.
//
// Counting goes through perf events on debug registers: nothing stops, the machine's probe counts.

import * as fs from 'node:fs';
import { hex } from '../util/hex';
import { UserError } from '../util/user-error';
import { parseStatArguments, STAT_USAGE, type StatCommand } from '../wire/cli/perf/stat-options';
import { type StatCount, type StatRun, statText } from '../wire/cli/perf/stat-text';
import { accessText, COUNTING, openEvent, type OpenedEvent, placeEvents } from './breakpoint-events';
import { fileInput } from './node-terminal';
import { KernelSymbols } from './program-symbols';
import { startProgram } from './verb-program';

const RESULT_BYTES = 24;

/** Answers the program's exit code. */
export async function statVerb(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--help' || argv[0] === '-h') {
    process.stdout.write(STAT_USAGE);
    return 0;
  }
  const command = parseStatArguments(argv);
  const runs: StatRun[] = [];
  let code = 0;
  for (let turn = 0; turn < command.repeat; turn += 1) {
    const { run, exitCode } = await countOnce(command, turn === 0);
    runs.push(run);
    code = exitCode;
  }
  const text = statText([command.program, ...command.args].join(' '), runs, command.format);
  if (command.output === undefined) process.stderr.write(text);
  else writeOutput(command.output, text);
  return code;
}

/** The first run takes what comes on standard input; there is nothing left for later ones. */
async function countOnce(
  command: StatCommand,
  isFirst: boolean,
): Promise<{ readonly run: StatRun; readonly exitCode: number }> {
  const program = startProgram(command, isFirst ? undefined : fileInput('/dev/null'));
  const { kernel, task } = program;
  const placed = placeEvents(kernel, task, new KernelSymbols(), command.events);
  const events = placed.map((one) => openEvent(kernel, task, one, COUNTING, -1));
  for (const event of events) if (event.kind === 'refused' && event.wish.pinned) throw pinnedRefused(event.why);
  const exitCode = await program.run();
  const run: StatRun = {
    counts: events.map(readCount),
    elapsedSeconds: program.elapsedSeconds(),
    emulatedSeconds: program.emulatedSeconds(),
  };
  return { run, exitCode };
}

function readCount(event: OpenedEvent): StatCount {
  const { wish, place } = event;
  const what = { event: wish.text, place: `${accessText(wish.access, place.lengthBytes)} at ${hex(place.address)}` };
  if (event.kind === 'refused') return { ...what, value: 0, enabledNs: 0, runningNs: 0, refusal: event.why };
  const read = event.file.read(RESULT_BYTES);
  if (!read.ok || read.value.length < RESULT_BYTES) return { ...what, value: 0, enabledNs: 0, runningNs: 0 };
  const view = new DataView(read.value.buffer, read.value.byteOffset);
  const [value, enabledNs, runningNs] = [0, 8, 16].map((at) => Number(view.getBigUint64(at, true)));
  return { ...what, value, enabledNs, runningNs };
}

function writeOutput(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('stat-output', `The counts cannot be written: ${why}. Give another file with -o.`);
  }
}

const pinnedRefused = (why: string): UserError =>
  new UserError(
    'event-pinned',
    `${why} It is pinned (:D), so nothing was run. Leave out an event, or launch with more --debug-registers.`,
  );
