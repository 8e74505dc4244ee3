// run-verb.ts: `trapline run`: a program on the emulated machine, as if it ran here.

import { performance } from 'node:perf_hooks';
import { createMachine } from '../machine/create-machine';
import { Kernel } from '../kernel/kernel';
import { type ProgramEnd, programEndOf } from '../kernel/process/program-end';
import { Signal, signalName } from '../kernel/abi/signals.table';
import { parseRunArguments, RUN_USAGE, type RunCommand } from '../wire/cli/run-options';
import { nodeHost, resolveLaunch, writableRoots } from './launch';
import { processTerminal } from './node-terminal';

/** How long the guest runs before the event loop is heard. */
const SLICE_MS = 15;
const FATAL_EXIT = 128;

/** Answers the exit code; a deadly signal kills this process instead. */
export async function runVerb(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--help' || argv[0] === '-h') {
    process.stdout.write(RUN_USAGE);
    return 0;
  }
  const command = parseRunArguments(argv);
  const launch = resolveLaunch(command);
  const kernel = new Kernel({
    createMachine,
    host: nodeHost(processTerminal()),
    options: { cpus: command.cpus, debugRegisters: 4, writableRoots: writableRoots(launch.cwd, command.writable) },
  });
  const end = watchEnd(kernel, command);
  const started = performance.now();
  kernel.start(launch);
  passSignals(kernel);
  await runToEnd(kernel);
  if (command.stats) tellStats(kernel, performance.now() - started);
  return finish(end());
}

function watchEnd(kernel: Kernel, command: RunCommand): () => ProgramEnd | undefined {
  let end: ProgramEnd | undefined;
  kernel.events.processEnded = (process, killedBy) => {
    if (process === kernel.context.init) end = programEndOf(process, killedBy);
  };
  kernel.events.notice = (text) => {
    if (!command.quiet) process.stderr.write(`trapline: ${text}\n`);
  };
  return () => end;
}

function passSignals(kernel: Kernel): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const) {
    process.on(name, () => {
      kernel.signalInit(Signal[name]);
    });
  }
}

async function runToEnd(kernel: Kernel): Promise<void> {
  for (;;) {
    const sliceEnds = performance.now() + SLICE_MS;
    const slice = kernel.runSlice(() => performance.now() >= sliceEnds);
    if (slice.kind === 'ended') return;
    if (slice.kind === 'idle') await waitForHost(kernel, slice.deadlineNs);
    else await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

const IDLE_POLL_MS = 5;

/** Until input or a signal has come, or real time has reached the deadline. */
async function waitForHost(kernel: Kernel, deadlineNs: bigint | undefined): Promise<void> {
  const from = kernel.nowNs;
  const started = performance.now();
  while (!kernel.hasWork()) {
    await new Promise<void>((resolve) => setTimeout(resolve, IDLE_POLL_MS));
    const elapsedNs = BigInt(Math.round((performance.now() - started) * 1e6));
    const reached = from + elapsedNs;
    kernel.skipIdle(deadlineNs !== undefined && deadlineNs < reached ? deadlineNs : reached);
    if (deadlineNs !== undefined && deadlineNs <= reached) return;
  }
}

function tellStats(kernel: Kernel, elapsedMs: number): void {
  const millions = kernel.instructions / 1e6;
  const rate = millions / (elapsedMs / 1000);
  process.stderr.write(
    `trapline: ${kernel.instructions} instructions in ${(elapsedMs / 1000).toFixed(3)} s ` +
      `(${rate.toFixed(1)} million per second), ${kernel.context.scheduler.switches} context switches\n`,
  );
}

function finish(end: ProgramEnd | undefined): number {
  if (end === undefined) return 1;
  if (end.kind === 'exited') return end.code;
  dieBy(end.signal.signal);
  return FATAL_EXIT + end.signal.signal;
}

/** The caller's shell sees the same death. Twice: a WebAssembly engine's own handler may take the first. */
function dieBy(signal: number): void {
  const name = signalName(signal);
  process.removeAllListeners(name);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      process.kill(process.pid, signal);
    } catch {
      return;
    }
  }
}
