// pending-work.ts: what a hit leaves to be done once its handler is over: wake-ups, disables, signals.
//
// Two stages, both last-queued-first as in Linux: interrupt work runs as soon as the #DB handler ends; task work (the
// SIGTRAP of `sigtrap` events) when the task is about to return to user mode. What comes out is a list of due
// signals, in the order in which they are to be sent. Sends nothing itself.
//
// Truth: shared reference "hw-breakpoint-spec", B.10.5 ("Order of signals for one instruction").

import type { TaskRef } from '../sched/task';
import { POLL_ERR, POLL_HUP, POLL_IN } from './constants.table';
import type { AsyncOwner, PerfEvent } from './event';

/** A signal for the kernel to send (forced ones: even if blocked or ignored). */
export type DueSignal =
  | {
      /** F_ASYNC: to whom F_SETOWN said. With `signal` 0 a plain SIGIO, si_code SI_KERNEL. */
      readonly kind: 'async';
      readonly to: AsyncOwner['owner'];
      readonly signal: number;
      readonly fd: number;
      /** si_code: POLL_IN, POLL_ERR or POLL_HUP. */
      readonly code: number;
      readonly band: number;
    }
  | {
      /** SIGTRAP, si_code TRAP_PERF 6, sent (not forced); si_perf_flags 1 where SIGTRAP is blocked. */
      readonly kind: 'perfTrap';
      readonly task: TaskRef;
      readonly address: bigint;
      readonly data: bigint;
      readonly type: number;
    }
  | {
      /** SIGTRAP, forced; si_code TRAP_BRKPT 1, TRAP_TRACE 2 or TRAP_HWBKPT 4. */
      readonly kind: 'debugTrap';
      readonly task: TaskRef;
      readonly address: bigint;
      readonly code: 1 | 2 | 4;
    };

const BANDS: Readonly<Record<number, number>> = { [POLL_IN]: 0x41, [POLL_ERR]: 0x08, [POLL_HUP]: 0x18 };

export class PendingWork {
  private interruptWork: { readonly event: PerfEvent; readonly kind: 'wakeUp' | 'disable' }[] = [];
  private readonly taskWork = new Map<TaskRef, PerfEvent[]>();
  private due: DueSignal[] = [];

  queueWakeUp(event: PerfEvent): void {
    if (event.pendingWakeup) return;
    event.pendingWakeup = true;
    this.interruptWork.push({ event, kind: 'wakeUp' });
  }

  queueDisable(event: PerfEvent): void {
    if (event.pendingDisable) return;
    event.pendingDisable = true;
    this.interruptWork.push({ event, kind: 'disable' });
  }

  /** SIGTRAP for the task that caused the overflow, unless one of this event is under way. */
  queueSigtrap(event: PerfEvent, task: TaskRef): void {
    if (event.pendingSigtrap) return;
    event.pendingSigtrap = true;
    const queue = this.taskWork.get(task);
    if (queue === undefined) this.taskWork.set(task, [event]);
    else queue.push(event);
  }

  /** Tells the F_ASYNC owner what the event has to say, if it has. */
  wakeUp(event: PerfEvent): void {
    const code = event.pendingKill;
    event.pendingKill = 0;
    const async = event.original.async;
    if (code === 0 || async === undefined) return;
    const { owner, signal, fd } = async;
    this.due.push({ kind: 'async', to: owner, signal, fd, code, band: BANDS[code] ?? 0 });
  }

  push(signal: DueSignal): void {
    this.due.push(signal);
  }

  /** After a handler, in whatever mode. */
  runInterruptWork(disable: (event: PerfEvent) => void): void {
    for (let work = this.interruptWork.pop(); work !== undefined; work = this.interruptWork.pop()) {
      const { event, kind } = work;
      if (kind === 'wakeUp') {
        event.pendingWakeup = false;
        this.wakeUp(event);
      } else if (event.pendingDisable) {
        event.pendingDisable = false;
        disable(event);
      }
    }
  }

  /** When the task returns to user mode. */
  runTaskWork(task: TaskRef): void {
    const queue = this.taskWork.get(task) ?? [];
    this.taskWork.delete(task);
    for (const event of queue.reverse()) {
      event.pendingSigtrap = false;
      this.due.push({
        kind: 'perfTrap',
        task,
        address: event.attributes.breakpointAddress,
        data: event.attributes.sigData,
        type: event.attributes.type,
      });
    }
  }

  /** The task is exiting: nobody is left to signal. */
  dropTaskWork(task: TaskRef): void {
    for (const event of this.taskWork.get(task) ?? []) event.pendingSigtrap = false;
    this.taskWork.delete(task);
  }

  take(): readonly DueSignal[] {
    const due = this.due;
    this.due = [];
    return due;
  }
}
