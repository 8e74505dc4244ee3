// debugger-stand-in.ts: the debugger as its programs see it: their parent and tracer, a process that can be stopped.
//
// It runs nothing and is in no table. While SIGSTOP holds it, what would stop a thread stops that thread alone, and the
// debugger hears of it after SIGCONT, as with a debugger that is a process of the same machine.
// Quirk: of the signals that a program sends to its debugger only SIGSTOP and SIGCONT do anything.

import { Signal } from '../abi/signals.table';
import type { Process } from './task';

export class DebuggerStandIn {
  stopped = false;
  /** Whom it debugs. */
  traces: (process: Process) => boolean = () => false;
  /** SIGCONT found it stopped. */
  onContinued: () => void = () => undefined;

  constructor(readonly pid: number) {}

  signal(signal: number): void {
    if (signal === Signal.SIGSTOP) this.stopped = true;
    if (signal !== Signal.SIGCONT || !this.stopped) return;
    this.stopped = false;
    this.onContinued();
  }

  /** /proc/PID/status */
  get status(): string {
    const state = this.stopped ? 'T (stopped)' : 'S (sleeping)';
    const rows = [`Name:\tdebugger`, `State:\t${state}`, `Tgid:\t${this.pid}`, `Pid:\t${this.pid}`, 'TracerPid:\t0'];
    return `${rows.join('\n')}\n`;
  }
}
