// event-fd.ts: eventfd(2): a 64-bit counter that can be waited on.

import { ErrnoError } from '../abi/errno.table';
import { O_RDWR, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from '../abi/file-constants';
import { StructWriter, viewOf } from '../abi/struct-writer';
import type { FileStat } from './host';
import { OpenFile, syntheticStat } from './open-file';

const MAX = 0xfffffffffffffffen;

export class EventFd extends OpenFile {
  constructor(
    private counter: bigint,
    private readonly semaphore: boolean,
    flags: number,
    private readonly inode: number,
  ) {
    super(flags | O_RDWR, 'anon_inode:[eventfd]');
  }

  override stat(): FileStat {
    return syntheticStat(0o600, this.inode);
  }

  override read(maxBytes: number): Uint8Array | undefined {
    if (maxBytes < 8) throw new ErrnoError('EINVAL');
    if (this.counter === 0n) return undefined;
    const value = this.semaphore ? 1n : this.counter;
    this.counter -= value;
    this.changed.wakeAll();
    return new StructWriter(8).u64(value).bytes;
  }

  override write(bytes: Uint8Array): number | undefined {
    if (bytes.length < 8) throw new ErrnoError('EINVAL');
    const value = viewOf(bytes).getBigUint64(0, true);
    if (value > MAX) throw new ErrnoError('EINVAL');
    if (this.counter + value > MAX) return undefined;
    this.counter += value;
    this.changed.wakeAll();
    return 8;
  }

  override poll(): number {
    return (this.counter > 0n ? POLLIN | POLLRDNORM : 0) | (this.counter < MAX ? POLLOUT | POLLWRNORM : 0);
  }
}
