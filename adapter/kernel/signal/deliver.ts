// deliver.ts: what happens to pending signals when a task is about to run its own code.
//
// Also finishes calls that a signal broke off: restarted, or left with EINTR. A debugger is asked first about each
// signal; it may hold the task there (the signal stays in hand), drop the signal or let it through.
// Truth: signal(7) "Interruption of system calls"; sigaction(2).

import { Errno, ErrnoError } from '../abi/errno.table';
import { defaultAction, SA_NODEFER, SA_RESETHAND, SA_RESTART, SI_KERNEL, Signal } from '../abi/signals.table';
import { SYSCALL_NUMBERS } from '../abi/syscall-names.table';
import { RESTART_CODES } from '../process/blocking';
import { exitGroup } from '../process/exit';
import type { KernelContext } from '../process/kernel-context';
import { disableStep } from '../process/single-step';
import type { Task } from '../process/task';
import { joinGroupStop, stopAtHandler, stopAtSignal, stopForGroup, stopGroup } from '../process/trace-stop';
import { pushSignalFrame } from './frame';
import { forceSignal, hasDeliverableSignal, isKilled } from './send';
import type { SignalInfo } from './signal-info';
import { bitOf, SIG_DFL, SIG_IGN, type SignalAction, UNBLOCKABLE } from './signal-state';

export type SignalDecision = 'deliver' | 'discard' | 'hold';

/** Length of SYSCALL, which a restart runs again. */
const SYSCALL_BYTES = 2n;

/**
 * Delivers until nothing is pending or the task cannot run. Afterwards look at `task.state` and, where `ask` said
 * 'hold', `task.heldSignal`. True if a handler was set up.
 */
export function deliverSignals(
  kernel: KernelContext,
  task: Task,
  ask: (task: Task, info: SignalInfo) => SignalDecision,
): boolean {
  let handled = false;
  for (;;) {
    stopWhereDue(kernel, task);
    if (task.state !== 'runnable') return handled;
    const info = nextSignal(task);
    if (info === undefined) break;
    if (task.trace !== undefined && !task.heldSignalTraced && info.signal !== Signal.SIGKILL) {
      stopAtSignal(kernel, task, info);
      return handled;
    }
    if (!task.heldSignalSeen && info.signal !== Signal.SIGKILL) {
      const decision = ask(task, info);
      if (decision === 'hold') {
        task.heldSignal = info;
        task.heldSignalSeen = true;
        return handled;
      }
      if (decision === 'discard') {
        task.heldSignalTraced = false;
        continue;
      }
    }
    task.heldSignalSeen = false;
    task.heldSignalTraced = false;
    if (deliverOne(kernel, task, info)) handled = true;
  }
  if (!handled) finishInterruptedCall(task, undefined);
  if (!handled && task.savedMask !== undefined) {
    task.blockedSignals = task.savedMask;
    task.savedMask = undefined;
  }
  return handled;
}

/** Something is to be done for the task before it runs its own code. */
export function hasDelivery(task: Task): boolean {
  const { trace } = task;
  return (
    task.heldSignal !== undefined ||
    task.callInterrupted ||
    task.savedMask !== undefined ||
    task.stopDue ||
    trace?.trapDue === true ||
    trace?.notifyDue === true ||
    hasDeliverableSignal(task)
  );
}

/** Joins a group-stop, or stops as the tracer asked. */
function stopWhereDue(kernel: KernelContext, task: Task): void {
  if (isKilled(task)) return;
  const { trace } = task;
  if (task.stopDue) joinGroupStop(kernel, task);
  else if (trace?.trapDue === true || trace?.notifyDue === true) stopForGroup(kernel, task);
}

function nextSignal(task: Task): SignalInfo | undefined {
  if (task.heldSignal !== undefined && !isKilled(task)) {
    const held = task.heldSignal;
    task.heldSignal = undefined;
    return held;
  }
  task.heldSignalTraced = false;
  // What was sent to the thread comes before what was sent to the process, but nothing before SIGKILL.
  const blocked = isKilled(task) ? ~bitOf(Signal.SIGKILL) : task.blockedSignals;
  return task.pending.take(blocked) ?? task.process.pending.take(blocked);
}

/** True if a handler was set up. */
function deliverOne(kernel: KernelContext, task: Task, info: SignalInfo): boolean {
  const action = task.process.actions.get(info.signal);
  if (action.handler === SIG_IGN) return false;
  if (action.handler === SIG_DFL) {
    takeDefault(kernel, task, info);
    return false;
  }
  return runHandler(kernel, task, info, action);
}

function takeDefault(kernel: KernelContext, task: Task, info: SignalInfo): void {
  switch (defaultAction(info.signal)) {
    case 'ignore':
    case 'continue':
      return;
    case 'stop':
      stopGroup(kernel, task, info.signal);
      return;
    case 'core':
    case 'terminate':
      exitGroup(kernel, task.process, info.signal, info);
  }
}

function runHandler(kernel: KernelContext, task: Task, info: SignalInfo, action: SignalAction): boolean {
  finishInterruptedCall(task, action);
  // The frame shows the program's own flags, and the handler does not run under a step.
  const isStepping = task.singleStep;
  if (isStepping) disableStep(task);
  const oldMask = task.savedMask ?? task.blockedSignals;
  task.savedMask = undefined;
  try {
    pushSignalFrame(task, info, action, oldMask);
  } catch (error) {
    if (!(error instanceof ErrnoError)) throw error;
    stackOverflow(kernel, task, info.signal);
    return false;
  }
  const own = (action.flags & SA_NODEFER) !== 0 ? 0n : bitOf(info.signal);
  task.blockedSignals = (task.blockedSignals | action.mask | own) & ~UNBLOCKABLE;
  if ((action.flags & SA_RESETHAND) !== 0) task.process.actions.set(info.signal, { ...action, handler: SIG_DFL });
  if (isStepping) stopAtHandler(kernel, task);
  return true;
}

/** The frame does not fit: SIGSEGV, and where that is what did not fit, death. */
function stackOverflow(kernel: KernelContext, task: Task, signal: number): void {
  if (signal === Signal.SIGSEGV) {
    const action = task.process.actions.get(Signal.SIGSEGV);
    task.process.actions.set(Signal.SIGSEGV, { ...action, handler: SIG_DFL });
  }
  forceSignal(kernel, task, {
    signal: Signal.SIGSEGV,
    code: SI_KERNEL,
    origin: { kind: 'kernel' },
    detail: 'the stack has no room for a signal handler',
  });
}

/** `action`: the handler that is about to run, if one is. A tracer may have changed the registers meanwhile. */
function finishInterruptedCall(task: Task, action: SignalAction | undefined): void {
  if (!task.callInterrupted) return;
  task.callInterrupted = false;
  if (BigInt.asIntN(64, task.originalRax) === -1n) return;
  const { registers } = task;
  const code = -Number(BigInt.asIntN(64, registers.readGpr(0)));
  if (code !== RESTART_CODES.restart && code !== RESTART_CODES.restartNoHandler && code !== RESTART_CODES.resume)
    return;
  const restarts = action === undefined || (code === RESTART_CODES.restart && (action.flags & SA_RESTART) !== 0);
  if (!restarts) {
    registers.writeGpr(0, BigInt.asUintN(64, BigInt(-Errno.EINTR)));
    return;
  }
  registers.rip -= SYSCALL_BYTES;
  registers.writeGpr(0, code === RESTART_CODES.resume ? restartNumber(task) : task.originalRax);
}

function restartNumber(task: Task): bigint {
  return task.compatCall ? 0n : BigInt(SYSCALL_NUMBERS.restart_syscall);
}
