// stop-decisions.ts: what the kernel asks its debugger while a slice runs, and the stop that comes of it.
//
// The observer decides about watches and code stops of the debugged processes; `pending` is told when the slice is over.

import type { OwnHit, DebugExit, Tracer } from '../../kernel/tracing';
import type { Task } from '../../kernel/process/task';
import type { SignalInfo } from '../../kernel/signal/signal-info';
import type { Stop, StopReason, TargetObserver, WatchHit } from '../target';
import type { DebuggedProcesses } from './debugged-processes';
import { signalShown, toSignalInfo } from './signals';
import { toWatchHits } from './watch-hits';

export class StopDecisions implements Tracer {
  /** Delivered without a stop. */
  quietSignals: ReadonlySet<number> = new Set();
  /** What the slice under way ends with. */
  pending: Stop | undefined;

  constructor(
    private readonly debugged: DebuggedProcesses,
    private readonly observer: () => TargetObserver,
  ) {}

  codeStop(task: Task): 'stop' | 'continue' {
    const address = task.registers.rip;
    if (!this.debugged.hasCodeStop(task.process, address)) return 'continue';
    if (this.observer().onCodeStop(task.tid, address) === 'continue') return 'continue';
    return this.stopAt(task, { kind: 'codeStop', address });
  }

  watchHit(task: Task, hits: readonly OwnHit[], exit: DebugExit): 'stop' | 'continue' {
    // A wide breakpoint is hit by whoever runs.
    if (!this.debugged.has(task.process)) return 'continue';
    const seen = toWatchHits(hits, exit);
    if (this.observer().onWatchHit(task.tid, seen) === 'continue') return 'continue';
    return this.stopAt(task, { kind: 'watch', hits: seen });
  }

  /** Hits of a system call, which is done: true if they stop the program. */
  stopsAtHits(task: Task, hits: readonly WatchHit[]): boolean {
    if (this.observer().onWatchHit(task.tid, hits) === 'continue') return false;
    this.stopAt(task, { kind: 'watch', hits });
    return true;
  }

  signal(task: Task, info: SignalInfo): 'deliver' | 'hold' {
    const isQuiet = this.quietSignals.has(info.signal) || !signalShown(task, info);
    if (!this.debugged.has(task.process) || isQuiet) return 'deliver';
    this.stopAt(task, { kind: 'signal', signal: toSignalInfo(info) });
    return 'hold';
  }

  stepped(task: Task): void {
    this.stopAt(task, { kind: 'step' });
  }

  private stopAt(task: Task, reason: StopReason): 'stop' | 'continue' {
    if (this.debugged.putOff(task, reason)) return 'continue';
    this.pending = { thread: task.tid, reason };
    return 'stop';
  }
}
