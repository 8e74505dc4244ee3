// trace.ts: what ptrace knows of one traced thread: its tracer, the options, and the stop it is in.
//
// Data only. trace-stop.ts stops and resumes, trace-links.ts attaches and detaches, wait.ts reports.
//
//   code of a stop: signal, 0x80 in syscall-stops where asked for, event above the low byte
//   wait's status of it: code << 8 | 0x7f
//
// Truth: ptrace(2).

import type { SignalInfo } from '../signal/signal-info';

export const PTRACE_O_TRACESYSGOOD = 1;
export const PTRACE_O_EXITKILL = 1 << 20;
/** All that PTRACE_SETOPTIONS takes here: there is no seccomp that could be suspended. */
export const PTRACE_OPTIONS = 0xff | PTRACE_O_EXITKILL;

/** Each event's option is bit number `event`. */
export const TraceEvent = {
  fork: 1,
  vfork: 2,
  clone: 3,
  exec: 4,
  vforkDone: 5,
  exit: 6,
  seccomp: 7,
  stop: 128,
} as const;

export type TraceStopKind = 'signal' | 'syscallEnter' | 'syscallExit' | 'event' | 'group';

export interface TraceStop {
  readonly kind: TraceStopKind;
  readonly code: number;
  /** What PTRACE_GETSIGINFO shows; undefined in a group-stop of a thread that was not seized. */
  info: SignalInfo | undefined;
  /** Some wait has taken it. */
  reported: boolean;
}

/** `T`: the task type, which this file must not know. */
export class Trace<T> {
  options = 0;
  /** PTRACE_GETEVENTMSG. */
  message = 0n;
  stop: TraceStop | undefined;
  /** Stop at the next entry to or exit from a system call. */
  syscalls = false;
  /** The next system call is the tracer's to carry out (SYSEMU). */
  emulatesCalls = false;
  /** To stop as soon as it can: interrupted, or born traced by a tracer that seizes. */
  trapDue = false;
  /** Seized: stops begin or end around it, of which a trap tells. */
  notifyDue = false;
  /** PTRACE_LISTEN: stopped, but a notice may wake it. */
  listening = false;
  /** The thread has ended; its tracer has not waited for it yet. */
  ended: number | undefined;

  constructor(
    readonly tracer: T,
    readonly seized: boolean,
  ) {}

  wants(event: number): boolean {
    return (this.options & (1 << event)) !== 0;
  }
}
