// open-file.ts: an open file description: what several descriptors may share.
//
// Each kind of file extends OpenFile and overrides what it can do; the rest answers with the errno that Linux gives.
// `changed` is woken whenever `poll` may answer differently. The last descriptor's close calls `release`.

import { ErrnoError } from '../abi/errno.table';
import {
  O_ACCMODE,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
  POLLIN,
  POLLOUT,
  POLLRDNORM,
  POLLWRNORM,
} from '../abi/file-constants';
import type { SharedBacking } from '../mm/vma-list';
import { WaitQueue } from '../sched/wait-queue';
import type { DirectoryEntry, FileStat } from './host';

export type IoctlAnswer =
  | { readonly kind: 'done'; readonly value: number }
  /** Copied out to the argument's address. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** What mmap of a file maps: fresh zeros, or shared bytes of at least so many bytes from the file's start. */
export type FileMapping = 'anonymous' | { readonly backing: (lengthBytes: number) => SharedBacking };

export abstract class OpenFile {
  references = 0;
  readonly changed = new WaitQueue();
  /** Set by fcntl(F_SETOWN, F_SETSIG). */
  owner = 0;
  ownerType = 0;
  signal = 0;

  constructor(
    /** O_ bits; O_APPEND and O_NONBLOCK change with fcntl. */
    public flags: number,
    /** As opened, absolute; `pipe:[7]` and the like for what has none. */
    readonly path: string,
  ) {}

  abstract stat(): FileStat;

  get readable(): boolean {
    return (this.flags & O_ACCMODE) !== O_WRONLY;
  }

  get writable(): boolean {
    return (this.flags & O_ACCMODE) !== O_RDONLY;
  }

  get nonBlocking(): boolean {
    return (this.flags & O_NONBLOCK) !== 0;
  }

  get isDirectory(): boolean {
    return false;
  }

  /** undefined: would block. Empty: end of file. */
  read(_maxBytes: number): Uint8Array | undefined {
    throw new ErrnoError('EINVAL');
  }

  /** undefined: would block. */
  write(_bytes: Uint8Array): number | undefined {
    throw new ErrnoError('EINVAL');
  }

  readAt(_position: number, _maxBytes: number): Uint8Array {
    throw new ErrnoError('ESPIPE');
  }

  writeAt(_position: number, _bytes: Uint8Array): number {
    throw new ErrnoError('ESPIPE');
  }

  seek(_offset: number, _whence: number): number {
    throw new ErrnoError('ESPIPE');
  }

  poll(): number {
    return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
  }

  /** `argument` is the third argument, which most requests do not use. */
  ioctl(_request: number, _argument: bigint): IoctlAnswer {
    throw new ErrnoError('ENOTTY');
  }

  entries(): readonly DirectoryEntry[] {
    throw new ErrnoError('ENOTDIR');
  }

  /** ENODEV: cannot be mapped. */
  mapping(): FileMapping {
    throw new ErrnoError('ENODEV');
  }

  truncate(_lengthBytes: number): void {
    throw new ErrnoError('EINVAL');
  }

  sync(): void {
    throw new ErrnoError('EINVAL');
  }

  release(): void {
    // Nothing to give back.
  }
}

/** A stat for things that live only in the emulated kernel. */
export function syntheticStat(mode: number, inode: number, sizeBytes = 0): FileStat {
  return {
    device: 1n,
    inode: BigInt(inode),
    mode,
    links: 1,
    uid: 0,
    gid: 0,
    rdev: 0n,
    sizeBytes: BigInt(sizeBytes),
    blockBytes: 4096,
    blocks512: 0n,
    accessedNs: 0n,
    modifiedNs: 0n,
    changedNs: 0n,
  };
}
