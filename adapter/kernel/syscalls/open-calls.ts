// open-calls.ts: descriptors: open, close, dup, fcntl, pipes, eventfd.
//
// Truth: open(2), dup(2), fcntl(2), pipe(2), eventfd(2), close_range(2).

import { Errno, ErrnoError } from '../abi/errno.table';
import { AT_FDCWD, O_APPEND, O_CLOEXEC, O_CREAT, O_NONBLOCK, O_TRUNC, O_WRONLY } from '../abi/file-constants';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { EventFd } from '../files/event-fd';
import { createPipe } from '../files/pipe';
import { openPath, resolvePath } from '../process/paths';
import type { Call, Handler } from './call';
import { F_OWNER_PGRP, F_OWNER_PID, F_OWNER_TID, updatePerfAsync } from './perf-calls';

const F_DUPFD = 0;
const F_GETFD = 1;
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const F_GETLK = 5;
const F_SETLK = 6;
const F_SETLKW = 7;
const F_SETOWN = 8;
const F_GETOWN = 9;
const F_SETSIG = 10;
const F_GETSIG = 11;
const F_SETOWN_EX = 15;
const F_GETOWN_EX = 16;
const HIGHEST_SIGNAL = 64;
const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const F_OFD_SETLKW = 38;
const F_DUPFD_CLOEXEC = 1030;
const F_SETPIPE_SZ = 1031;
const F_GETPIPE_SZ = 1032;
const ASYNC_REQUESTS: ReadonlySet<number> = new Set([F_SETFL, F_SETOWN, F_SETSIG, F_SETOWN_EX]);
const FD_CLOEXEC = 1;
const F_UNLCK = 2;
const SETTABLE_FLAGS = O_APPEND | O_NONBLOCK | 0o20000 | 0o40000 | 0o1000000;
const EFD_SEMAPHORE = 1;
const PIPE_BYTES = 65536;

function openAt(call: Call, dirfd: number, path: string, flags: number, mode: number): number {
  const file = openPath(call.kernel, call.task, resolvePath(call.task, dirfd, path), flags, mode);
  return call.process.files.add(file, (flags & O_CLOEXEC) !== 0);
}

function openat2(call: Call): number {
  const view = viewOf(call.user.read(call.pointer(2), 24));
  const flags = Number(view.getBigUint64(0, true));
  return openAt(call, call.int(0), call.string(1), flags, Number(view.getBigUint64(8, true)));
}

function close(call: Call): number {
  call.process.files.close(call.int(0));
  return 0;
}

function closeRange(call: Call): number {
  const [first, last] = [call.uint(0), call.uint(1)];
  const CLOSE_RANGE_CLOEXEC = 4;
  if (first > last) throw new ErrnoError('EINVAL');
  for (const fd of call.process.files.fds()) {
    if (fd < first || fd > last) continue;
    if ((call.uint(2) & CLOSE_RANGE_CLOEXEC) !== 0) call.process.files.setCloseOnExec(fd, true);
    else call.process.files.close(fd);
  }
  return 0;
}

function dup(call: Call): number {
  return call.process.files.add(call.process.files.get(call.int(0)), false);
}

function dup2(call: Call): number {
  const [from, to] = [call.int(0), call.int(1)];
  const file = call.process.files.get(from);
  if (from !== to) call.process.files.replace(to, file, false);
  return to;
}

function dup3(call: Call): number {
  const [from, to] = [call.int(0), call.int(1)];
  if (from === to) throw new ErrnoError('EINVAL');
  call.process.files.replace(to, call.process.files.get(from), (call.int(2) & O_CLOEXEC) !== 0);
  return to;
}

function fcntl(call: Call): number {
  const result = fcntlRequest(call);
  if (ASYNC_REQUESTS.has(call.int(1))) updatePerfAsync(call, call.int(0), call.process.files.get(call.int(0)));
  return result;
}

