// perf-calls.ts: perf_event_open(2), and what its descriptors add to ioctl, mmap and fcntl.
//
// Resolves descriptors, tasks and memory; the layer's perf-syscall client does the rest.
// Truth: perf_event_open(2); shared reference "hw-breakpoint-spec", B.10.

import { perfIoctl as controlEvent } from '../clients/perf-syscall/ioctl';
import { PerfSyscalls } from '../clients/perf-syscall/perf-file';
import type { RingCharge } from '../clients/perf-syscall/ring-budget';
import { Errno, ErrnoError } from '../abi/errno.table';
import { PAGE_SIZE, PROT_WRITE } from '../abi/file-constants';
import type { OpenFile } from '../files/open-file';
import { PerfEventFile } from '../files/perf-event-file';
import type { MapRequest } from '../mm/memory-map';
import { ATTRIBUTES_SIZE, ATTRIBUTES_SIZE_OFFSET, attributesLength } from '../perf/parse-attributes';
import { ProcessGroup } from '../due-signals';
import { isPrivileged, mayAccess } from '../process/credentials';
import type { KernelContext } from '../process/kernel-context';
import { MappedRing } from '../process/mapped-ring';
import { RLIMIT_MEMLOCK } from '../process/start';
import type { Opener, OpenRequest } from '../clients/perf-syscall/open';
import type { Call, Handler } from './call';

const PERF_FLAG_FD_CLOEXEC = 8;
const O_ASYNC = 0o20000;
/** f_owner_ex.type */
export const F_OWNER_TID = 0;
export const F_OWNER_PID = 1;
export const F_OWNER_PGRP = 2;

const clients = new WeakMap<KernelContext, PerfSyscalls>();

/** The kernel's one perf-syscall client, made when somebody first opens an event. */
export function perfClientOf(kernel: KernelContext): PerfSyscalls {
  let client = clients.get(kernel);
  if (client === undefined) {
    client = new PerfSyscalls(kernel.layer.perf);
    clients.set(kernel, client);
  }
  return client;
}

function openerOf(call: Call): Opener {
  const { process } = call;
  const root = isPrivileged(process.credentials);
  return {
    perfmon: root,
    sysAdmin: root,
    mayObserve: (target) => {
      const observed = call.kernel.tasks.get(target.tid)?.process;
      return observed === process || (observed !== undefined && mayAccess(process.credentials, observed));
    },
  };
}

function attributesAt(call: Call, address: bigint): Uint8Array {
  const size = call.user.readU32(address + BigInt(ATTRIBUTES_SIZE_OFFSET));
  const length = attributesLength(size);
  if (length === undefined) return refuseSize(call, address);
  return call.user.read(address, length);
}

/** E2BIG tells the size that is known. */
function refuseSize(call: Call, address: bigint): never {
  call.user.writeU32(address + BigInt(ATTRIBUTES_SIZE_OFFSET), ATTRIBUTES_SIZE);
  throw new ErrnoError('E2BIG');
}

function perfEventOpen(call: Call): number {
  const address = call.pointer(0);
  const flags = call.size(4);
  const opened = perfClientOf(call.kernel).open({
    attributes: attributesAt(call, address),
    target: targetOf(call, call.int(1)),
    cpu: call.int(2),
    group: groupOf(call, call.int(3)),
    flags,
    opener: openerOf(call),
  });
  if (!opened.ok) {
    if (opened.errno === 'E2BIG') refuseSize(call, address);
    throw new ErrnoError(opened.errno);
  }
  const file = new PerfEventFile(opened.value, call.kernel.takeInode());
  call.kernel.perfFiles.add(file);
  const fd = call.process.files.add(file, (flags & PERF_FLAG_FD_CLOEXEC) !== 0);
  opened.value.event.label = `perf event of pid ${call.process.pid}, fd ${fd}`;
  return fd;
}

function targetOf(call: Call, pid: number): OpenRequest['target'] {
  if (pid === -1) return 'all';
  return pid === 0 ? call.task : (call.kernel.tasks.get(pid) ?? 'missing');
}

