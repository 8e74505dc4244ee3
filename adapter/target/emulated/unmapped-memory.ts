// unmapped-memory.ts: notices that watched memory is unmapped, before the program runs on.

import type { Process, Task } from '../../kernel/process/task';
import type { HeededMemory, UnmappedMemory } from '../target';
import { callText } from './call-text';

/** Calls that take memory away. */
const UNMAPPING = /^(munmap|mmap|mremap|brk|shmdt|execve)\(/;

/** `watched`: as things are now. */
export function followUnmapped(
  process: Process,
  watched: () => readonly HeededMemory[],
  tell: (memory: UnmappedMemory) => void,
): void {
  process.memory.onReleased = (start, end) => {
    const [low, high] = [BigInt(start), BigInt(end)];
    const isWatched = watched().some(
      ({ address, lengthBytes }) => address < high && low < address + BigInt(lengthBytes),
    );
    if (!isWatched) return;
    const caller = callerIn(process);
    const call = caller === undefined ? undefined : callText(caller);
    const who = caller === undefined || call === undefined ? {} : { thread: caller.tid, systemCall: call };
    tell({ address: low, lengthBytes: end - start, ...who });
  };
}

function callerIn(process: Process): Task | undefined {
  return [...process.threads.values()].find((task) => UNMAPPING.test(callText(task) ?? ''));
}
