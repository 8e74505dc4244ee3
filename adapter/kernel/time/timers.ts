// timers.ts: deadlines: sleeping tasks and interval timers.

import { SI_KERNEL, Signal } from '../abi/signals.table';
import type { KernelContext } from '../process/kernel-context';
import { sendToProcess } from '../signal/send';

/** The earliest moment at which something is due; undefined if nothing is. */
export function earliestDeadline(kernel: KernelContext): bigint | undefined {
  let earliest: bigint | undefined;
  const consider = (deadlineNs: bigint | undefined): void => {
    if (deadlineNs !== undefined && (earliest === undefined || deadlineNs < earliest)) earliest = deadlineNs;
  };
  for (const task of kernel.tasks.values()) {
    if (task.block !== undefined && task.wakeReason === undefined) consider(task.block.deadlineNs);
  }
  for (const process of kernel.processes.values()) consider(process.realTimer?.deadlineNs);
  for (const timer of kernel.timers) consider(timer.deadlineNs);
  return earliest;
}

/** Wakes and signals all that is due, in the order of ids. */
export function fireTimers(kernel: KernelContext): void {
  const now = kernel.nowNs;
  for (const task of kernel.tasks.values()) {
    const deadline = task.wakeReason === undefined ? task.block?.deadlineNs : undefined;
    if (deadline !== undefined && deadline <= now) kernel.wake(task, 'timeout');
  }
  for (const timer of kernel.timers) timer.expire(now);
  for (const process of kernel.processes.values()) {
    const timer = process.realTimer;
    if (timer === undefined || timer.deadlineNs > now) continue;
    if (timer.intervalNs === 0n) process.realTimer = undefined;
    else while (timer.deadlineNs <= now) timer.deadlineNs += timer.intervalNs;
    sendToProcess(kernel, process, { signal: Signal.SIGALRM, code: SI_KERNEL, origin: { kind: 'kernel' } });
  }
}
