// single-step.ts: PTRACE_SINGLESTEP by the CPU's trap flag, and whose that flag is.
//
// The tracer sets TF behind the program's back: registers shown and frames pushed must not have it, unless the program
// set it itself. An instruction that loads flags (POPF, IRET) makes TF the program's own.
//
// Truth: ptrace(2); Intel SDM vol. 3B, 18.3.1.4; what a real kernel shows.

import type { Task } from './task';

const TF = 0x100n;
const LONGEST_INSTRUCTION = 15;
const POPF = 0x9d;
const IRET = 0xcf;
/** Prefixes that may stand before them: segments, sizes, LOCK, REP, REX. */
const PREFIXES: ReadonlySet<number> = new Set([0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3]);

/** The next instruction, or the rest of the system call that it is in, ends with a trap. */
export function enableStep(task: Task): void {
  const { registers } = task;
  // Linux does the same: a POPF that cleared TF under the last step is undone, and TF then counts as the program's.
  if (task.singleStep) registers.rflags |= TF;
  task.singleStep = true;
  const wasSet = (registers.rflags & TF) !== 0n;
  registers.rflags |= TF;
  if (loadsFlags(task)) task.forcedTrapFlag = false;
  else if (!wasSet) task.forcedTrapFlag = true;
}

export function disableStep(task: Task): void {
  task.singleStep = false;
  if (!task.forcedTrapFlag) return;
  task.forcedTrapFlag = false;
  task.registers.rflags &= ~TF;
}

/** RFLAGS as the program would have them. */
export function visibleFlags(task: Task): bigint {
  return task.forcedTrapFlag ? task.registers.rflags & ~TF : task.registers.rflags;
}

function loadsFlags(task: Task): boolean {
  const { space } = task.process.memory;
  const { rip } = task.registers;
  const there = space.accessibleBytes(rip, LONGEST_INSTRUCTION, 'read');
  for (const byte of space.read(rip, there)) {
    if (byte === POPF || byte === IRET) return true;
    const isRex = byte >= 0x40 && byte <= 0x4f;
    if (!PREFIXES.has(byte) && !isRex) return false;
  }
  return false;
}
