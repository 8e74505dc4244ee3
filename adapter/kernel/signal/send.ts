// send.ts: how a signal gets to a thread or process, and whom it wakes.
//
// Truth: signal(7), kill(2), tgkill(2).

import { CLD_CONTINUED, defaultAction, SA_NOCLDSTOP, Signal } from '../abi/signals.table';
import { type Block, RESTART_CODES } from '../process/blocking';
import type { KernelContext } from '../process/kernel-context';
import type { Process, Task } from '../process/task';
import type { SignalInfo } from './signal-info';
import { bitOf, SIG_DFL, SIG_IGN, type SignalSet } from './signal-state';

const KILL = bitOf(Signal.SIGKILL);
const TRAP_PAGE_FAULT = 14;
const STOP_SIGNALS: SignalSet =
  bitOf(Signal.SIGSTOP) | bitOf(Signal.SIGTSTP) | bitOf(Signal.SIGTTIN) | bitOf(Signal.SIGTTOU);

/** To one thread. */
export function sendToTask(kernel: KernelContext, task: Task, info: SignalInfo): void {
  if (task.state === 'dead') return;
  prepare(kernel, task.process, info);
  if (isDropped(task, info)) return;
  task.pending.add(info);
  if (wakeWaiting([task], info.signal)) return;
  if (wants(task, info.signal)) interrupt(kernel, task, info.signal);
}

/** To a process: the first thread that does not block it takes it. */
export function sendToProcess(kernel: KernelContext, process: Process, info: SignalInfo): void {
  const threads = [...process.threads.values()].filter((task) => task.state !== 'dead');
  if (threads.length === 0) return;
  prepare(kernel, process, info);
  const taker = threads.find((task) => wants(task, info.signal));
  if (isDropped(taker ?? threads[0], info)) return;
  process.pending.add(info);
  if (wakeWaiting(threads, info.signal)) return;
  if (info.signal === Signal.SIGKILL) for (const task of threads) interrupt(kernel, task, info.signal);
  else if (taker !== undefined) interrupt(kernel, taker, info.signal);
}

/** A fault's signal: cannot be blocked or ignored; where it is, the default happens. */
export function forceSignal(kernel: KernelContext, task: Task, info: SignalInfo): void {
  const bit = bitOf(info.signal);
  const action = task.process.actions.get(info.signal);
  const blocked = (task.blockedSignals & bit) !== 0n;
  if (blocked || action.handler === SIG_IGN) {
    task.process.actions.set(info.signal, { ...action, handler: SIG_DFL });
    task.blockedSignals &= ~bit;
  }
  if (info.origin.kind === 'fault') {
    const { trap, errorCode, address } = info.origin;
    // CR2 keeps the last page fault's address.
    task.fault = { trap, errorCode, address: trap === TRAP_PAGE_FAULT ? address : task.fault.address };
  }
  task.pending.add(info);
  if (task.state === 'blocked') interrupt(kernel, task, info.signal);
}

/** Signals that would be delivered now. */
export function hasDeliverableSignal(task: Task): boolean {
  if (task.pending.isEmpty && task.process.pending.isEmpty) return false;
  return ((task.pending.set | task.process.pending.set) & ~task.blockedSignals) !== 0n;
}

/** Ends the sleep of a task: the call answers EINTR, or goes on as its style says (see deliver.ts). */
export function breakSleep(kernel: KernelContext, task: Task): void {
  const block = task.block;
  if (block === undefined || task.wakeReason !== undefined) return;
  if (block.killable === true && !isKilled(task)) return;
  task.leaveQueues();
  task.block = undefined;
  block.onInterrupt?.();
  noteInterrupted(task, block);
  task.registers.writeGpr(0, BigInt.asUintN(64, BigInt(-RESTART_CODES[block.interrupt])));
  task.callEnding = endIsTold(kernel, task);
  if (task.state === 'blocked') kernel.makeRunnable(task);
}

/** Somebody may want to hear of the end of the task's call. */
export function endIsTold({ events }: KernelContext, task: Task): boolean {
  return task.trace !== undefined || task.singleStep || events.callEnded !== undefined;
}

/** SIGKILL waits for the task. */
export function isKilled(task: Task): boolean {
  return task.pending.has(KILL) || task.process.pending.has(KILL);
}

