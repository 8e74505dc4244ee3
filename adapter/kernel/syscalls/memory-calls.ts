// memory-calls.ts: mmap and its kin.
//
// Truth: mmap(2), mprotect(2), mremap(2), madvise(2), msync(2), mincore(2).

import { ErrnoError } from '../abi/errno.table';
import {
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from '../abi/file-constants';
import { PerfEventFile } from '../files/perf-event-file';
import type { OpenFile } from '../files/open-file';
import { type MapRequest, pageCeil } from '../mm/memory-map';
import type { SharedBacking } from '../mm/vma-list';
import type { Call, Handler } from './call';
import { tellMappings } from '../process/mapping-records';
import { mapPerfRing } from './perf-calls';

const MAP_TYPE = 0xf;
const PROT_ALL = PROT_READ | PROT_WRITE | PROT_EXEC;
const MREMAP_MAYMOVE = 1;
const MREMAP_FIXED = 2;
const MADV_DONTNEED = 4;
const MADV_HIGHEST = 25;

function mmap(call: Call): number {
  const address = mapMemory(call);
  tellMappings(call.kernel, call.task, address, address + pageCeil(call.size(1)));
  return address;
}

function mapMemory(call: Call): number {
  const lengthBytes = call.size(1);
  const flags = call.uint(3);
  const prot = call.uint(2) & PROT_ALL;
  const type = flags & MAP_TYPE;
  const shared = type === MAP_SHARED || type === MAP_SHARED_VALIDATE;
  const offset = call.size(5);
  if ((!shared && type !== MAP_PRIVATE) || offset % PAGE_SIZE !== 0) throw new ErrnoError('EINVAL');
  if (lengthBytes === 0) throw new ErrnoError('EINVAL');
  if (lengthBytes > 2 ** 47) throw new ErrnoError('ENOMEM');
  const request: MapRequest = { address: call.size(0), lengthBytes, prot, flags, shared };
  const memory = call.process.memory;
  if ((flags & MAP_ANONYMOUS) !== 0) {
    return memory.mmap(shared ? { ...request, backing: anonymousBacking(lengthBytes) } : request);
  }
  const file = call.process.files.get(call.int(4));
  if (file instanceof PerfEventFile) return mapPerfRing(call, file, request, offset);
  return memory.mmap({ ...request, ...fileMapping(file, request, offset) });
}

function anonymousBacking(lengthBytes: number): SharedBacking {
  return { bytes: new Uint8Array(pageCeil(lengthBytes)), users: 0 };
}

function fileMapping(file: OpenFile, request: MapRequest, offset: number): Partial<MapRequest> {
  if (!file.readable) throw new ErrnoError('EACCES');
  if (request.shared === true && (request.prot & PROT_WRITE) !== 0 && !file.writable) throw new ErrnoError('EACCES');
  const own = file.mapping();
  if (own === 'anonymous') {
    return request.shared === true ? { backing: anonymousBacking(request.lengthBytes) } : {};
  }
  const stat = file.stat();
  const identity = { path: file.path, inode: Number(stat.inode), device: Number(stat.device) };
  if (request.shared !== true) {
    return { file: identity, offset, content: file.readAt(offset, request.lengthBytes) };
  }
  return { file: identity, offset, backing: own.backing(offset + pageCeil(request.lengthBytes)) };
}

function mremap(call: Call): number {
  const flags = call.uint(3);
  const fixedAt = (flags & MREMAP_FIXED) !== 0 ? call.size(4) : undefined;
  const mayMove = (flags & MREMAP_MAYMOVE) !== 0;
  if (fixedAt !== undefined && !mayMove) throw new ErrnoError('EINVAL');
  return call.process.memory.mremap(call.size(0), call.size(1), call.size(2), mayMove, fixedAt);
}

function madvise(call: Call): number {
  if (call.size(0) % PAGE_SIZE !== 0) throw new ErrnoError('EINVAL');
  const advice = call.int(2);
  if (advice === MADV_DONTNEED) call.process.memory.discard(call.size(0), call.size(1));
  else if (advice < 0 || (advice > MADV_HIGHEST && advice < 100)) throw new ErrnoError('EINVAL');
  return 0;
}

function mincore(call: Call): number {
  const pages = pageCeil(call.size(1)) / PAGE_SIZE;
  if (call.size(0) % PAGE_SIZE !== 0) throw new ErrnoError('EINVAL');
  if (!call.process.memory.vmas.covers(call.size(0), call.size(0) + pages * PAGE_SIZE)) throw new ErrnoError('ENOMEM');
  call.user.write(call.pointer(2), new Uint8Array(pages).fill(1));
  return 0;
}

function munmap(call: Call): number {
  call.process.memory.munmap(call.size(0), call.size(1));
  return 0;
}

function mprotect(call: Call): number {
  const [address, lengthBytes] = [call.size(0), call.size(1)];
  if (lengthBytes === 0) return 0;
  call.process.memory.mprotect(address, lengthBytes, call.uint(2) & PROT_ALL);
  tellMappings(call.kernel, call.task, address, address + lengthBytes);
  return 0;
}

function brk(call: Call): number {
  const { memory } = call.process;
  const old = memory.brkEnd;
  const end = memory.brk(call.size(0));
  if (end > old) tellMappings(call.kernel, call.task, old, end);
  return end;
}

function msync(call: Call): number {
  if (call.size(0) % PAGE_SIZE !== 0) throw new ErrnoError('EINVAL');
  call.process.memory.publish(call.size(0), call.size(0) + pageCeil(call.size(1)));
  call.process.memory.sync(call.size(0), call.size(1));
  return 0;
}

const nothing: Handler = () => 0;

export const MEMORY_CALLS: Readonly<Record<string, Handler>> = {
  mmap,
  munmap,
  mprotect,
  mremap,
  madvise,
  mincore,
  msync,
  brk,
  mlock: nothing,
  mlock2: nothing,
  munlock: nothing,
  mlockall: nothing,
  munlockall: nothing,
};
