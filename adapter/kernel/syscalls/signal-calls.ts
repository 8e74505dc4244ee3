// signal-calls.ts: actions, masks, sending, waiting for signals.
//
// Truth: sigaction(2), sigprocmask(2), kill(2), tgkill(2), sigsuspend(2), sigwaitinfo(2), sigaltstack(2).

import { Errno, ErrnoError } from '../abi/errno.table';
import { defaultAction, SI_TKILL, SI_USER } from '../abi/signals.table';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { type Block, blockOn, type Outcome, RESTART_CODES } from '../process/blocking';
import { type Process, SS_DISABLE, type Task } from '../process/task';
import { isOnAlternateStack, popSignalFrame } from '../signal/frame';
import { hasDeliverableSignal, noteInterrupted, sendToProcess, sendToTask } from '../signal/send';
import { decodeSignalInfo, encodeSignalInfo, type SignalInfo, SIGINFO_BYTES } from '../signal/signal-info';
import { bitOf, SIG_DFL, SIG_IGN, type SignalSet, UNBLOCKABLE } from '../signal/signal-state';
import { type Call, type Handler, isValidTimespec, readTimespec, timespecNs } from './call';

const SIG_BLOCK = 0;
const SIG_UNBLOCK = 1;
const SIG_SETMASK = 2;
const SIGSET_BYTES = 8;
const MIN_ALTERNATE_STACK = 2048n;

function requireSignal(signal: number): void {
  if (signal < 1 || signal > 64) throw new ErrnoError('EINVAL');
}

function rtSigaction(call: Call): number {
  const signal = call.int(0);
  requireSignal(signal);
  if (call.size(3) !== SIGSET_BYTES) throw new ErrnoError('EINVAL');
  const old = call.process.actions.get(signal);
  if (call.pointer(1) !== 0n) {
    if ((bitOf(signal) & UNBLOCKABLE) !== 0n) throw new ErrnoError('EINVAL');
    const view = viewOf(call.user.read(call.pointer(1), 32));
    call.process.actions.set(signal, {
      handler: view.getBigUint64(0, true),
      flags: view.getUint32(8, true),
      restorer: view.getBigUint64(16, true),
      mask: view.getBigUint64(24, true) & ~UNBLOCKABLE,
    });
    dropIgnored(call, signal);
  }
  if (call.pointer(2) !== 0n) {
    const writer = new StructWriter(32).u64(old.handler).u64(old.flags).u64(old.restorer).u64(old.mask);
    call.user.write(call.pointer(2), writer.bytes);
  }
  return 0;
}

/** Setting a signal to be ignored discards it where it is pending. */
function dropIgnored(call: Call, signal: number): void {
  const { handler } = call.process.actions.get(signal);
  const ignored = handler === SIG_IGN || (handler === SIG_DFL && defaultAction(signal) === 'ignore');
  if (!ignored) return;
  call.process.pending.discard(bitOf(signal));
  for (const task of call.process.threads.values()) task.pending.discard(bitOf(signal));
}

function rtSigprocmask(call: Call): number {
  if (call.size(3) !== SIGSET_BYTES) throw new ErrnoError('EINVAL');
  const old = call.task.blockedSignals;
  if (call.pointer(1) !== 0n) {
    const set = call.user.readU64(call.pointer(1));
    call.task.blockedSignals = combine(call.int(0), old, set) & ~UNBLOCKABLE;
  }
  if (call.pointer(2) !== 0n) call.user.writeU64(call.pointer(2), old);
  return 0;
}

function combine(how: number, old: SignalSet, set: SignalSet): SignalSet {
  if (how === SIG_BLOCK) return old | set;
  if (how === SIG_UNBLOCK) return old & ~set;
  if (how === SIG_SETMASK) return set;
  throw new ErrnoError('EINVAL');
}

function rtSigpending(call: Call): number {
  const pending = call.task.pending.set | call.process.pending.set;
  call.user.writeU64(call.pointer(0), pending & call.task.blockedSignals);
  return 0;
}

function rtSigreturn(call: Call): Outcome {
  popSignalFrame(call.task);
  return 'noReturn';
}

function sigaltstack(call: Call): number {
  const task = call.task;
  const onIt = isOnAlternateStack(task, task.registers.readGpr(4));
  const old = task.alternateStack;
  if (call.pointer(0) !== 0n) {
    const view = viewOf(call.user.read(call.pointer(0), 24));
    if (onIt) throw new ErrnoError('EPERM');
    setAlternateStack(task, view.getBigUint64(0, true), view.getUint32(8, true), view.getBigUint64(16, true));
  }
  if (call.pointer(1) !== 0n) {
    const flags = onIt ? 1 : old.flags;
    call.user.write(call.pointer(1), new StructWriter(24).u64(old.address).u32(flags).u64(old.sizeBytes).bytes);
  }
  return 0;
}

function setAlternateStack(task: Task, address: bigint, flags: number, sizeBytes: bigint): void {
  const mode = flags & ~0x80000000;
  if (mode === SS_DISABLE) {
    task.alternateStack = { address: 0n, sizeBytes: 0n, flags: SS_DISABLE };
    return;
  }
  if (mode !== 0 && mode !== 1) throw new ErrnoError('EINVAL');
  if (sizeBytes < MIN_ALTERNATE_STACK) throw new ErrnoError('ENOMEM');
  task.alternateStack = { address, sizeBytes, flags: 0 };
}

function infoFrom(call: Call, signal: number, code: number): SignalInfo {
  return {
    signal,
    code,
    origin: { kind: 'process', pid: call.process.pid, uid: call.process.credentials.uid },
    detail: call.process === call.kernel.init ? 'sent by the program itself' : `sent by process ${call.process.pid}`,
  };
}

