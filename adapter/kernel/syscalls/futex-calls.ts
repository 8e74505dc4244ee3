// futex-calls.ts: futex(2): WAIT, WAKE and their bitset, requeue and wake-op forms, and the priority-inheriting lock
// without the priorities.
//
// Truth: futex(2), FUTEX_LOCK_PI(2const).

import { Errno, ErrnoError } from '../abi/errno.table';
import { type Block, type Outcome } from '../process/blocking';
import { futexKey } from '../process/futex-key';
import { FUTEX_BITSET_ANY } from '../sched/futex-table';
import { type Call, type Handler, isValidTimespec, readTimespec, timespecNs } from './call';

const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const FUTEX_REQUEUE = 3;
const FUTEX_CMP_REQUEUE = 4;
const FUTEX_WAKE_OP = 5;
const FUTEX_LOCK_PI = 6;
const FUTEX_UNLOCK_PI = 7;
const FUTEX_TRYLOCK_PI = 8;
const FUTEX_WAIT_BITSET = 9;
const FUTEX_WAKE_BITSET = 10;
const FUTEX_LOCK_PI2 = 13;
const FUTEX_COMMAND_MASK = 0x7f;
const FUTEX_CLOCK_REALTIME = 0x100;
const FUTEX_WAITERS = 0x80000000;
const FUTEX_TID_MASK = 0x3fffffff;

function futex(call: Call): Outcome {
  const operation = call.uint(1);
  const command = operation & FUTEX_COMMAND_MASK;
  if (call.args[0] % 4n !== 0n) throw new ErrnoError('EINVAL');
  switch (command) {
    case FUTEX_WAIT:
      return wait(call, FUTEX_BITSET_ANY, deadline(call, false, false));
    case FUTEX_WAIT_BITSET:
      return wait(call, call.uint(5), deadline(call, true, (operation & FUTEX_CLOCK_REALTIME) !== 0));
    case FUTEX_WAKE:
      return wake(call, FUTEX_BITSET_ANY);
    case FUTEX_WAKE_BITSET:
      return wake(call, call.uint(5));
    case FUTEX_REQUEUE:
      return requeue(call, undefined);
    case FUTEX_CMP_REQUEUE:
      return requeue(call, call.uint(5));
    case FUTEX_WAKE_OP:
      return wakeOp(call);
    case FUTEX_LOCK_PI:
      return lockPi(call, deadline(call, true, true));
    case FUTEX_LOCK_PI2:
      return lockPi(call, deadline(call, true, (operation & FUTEX_CLOCK_REALTIME) !== 0));
    case FUTEX_TRYLOCK_PI:
      return tryLockPi(call) ? 0 : -Errno.EAGAIN;
    case FUTEX_UNLOCK_PI:
      return unlockPi(call);
    default:
      throw new ErrnoError('ENOSYS');
  }
}

/** Kernel time at which the wait ends, from the timeout argument. */
function deadline(call: Call, absolute: boolean, realTime: boolean): bigint | undefined {
  const address = call.pointer(3);
  if (address === 0n) return undefined;
  const time = readTimespec(call.user, address);
  if (!isValidTimespec(time)) throw new ErrnoError('EINVAL');
  const ns = timespecNs(time);
  if (!absolute) return call.kernel.nowNs + ns;
  return realTime ? ns - (call.kernel.clock.realTimeNs - call.kernel.nowNs) : ns;
}

function wait(call: Call, bitset: number, deadlineNs: bigint | undefined): Outcome {
  if (bitset === 0) throw new ErrnoError('EINVAL');
  if (call.user.readU32(call.pointer(0)) !== call.uint(2)) return -Errno.EAGAIN;
  return sleepOn(call, bitset, deadlineNs, (reason) => (reason === 'timeout' ? -Errno.ETIMEDOUT : 0));
}

function sleepOn(call: Call, bitset: number, deadlineNs: bigint | undefined, resume: Block['resume']): Block {
  const key = futexKey(call.task, call.pointer(0));
  return {
    subscribe: (waiter) => call.kernel.futexes.add(key, bitset, waiter),
    resume,
    // A relative timeout would start anew with a plain restart.
    interrupt: deadlineNs === undefined ? 'restart' : 'resume',
    restart: () => wait(call, bitset, deadlineNs),
    deadlineNs,
  };
}

