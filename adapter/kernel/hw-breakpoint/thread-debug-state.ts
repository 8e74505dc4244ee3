// thread-debug-state.ts: what each thread remembers of its debug registers.
//
// virtualDr6 holds the status in positive polarity (a set bit = it happened); ptraceDr7 is the last DR7 that was
// written successfully, bit for bit. Both are copied by fork, the breakpoints are not.
//
// Truth: shared reference "hw-breakpoint-spec", B.2, B.7–B.9.

import type { PerfEvent } from '../perf/event';
import type { TaskRef } from '../sched/task';

export interface ThreadDebugState {
  virtualDr6: bigint;
  ptraceDr7: bigint;
  readonly ptraceBreakpoints: (PerfEvent | undefined)[];
}

const PTRACE_REGISTERS = 4;

export class ThreadDebugStates {
  private readonly states = new WeakMap<TaskRef, ThreadDebugState>();

  of(task: TaskRef): ThreadDebugState {
    const existing = this.states.get(task);
    if (existing !== undefined) return existing;
    const state: ThreadDebugState = {
      virtualDr6: 0n,
      ptraceDr7: 0n,
      ptraceBreakpoints: new Array<PerfEvent | undefined>(PTRACE_REGISTERS).fill(undefined),
    };
    this.states.set(task, state);
    return state;
  }

  forked(parent: TaskRef, child: TaskRef): void {
    const from = this.of(parent);
    const to = this.of(child);
    to.virtualDr6 = from.virtualDr6;
    to.ptraceDr7 = from.ptraceDr7;
  }
}
