// tracing.ts: what a debugger may ask of the kernel, and what it is told.
//
// The kernel calls these while a task stands still: registers and memory may be read and written, nothing else may be
// called; but at a code stop, where nobody is in the middle of a hit, breakpoints and code stops may be set and taken
// away, as a system call may do there. Answering 'stop' ends the slice at once, with every task stopped.

import type { WatchedPiece } from './clients/ptrace/debugger-client';
import type { HitDetail } from './hw-breakpoint/debug-exception';
import type { Exit } from '../machine/machine';
import type { Task } from './process/task';
import type { SignalInfo } from './signal/signal-info';

export type DebugExit = Extract<Exit, { readonly kind: 'debug' }>;

/** A hit of a breakpoint that the debugger holds, as a thread's own or on every CPU. */
export interface OwnHit {
  /** What the debugger attached to it. */
  readonly tag: number;
  readonly index: number;
  readonly piece: WatchedPiece;
  readonly detail: HitDetail | undefined;
}

export interface Tracer {
  /** rip is at a code stop. */
  codeStop(task: Task): 'stop' | 'continue';
  /** #DB of breakpoints that the debugger holds; the instruction has retired (an execute one has not). */
  watchHit(task: Task, hits: readonly OwnHit[], exit: DebugExit): 'stop' | 'continue';
  /** A signal is about to be delivered. 'hold': stop, and deliver it when the task goes on. */
  signal(task: Task, info: SignalInfo): 'deliver' | 'discard' | 'hold';
  /** The task under `Kernel.step` has done its instructions. */
  stepped(task: Task): void;
}

/** Nobody watches. */
export const NO_TRACER: Tracer = {
  codeStop: () => 'continue',
  watchHit: () => 'continue',
  signal: () => 'deliver',
  stepped: () => undefined,
};
