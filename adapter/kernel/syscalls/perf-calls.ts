// perf-calls.ts: perf_event_open(2), and what its descriptors add to ioctl, mmap and fcntl.
//
// Resolves descriptors, tasks and memory; the layer's perf-syscall client does the rest.
// Truth: perf_event_open(2); shared reference "hw-breakpoint-spec", B.10.

import { PerfSyscalls } from '../clients/perf-syscall/perf-file';
import { Errno, ErrnoError } from '../abi/errno.table';
import { PAGE_SIZE, PROT_WRITE } from '../abi/file-constants';
import type { OpenFile } from '../files/open-file';
import { PerfEventFile } from '../files/perf-event-file';
import type { MapRequest, MemoryMap } from '../mm/memory-map';
import type { SharedBacking } from '../mm/vma-list';
import { ATTRIBUTES_SIZE, ATTRIBUTES_SIZE_OFFSET, attributesLength } from '../perf/parse-attributes';
import type { PerfErrno } from '../perf/result';
import type { RingMemory } from '../perf/ring-buffer';
import type { KernelContext } from '../process/kernel-context';
import type { Opener, OpenRequest } from '../clients/perf-syscall/open';
import type { Call, Handler } from './call';

const PERF_FLAG_FD_CLOEXEC = 8;
const IOC_ENABLE = 0x2400;
const IOC_DISABLE = 0x2401;
const IOC_REFRESH = 0x2402;
const IOC_RESET = 0x2403;
const IOC_PERIOD = 0x40082404;
const IOC_SET_OUTPUT = 0x2405;
const IOC_ID = 0x80082407;
const IOC_PAUSE_OUTPUT = 0x40042409;
const IOC_MODIFY_ATTRIBUTES = 0x4008240b;
const IOC_FLAG_GROUP = 1;
const O_ASYNC = 0o20000;
const F_OWNER_TID = 0;
const F_OWNER_PID = 1;

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
  const root = call.kernel.host.identity.uid === 0;
  return { perfmon: root, sysAdmin: root, mayObserve: () => true };
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

const answer = (errno: PerfErrno | undefined): number => (errno === undefined ? 0 : -Errno[errno]);

/** ioctl(2) of an event. */
export function perfIoctl(call: Call, { perf }: PerfEventFile): number {
  const argument = call.pointer(2);
  const group = (argument & BigInt(IOC_FLAG_GROUP)) !== 0n;
  switch (call.uint(1)) {
    case IOC_ENABLE:
      perf.control('enable', group);
      return 0;
    case IOC_DISABLE:
      perf.control('disable', group);
      return 0;
    case IOC_RESET:
      perf.control('reset', group);
      return 0;
    case IOC_REFRESH:
      return answer(perf.refresh(call.int(2)));
    case IOC_PERIOD:
      return answer(perf.setPeriod(call.user.readU64(argument)));
    case IOC_ID:
      call.user.writeU64(argument, BigInt(perf.id));
      return 0;
    case IOC_SET_OUTPUT:
      return setOutput(call, perf);
    case IOC_PAUSE_OUTPUT:
      return answer(perf.pause(argument !== 0n));
    case IOC_MODIFY_ATTRIBUTES:
      return answer(perf.modify(attributesAt(call, argument), openerOf(call)));
    default:
      return -Errno.ENOTTY;
  }
}

function setOutput(call: Call, perf: PerfEventFile['perf']): number {
  const fd = call.int(2);
  if (fd === -1) return answer(perf.setOutput(undefined));
  const other = call.process.files.get(fd);
  return other instanceof PerfEventFile ? answer(perf.setOutput(other.perf)) : -Errno.EINVAL;
}

/** The ring's pages, written by the kernel where the program has mapped them. */
class MappedRing implements RingMemory {
  address = 0;

  constructor(
    private readonly memory: MemoryMap,
    private readonly backing: SharedBacking,
  ) {}

  read(offset: number, lengthBytes: number): Uint8Array {
    return this.isMapped
      ? this.memory.space.read(BigInt(this.address + offset), lengthBytes)
      : this.backing.bytes.slice(offset, offset + lengthBytes);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.backing.bytes.set(bytes, offset);
    if (this.isMapped) this.memory.space.write(BigInt(this.address + offset), bytes);
  }

  readU64(offset: number): bigint {
    const bytes = this.read(offset, 8);
    return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  }

  writeU64(offset: number, value: bigint): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    this.write(offset, bytes);
  }

  private get isMapped(): boolean {
    return this.address !== 0 && this.memory.users > 0 && this.memory.vmas.find(this.address)?.backing === this.backing;
  }
}

/** mmap(2) of an event: its ring. */
export function mapPerfRing(call: Call, file: PerfEventFile, request: MapRequest): number {
  const pages = request.lengthBytes / PAGE_SIZE;
  if (request.shared !== true || !Number.isInteger(pages)) throw new ErrnoError('EINVAL');
  const memory = call.process.memory;
  const backing: SharedBacking = {
    bytes: new Uint8Array(request.lengthBytes),
    users: 0,
    released: () => {
      file.perf.munmap();
    },
  };
  const ring = new MappedRing(memory, backing);
  const errno = file.perf.mmap(pages, (request.prot & PROT_WRITE) !== 0, ring);
  if (errno !== undefined) throw new ErrnoError(errno);
  ring.address = memory.mmap({ ...request, backing });
  return ring.address;
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
        : undefined;
  const wanted = (file.flags & O_ASYNC) !== 0 && owner !== undefined;
  file.perf.setAsync(wanted ? { owner, signal: file.signal, fd } : undefined);
}

export const PERF_CALLS: Readonly<Record<string, Handler>> = { perf_event_open: perfEventOpen };
