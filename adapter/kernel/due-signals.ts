// due-signals.ts: sends what the breakpoint layer says is due, as siginfo says it.
//
// Truth: sigaction(2) (TRAP_PERF, TRAP_HWBKPT), fcntl(2) (F_SETSIG), perf_event_open(2).

import { SI_KERNEL, Signal, TRAP_PERF } from './abi/signals.table';
import type { DueSignal } from './perf/pending-work';
import type { KernelContext } from './process/kernel-context';
import { Process, Task } from './process/task';
import { forceSignal, sendToProcess, sendToTask } from './signal/send';
import type { SignalInfo } from './signal/signal-info';
import { bitOf } from './signal/signal-state';

const TRAP_DEBUG = 1;

/** An owner by F_OWNER_PGRP. */
export class ProcessGroup {
  constructor(readonly id: number) {}
}

export function sendDueSignals(kernel: KernelContext, signals: readonly DueSignal[]): void {
  for (const due of signals) send(kernel, due);
}

function send(kernel: KernelContext, due: DueSignal): void {
  switch (due.kind) {
    case 'debugTrap':
      sendForced(kernel, due);
      return;
    case 'perfTrap':
      sendPerfTrap(kernel, due);
      return;
    case 'async':
      sendAsync(kernel, due);
  }
}

function sendForced(kernel: KernelContext, due: Extract<DueSignal, { kind: 'debugTrap' }>): void {
  const task = kernel.tasks.get(due.task.tid);
  if (task === undefined) return;
  forceSignal(kernel, task, {
    signal: Signal.SIGTRAP,
    code: due.code,
    origin: { kind: 'fault', address: due.address, trap: TRAP_DEBUG, errorCode: 0 },
    detail: 'a debug trap of the program itself',
  });
}

function sendPerfTrap(kernel: KernelContext, due: Extract<DueSignal, { kind: 'perfTrap' }>): void {
  const task = kernel.tasks.get(due.task.tid);
  if (task === undefined) return;
  const blocked = (task.blockedSignals & bitOf(Signal.SIGTRAP)) !== 0n;
  sendToTask(kernel, task, {
    signal: Signal.SIGTRAP,
    code: TRAP_PERF,
    origin: { kind: 'perf', address: due.address, data: due.data, type: due.type, flags: blocked ? 1 : 0 },
    detail: 'a breakpoint event of the program itself',
  });
}

function sendAsync(kernel: KernelContext, due: Extract<DueSignal, { kind: 'async' }>): void {
  const info: SignalInfo =
    due.signal === 0
      ? { signal: Signal.SIGIO, code: SI_KERNEL, origin: { kind: 'poll', band: due.band, fd: due.fd } }
      : { signal: due.signal, code: due.code, origin: { kind: 'poll', band: due.band, fd: due.fd } };
  if (due.to instanceof Task) sendToTask(kernel, due.to, info);
  else if (due.to instanceof Process) sendToProcess(kernel, due.to, info);
  else if (due.to instanceof ProcessGroup) {
    for (const process of kernel.processes.values()) {
      if (process.groupId === due.to.id && !process.isZombie) sendToProcess(kernel, process, info);
    }
  }
}
