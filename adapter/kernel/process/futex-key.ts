// futex-key.ts: what identifies a futex word: the memory it lies in and where.

import type { FutexKey } from '../sched/futex-table';
import type { Task } from './task';

/** Words in memory that several address spaces share are one futex. */
export function futexKey(task: Task, address: bigint): FutexKey {
  const map = task.process.memory;
  const at = Number(address);
  const vma = map.vmas.find(at);
  if (vma?.backing !== undefined) return { owner: vma.backing, offset: vma.offset + at - vma.start };
  return { owner: map, offset: at };
}
