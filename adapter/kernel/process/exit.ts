// exit.ts: how threads and processes end.
//
// Order for a thread: its tracees, its robust futexes, its clear_child_tid word, its CPU; for the last one also memory, files,
// children and the news to the parent. A zombie keeps its Process until waited for.
// Truth: exit_group(2), set_tid_address(2), get_robust_list(2).

import { ErrnoError } from '../abi/errno.table';
import { CLD_EXITED, CLD_KILLED, SA_NOCLDWAIT, SI_KERNEL, Signal } from '../abi/signals.table';
import { sendToTask, tellParent } from '../signal/send';
import type { SignalInfo } from '../signal/signal-info';
import { DEFAULT_ACTION, SIG_IGN } from '../signal/signal-state';
import type { KernelContext } from './kernel-context';
import { futexKey } from './futex-key';
import type { Process, Task, WaitStatus } from './task';
import { PTRACE_O_EXITKILL, TraceEvent } from './trace';
import { detach, unlink } from './trace-links';
import { stopAtEvent, tellTracer } from './trace-stop';

const FUTEX_WAITERS = 0x80000000;
const FUTEX_OWNER_DIED = 0x40000000;
const FUTEX_TID_MASK = 0x3fffffff;
const ROBUST_LIST_LIMIT = 2048;

/** A thread ends, by itself or with its group; its tracer may look at it first (PTRACE_EVENT_EXIT). */
export function endTask(kernel: KernelContext, task: Task, status: WaitStatus, killedBy?: SignalInfo): void {
  if (task.state === 'dead') return;
  const isFirst = !task.exiting;
  task.exiting = true;
  if (isFirst && task.trace?.wants(TraceEvent.exit) === true) {
    abandonCall(task);
    const end = (): void => {
      exitTask(kernel, task, status, killedBy);
    };
    if (stopAtEvent(kernel, task, TraceEvent.exit, BigInt(status), end)) return;
  }
  exitTask(kernel, task, status, killedBy);
}

/** Whatever it slept on or was stopped for is over. */
function abandonCall(task: Task): void {
  if (task.block !== undefined && task.wakeReason === undefined) task.leaveQueues();
  task.block = undefined;
  task.wakeReason = undefined;
  task.continuation = undefined;
  task.onResume = undefined;
  task.callEnding = false;
}

/** One thread ends at once; `status` is the process's if it was the last. */
function exitTask(kernel: KernelContext, task: Task, status: WaitStatus, killedBy?: SignalInfo): void {
  if (task.state === 'dead') return;
  const process = task.process;
  abandonCall(task);
  releaseTracees(kernel, task);
  releaseUserState(kernel, task);
  kernel.scheduler.dequeue(task);
  task.state = 'dead';
  process.threads.delete(task.tid);
  if (task.isLeader) process.deadLeader = task;
  process.deadInstructions += task.instructions;
  kernel.tasks.delete(task.tid);
  kernel.layer.exited(task);
  kernel.events.taskExited?.(task);
  if (!task.isLeader) endTracedThread(kernel, task, status);
  process.threadGone.wakeAll();
  if (process.threads.size === 0) endProcess(kernel, process, process.groupExit ?? status, killedBy);
}

/** exit_group, or a deadly signal: every thread ends. */
export function exitGroup(kernel: KernelContext, process: Process, status: WaitStatus, killedBy?: SignalInfo): void {
  process.groupExit ??= status;
  for (const task of [...process.threads.values()]) {
    // One that stands at its own exit event does not stand there any longer.
    if (task.exiting) kernel.letGo(task, 0);
    else endTask(kernel, task, status, killedBy);
  }
}

/** execve: the other threads end. */
export function endOthers(kernel: KernelContext, task: Task): void {
  for (const other of [...task.process.threads.values()]) {
    if (other === task) continue;
    if (other.exiting) kernel.letGo(other, 0);
    else endTask(kernel, other, Signal.SIGKILL);
  }
}

/** Ends the process without a word to anybody's tracer. */
export function killNow(kernel: KernelContext, process: Process, killedBy: SignalInfo): void {
  process.groupExit ??= killedBy.signal;
  for (const task of [...process.threads.values()]) exitTask(kernel, task, killedBy.signal, killedBy);
}

/** Gives up the process's memory: at exit and at exec. */
export function releaseMemory(process: Process): void {
  process.memory.users--;
  if (process.memory.users === 0) process.memory.dispose();
  process.memoryReleased.wakeAll();
}

/** A zombie was waited for, or nobody will. */
export function reap(kernel: KernelContext, process: Process): void {
  kernel.processes.delete(process.pid);
  process.parent?.children.delete(process);
}

function endProcess(kernel: KernelContext, process: Process, status: WaitStatus, killedBy?: SignalInfo): void {
  process.exitStatus = status;
  process.realTimer = process.virtualTimer = process.profilingTimer = undefined;
  for (const { timer } of process.timers.values()) kernel.timers.delete(timer);
  process.files.closeAll();
  releaseMemory(process);
  for (const child of process.children) adopt(kernel, child);
  process.children.clear();
  kernel.events.processEnded?.(process, killedBy);
  if (endTracedLeader(kernel, process, status)) return;
  tellOfEnd(kernel, process);
}

