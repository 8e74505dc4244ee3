// verb-program.ts: a program started on the emulated machine for a verb of the command line, with its symbols.
//
// Nothing has run yet when `startProgram` returns, so that events can be opened first. The program has the terminal.

import { performance } from 'node:perf_hooks';
import { createMachine } from '../machine/create-machine';
import type { StandardInput } from '../kernel/files/host';
import { Kernel } from '../kernel/kernel';
import { type ProgramEnd, programEndOf } from '../kernel/process/program-end';
import type { Task } from '../kernel/process/task';
import type { ProgramOptions } from '../wire/cli/program-options';
import { nodeHost, resolveLaunch, writableRoots } from './launch';
import { processTerminal } from './node-terminal';
import { passSignals, runToEnd } from './program-run';

const FATAL_EXIT = 128;

export interface VerbProgram {
  readonly kernel: Kernel;
  readonly task: Task;
  /** Runs to the end; the exit code that a shell would show. */
  run(afterSlice?: () => void): Promise<number>;
  /** Of the host's clock, while `run` ran. */
  elapsedSeconds(): number;
  emulatedSeconds(): number;
}

/** Throws UserError where the program cannot be run. `stdin`: instead of this process's own. */
export function startProgram(wish: ProgramOptions, stdin?: StandardInput): VerbProgram {
  const launch = resolveLaunch(wish);
  const kernel = new Kernel({
    createMachine,
    host: nodeHost(processTerminal(stdin)),
    options: {
      cpus: wish.cpus,
      debugRegisters: wish.debugRegisters,
      writableRoots: writableRoots(launch.cwd, wish.writable),
    },
  });
  let end: ProgramEnd | undefined;
  kernel.events.processEnded = (process, killedBy) => {
    if (process === kernel.context.init) end = programEndOf(process, killedBy);
  };
  kernel.events.notice = (text) => {
    process.stderr.write(`trapline: ${text}\n`);
  };
  const task = kernel.start(launch);
  const from = kernel.nowNs;
  let elapsedMs = 0;
  return {
    kernel,
    task,
    run: async (afterSlice) => {
      const started = performance.now();
      passSignals(kernel);
      await runToEnd(kernel, afterSlice);
      elapsedMs = performance.now() - started;
      return exitCode(end);
    },
    elapsedSeconds: () => elapsedMs / 1000,
    emulatedSeconds: () => Number(kernel.nowNs - from) / 1e9,
  };
}

function exitCode(end: ProgramEnd | undefined): number {
  if (end === undefined) return 1;
  return end.kind === 'exited' ? end.code : FATAL_EXIT + end.signal.signal;
}
