// task.ts: what every kernel subsystem may know of a task and a CPU.
//
// The smallest shape that perf, hw-breakpoint and their clients need; exec, signal and the system calls hang more on
// it in their own floors. A task is a thread; tasks of one process share `tgid`.

import type { DebugRegisters } from '../../machine/debug-registers';
import type { RegisterFile } from '../../machine/machine';

export interface TaskRef {
  /** Thread id; also the key by which other subsystems keep their own per-task state. */
  readonly tid: number;
  /** Thread group (process) id. */
  readonly tgid: number;
  readonly comm: string;
  /** Live registers when the task is off the CPU or stopped. */
  readonly registers: RegisterFile;
}

export interface Cpu {
  readonly id: number;
  readonly debugRegisters: DebugRegisters;
  /** The task on this CPU now; undefined when idle. */
  readonly current: TaskRef | undefined;
}

/** Kernel time, ns, a function of the instruction count. */
export type Clock = () => bigint;

/** What the scheduler and process management tell the subsystems that follow tasks (perf first of all). */
export interface TaskObserver {
  /** `task` is about to run on `cpu`: install its breakpoints. */
  switchIn(task: TaskRef, cpu: Cpu): void;
  /** `task` leaves `cpu`; `preempted`: another's turn has come, though it could go on. */
  switchOut(task: TaskRef, cpu: Cpu, preempted?: boolean): void;
  /** After fork, vfork or clone; `thread` for CLONE_THREAD. The child has not run. */
  forked(parent: TaskRef, child: TaskRef, thread: boolean): void;
  executed(task: TaskRef): void;
  exited(task: TaskRef): void;
}
