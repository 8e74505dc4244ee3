// trace-links.ts: who traces whom: attaching, inheriting, detaching.
//
// A link is a Trace in the tracee and an entry among its tracer's tracees; both change here only. A tracer is a thread:
// its process's other threads may wait for the tracee, but not command it.
//
// Truth: ptrace(2), "Attaching and detaching".

import { SI_KERNEL, SI_USER, Signal } from '../abi/signals.table';
import { breakSleep, carryOn, sendToTask } from '../signal/send';
import type { KernelContext } from './kernel-context';
import { disableStep } from './single-step';
import type { Process, Task } from './task';
import { Trace } from './trace';

function link(tracer: Task, task: Task, seized: boolean): Trace<Task> {
  const trace = new Trace(tracer, seized);
  task.trace = trace;
  tracer.tracees.add(task);
  task.process.memory.space.setExactFlags(true);
  return trace;
}

/** The dead included; stops and what was still due are forgotten. */
export function unlink(task: Task): void {
  task.trace?.tracer.tracees.delete(task);
  task.trace = undefined;
  if (task.process.unreapedThreads.delete(task)) task.process.threadGone.wakeAll();
}

/** PTRACE_TRACEME: the thread that forked the process, or another of the parent's. */
export function parentThread(process: Process): Task | undefined {
  const { forkedBy, parent } = process;
  if (parent === undefined || parent.isZombie) return undefined;
  if (forkedBy !== undefined && forkedBy.state !== 'dead' && forkedBy.process === parent) return forkedBy;
  return parent.leader?.state === 'dead' ? [...parent.threads.values()].at(0) : parent.leader;
}

export function traceMe(task: Task, tracer: Task): void {
  link(tracer, task, false);
}

/**
 * PTRACE_ATTACH sends SIGSTOP; PTRACE_SEIZE leaves the thread as it is. A thread that is stopped already traps: the tracer
 * waits for that (`isTrapping`), so that it can command it at once.
 */
export function attach(kernel: KernelContext, tracer: Task, task: Task, seized: boolean, options: number): void {
  const trace = link(tracer, task, seized);
  trace.options = options;
  if (!seized) {
    sendToTask(kernel, task, { signal: Signal.SIGSTOP, code: SI_KERNEL, origin: { kind: 'process', pid: 0, uid: 0 } });
  }
  if (task.state !== 'stopped') return;
  trace.trapDue = true;
  if (task.stopSignal === 0) task.stopSignal = Signal.SIGSTOP;
  carryOn(kernel, task);
  breakSleep(kernel, task);
}

/** A stopped thread is on its way into the first stop under this tracer. */
export function isTrapping(tracer: Task, task: Task): boolean {
  return task.trace?.tracer === tracer && task.trace.trapDue && task.state !== 'dead';
}

/** A child is born traced by its parent's tracer; it stops before its first instruction. */
export function inheritTracer(parent: Task, child: Task): void {
  const from = parent.trace;
  if (from === undefined) return;
  const trace = link(from.tracer, child, from.seized);
  trace.options = from.options;
  if (from.seized) trace.trapDue = true;
  else child.pending.add({ signal: Signal.SIGSTOP, code: SI_USER, origin: { kind: 'process', pid: 0, uid: 0 } });
}

/** The thread goes on without a tracer, with the signal (0: none), or stops with its process. */
export function detach(kernel: KernelContext, task: Task, signal: number): void {
  disableStep(task);
  const isStopped = task.state === 'traced';
  if (isStopped) kernel.letGo(task, signal);
  unlink(task);
  if (task.process.groupStop === 'none') return;
  task.stopDue = true;
  if (task.stopSignal === 0) task.stopSignal = Signal.SIGSTOP;
  if (!isStopped) breakSleep(kernel, task);
}
