// trace-stop.ts: a traced thread stops, its tracer is told, and what it was about to do waits.
//
// `stopTracee` is the only way into a stop, KernelContext.letGo the only way out. What comes after a stop is given as
// `then`: it runs when the thread next has a CPU, with the signal that the tracer injects (0: none). A thread with
// SIGKILL pending does not stop.
//
// Group-stops: the thread that takes the stop signal marks the others `stopDue`; each joins in as soon as it can, a
// traced one by a ptrace-stop. When all have, the parent is told.
//
// Truth: ptrace(2), "Stopped states", "Group-stop", "PTRACE_EVENT stops".

import { CLD_STOPPED, CLD_TRAPPED, SA_NOCLDSTOP, SI_USER, Signal } from '../abi/signals.table';
import { breakSleep, isKilled, noticeGroup, sendToProcess, tellParent } from '../signal/send';
import type { SignalInfo } from '../signal/signal-info';
import { bitOf, SIG_IGN } from '../signal/signal-state';
import type { KernelContext } from './kernel-context';
import type { Task } from './task';
import { PTRACE_O_TRACESYSGOOD, TraceEvent, type TraceStopKind } from './trace';

const SYSGOOD = 0x80;
const EVENT_SHIFT = 8;
/** PTRACE_GETEVENTMSG in syscall-stops. */
const MESSAGE_ENTRY = 1n;
const MESSAGE_EXIT = 2n;

export interface StopRequest {
  readonly kind: TraceStopKind;
  readonly code: number;
  readonly info: SignalInfo | undefined;
  readonly message: bigint;
}

/** With the signal that the tracer injects (0: none), and siginfo as the tracer left it. */
export type AfterStop = (signal: number, info: SignalInfo | undefined) => void;

/** The thread must be traced. `then` runs at once where SIGKILL is pending. */
function stopTracee(kernel: KernelContext, task: Task, request: StopRequest, then: AfterStop): void {
  const { trace } = task;
  if (trace === undefined || isKilled(task)) {
    then(0, undefined);
    return;
  }
  trace.message = request.message;
  trace.trapDue = false;
  if (request.kind === 'event' && request.code >> EVENT_SHIFT === TraceEvent.stop) trace.notifyDue = false;
  trace.stop = { kind: request.kind, code: request.code, info: request.info, reported: false };
  task.onResume = then;
  task.state = 'traced';
  kernel.scheduler.dequeue(task);
  const joins = isGroupKind(request) && task.stopDue;
  if (joins) task.stopDue = false;
  tellTracer(kernel, task, isGroupKind(request) ? CLD_STOPPED : CLD_TRAPPED, request.code & 0x7f);
  if (joins) groupMayBeStopped(kernel, task);
}

function isGroupKind({ kind, code }: StopRequest): boolean {
  return kind === 'group' || (kind === 'event' && code >> EVENT_SHIFT === TraceEvent.stop);
}

/** SIGCHLD to the tracer, and its waits are woken. */
export function tellTracer(kernel: KernelContext, task: Task, code: number, status: number): void {
  const tracer = task.trace?.tracer.process;
  if (tracer === undefined) return;
  // A wait that goes on finds its news before the signal can break it off.
  tracer.childChanged.wakeAll();
  const { handler, flags } = tracer.actions.get(Signal.SIGCHLD);
  if (handler !== SIG_IGN && (flags & SA_NOCLDSTOP) === 0) {
    const { uid } = task.process.credentials;
    sendToProcess(kernel, tracer, {
      signal: Signal.SIGCHLD,
      code,
      origin: { kind: 'child', pid: task.tid, uid, status },
    });
  }
}

/** What ptrace itself tells in siginfo: the thread stops of itself. */
function ownInfo(task: Task, signal: number, code: number): SignalInfo {
  return { signal, code, origin: { kind: 'process', pid: task.tid, uid: task.process.credentials.uid } };
}

/** A PTRACE_EVENT stop, if the tracer wants it; false if there is none (then `then` is not called). */
export function stopAtEvent(
  kernel: KernelContext,
  task: Task,
  event: number,
  message: bigint,
  then: AfterStop,
): boolean {
  if (task.trace?.wants(event) !== true) return false;
  const code = (event << EVENT_SHIFT) | Signal.SIGTRAP;
  stopTracee(kernel, task, { kind: 'event', code, info: ownInfo(task, Signal.SIGTRAP, code), message }, then);
  return true;
}

