// timers.ts: deadlines: sleeping tasks and interval timers.

import { SI_KERNEL, Signal } from '../abi/signals.table';
import type { KernelContext } from '../process/kernel-context';
import type { IntervalTimer, Process } from '../process/task';
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
  for (const process of kernel.processes.values()) consider(cpuDeadline(kernel, process));
  return earliest;
}

/** When the first of its CPU timers may be due; undefined while nothing of the process runs. */
function cpuDeadline(kernel: KernelContext, process: Process): bigint | undefined {
  const { virtualTimer, profilingTimer } = process;
  if (virtualTimer === undefined && profilingTimer === undefined) return undefined;
  const runs = [...kernel.tasks.values()].some((task) => task.process === process && task.runnable);
  if (!runs) return undefined;
  const ran = BigInt(process.instructions);
  const lefts = [virtualTimer, profilingTimer].flatMap((timer) =>
    timer === undefined ? [] : [timer.deadlineNs - ran],
  );
  return kernel.nowNs + lefts.reduce((least, left) => (left < least ? left : least));
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
    const ran = BigInt(process.instructions);
    const send = (signal: number): void => {
      sendToProcess(kernel, process, { signal, code: SI_KERNEL, origin: { kind: 'kernel' } });
    };
    if (isDue(process.realTimer, now)) {
      process.realTimer = next(process.realTimer, now);
      send(Signal.SIGALRM);
    }
    if (isDue(process.virtualTimer, ran)) {
      process.virtualTimer = next(process.virtualTimer, ran);
      send(Signal.SIGVTALRM);
    }
    if (isDue(process.profilingTimer, ran)) {
      process.profilingTimer = next(process.profilingTimer, ran);
      send(Signal.SIGPROF);
    }
  }
}

const isDue = (timer: IntervalTimer | undefined, now: bigint): timer is IntervalTimer =>
  timer !== undefined && timer.deadlineNs <= now;

/** What was missed is told once. */
function next({ deadlineNs, intervalNs }: IntervalTimer, now: bigint): IntervalTimer | undefined {
  if (intervalNs === 0n) return undefined;
  return { intervalNs, deadlineNs: deadlineNs + ((now - deadlineNs) / intervalNs + 1n) * intervalNs };
}
