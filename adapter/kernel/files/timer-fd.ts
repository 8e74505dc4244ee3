// timer-fd.ts: timerfd_create(2): a timer that is read like a file.

import { ErrnoError } from '../abi/errno.table';
import { O_RDWR, POLLIN, POLLRDNORM } from '../abi/file-constants';
import { StructWriter } from '../abi/struct-writer';
import { KernelTimer } from '../time/kernel-timer';
import type { FileStat } from './host';
import { OpenFile, syntheticStat } from './open-file';

export class TimerFd extends OpenFile {
  private expirations = 0n;
  readonly timer = new KernelTimer((count) => {
    this.expirations += count;
    this.changed.wakeAll();
  });

  constructor(
    readonly clock: number,
    flags: number,
    private readonly inode: number,
    private readonly onRelease: (timer: KernelTimer) => void,
  ) {
    super(flags | O_RDWR, 'anon_inode:[timerfd]');
  }

  /** Armed anew: what expired before is forgotten. */
  forget(): void {
    this.expirations = 0n;
  }

  override stat(): FileStat {
    return syntheticStat(0o600, this.inode);
  }

  override read(maxBytes: number): Uint8Array | undefined {
    if (maxBytes < 8) throw new ErrnoError('EINVAL');
    if (this.expirations === 0n) return undefined;
    const bytes = new StructWriter(8).u64(this.expirations).bytes;
    this.expirations = 0n;
    return bytes;
  }

  override poll(): number {
    return this.expirations > 0n ? POLLIN | POLLRDNORM : 0;
  }

  override release(): void {
    this.onRelease(this.timer);
  }
}
