// mapping-records.ts: tells perf events of new mappings: MMAP and MMAP2 records.
//
// Truth: perf_event_open(2), PERF_RECORD_MMAP2.

import { MAP_PRIVATE, MAP_SHARED, PROT_EXEC } from '../abi/file-constants';
import type { Vma } from '../mm/vma-list';
import type { MappingInfo } from '../perf/records';
import type { KernelContext } from './kernel-context';
import type { Task } from './task';

/** The mappings that [start, end) touches, whole. Costs nothing while no event is open. */
export function tellMappings(kernel: KernelContext, task: Task, start: number, end: number): void {
  if (kernel.perfFiles.size === 0) return;
  const { vmas } = task.process.memory;
  for (const part of vmas.within(start, end)) {
    const vma = vmas.find(part.start);
    if (vma !== undefined) kernel.layer.perf.mapped(task, mappingInfo(vma));
  }
}

/** All of them: after execve. */
export function tellAllMappings(kernel: KernelContext, task: Task): void {
  tellMappings(kernel, task, 0, Infinity);
}

function mappingInfo(vma: Vma): MappingInfo {
  const device = vma.file?.device ?? 0;
  // Private anonymous memory counts pages from its own address.
  const isAnonymous = vma.file === undefined && !vma.shared;
  return {
    address: BigInt(vma.start),
    lengthBytes: BigInt(vma.end - vma.start),
    offset: BigInt(isAnonymous ? vma.start : vma.offset),
    prot: vma.prot,
    flags: vma.shared ? MAP_SHARED : MAP_PRIVATE,
    executable: (vma.prot & PROT_EXEC) !== 0,
    name: mappingName(vma),
    major: (device >>> 8) & 0xfff,
    minor: device & 0xff,
    inode: BigInt(vma.file?.inode ?? 0),
  };
}

function mappingName(vma: Vma): string {
  if (vma.file !== undefined) return vma.file.path;
  if (vma.name !== '') return vma.name;
  return vma.shared ? '/dev/zero (deleted)' : '//anon';
}