/** The parent is told of a zombie, or nobody is left to be told. */
export function tellOfEnd(kernel: KernelContext, process: Process): void {
  const status = process.exitStatus ?? 0;
  const parent = process.parent;
  if (parent === undefined || parent.isZombie) {
    reap(kernel, process);
    return;
  }
  const action = parent.actions.get(Signal.SIGCHLD);
  const unwanted = action.handler === SIG_IGN || (action.flags & SA_NOCLDWAIT) !== 0;
  const exited = (status & 0x7f) === 0;
  tellParent(kernel, process, exited ? CLD_EXITED : CLD_KILLED, exited ? status >> 8 : status & 0x7f);
  if (unwanted && process.exitSignal === Signal.SIGCHLD) {
    parent.childInstructions += process.instructions;
    reap(kernel, process);
    parent.childChanged.wakeAll();
  }
}

/** Orphans have no parent: nobody waits for them. */
function adopt(kernel: KernelContext, child: Process): void {
  child.parent = undefined;
  if (child.isZombie) kernel.processes.delete(child.pid);
}

/** A thread other than the first: its tracer waits for it, nobody else. */
function endTracedThread(kernel: KernelContext, task: Task, status: WaitStatus): void {
  if (task.trace === undefined) return;
  task.trace.ended = task.process.groupExit ?? status;
  task.process.unreapedThreads.add(task);
  tellTracerOfEnd(kernel, task, task.trace.ended);
}

/** True: a tracer that is not the parent waits for the process first. */
function endTracedLeader(kernel: KernelContext, process: Process, status: WaitStatus): boolean {
  const leader = process.deadLeader;
  if (leader?.trace === undefined) return false;
  if (!leader.tracedByStranger) {
    unlink(leader);
    return false;
  }
  leader.trace.ended = status;
  return tellTracerOfEnd(kernel, leader, status);
}

/** False: nobody will wait. */
function tellTracerOfEnd(kernel: KernelContext, task: Task, status: WaitStatus): boolean {
  const { handler, flags } = task.trace?.tracer.process.actions.get(Signal.SIGCHLD) ?? DEFAULT_ACTION;
  const exited = (status & 0x7f) === 0;
  tellTracer(kernel, task, exited ? CLD_EXITED : CLD_KILLED, exited ? status >> 8 : status & 0x7f);
  const waits = handler !== SIG_IGN && (flags & SA_NOCLDWAIT) === 0;
  if (!waits) unlink(task);
  return waits;
}

/** The tracer ends: its tracees go on without one, or die with it. */
function releaseTracees(kernel: KernelContext, tracer: Task): void {
  for (const tracee of [...tracer.tracees]) {
    const { trace, process } = tracee;
    if (trace === undefined) continue;
    if (tracee.state === 'dead') {
      unlink(tracee);
      if (tracee.isLeader && process.isZombie) tellOfEnd(kernel, process);
      continue;
    }
    const isDoomed = (trace.options & PTRACE_O_EXITKILL) !== 0;
    detach(kernel, tracee, 0);
    if (isDoomed) sendToTask(kernel, tracee, { signal: Signal.SIGKILL, code: SI_KERNEL, origin: { kind: 'kernel' } });
  }
}

function releaseUserState(kernel: KernelContext, task: Task): void {
  try {
    walkRobustList(kernel, task);
    if (task.clearChildTid !== 0n && task.process.memory.users + task.process.threads.size > 2) {
      task.user.writeU32(task.clearChildTid, 0);
      kernel.futexes.wake(futexKey(task, task.clearChildTid), 1);
    }
  } catch (error) {
    // A bad pointer in the lists that the program registered is its own affair.
    if (!(error instanceof ErrnoError)) throw error;
  }
  task.clearChildTid = 0n;
  task.robustList = 0n;
}

function walkRobustList(kernel: KernelContext, task: Task): void {
  const head = task.robustList;
  if (head === 0n) return;
  const offset = BigInt.asIntN(64, task.user.readU64(head + 8n));
  const pendingEntry = task.user.readU64(head + 16n);
  let entry = task.user.readU64(head);
  for (let i = 0; entry !== head && i < ROBUST_LIST_LIMIT; i++) {
    const next = task.user.readU64(entry & ~1n);
    if (entry !== pendingEntry) ownerDied(kernel, task, (entry & ~1n) + offset);
    entry = next;
  }
  if (pendingEntry !== 0n) ownerDied(kernel, task, (pendingEntry & ~1n) + offset);
}

function ownerDied(kernel: KernelContext, task: Task, word: bigint): void {
  const value = task.user.readU32(word);
  if ((value & FUTEX_TID_MASK) !== task.tid) return;
  task.user.writeU32(word, ((value & FUTEX_WAITERS) | FUTEX_OWNER_DIED) >>> 0);
  if ((value & FUTEX_WAITERS) !== 0) kernel.futexes.wake(futexKey(task, word), 1);
}
