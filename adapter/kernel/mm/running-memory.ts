// running-memory.ts: whose memory the machine runs in; what processes share is carried over when another's turn comes.

import { assert } from '../../util/assert';
import type { MemoryMap } from './memory-map';

export class RunningMemory {
  private last: MemoryMap | undefined;

  /** Before a task runs that has this memory. */
  enter(memory: MemoryMap): void {
    const { last } = this;
    if (last === memory) return;
    this.last = memory;
    if (last !== undefined && last.users > 0 && last.hasSharedMemory) last.publish();
    if (memory.hasSharedMemory) memory.refresh();
    assert(memory.users > 0, 'a running task has memory');
  }
}
