// blocking.ts: how a system call ends, and how it waits.
//
// A handler returns its value (a negative errno is a failure), or `block(…)`: the task sleeps until woken, timed out
// or interrupted, and `resume` then says how the call goes on. `noReturn` leaves the registers as the handler set
// them (sigreturn, execve, exit).

import { Errno } from '../abi/errno.table';
import type { WaitQueue, Waiter } from '../sched/wait-queue';

export type Outcome = number | bigint | Block | EventStop | 'noReturn';

export type WakeReason = 'woken' | 'timeout';

/**
 * What a signal does to the sleep. `restart`: run the call again if the handler has SA_RESTART or none runs
 * (ERESTARTSYS); `restartNoHandler`: only if none runs (ERESTARTNOHAND); `resume`: only if none runs, where it was
 * (ERESTART_RESTARTBLOCK); `fail`: EINTR always.
 */
export type InterruptStyle = 'restart' | 'restartNoHandler' | 'resume' | 'fail';

/** What rax holds while it is not decided how the call goes on; only tracers see it. */
export const RESTART_CODES: Readonly<Record<InterruptStyle, number>> = {
  restart: 512,
  restartNoHandler: 514,
  resume: 516,
  fail: Errno.EINTR,
};

/** Something that a tracer may want to stop at (fork, exec, …), and how the call goes on. */
export interface EventStop {
  readonly event: number;
  readonly message: bigint;
  readonly next: () => Outcome;
}

export interface Block {
  /** Adds the task to what it waits for; returns how to leave. */
  readonly subscribe: (waiter: Waiter) => () => void;
  /** Kernel time. */
  readonly deadlineNs?: bigint;
  readonly resume: (reason: WakeReason) => Outcome;
  readonly interrupt: InterruptStyle;
  /** Called when a signal ends the sleep (nanosleep tells what is left). */
  readonly onInterrupt?: () => void;
  /** Only SIGKILL ends the sleep. */
  readonly killable?: boolean;
  /** For `resume`: how restart_syscall goes on; without, the same sleep again. */
  readonly restart?: () => Outcome;
}

/** Sleeps on queues, all of whose wake-ups count. */
export function blockOn(
  queues: readonly WaitQueue[],
  resume: (reason: WakeReason) => Outcome,
  options: {
    readonly deadlineNs?: bigint;
    readonly interrupt?: InterruptStyle;
    readonly onInterrupt?: () => void;
    readonly restart?: () => Outcome;
    readonly killable?: boolean;
  } = {},
): Block {
  return {
    subscribe: (waiter) => {
      for (const queue of queues) queue.add(waiter);
      return () => {
        for (const queue of queues) queue.remove(waiter);
      };
    },
    resume,
    interrupt: options.interrupt ?? 'restart',
    deadlineNs: options.deadlineNs,
    onInterrupt: options.onInterrupt,
    restart: options.restart,
    killable: options.killable,
  };
}
