// perf-event-file.ts: the descriptor that perf_event_open(2) gives.
//
// Reading, polling and closing; its ioctls and its mmap are in syscalls/perf-calls.ts, which knows the caller.

import type { PerfFile } from '../clients/perf-syscall/perf-file';
import { ErrnoError } from '../abi/errno.table';
import { O_RDWR, POLLERR, POLLHUP, POLLIN } from '../abi/file-constants';
import type { FileStat } from './host';
import { OpenFile, syntheticStat } from './open-file';

export class PerfEventFile extends OpenFile {
  constructor(
    readonly perf: PerfFile,
    private readonly inode: number,
  ) {
    super(O_RDWR, 'anon_inode:[perf_event]');
  }

  override stat(): FileStat {
    return syntheticStat(0o600, this.inode);
  }

  override read(maxBytes: number): Uint8Array {
    const result = this.perf.read(maxBytes);
    if (!result.ok) throw new ErrnoError(result.errno);
    return result.value;
  }

  override poll(): number {
    const { in: readable, hangUp, error } = this.perf.poll();
    return (readable ? POLLIN : 0) | (hangUp ? POLLHUP : 0) | (error ? POLLERR : 0);
  }

  override release(): void {
    this.perf.close();
  }
}
