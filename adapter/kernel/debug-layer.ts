// debug-layer.ts: the hooks by which the breakpoint layer hangs on the kernel.
//
// The layer (perf, hw-breakpoint, clients) follows tasks as an observer and is asked about every #DB.

import type { Cpu, TaskObserver, TaskRef } from './sched/task';
import type { DebugExit } from './tracing';

export interface DebugVerdict {
  /** Slots of the debugger's (ptrace-style) breakpoints that this exception hit, in this task. */
  readonly traceSlots: readonly number[];
  /** Virtual DR6 says single step: the task set TF itself. */
  readonly singleStep: boolean;
}

export interface DebugLayer extends TaskObserver {
  debugException(cpu: Cpu, task: TaskRef, exit: DebugExit): DebugVerdict;
}

/** A machine on which nobody uses debug registers. */
export const NO_DEBUG_LAYER: DebugLayer = {
  switchIn: () => undefined,
  switchOut: () => undefined,
  forked: () => undefined,
  executed: () => undefined,
  exited: () => undefined,
  debugException: (_cpu, _task, exit) => ({ traceSlots: [], singleStep: exit.singleStep }),
};
