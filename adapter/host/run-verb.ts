// run-verb.ts: `trapline run`: a program on the emulated machine, as if it ran here.

import { performance } from 'node:perf_hooks';
import { createMachine } from '../machine/create-machine';
import { Kernel } from '../kernel/kernel';
import { type ProgramEnd, programEndOf } from '../kernel/process/program-end';
import { signalName } from '../kernel/abi/signals.table';
import { parseRunArguments, RUN_USAGE, type RunCommand } from '../wire/cli/run-options';
import { nodeHost, resolveLaunch, writableRoots } from './launch';
import { processTerminal } from './node-terminal';
import { passSignals, runToEnd } from './program-run';

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