function fcntlRequest(call: Call): number {
  const fd = call.int(0);
  const files = call.process.files;
  const file = files.get(fd);
  const argument = call.int(2);
  switch (call.int(1)) {
    case F_DUPFD:
      return files.add(file, false, argument);
    case F_DUPFD_CLOEXEC:
      return files.add(file, true, argument);
    case F_GETFD:
      return files.closeOnExec(fd) ? FD_CLOEXEC : 0;
    case F_SETFD:
      files.setCloseOnExec(fd, (argument & FD_CLOEXEC) !== 0);
      return 0;
    case F_GETFL:
      return (file.flags & ~O_CLOEXEC) | 0o100000;
    case F_SETFL:
      file.flags = (file.flags & ~SETTABLE_FLAGS) | (argument & SETTABLE_FLAGS);
      return 0;
    case F_GETPIPE_SZ:
    case F_SETPIPE_SZ:
      return PIPE_BYTES;
    default:
      return fcntlLocksAndOwners(call);
  }
}

/** Whom O_ASYNC signals: a thread, a process or a group that exists, or nobody (0). */
function setOwner(call: Call, type: number, owner: number): number {
  const { tasks, processes } = call.kernel;
  const there: Readonly<Record<number, () => boolean>> = {
    [F_OWNER_TID]: () => tasks.has(owner),
    [F_OWNER_PID]: () => processes.has(owner),
    [F_OWNER_PGRP]: () => [...processes.values()].some((process) => process.groupId === owner),
  };
  if (!Object.hasOwn(there, type)) return -Errno.EINVAL;
  if (owner !== 0 && !there[type]()) return -Errno.ESRCH;
  const file = call.process.files.get(call.int(0));
  file.ownerType = type;
  file.owner = owner;
  return 0;
}

/** Quirk: record locks always succeed: nobody else is there to hold one. */
function fcntlLocksAndOwners(call: Call): number {
  const file = call.process.files.get(call.int(0));
  switch (call.int(1)) {
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
      return 0;
    case F_GETLK:
    case F_OFD_GETLK:
      call.user.write(call.pointer(2), new StructWriter(2).u16(F_UNLCK).bytes);
      return 0;
    case F_SETOWN:
      return setOwner(call, call.int(2) < 0 ? F_OWNER_PGRP : F_OWNER_PID, Math.abs(call.int(2)));
    case F_GETOWN:
      return file.ownerType === F_OWNER_PGRP ? -file.owner : file.owner;
    case F_SETSIG:
      if (call.int(2) < 0 || call.int(2) > HIGHEST_SIGNAL) return -Errno.EINVAL;
      file.signal = call.int(2);
      return 0;
    case F_GETSIG:
      return file.signal;
    case F_SETOWN_EX: {
      const view = viewOf(call.user.read(call.pointer(2), 8));
      return setOwner(call, view.getInt32(0, true), view.getInt32(4, true));
    }
    case F_GETOWN_EX:
      call.user.write(call.pointer(2), new StructWriter(8).u32(file.ownerType).u32(file.owner).bytes);
      return 0;
    default:
      return -Errno.EINVAL;
  }
}

function pipe(call: Call, flags: number): number {
  const { reader, writer } = createPipe(flags & O_NONBLOCK, call.kernel.takeInode());
  const closeOnExec = (flags & O_CLOEXEC) !== 0;
  call.user.require(call.pointer(0), 8, 'write');
  const first = call.process.files.add(reader, closeOnExec);
  const second = call.process.files.add(writer, closeOnExec);
  call.user.write(call.pointer(0), new StructWriter(8).u32(first).u32(second).bytes);
  return 0;
}

function eventfd(call: Call, flags: number): number {
  const file = new EventFd(
    BigInt(call.uint(0)),
    (flags & EFD_SEMAPHORE) !== 0,
    flags & O_NONBLOCK,
    call.kernel.takeInode(),
  );
  return call.process.files.add(file, (flags & O_CLOEXEC) !== 0);
}

export const OPEN_CALLS: Readonly<Record<string, Handler>> = {
  open: (call) => openAt(call, AT_FDCWD, call.string(0), call.int(1), call.uint(2)),
  openat: (call) => openAt(call, call.int(0), call.string(1), call.int(2), call.uint(3)),
  openat2,
  creat: (call) => openAt(call, AT_FDCWD, call.string(0), O_CREAT | O_WRONLY | O_TRUNC, call.uint(1)),
  close,
  close_range: closeRange,
  dup,
  dup2,
  dup3,
  fcntl,
  flock: (call) => {
    call.process.files.get(call.int(0));
    return 0;
  },
  pipe: (call) => pipe(call, 0),
  pipe2: (call) => pipe(call, call.int(1)),
  eventfd: (call) => eventfd(call, 0),
  eventfd2: (call) => eventfd(call, call.int(1)),
};
