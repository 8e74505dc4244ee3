// signals.table.ts: at which signals a debugger stops.
//
// Programs use some signals in ordinary work (timers, children, windows); stopping at them would only be in the way.
// Truth: what gdb's "info signals" stops at by default.

/** Signals that pass unseen unless the person asks for all. */
export const ORDINARY_SIGNALS: ReadonlySet<string> = new Set([
  'SIGALRM',
  'SIGURG',
  'SIGIO',
  'SIGVTALRM',
  'SIGPROF',
  'SIGCHLD',
  'SIGWINCH',
  'SIGCONT',
  'SIG32',
  'SIG33',
]);

/** What the name means, for the label of a stop. */
export const SIGNAL_MEANINGS: Readonly<Partial<Record<string, string>>> = {
  SIGSEGV: 'invalid memory access',
  SIGBUS: 'access to memory that is not there',
  SIGFPE: 'arithmetic error',
  SIGILL: 'illegal instruction',
  SIGABRT: 'the program aborted itself',
  SIGTRAP: 'trap instruction',
  SIGINT: 'interrupt',
  SIGTERM: 'request to end',
  SIGPIPE: 'write to a pipe that nobody reads',
  SIGSYS: 'bad system call',
};
