// record-verb.ts: `trapline record`: who accesses memory, access by access, into a file.

import * as fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import { UserError } from '../util/user-error';
import { parseRecordArguments, RECORD_USAGE, type RecordCommand } from '../wire/cli/perf/record-options';
import { RecordingWriter } from '../wire/cli/perf/recording';
import { plural } from '../wire/cli/perf/report-text';
import { placeEvents } from './breakpoint-events';
import { KernelSymbols } from './program-symbols';
import { recordedEvent, Recorder } from './recorder';
import { StackPlaces } from './stack-places';
import { startProgram, type VerbProgram } from './verb-program';

const BUFFER_CHARACTERS = 1 << 18;
const PROGRESS_MS = 200;

/** Answers the program's exit code. */
export async function recordVerb(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--help' || argv[0] === '-h') {
    process.stdout.write(RECORD_USAGE);
    return 0;
  }
  const command = parseRecordArguments(argv);
  const program = startProgram(command);
  const { kernel, task } = program;
  const symbols = new KernelSymbols();
  kernel.events.mappingsChanged = (changed) => {
    symbols.changed(changed);
  };
  const placed = placeEvents(kernel, task, symbols, command.events);
  const file = new OutputFile(command.output);
  const writer = new RecordingWriter((text) => {
    file.write(text);
  });
  const stacks = new StackPlaces(symbols, writer, command.callGraph);
  const recorder = new Recorder(kernel, placed, writer, stacks, () => {
    kernel.stop();
  });
  recorder.open(task, command.period);
  file.open();
  writer.header({
    command: [command.program, ...command.args].join(' '),
    events: placed.map((one) => recordedEvent(one, command.period)),
  });
  const progress = command.quiet ? undefined : new Progress(recorder, program);
  const exitCode = await program.run(() => progress?.show());
  progress?.clear();
  const threads = recorder.finish(exitCode);
  file.close();
  if (!command.quiet) process.stderr.write(summary(command, recorder, threads, file.written));
  return exitCode;
}

function summary(command: RecordCommand, recorder: Recorder, threads: number, bytes: number): string {
  const hits = recorder.hits.reduce((sum, count) => sum + count, 0);
  const lost = recorder.lost === 0 ? '' : `, ${plural(recorder.lost, 'hit', 'hits')} lost`;
  const events = plural(recorder.hits.length, 'event', 'events');
  const from = command.output === 'trapline.data' ? '' : ` ${command.output}`;
  return (
    `trapline record: ${plural(hits, 'hit', 'hits')} of ${events} in ${plural(threads, 'thread', 'threads')}${lost}, ` +
    `${sizeText(bytes)} in ${command.output}. Look at it with: trapline report${from}\n`
  );
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** One line of a terminal, written over again and again; nothing where standard error is none. */
class Progress {
  private lastMs = performance.now();
  private shown = false;

  constructor(
    private readonly recorder: Recorder,
    private readonly program: VerbProgram,
  ) {}

  show(): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.lastMs < PROGRESS_MS) return;
    this.lastMs = now;
    this.shown = true;
    const hits = this.recorder.hits.reduce((sum, count) => sum + count, 0);
    const seconds = this.program.emulatedSeconds().toFixed(2);
    process.stderr.write(`\r\u001b[Krecording · ${plural(hits, 'hit', 'hits')} · ${seconds} s of the program's time`);
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\u001b[K');
  }
}

/** The recording's file, written in large pieces. */
class OutputFile {
  private fd = -1;
  private pieces: string[] = [];
  private waiting = 0;
  written = 0;

  constructor(private readonly path: string) {}

  /** What was there before is gone. */
  open(): void {
    this.fd = this.attempt(() => fs.openSync(this.path, 'w'));
  }

  write(text: string): void {
    this.pieces.push(text);
    this.waiting += text.length;
    if (this.waiting >= BUFFER_CHARACTERS) this.flush();
  }

  close(): void {
    this.flush();
    fs.closeSync(this.fd);
  }

  private flush(): void {
    const bytes = Buffer.from(this.pieces.join(''));
    this.pieces = [];
    this.waiting = 0;
    this.attempt(() => {
      fs.writeFileSync(this.fd, bytes);
    });
    this.written += bytes.length;
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UserError('record-output', `${this.path} cannot be written: ${why}. Give another file with -o.`);
    }
  }
}
