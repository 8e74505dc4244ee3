// epoll-file.ts: epoll: a set of files whose readiness is asked together.
//
// Level-triggered by looking; edge-triggered and one-shot by remembering what was told.
// Truth: epoll(7).

import { ErrnoError } from '../abi/errno.table';
import { O_RDWR, POLLERR, POLLHUP, POLLIN } from '../abi/file-constants';
import type { WaitQueue } from '../sched/wait-queue';
import type { FileStat } from './host';
import { OpenFile, syntheticStat } from './open-file';

const EPOLLET = 0x80000000;
const EPOLLONESHOT = 0x40000000;

export interface EpollEvent {
  readonly events: number;
  readonly data: bigint;
}

interface Interest {
  readonly file: OpenFile;
  events: number;
  data: bigint;
  /** What an edge-triggered interest was told last. */
  told: number;
}

export class EpollFile extends OpenFile {
  private readonly interests = new Map<number, Interest>();

  constructor(private readonly inode: number) {
    super(O_RDWR, 'anon_inode:[eventpoll]');
  }

  override stat(): FileStat {
    return syntheticStat(0o600, this.inode);
  }

  add(fd: number, file: OpenFile, event: EpollEvent): void {
    if (this.interests.has(fd)) throw new ErrnoError('EEXIST');
    if (file === this) throw new ErrnoError('EINVAL');
    this.interests.set(fd, { file, events: event.events, data: event.data, told: 0 });
    this.changed.wakeAll();
  }

  modify(fd: number, event: EpollEvent): void {
    const interest = this.interests.get(fd);
    if (interest === undefined) throw new ErrnoError('ENOENT');
    interest.events = event.events;
    interest.data = event.data;
    interest.told = 0;
    this.changed.wakeAll();
  }

  remove(fd: number): void {
    if (!this.interests.delete(fd)) throw new ErrnoError('ENOENT');
  }

  /** What is ready now; tells edge-triggered ones once per change. */
  take(maxEvents: number): EpollEvent[] {
    const ready: EpollEvent[] = [];
    for (const [fd, interest] of this.interests) {
      if (ready.length >= maxEvents) break;
      if (interest.file.references === 0) {
        this.interests.delete(fd);
        continue;
      }
      const events = interest.file.poll() & ((interest.events & 0xffff) | POLLERR | POLLHUP);
      const fresh = (interest.events & EPOLLET) !== 0 ? events & ~interest.told : events;
      interest.told = events;
      if (fresh === 0 || interest.events === 0) continue;
      ready.push({ events, data: interest.data });
      if ((interest.events & EPOLLONESHOT) !== 0) interest.events = 0;
    }
    return ready;
  }

  /** To sleep on until something may be ready. */
  queues(): WaitQueue[] {
    return [this.changed, ...[...this.interests.values()].map((interest) => interest.file.changed)];
  }

  override poll(): number {
    const ready = [...this.interests.values()].some((one) => (one.file.poll() & one.events & 0xffff) !== 0);
    return ready ? POLLIN : 0;
  }
}
