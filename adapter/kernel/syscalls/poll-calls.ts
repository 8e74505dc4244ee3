// poll-calls.ts: waiting for several files: poll, select, epoll.
//
// Truth: poll(2), select(2), epoll_wait(2).

import { Errno, ErrnoError } from '../abi/errno.table';
import { O_CLOEXEC, POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLPRI } from '../abi/file-constants';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { EpollFile } from '../files/epoll-file';
import { blockOn, type Outcome } from '../process/blocking';
import type { WaitQueue } from '../sched/wait-queue';
import { UNBLOCKABLE } from '../signal/signal-state';
import { type Call, type Handler, isValidTimespec, readTimespec, readTimevalNs, timespecNs } from './call';
import { interruptibleSleep } from './signal-calls';

const MAX_FDS = 1024;
const NS_PER_MS = 1_000_000n;

interface PollWish {
  readonly fd: number;
  readonly events: number;
}

/** Readiness of one descriptor; POLLNVAL where there is none. */
function readiness(call: Call, wish: PollWish): number {
  if (wish.fd < 0) return 0;
  if (!call.process.files.has(wish.fd)) return POLLNVAL;
  return call.process.files.get(wish.fd).poll() & (wish.events | POLLERR | POLLHUP);
}

function queuesOf(call: Call, wishes: readonly PollWish[]): WaitQueue[] {
  return wishes
    .filter((wish) => wish.fd >= 0 && call.process.files.has(wish.fd))
    .map((wish) => call.process.files.get(wish.fd).changed);
}

/** Sleeps until `finish` has an answer; `timedOut` is the answer at the deadline. */
function waitUntil(
  call: Call,
  queues: () => readonly WaitQueue[],
  timeoutNs: bigint | undefined,
  finish: () => number | undefined,
  timedOut: () => number,
): Outcome {
  const deadlineNs = timeoutNs === undefined ? undefined : call.kernel.nowNs + timeoutNs;
  const attempt = (): Outcome => {
    const answer = finish();
    if (answer !== undefined) return answer;
    if (deadlineNs !== undefined && deadlineNs <= call.kernel.nowNs) return timedOut();
    const block = blockOn(queues(), (reason) => (reason === 'timeout' ? (finish() ?? timedOut()) : attempt()), {
      deadlineNs,
      interrupt: deadlineNs === undefined ? 'restartNoHandler' : 'fail',
    });
    return interruptibleSleep(call, block);
  };
  return attempt();
}

function pollFds(call: Call, timeoutNs: bigint | undefined): Outcome {
  const count = call.size(1);
  if (count > MAX_FDS) throw new ErrnoError('EINVAL');
  const view = viewOf(call.user.read(call.pointer(0), count * 8));
  const wishes = Array.from({ length: count }, (_, i) => ({
    fd: view.getInt32(i * 8, true),
    events: view.getUint16(i * 8 + 4, true),
  }));
  const store = (results: readonly number[]): number => {
    const writer = new StructWriter(count * 8);
    wishes.forEach((wish, i) => writer.u32(wish.fd).u16(wish.events).u16(results[i]));
    call.user.write(call.pointer(0), writer.bytes);
    return results.filter((events) => events !== 0).length;
  };
  const look = (): number[] => wishes.map((wish) => readiness(call, wish));
  return waitUntil(
    call,
    () => queuesOf(call, wishes),
    timeoutNs,
    () => {
      const results = look();
      return results.some((events) => events !== 0) ? store(results) : undefined;
    },
    () => store(look()),
  );
}

function poll(call: Call): Outcome {
  const timeoutMs = call.int(2);
  return pollFds(call, timeoutMs < 0 ? undefined : BigInt(timeoutMs) * NS_PER_MS);
}

function timespecArgument(call: Call, index: number): bigint | undefined {
  if (call.pointer(index) === 0n) return undefined;
  const time = readTimespec(call.user, call.pointer(index));
  if (!isValidTimespec(time)) throw new ErrnoError('EINVAL');
  return timespecNs(time);
}

/** For the time of the call another mask holds. */
function withMask(call: Call, maskAddress: bigint, action: () => Outcome): Outcome {
  if (maskAddress === 0n) return action();
  const before = call.task.blockedSignals;
  call.task.blockedSignals = call.user.readU64(maskAddress) & ~UNBLOCKABLE;
  call.task.savedMask = before;
  return action();
}

function ppoll(call: Call): Outcome {
  const timeoutNs = timespecArgument(call, 2);
  return withMask(call, call.pointer(3), () => pollFds(call, timeoutNs));
}

const SELECT_EVENTS = [POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI] as const;