function wake(call: Call, bitset: number): number {
  if (bitset === 0) throw new ErrnoError('EINVAL');
  call.user.require(call.pointer(0), 4, 'read');
  return call.kernel.futexes.wake(futexKey(call.task, call.pointer(0)), wakeCount(call, 2), bitset);
}

/** Linux counts after it has woken one: 0 and less wake one, too. */
function wakeCount(call: Call, argument: number): number {
  return Math.max(1, call.int(argument));
}

function requeue(call: Call, expected: number | undefined): number {
  const from = futexKey(call.task, call.pointer(0));
  const to = futexKey(call.task, call.pointer(4));
  if (expected !== undefined && call.user.readU32(call.pointer(0)) !== expected) return -Errno.EAGAIN;
  if (call.int(2) < 0 || call.int(3) < 0) throw new ErrnoError('EINVAL');
  const woken = call.kernel.futexes.wake(from, call.uint(2));
  const moved = call.kernel.futexes.requeue(from, to, call.uint(3));
  return expected === undefined ? woken : woken + moved;
}

/** *uaddr2 = *uaddr2 OP oparg; wakes on uaddr, and on uaddr2 if its old value compares. */
function wakeOp(call: Call): number {
  const encoded = call.uint(5);
  const second = call.pointer(4);
  const old = call.user.readU32(second);
  const shifted = (encoded & 0x80000000) !== 0;
  const argument = signExtend12((encoded >>> 12) & 0xfff);
  const operand = shifted ? 1 << (argument & 31) : argument;
  call.user.writeU32(second, applyOp((encoded >>> 28) & 7, old, operand));
  let woken = call.kernel.futexes.wake(futexKey(call.task, call.pointer(0)), wakeCount(call, 2));
  if (compare((encoded >>> 24) & 0xf, old | 0, signExtend12(encoded & 0xfff))) {
    woken += call.kernel.futexes.wake(futexKey(call.task, second), wakeCount(call, 3));
  }
  return woken;
}

function applyOp(operation: number, old: number, operand: number): number {
  switch (operation) {
    case 0:
      return operand;
    case 1:
      return old + operand;
    case 2:
      return old | operand;
    case 3:
      return old & ~operand;
    case 4:
      return old ^ operand;
    default:
      throw new ErrnoError('ENOSYS');
  }
}

function compare(operation: number, old: number, argument: number): boolean {
  switch (operation) {
    case 0:
      return old === argument;
    case 1:
      return old !== argument;
    case 2:
      return old < argument;
    case 3:
      return old <= argument;
    case 4:
      return old > argument;
    case 5:
      return old >= argument;
    default:
      throw new ErrnoError('ENOSYS');
  }
}

function signExtend12(value: number): number {
  return (value << 20) >> 20;
}

function tryLockPi(call: Call): boolean {
  const value = call.user.readU32(call.pointer(0));
  if ((value & FUTEX_TID_MASK) === call.task.tid) throw new ErrnoError('EDEADLK');
  if ((value & FUTEX_TID_MASK) !== 0) return false;
  call.user.writeU32(call.pointer(0), ((value & ~FUTEX_TID_MASK) | call.task.tid) >>> 0);
  return true;
}

function lockPi(call: Call, deadlineNs: bigint | undefined): Outcome {
  if (tryLockPi(call)) return 0;
  call.user.writeU32(call.pointer(0), (call.user.readU32(call.pointer(0)) | FUTEX_WAITERS) >>> 0);
  return sleepOn(call, FUTEX_BITSET_ANY, deadlineNs, (reason) =>
    reason === 'timeout' ? -Errno.ETIMEDOUT : lockPi(call, deadlineNs),
  );
}

function unlockPi(call: Call): number {
  const value = call.user.readU32(call.pointer(0));
  if ((value & FUTEX_TID_MASK) !== call.task.tid) throw new ErrnoError('EPERM');
  // The one who wakes takes the lock itself; while others may wait the waiters' bit stays.
  call.user.writeU32(call.pointer(0), (value & FUTEX_WAITERS) >>> 0);
  const woken = call.kernel.futexes.wake(futexKey(call.task, call.pointer(0)), 1);
  if (woken === 0) call.user.writeU32(call.pointer(0), 0);
  return 0;
}

export const FUTEX_CALLS: Readonly<Record<string, Handler>> = { futex };
