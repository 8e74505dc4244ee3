// measure.ts: runs one kernel natively and on the emulated machine, and takes the CPU time of each.
//
// CPU time, not the clock's: other work on the host then matters less.

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { DebugCondition } from '../../adapter/machine/debug-registers';
import { compile, load, run, type LoadedProgram } from '../machine/support/program';

const KERNEL_FOLDER = path.resolve(__dirname, '../programs/kernels');

export interface Timing {
  readonly result: string;
  readonly milliseconds: number;
  readonly instructions: number;
  /** Of a count-only condition. */
  readonly hits: number;
}

export function buildKernel(name: string, optimisation: string): string {
  const header = fs.readFileSync(path.join(KERNEL_FOLDER, 'kernel.h'), 'utf8');
  const source = fs.readFileSync(path.join(KERNEL_FOLDER, `${name}.c`), 'utf8');
  const text = source.replace('#include "kernel.h"', header);
  return compile(text, '.c', [
    optimisation,
    ...['-nostdlib', '-static', '-no-pie', '-ffreestanding', '-fno-stack-protector', '-fcf-protection=none'],
  ]);
}

export function runNative(file: string, rounds: number): Timing {
  const [result = '', nanoseconds = '0'] = execFileSync(file, [String(rounds)], { encoding: 'utf8' })
    .trim()
    .split(' ');
  return { result, milliseconds: Number(nanoseconds) / 1e6, instructions: 0, hits: 0 };
}

/** `watch` makes the condition from the loaded program. */
export function runEmulated(file: string, rounds: number, watch?: (program: LoadedProgram) => DebugCondition): Timing {
  const program = load(file, [String(rounds)]);
  if (watch !== undefined) program.debug.setCondition(0, watch(program));
  const before = threadMilliseconds();
  const { exit, instructions } = run(program);
  const milliseconds = threadMilliseconds() - before;
  if (exit.kind !== 'exited') throw new Error(`the kernel ended with ${exit.kind}`);
  const hits = program.debug.readCount(0);
  program.space.dispose();
  const [result = ''] = program.output.trim().split(' ');
  return { result, milliseconds, instructions, hits };
}

/** CPU time of this thread: V8's compilers in the background do not count. */
export function threadMilliseconds(): number {
  const [nanoseconds = '0'] = fs.readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

export function geometricMean(numbers: readonly number[]): number {
  return Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);
}