/** The call ends with a restart code, of which deliver.ts makes a restart or EINTR. */
export function noteInterrupted(task: Task, block: Block): void {
  task.callInterrupted = true;
  task.restart = block.restart ?? (() => block);
}

/** A seized thread: something about group-stops has changed, of which its tracer is to hear. */
export function noticeGroup(kernel: KernelContext, task: Task): void {
  const { trace } = task;
  if (trace === undefined) return;
  trace.notifyDue = true;
  if (trace.listening) kernel.letGo(task, 0);
  else breakSleep(kernel, task);
}

/** Somebody waits for this very signal (rt_sigtimedwait). */
function wakeWaiting(threads: readonly Task[], signal: number): boolean {
  return threads.some((task) => {
    const waited = task.waitedSignals;
    return waited !== undefined && (waited.set & bitOf(signal)) !== 0n && waited.waiter.wake();
  });
}

function interrupt(kernel: KernelContext, task: Task, signal: number): void {
  if (signal === Signal.SIGKILL) {
    if (task.state === 'stopped') kernel.makeRunnable(task);
    kernel.letGo(task, 0);
  }
  if (task.state === 'blocked') breakSleep(kernel, task);
}

function wants(task: Task, signal: number): boolean {
  return (task.blockedSignals & bitOf(signal)) === 0n;
}

/** Ignored signals are not even queued, unless blocked (the action may change before they are unblocked). */
function isDropped(task: Task, info: SignalInfo): boolean {
  if (!wants(task, info.signal)) return false;
  // A tracer is shown ignored signals too.
  if (task.trace !== undefined && info.signal !== Signal.SIGKILL) return false;
  if (task.waitedSignals !== undefined && (task.waitedSignals.set & bitOf(info.signal)) !== 0n) return false;
  const { handler } = task.process.actions.get(info.signal);
  if (handler === SIG_IGN) return true;
  return handler === SIG_DFL && ['ignore', 'continue'].includes(defaultAction(info.signal));
}

/** Stop and continue cancel each other as soon as they are sent. */
function prepare(kernel: KernelContext, process: Process, info: SignalInfo): void {
  const cancelled =
    info.signal === Signal.SIGCONT
      ? STOP_SIGNALS
      : (STOP_SIGNALS & bitOf(info.signal)) !== 0n
        ? bitOf(Signal.SIGCONT)
        : 0n;
  if (cancelled !== 0n) {
    process.pending.discard(cancelled);
    for (const task of process.threads.values()) task.pending.discard(cancelled);
  }
  if (info.signal === Signal.SIGCONT) continueProcess(kernel, process);
}

function continueProcess(kernel: KernelContext, process: Process): void {
  const wasStopped = process.groupStop === 'stopped';
  process.groupStop = 'none';
  for (const task of process.threads.values()) {
    task.stopDue = false;
    if (task.state === 'stopped') carryOn(kernel, task);
    if (task.trace?.seized === true) noticeGroup(kernel, task);
  }
  if (!wasStopped) return;
  process.unreportedStop = undefined;
  process.unreportedContinue = true;
  tellParent(kernel, process, CLD_CONTINUED, Signal.SIGCONT);
}

/** Out of a group-stop: back to sleep, or to run. */
export function carryOn(kernel: KernelContext, task: Task): void {
  if (task.block !== undefined && task.wakeReason === undefined) task.state = 'blocked';
  else kernel.makeRunnable(task);
}

/** SIGCHLD to the parent, and its waits are woken. */
export function tellParent(kernel: KernelContext, process: Process, code: number, status: number): void {
  const parent = process.parent;
  if (parent === undefined) return;
  // A wait that goes on finds its news before the signal can break it off.
  parent.childChanged.wakeAll();
  const ended = process.isZombie;
  const signal = ended ? process.exitSignal : Signal.SIGCHLD;
  const quiet = !ended && (parent.actions.get(Signal.SIGCHLD).flags & SA_NOCLDSTOP) !== 0;
  if (signal !== 0 && !quiet) {
    const uid = kernel.host.identity.uid;
    sendToProcess(kernel, parent, { signal, code, origin: { kind: 'child', pid: process.pid, uid, status } });
  }
}
