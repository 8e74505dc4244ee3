// deliver.ts: what happens to pending signals when a task is about to run its own code.
//
// Also finishes calls that a signal broke off: restarted, or left with EINTR. A debugger is asked first about each
// signal; it may hold the task there (the signal stays in hand), drop the signal or let it through.
// Truth: signal(7) "Interruption of system calls"; sigaction(2).

import { ErrnoError } from '../abi/errno.table';
import {
  CLD_STOPPED,
  defaultAction,
  SA_NODEFER,
  SA_RESETHAND,
  SA_RESTART,
  SI_KERNEL,
  Signal,
} from '../abi/signals.table';
import { exitGroup } from '../process/exit';
import type { KernelContext } from '../process/kernel-context';
import type { Process, Task } from '../process/task';
import { pushSignalFrame } from './frame';
import { forceSignal, tellParent } from './send';
import type { SignalInfo } from './signal-info';
import { bitOf, SIG_DFL, SIG_IGN, type SignalAction, UNBLOCKABLE } from './signal-state';

export type SignalDecision = 'deliver' | 'discard' | 'hold';

/** Length of SYSCALL, which a restart runs again. */
const SYSCALL_BYTES = 2n;

/**
 * Delivers until nothing is pending or the task cannot run. Afterwards look at `task.state` and, where `ask` said
 * 'hold', `task.heldSignal`.
 */
export function deliverSignals(
  kernel: KernelContext,
  task: Task,
  ask: (task: Task, info: SignalInfo) => SignalDecision,
): void {
  let handled = false;
  while (task.state === 'runnable') {
    const info = nextSignal(task);
    if (info === undefined) break;
    if (!task.heldSignalSeen && info.signal !== Signal.SIGKILL) {
      const decision = ask(task, info);
      if (decision === 'discard') continue;
      if (decision === 'hold') {
        task.heldSignal = info;
        task.heldSignalSeen = true;
        return;
      }
    }
    task.heldSignalSeen = false;
    if (deliverOne(kernel, task, info)) handled = true;
  }
  if (!handled) finishInterruptedCall(task, undefined);
  if (!handled && task.savedMask !== undefined) {
    task.blockedSignals = task.savedMask;
    task.savedMask = undefined;
  }
}

function nextSignal(task: Task): SignalInfo | undefined {
  if (task.heldSignal !== undefined) {
    const held = task.heldSignal;
    task.heldSignal = undefined;
    return held;
  }
  return task.pending.take(task.blockedSignals) ?? task.process.pending.take(task.blockedSignals);
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
      stopProcess(kernel, task.process, info.signal);
      return;
    case 'core':
    case 'terminate':
      exitGroup(kernel, task.process, info.signal, info);
  }
}

function stopProcess(kernel: KernelContext, process: Process, signal: number): void {
  for (const task of process.threads.values()) {
    if (task.state !== 'runnable' && task.state !== 'blocked') continue;
    finishInterruptedCall(task, undefined);
    task.state = 'stopped';
    kernel.scheduler.dequeue(task);
  }
  process.unreportedContinue = false;
  process.unreportedStop = (signal << 8) | 0x7f;
  tellParent(kernel, process, CLD_STOPPED, signal);
}

function runHandler(kernel: KernelContext, task: Task, info: SignalInfo, action: SignalAction): boolean {
  finishInterruptedCall(task, action);
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

/** `action`: the handler that is about to run, if one is. */
function finishInterruptedCall(task: Task, action: SignalAction | undefined): void {
  const call = task.interruptedCall;
  if (call === undefined) return;
  task.interruptedCall = undefined;
  const restarts =
    call.style === 'restart'
      ? action === undefined || (action.flags & SA_RESTART) !== 0
      : call.style === 'restartNoHandler' && action === undefined;
  if (!restarts) return;
  task.registers.rip -= SYSCALL_BYTES;
  task.registers.writeGpr(0, BigInt(call.number));
}
