// foreign-memory.ts: one process's memory for another: tracers, process_vm_readv, /proc/PID/mem.
//
// A tracer passes over protections, as FOLL_FORCE does; what is mapped shared and not writable stays as it is. Nobody's
// data breakpoints see these accesses.
//
// Truth: ptrace(2), process_vm_readv(2), proc(5).

import { PROT_READ, PROT_WRITE } from '../abi/file-constants';
import type { MemoryMap } from '../mm/memory-map';

export type Authority = 'tracer' | 'peer';

/** Reads up to so many bytes; fewer where the memory ends or forbids it. `running`: the caller's own memory. */
export function readForeign(
  target: MemoryMap,
  running: MemoryMap,
  address: bigint,
  lengthBytes: number,
  authority: Authority,
): Uint8Array {
  const there = reachable(target, address, lengthBytes, authority, PROT_READ);
  if (there === 0) return new Uint8Array(0);
  if (target !== running && target.hasSharedMemory) {
    running.publish();
    target.refresh();
  }
  return target.space.read(address, there);
}

/** How many bytes were written. */
export function writeForeign(
  target: MemoryMap,
  running: MemoryMap,
  address: bigint,
  bytes: Uint8Array,
  authority: Authority,
): number {
  const there = reachable(target, address, bytes.length, authority, PROT_WRITE);
  if (there === 0) return 0;
  const shares = target !== running && target.hasSharedMemory;
  if (shares) {
    running.publish();
    target.refresh();
  }
  target.space.write(address, bytes.subarray(0, there));
  if (shares) {
    target.publish();
    running.refresh();
  }
  return there;
}

function reachable(map: MemoryMap, address: bigint, lengthBytes: number, authority: Authority, right: number): number {
  if (address >= 1n << 47n) return 0;
  const start = Number(address);
  let end = start;
  while (end < start + lengthBytes) {
    const vma = map.vmas.find(end);
    if (vma === undefined) break;
    const isForced = authority === 'tracer' && !(right === PROT_WRITE && vma.shared);
    if ((vma.prot & right) === 0 && !isForced) break;
    end = Math.min(vma.end, start + lengthBytes);
  }
  return end === start ? 0 : map.mappedBytes(start, end - start);
}
