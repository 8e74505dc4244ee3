// perf-hits.ts: hits a second on one variable: counted by the real kernel on the real CPU, and here, in the same run.
//
// The program opens the event itself (perf_event_open on itself), natively and emulated; then the command line's ways:
// stat (a counting event from outside), record (a sample for each hit), record -g. The start of each run is taken off.

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { COUNTING, openEvent, placeEvents } from '../../adapter/host/breakpoint-events';
import { KernelSymbols } from '../../adapter/host/program-symbols';
import { Recorder } from '../../adapter/host/recorder';
import { StackPlaces } from '../../adapter/host/stack-places';
import type { Kernel } from '../../adapter/kernel/kernel';
import { parseEvents } from '../../adapter/wire/cli/perf/event-text';
import { RecordingWriter } from '../../adapter/wire/cli/perf/recording';
import { runEmulated } from '../kernel/emulated-run';
import { compile } from '../machine/support/program';
import { threadMilliseconds } from './measure';

const SOURCE = path.resolve(__dirname, '../programs/hits.c');
const TURNS = 3;
const NATIVE_HITS = 50_000;
const COUNTED_HITS = 100_000_000;
const SAMPLED_HITS = 50_000;
const EVENT = 'mem:watched:w:u';

/** What is done before the program runs; answers how to know the hits afterwards. */
type Watch = (kernel: Kernel) => () => number;

/** Hits a second by the real kernel; the program counts itself, and times itself. */
function nativeRate(file: string): number {
  let best = Infinity;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const [count, nanoseconds] = execFileSync(file, [String(NATIVE_HITS), 'count'], { encoding: 'utf8' }).split(' ');
    if (Number(count) !== NATIVE_HITS) throw new Error(`the real kernel counted ${count}`);
    best = Math.min(best, Number(nanoseconds));
  }
  return (NATIVE_HITS / best) * 1e9;
}

function emulatedRate(file: string, hits: number, args: readonly string[], watch: Watch | undefined): number {
  let best = Infinity;
  for (let turn = 0; turn < TURNS; turn += 1) {
    best = Math.min(best, runTime(file, hits, args, watch) - runTime(file, 1, args, watch));
  }
  return (hits / best) * 1000;
}

function runTime(file: string, hits: number, args: readonly string[], watch: Watch | undefined): number {
  let counted: (() => number) | undefined;
  const before = threadMilliseconds();
  const { stdout } = runEmulated(file, {
    args: [String(hits), ...args],
    prepare: (kernel) => {
      counted = watch?.(kernel);
    },
  });
  const took = threadMilliseconds() - before;
  const seen = counted?.() ?? Number(stdout.split(' ')[0]);
  if (seen !== hits) throw new Error(`${seen} hits instead of ${hits}`);
  return took;
}

function place(kernel: Kernel): { readonly placed: ReturnType<typeof placeEvents>; readonly symbols: KernelSymbols } {
  const symbols = new KernelSymbols();
  return { placed: placeEvents(kernel, initTask(kernel), symbols, parseEvents(EVENT)), symbols };
}

function initTask(kernel: Kernel) {
  const task = kernel.context.init?.threads.values().next().value;
  if (task === undefined) throw new Error('the program was started');
  return task;
}

const counting: Watch = (kernel) => {
  const [placed] = place(kernel).placed;
  const event = openEvent(kernel, initTask(kernel), placed, COUNTING, -1);
  return () => {
    const read = event.kind === 'open' ? event.file.read(24) : undefined;
    return read?.ok === true
      ? Number(new DataView(read.value.buffer, read.value.byteOffset).getBigUint64(0, true))
      : -1;
  };
};

const recording =
  (callGraph: boolean): Watch =>
  (kernel) => {
    const { placed, symbols } = place(kernel);
    const writer = new RecordingWriter(() => undefined);
    const recorder = new Recorder(kernel, placed, writer, new StackPlaces(symbols, writer, callGraph));
    recorder.open(initTask(kernel), 1);
    return () => recorder.hits[0];
  };

/** Prints hits per second, and how many times the real kernel's that is. */
export function perfHits(): void {
  const file = compile(fs.readFileSync(SOURCE, 'utf8'), '.c', ['-O1', '-g', '-static']);
  const native = nativeRate(file);
  const rows: readonly [string, number][] = [
    ['the real kernel on the real CPU', native],
    ["the program's own event, emulated", emulatedRate(file, COUNTED_HITS, ['count'], undefined)],
    ['stat: a counting event', emulatedRate(file, COUNTED_HITS, [], counting)],
    ['record: a sample for each hit', emulatedRate(file, SAMPLED_HITS, [], recording(false))],
    ['record -g: with who called', emulatedRate(file, SAMPLED_HITS, [], recording(true))],
  ];
  console.log('\nperf events: hits                      per second   x the real kernel');
  for (const [name, rate] of rows) {
    const perSecond = Math.round(rate).toLocaleString('en').padStart(14);
    console.log(`${name.padEnd(34)} ${perSecond} ${(rate / native).toFixed(2).padStart(16)}`);
  }
}

if (require.main === module) perfHits();