function checkSendable(signal: number): void {
  if (signal < 0 || signal > 64) throw new ErrnoError('EINVAL');
}

function kill(call: Call): number {
  const signal = call.int(1);
  checkSendable(signal);
  const { standIn } = call.kernel;
  if (call.int(0) === standIn?.pid) {
    standIn.signal(signal);
    return 0;
  }
  const targets = killTargets(call, call.int(0));
  if (targets.length === 0) throw new ErrnoError('ESRCH');
  for (const process of targets) {
    if (signal !== 0) sendToProcess(call.kernel, process, infoFrom(call, signal, SI_USER));
  }
  return 0;
}

function killTargets(call: Call, pid: number): Process[] {
  const all = [...call.kernel.processes.values()];
  if (pid > 0) return all.filter((process) => process.pid === pid);
  if (pid === -1) return all.filter((process) => process !== call.process && !process.isZombie);
  const group = pid === 0 ? call.process.groupId : -pid;
  return all.filter((process) => process.groupId === group);
}

function sendThread(call: Call, tgid: number | undefined, tid: number, signal: number): number {
  checkSendable(signal);
  const task = call.kernel.tasks.get(tid);
  if (task === undefined || (tgid !== undefined && task.tgid !== tgid)) throw new ErrnoError('ESRCH');
  if (signal !== 0) sendToTask(call.kernel, task, infoFrom(call, signal, SI_TKILL));
  return 0;
}

function rtSigqueueinfo(call: Call): number {
  const info = decodeSignalInfo(call.int(1), call.user.read(call.pointer(2), SIGINFO_BYTES));
  checkSendable(info.signal);
  const process = call.kernel.processes.get(call.int(0));
  if (process === undefined) throw new ErrnoError('ESRCH');
  if (info.signal !== 0) sendToProcess(call.kernel, process, info);
  return 0;
}

function rtTgsigqueueinfo(call: Call): number {
  const info = decodeSignalInfo(call.int(2), call.user.read(call.pointer(3), SIGINFO_BYTES));
  checkSendable(info.signal);
  const task = call.kernel.tasks.get(call.int(1));
  if (task?.tgid !== call.int(0)) throw new ErrnoError('ESRCH');
  if (info.signal !== 0) sendToTask(call.kernel, task, info);
  return 0;
}

const sleepUntilSignal = (): Block => blockOn([], () => -Errno.EINTR, { interrupt: 'restartNoHandler' });

function rtSigsuspend(call: Call): Outcome {
  if (call.size(1) !== SIGSET_BYTES) throw new ErrnoError('EINVAL');
  const mask = call.user.readU64(call.pointer(0)) & ~UNBLOCKABLE;
  call.task.savedMask = call.task.blockedSignals;
  call.task.blockedSignals = mask;
  return interruptibleSleep(call, sleepUntilSignal());
}

/** A sleep that must not begin where a signal is pending already. */
export function interruptibleSleep(call: Call, block: Block): Outcome {
  if (!hasDeliverableSignal(call.task)) return block;
  noteInterrupted(call.task, block);
  return -RESTART_CODES[block.interrupt];
}

function rtSigtimedwait(call: Call): Outcome {
  const set = call.user.readU64(call.pointer(0)) & ~UNBLOCKABLE;
  const timeout = call.pointer(2);
  let deadlineNs: bigint | undefined;
  if (timeout !== 0n) {
    const time = readTimespec(call.user, timeout);
    if (!isValidTimespec(time)) throw new ErrnoError('EINVAL');
    deadlineNs = call.kernel.nowNs + timespecNs(time);
  }
  const first = takeWaited(call, set);
  if (first !== undefined) return first;
  if (deadlineNs === call.kernel.nowNs) return -Errno.EAGAIN;
  // While it waits the signals count as unblocked, so that they end the sleep.
  const before = call.task.blockedSignals;
  call.task.blockedSignals = before & ~set;
  const restore = (): void => {
    call.task.blockedSignals = before;
  };
  return {
    subscribe: (waiter) => {
      call.task.waitedSignals = { set, waiter };
      return () => {
        call.task.waitedSignals = undefined;
      };
    },
    resume: (reason) => {
      restore();
      return reason === 'timeout' ? -Errno.EAGAIN : (takeWaited(call, set) ?? -Errno.EAGAIN);
    },
    onInterrupt: restore,
    interrupt: 'fail',
    deadlineNs,
  };
}

function takeWaited(call: Call, set: SignalSet): number | undefined {
  const info = call.task.pending.take(~set) ?? call.process.pending.take(~set);
  if (info === undefined) return undefined;
  if (call.pointer(1) !== 0n) call.user.write(call.pointer(1), encodeSignalInfo(info));
  return info.signal;
}

export const SIGNAL_CALLS: Readonly<Record<string, Handler>> = {
  rt_sigaction: rtSigaction,
  rt_sigprocmask: rtSigprocmask,
  rt_sigpending: rtSigpending,
  rt_sigreturn: rtSigreturn,
  sigaltstack,
  kill,
  tkill: (call) => sendThread(call, undefined, call.int(0), call.int(1)),
  tgkill: (call) => sendThread(call, call.int(0), call.int(1), call.int(2)),
  rt_sigqueueinfo: rtSigqueueinfo,
  rt_tgsigqueueinfo: rtTgsigqueueinfo,
  pause: (call) => interruptibleSleep(call, sleepUntilSignal()),
  rt_sigsuspend: rtSigsuspend,
  rt_sigtimedwait: rtSigtimedwait,
  restart_syscall: (call) => call.task.restart?.() ?? -Errno.EINTR,
};
