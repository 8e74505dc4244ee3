// timer-calls.ts: timers of one's own: timer_create and its kin, timerfd.
//
// Quirk: timer_getoverrun always answers 0.
// Quirk: timers on CPU-time clocks run on emulated time as the others do.
// Truth: timer_create(2), timer_settime(2), timerfd_create(2), sigevent(3type).

import { ErrnoError } from '../abi/errno.table';
import { O_CLOEXEC, O_NONBLOCK } from '../abi/file-constants';
import { SI_TIMER, Signal } from '../abi/signals.table';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { TimerFd } from '../files/timer-fd';
import type { Task } from '../process/task';
import { sendToProcess, sendToTask } from '../signal/send';
import type { SignalInfo } from '../signal/signal-info';
import { KernelTimer } from '../time/kernel-timer';
import { type Call, encodeTimespec, type Handler, isValidTimespec, readTimespec, timespecNs } from './call';

const REALTIME_CLOCKS: ReadonlySet<number> = new Set([0, 5, 8, 11]);
const LAST_CLOCK = 11;
const TIMER_ABSTIME = 1;
const SIGEV_SIGNAL = 0;
const SIGEV_NONE = 1;
const SIGEV_THREAD_ID = 4;

interface Notification {
  readonly how: number;
  readonly signal: number;
  readonly value: bigint;
  readonly task: Task | undefined;
}

function notificationAt(call: Call, address: bigint, id: number): Notification {
  if (address === 0n) return { how: SIGEV_SIGNAL, signal: Signal.SIGALRM, value: BigInt(id), task: undefined };
  const view = viewOf(call.user.read(address, 24));
  const how = view.getInt32(12, true);
  const task = how === SIGEV_THREAD_ID ? call.kernel.tasks.get(view.getInt32(16, true)) : undefined;
  if (![SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD_ID].includes(how)) throw new ErrnoError('EINVAL');
  if (how === SIGEV_THREAD_ID && task?.process !== call.process) throw new ErrnoError('EINVAL');
  return { how, signal: view.getInt32(8, true), value: view.getBigUint64(0, true), task };
}

function timerCreate(call: Call): number {
  if (call.int(0) > LAST_CLOCK) throw new ErrnoError('EINVAL');
  const process = call.process;
  const id = process.nextTimerId++;
  const notification = notificationAt(call, call.pointer(1), id);
  const timer = new KernelTimer(() => {
    if (notification.how === SIGEV_NONE || process.isZombie) return;
    const info: SignalInfo = {
      signal: notification.signal,
      code: SI_TIMER,
      origin: { kind: 'timer', id, value: notification.value },
    };
    if (notification.task === undefined) sendToProcess(call.kernel, process, info);
    else sendToTask(call.kernel, notification.task, info);
  });
  call.user.writeU32(call.pointer(2), id);
  process.timers.set(id, { timer, clock: call.int(0) });
  return 0;
}

function timerOf(call: Call): { readonly timer: KernelTimer; readonly clock: number } {
  const entry = call.process.timers.get(call.int(0));
  if (entry === undefined) throw new ErrnoError('EINVAL');
  return entry;
}

function encodeSetting(call: Call, timer: KernelTimer): Uint8Array {
  const writer = new StructWriter(32).put(encodeTimespec(timer.intervalNs));
  return writer.put(encodeTimespec(timer.leftNs(call.kernel.nowNs))).bytes;
}

/** timer_settime and timerfd_settime: flags, new and old value are arguments 1 to 3. */
function settime(call: Call, timer: KernelTimer, clock: number): number {
  const address = call.pointer(2);
  const interval = readTimespec(call.user, address);
  const value = readTimespec(call.user, address + 16n);
  if (!isValidTimespec(interval) || !isValidTimespec(value)) throw new ErrnoError('EINVAL');
  const old = encodeSetting(call, timer);
  const ns = timespecNs(value);
  const absolute = (call.int(1) & TIMER_ABSTIME) !== 0;
  const epoch = REALTIME_CLOCKS.has(clock) ? call.kernel.clock.realTimeNs - call.kernel.nowNs : 0n;
  const deadline = absolute ? ns - epoch : call.kernel.nowNs + ns;
  timer.set(ns === 0n ? undefined : deadline, timespecNs(interval));
  call.kernel.timers.add(timer);
  if (call.pointer(3) !== 0n) call.user.write(call.pointer(3), old);
  return 0;
}

function gettime(call: Call, timer: KernelTimer): number {
  call.user.write(call.pointer(1), encodeSetting(call, timer));
  return 0;
}

function timerDelete(call: Call): number {
  call.kernel.timers.delete(timerOf(call).timer);
  call.process.timers.delete(call.int(0));
  return 0;
}

function timerfdCreate(call: Call): number {
  const flags = call.int(1);
  const file = new TimerFd(call.int(0), flags & O_NONBLOCK, call.kernel.takeInode(), (timer) => {
    call.kernel.timers.delete(timer);
  });
  return call.process.files.add(file, (flags & O_CLOEXEC) !== 0);
}

function timerfdOf(call: Call): TimerFd {
  const file = call.process.files.get(call.int(0));
  if (!(file instanceof TimerFd)) throw new ErrnoError('EINVAL');
  return file;
}

function timerfdSettime(call: Call): number {
  const file = timerfdOf(call);
  file.forget();
  return settime(call, file.timer, file.clock);
}

export const TIMER_CALLS: Readonly<Record<string, Handler>> = {
  timer_create: timerCreate,
  timer_settime: (call) => settime(call, timerOf(call).timer, timerOf(call).clock),
  timer_gettime: (call) => gettime(call, timerOf(call).timer),
  timer_getoverrun: (call) => {
    timerOf(call);
    return 0;
  },
  timer_delete: timerDelete,
  timerfd_create: timerfdCreate,
  timerfd_settime: timerfdSettime,
  timerfd_gettime: (call) => gettime(call, timerfdOf(call).timer),
};
