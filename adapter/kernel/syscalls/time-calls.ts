// time-calls.ts: clocks, sleeping, alarms. Emulated time: see time/kernel-clock.ts.
//
// Truth: clock_gettime(2), clock_nanosleep(2), setitimer(2).

import { ErrnoError } from '../abi/errno.table';
import { blockOn, type Outcome } from '../process/blocking';
import { StructWriter } from '../abi/struct-writer';
import {
  type Call,
  encodeTimespec,
  encodeTimeval,
  type Handler,
  isValidTimespec,
  NS_PER_SECOND,
  readTimespec,
  readTimevalNs,
  timespecNs,
} from './call';

const CLOCK_REALTIME = 0;
const CLOCK_PROCESS_CPUTIME_ID = 2;
const CLOCK_THREAD_CPUTIME_ID = 3;
const REALTIME_CLOCKS = new Set([CLOCK_REALTIME, 5, 8, 11]);
const MONOTONIC_CLOCKS = new Set([1, 4, 6, 7, 9]);
const TIMER_ABSTIME = 1;

function clockNs(call: Call, clock: number): bigint {
  if (REALTIME_CLOCKS.has(clock)) return call.kernel.clock.realTimeNs;
  if (MONOTONIC_CLOCKS.has(clock)) return call.kernel.nowNs;
  // Negative ids name the CPU clock of a process or thread; the lowest bits say which kind.
  if (clock === CLOCK_THREAD_CPUTIME_ID || (clock < 0 && (clock & 4) !== 0)) return BigInt(call.task.instructions);
  if (clock === CLOCK_PROCESS_CPUTIME_ID || clock < 0) return BigInt(call.process.instructions);
  throw new ErrnoError('EINVAL');
}

function clockGettime(call: Call): number {
  call.user.write(call.pointer(1), encodeTimespec(clockNs(call, call.int(0))));
  return 0;
}

function clockGetres(call: Call): number {
  clockNs(call, call.int(0));
  if (call.pointer(1) !== 0n) call.user.write(call.pointer(1), encodeTimespec(1n));
  return 0;
}

function gettimeofday(call: Call): number {
  if (call.pointer(0) !== 0n) call.user.write(call.pointer(0), encodeTimeval(call.kernel.clock.realTimeNs));
  if (call.pointer(1) !== 0n) call.user.write(call.pointer(1), new Uint8Array(8));
  return 0;
}

function time(call: Call): bigint {
  const seconds = call.kernel.clock.realTimeNs / NS_PER_SECOND;
  if (call.pointer(0) !== 0n) call.user.writeU64(call.pointer(0), seconds);
  return seconds;
}

function nanosleep(call: Call): Outcome {
  return sleep(call, 1, false, call.pointer(0), call.pointer(1));
}

function clockNanosleep(call: Call): Outcome {
  const absolute = (call.int(1) & TIMER_ABSTIME) !== 0;
  return sleep(call, call.int(0), absolute, call.pointer(2), call.pointer(3));
}

function sleep(call: Call, clock: number, absolute: boolean, request: bigint, remain: bigint): Outcome {
  const time = readTimespec(call.user, request);
  if (!isValidTimespec(time)) throw new ErrnoError('EINVAL');
  const now = clockNs(call, clock);
  const wait = absolute ? timespecNs(time) - now : timespecNs(time);
  if (wait <= 0n) return 0;
  const deadlineNs = call.kernel.nowNs + wait;
  return blockOn([], () => 0, {
    deadlineNs,
    interrupt: absolute ? 'restartNoHandler' : 'resume',
    onInterrupt: () => {
      if (absolute || remain === 0n) return;
      const left = deadlineNs - call.kernel.nowNs;
      call.user.write(remain, encodeTimespec(left > 0n ? left : 0n));
    },
  });
}

/** ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF. */
const INTERVAL_TIMERS = ['realTimer', 'virtualTimer', 'profilingTimer'] as const;
type TimerName = (typeof INTERVAL_TIMERS)[number];

/** Quirk: ITIMER_VIRTUAL and ITIMER_PROF both count all instructions of the process: the kernel's own take no time. */
function timerArgument(call: Call): TimerName {
  const which = call.uint(0);
  if (which >= INTERVAL_TIMERS.length) throw new ErrnoError('EINVAL');
  return INTERVAL_TIMERS[which];
}

/** On the timer's own clock. */
const timerNow = (call: Call, name: TimerName): bigint =>
  name === 'realTimer' ? call.kernel.nowNs : BigInt(call.process.instructions);

function readTimer(call: Call, name: TimerName): { readonly leftNs: bigint; readonly intervalNs: bigint } {
  const timer = call.process[name];
  if (timer === undefined) return { leftNs: 0n, intervalNs: 0n };
  const left = timer.deadlineNs - timerNow(call, name);
  return { leftNs: left > 0n ? left : 1000n, intervalNs: timer.intervalNs };
}

function setTimer(call: Call, name: TimerName, valueNs: bigint, intervalNs: bigint): void {
  call.process[name] = valueNs === 0n ? undefined : { deadlineNs: timerNow(call, name) + valueNs, intervalNs };
}

function alarm(call: Call): number {
  const old = readTimer(call, 'realTimer').leftNs;
  setTimer(call, 'realTimer', BigInt(call.uint(0)) * NS_PER_SECOND, 0n);
  return Number((old + NS_PER_SECOND - 1n) / NS_PER_SECOND);
}

function encodeItimer(timer: { readonly leftNs: bigint; readonly intervalNs: bigint }): Uint8Array {
  return new StructWriter(32).put(encodeTimeval(timer.intervalNs)).put(encodeTimeval(timer.leftNs)).bytes;
}

function getitimer(call: Call): number {
  call.user.write(call.pointer(1), encodeItimer(readTimer(call, timerArgument(call))));
  return 0;
}

function setitimer(call: Call): number {
  const name = timerArgument(call);
  const old = encodeItimer(readTimer(call, name));
  const value = call.pointer(1);
  if (value === 0n) setTimer(call, name, 0n, 0n);
  else setTimer(call, name, readTimevalNs(call.user, value + 16n), readTimevalNs(call.user, value));
  if (call.pointer(2) !== 0n) call.user.write(call.pointer(2), old);
  return 0;
}

export const TIME_CALLS: Readonly<Record<string, Handler>> = {
  clock_gettime: clockGettime,
  clock_getres: clockGetres,
  gettimeofday,
  time,
  nanosleep,
  clock_nanosleep: clockNanosleep,
  alarm,
  getitimer,
  setitimer,
};