export function stopAtCall(kernel: KernelContext, task: Task, entry: boolean, then: AfterStop): void {
  const isMarked = ((task.trace?.options ?? 0) & PTRACE_O_TRACESYSGOOD) !== 0;
  const code = Signal.SIGTRAP | (isMarked ? SYSGOOD : 0);
  const info = ownInfo(task, Signal.SIGTRAP, code);
  const kind = entry ? 'syscallEnter' : 'syscallExit';
  stopTracee(kernel, task, { kind, code, info, message: entry ? MESSAGE_ENTRY : MESSAGE_EXIT }, then);
}

/** The trap at a handler's first instruction, where the tracer steps. */
export function stopAtHandler(kernel: KernelContext, task: Task): void {
  const info = ownInfo(task, Signal.SIGTRAP, Signal.SIGTRAP);
  stopTracee(kernel, task, { kind: 'event', code: Signal.SIGTRAP, info, message: 0n }, () => undefined);
}

/** A signal-delivery-stop; what the tracer makes of the signal is held for delivery. */
export function stopAtSignal(kernel: KernelContext, task: Task, info: SignalInfo): void {
  const tracer = task.trace?.tracer;
  stopTracee(kernel, task, { kind: 'signal', code: info.signal, info, message: 0n }, (signal, shown = info) => {
    if (signal === 0) return;
    const uid = tracer?.process.credentials.uid ?? 0;
    const chosen: SignalInfo =
      signal === shown.signal
        ? shown
        : { signal, code: SI_USER, origin: { kind: 'process', pid: tracer?.tgid ?? 0, uid } };
    if ((task.blockedSignals & bitOf(signal)) !== 0n) {
      task.pending.add(chosen);
      return;
    }
    task.heldSignal = chosen;
    task.heldSignalSeen = false;
    task.heldSignalTraced = true;
  });
}

// Group-stops ----------------------------------------------------------------------------------------------------

/** A stop signal takes effect: the thread that took it and all others of its process stop. */
export function stopGroup(kernel: KernelContext, task: Task, signal: number): void {
  const { process } = task;
  if (process.groupStop === 'none') process.groupStop = 'stopping';
  for (const other of process.threads.values()) {
    if (other.state === 'stopped') continue;
    other.stopSignal = signal;
    other.stopDue = true;
    if (other === task) continue;
    if (other.trace === undefined) standStill(kernel, other);
    else if (other.trace.seized) noticeGroup(kernel, other);
    else breakSleep(kernel, other);
  }
  joinGroupStop(kernel, task);
}

/** The thread is `stopDue`. */
export function joinGroupStop(kernel: KernelContext, task: Task): void {
  if (task.trace !== undefined) {
    stopForGroup(kernel, task);
    return;
  }
  standStill(kernel, task);
  groupMayBeStopped(kernel, task);
}

function standStill(kernel: KernelContext, task: Task): void {
  task.stopDue = false;
  task.state = 'stopped';
  kernel.scheduler.dequeue(task);
}

/** The ptrace-stop of a group-stop, of PTRACE_INTERRUPT, and of notices about group-stops. */
export function stopForGroup(kernel: KernelContext, task: Task): void {
  const { trace, process } = task;
  if (trace === undefined) return;
  if (!trace.seized) {
    const code = task.stopSignal;
    stopTracee(kernel, task, { kind: 'group', code, info: undefined, message: 0n }, () => undefined);
    return;
  }
  const signal = process.groupStop === 'none' ? Signal.SIGTRAP : task.stopSignal;
  const code = (TraceEvent.stop << EVENT_SHIFT) | signal;
  const info = ownInfo(task, signal, code);
  stopTracee(kernel, task, { kind: 'event', code, info, message: 0n }, () => undefined);
}

function groupMayBeStopped(kernel: KernelContext, last: Task): void {
  const { process } = last;
  if (process.groupStop !== 'stopping') return;
  for (const task of process.threads.values()) if (task.stopDue) return;
  process.groupStop = 'stopped';
  process.unreportedContinue = false;
  process.unreportedStop = (last.stopSignal << 8) | 0x7f;
  if (last.trace === undefined || last.tracedByStranger) tellParent(kernel, process, CLD_STOPPED, last.stopSignal);
}