function groupOf(call: Call, fd: number): OpenRequest['group'] {
  if (fd === -1) return 'none';
  const file = call.process.files.has(fd) ? call.process.files.get(fd) : undefined;
  return file instanceof PerfEventFile ? file.perf.event : 'bad';
}

/** ioctl(2) of an event. */
export function perfIoctl(call: Call, { perf }: PerfEventFile): number {
  const errno = controlEvent(perf, call.uint(1), call.pointer(2), {
    opener: openerOf(call),
    readBytes: (address, lengthBytes) => orFault(() => call.user.read(address, lengthBytes)),
    writeBytes: (address, bytes) =>
      orFault(() => {
        call.user.write(address, bytes);
        return true;
      }) === true,
    descriptor: (fd) => {
      if (!call.process.files.has(fd)) return 'closed';
      const file = call.process.files.get(fd);
      return file instanceof PerfEventFile ? file.perf : 'other';
    },
  });
  return errno === undefined ? 0 : -Errno[errno];
}

/** undefined: EFAULT. */
function orFault<Value>(body: () => Value): Value | undefined {
  try {
    return body();
  } catch (error) {
    if (error instanceof ErrnoError && error.message === 'EFAULT') return undefined;
    throw error;
  }
}

/** mmap(2) of an event: its ring. */
export function mapPerfRing(call: Call, file: PerfEventFile, request: MapRequest, offset: number): number {
  const pages = request.lengthBytes / PAGE_SIZE;
  if (request.shared !== true || !Number.isInteger(pages) || offset !== 0) throw new ErrnoError('EINVAL');
  const { memory } = call.process;
  const budget = perfClientOf(call.kernel).budget;
  const shared = mappedRingOf(file.perf);
  const charge = shared === undefined ? chargeRing(call, pages) : undefined;
  if (shared === undefined && charge === undefined) throw new ErrnoError('EPERM');
  const release = (): void => {
    if (charge !== undefined) budget.release(charge);
  };
  const ring = shared ?? new MappedRing(request.lengthBytes);
  const errno = file.perf.mmap(pages, (request.prot & PROT_WRITE) !== 0, ring);
  if (errno !== undefined) {
    release();
    throw new ErrnoError(errno);
  }
  const backing = ring.mapInto(memory, () => {
    release();
    file.perf.munmap();
  });
  try {
    return memory.mmap({ ...request, backing, isWhole: true, name: 'anon_inode:[perf_event]' });
  } catch (error) {
    backing.released?.();
    throw error;
  }
}

function mappedRingOf(perf: PerfEventFile['perf']): MappedRing | undefined {
  const memory = perf.event.ring?.memory;
  return memory instanceof MappedRing ? memory : undefined;
}

function chargeRing(call: Call, pages: number): RingCharge | undefined {
  const { credentials, memory, resourceLimits } = call.process;
  const limit = resourceLimits.get(RLIMIT_MEMLOCK)?.[0];
  return perfClientOf(call.kernel).budget.charge({
    user: credentials.uid,
    memory,
    pages,
    limitPages: limit === undefined ? Infinity : Number(limit / BigInt(PAGE_SIZE)),
    mayLock: isPrivileged(credentials),
  });
}

/** After fcntl changed O_ASYNC, the owner or the signal. */
export function updatePerfAsync(call: Call, fd: number, file: OpenFile): void {
  if (!(file instanceof PerfEventFile)) return;
  const { tasks, processes } = call.kernel;
  const owner =
    file.ownerType === F_OWNER_TID
      ? tasks.get(file.owner)
      : file.ownerType === F_OWNER_PID
        ? processes.get(file.owner)
        : file.owner !== 0
          ? new ProcessGroup(file.owner)
          : undefined;
  const wanted = (file.flags & O_ASYNC) !== 0 && owner !== undefined;
  file.perf.setAsync(wanted ? { owner, signal: file.signal, fd } : undefined);
}

export const PERF_CALLS: Readonly<Record<string, Handler>> = { perf_event_open: perfEventOpen };