function selectFds(call: Call, timeoutNs: bigint | undefined): Outcome {
  const count = call.int(0);
  if (count < 0) throw new ErrnoError('EINVAL');
  const bytes = Math.ceil(Math.min(count, MAX_FDS) / 64) * 8;
  const sets = [1, 2, 3].map((i) => (call.pointer(i) === 0n ? undefined : call.user.read(call.pointer(i), bytes)));
  const wishes: (PollWish & { readonly set: number })[] = [];
  for (let fd = 0; fd < Math.min(count, bytes * 8); fd++) {
    sets.forEach((set, i) => {
      if (set !== undefined && (set[fd >> 3] & (1 << (fd & 7))) !== 0) {
        wishes.push({ fd, events: SELECT_EVENTS[i], set: i });
      }
    });
  }
  if (wishes.some((wish) => !call.process.files.has(wish.fd))) throw new ErrnoError('EBADF');
  const store = (ready: readonly (PollWish & { readonly set: number })[]): number => {
    const results = sets.map((set) => (set === undefined ? undefined : new Uint8Array(bytes)));
    for (const { fd, set } of ready) {
      const result = results[set];
      if (result !== undefined) result[fd >> 3] |= 1 << (fd & 7);
    }
    results.forEach((result, i) => {
      if (result !== undefined) call.user.write(call.pointer(i + 1), result);
    });
    return ready.length;
  };
  const look = (): typeof wishes => wishes.filter((wish) => (readiness(call, wish) & wish.events) !== 0);
  return waitUntil(
    call,
    () => queuesOf(call, wishes),
    timeoutNs,
    () => {
      const ready = look();
      return ready.length > 0 ? store(ready) : undefined;
    },
    () => store([]),
  );
}

function select(call: Call): Outcome {
  const timeoutNs = call.pointer(4) === 0n ? undefined : readTimevalNs(call.user, call.pointer(4));
  return selectFds(call, timeoutNs);
}

function pselect6(call: Call): Outcome {
  const timeoutNs = timespecArgument(call, 4);
  const mask = call.pointer(5) === 0n ? 0n : call.user.readU64(call.pointer(5));
  return withMask(call, mask, () => selectFds(call, timeoutNs));
}

function epollCreate(call: Call, flags: number): number {
  return call.process.files.add(new EpollFile(call.kernel.takeInode()), (flags & O_CLOEXEC) !== 0);
}

function epollOf(call: Call): EpollFile {
  const file = call.process.files.get(call.int(0));
  if (!(file instanceof EpollFile)) throw new ErrnoError('EINVAL');
  return file;
}

function epollCtl(call: Call): number {
  const epoll = epollOf(call);
  const fd = call.int(2);
  const file = call.process.files.get(fd);
  const readEvent = (): { events: number; data: bigint } => {
    const view = viewOf(call.user.read(call.pointer(3), 12));
    return { events: view.getUint32(0, true), data: view.getBigUint64(4, true) };
  };
  switch (call.int(1)) {
    case 1:
      epoll.add(fd, file, readEvent());
      return 0;
    case 2:
      epoll.remove(fd);
      return 0;
    case 3:
      epoll.modify(fd, readEvent());
      return 0;
    default:
      return -Errno.EINVAL;
  }
}

function epollWait(call: Call, timeoutNs: bigint | undefined): Outcome {
  const epoll = epollOf(call);
  const max = call.int(2);
  if (max <= 0) throw new ErrnoError('EINVAL');
  return waitUntil(
    call,
    () => epoll.queues(),
    timeoutNs,
    () => {
      const ready = epoll.take(max);
      ready.forEach((event, i) => {
        const bytes = new Uint8Array(12);
        viewOf(bytes).setUint32(0, event.events, true);
        viewOf(bytes).setBigUint64(4, event.data, true);
        call.user.write(call.pointer(1) + BigInt(i * 12), bytes);
      });
      return ready.length > 0 ? ready.length : undefined;
    },
    () => 0,
  );
}

function milliseconds(call: Call, index: number): bigint | undefined {
  return call.int(index) < 0 ? undefined : BigInt(call.int(index)) * NS_PER_MS;
}

export const POLL_CALLS: Readonly<Record<string, Handler>> = {
  poll,
  ppoll,
  select,
  pselect6,
  epoll_create: (call) => epollCreate(call, 0),
  epoll_create1: (call) => epollCreate(call, call.int(0)),
  epoll_ctl: epollCtl,
  epoll_wait: (call) => epollWait(call, milliseconds(call, 3)),
  epoll_pwait: (call) => withMask(call, call.pointer(4), () => epollWait(call, milliseconds(call, 3))),
  epoll_pwait2: (call) => withMask(call, call.pointer(4), () => epollWait(call, timespecArgument(call, 3))),
};
