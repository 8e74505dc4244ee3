// host-file.ts: a regular file or directory of the host, opened by a guest.

import { ErrnoError } from '../abi/errno.table';
import { O_APPEND, S_IFDIR, S_IFMT } from '../abi/file-constants';
import type { DirectoryEntry, FileStat, HostFile, HostFiles } from './host';
import { type FileMapping, type IoctlAnswer, OpenFile } from './open-file';
import type { SharedBacking } from '../mm/vma-list';
import { StructWriter } from '../abi/struct-writer';

const SEEK_SET = 0;
const SEEK_CUR = 1;
const SEEK_END = 2;
const SEEK_DATA = 3;
const SEEK_HOLE = 4;
const FIONREAD = 0x541b;

/** The new offset, or EINVAL. */
export function seekTo(offset: number, whence: number, current: number, sizeBytes: number): number {
  const target = targetOf(offset, whence, current, sizeBytes);
  if (target === undefined || target < 0) throw new ErrnoError('EINVAL');
  return target;
}

function targetOf(offset: number, whence: number, current: number, sizeBytes: number): number | undefined {
  if (whence === SEEK_SET) return offset;
  if (whence === SEEK_CUR) return current + offset;
  if (whence === SEEK_END) return sizeBytes + offset;
  if (whence !== SEEK_DATA && whence !== SEEK_HOLE) return undefined;
  if (offset >= sizeBytes) throw new ErrnoError('ENXIO');
  return whence === SEEK_DATA ? offset : sizeBytes;
}

/**
 * The file's bytes for a shared mapping, written back behind munmap, msync and exit.
 *
 * Quirk: two mappings of one file made by separate mmap calls do not see each other's stores until they are synced.
 */
function sharedBackingOf(host: HostFile, lengthBytes: number): SharedBacking {
  const bytes = new Uint8Array(lengthBytes);
  const content = host.read(0, lengthBytes);
  bytes.set(content);
  return {
    bytes,
    users: 0,
    flush: (offset, changed) => {
      const size = Number(host.stat().sizeBytes);
      if (offset < size) host.write(offset, changed.subarray(0, size - offset));
    },
  };
}

export class RegularFile extends OpenFile {
  private position = 0;

  constructor(
    readonly host: HostFile,
    flags: number,
    path: string,
  ) {
    super(flags, path);
  }

  override stat(): FileStat {
    return this.host.stat();
  }

  override read(maxBytes: number): Uint8Array {
    const bytes = this.host.read(this.position, maxBytes);
    this.position += bytes.length;
    return bytes;
  }

  override write(bytes: Uint8Array): number {
    if ((this.flags & O_APPEND) !== 0) this.position = Number(this.host.stat().sizeBytes);
    const written = this.host.write(this.position, bytes);
    this.position += written;
    return written;
  }

  override readAt(position: number, maxBytes: number): Uint8Array {
    return this.host.read(position, maxBytes);
  }

  override writeAt(position: number, bytes: Uint8Array): number {
    return this.host.write(position, bytes);
  }

  override seek(offset: number, whence: number): number {
    this.position = seekTo(offset, whence, this.position, Number(this.host.stat().sizeBytes));
    return this.position;
  }

  override mapping(): FileMapping {
    return {
      backing: (lengthBytes) => {
        // The mapping outlives the descriptor and still has to write back.
        this.references++;
        return sharedBackingOf(this.host, lengthBytes);
      },
    };
  }

  override ioctl(request: number, _argument: bigint): IoctlAnswer {
    if (request !== FIONREAD) throw new ErrnoError('ENOTTY');
    const left = Math.max(0, Number(this.host.stat().sizeBytes) - this.position);
    return { kind: 'bytes', bytes: new StructWriter(4).u32(left).bytes };
  }

  override truncate(lengthBytes: number): void {
    this.host.truncate(lengthBytes);
  }

  override sync(): void {
    this.host.sync();
  }

  override release(): void {
    this.host.close();
  }
}

/** Its entries are read once, when they are first asked for, as `.` and `..` and then by name. */
export class DirectoryFile extends OpenFile {
  position = 0;
  private listed: readonly DirectoryEntry[] | undefined;

  constructor(
    private readonly files: HostFiles,
    flags: number,
    path: string,
  ) {
    super(flags, path);
  }

  override get isDirectory(): boolean {
    return true;
  }

  override stat(): FileStat {
    return this.files.stat(this.path, true);
  }

  override read(): Uint8Array {
    throw new ErrnoError('EISDIR');
  }

  override seek(offset: number, whence: number): number {
    this.position = seekTo(offset, whence, this.position, this.entries().length);
    if (this.position === 0) this.listed = undefined;
    return this.position;
  }

  override entries(): readonly DirectoryEntry[] {
    this.listed ??= this.files.list(this.path);
    return this.listed;
  }

  override sync(): void {
    // The host's own affair.
  }
}

/** O_PATH: names a place, cannot be read. */
export class PathFile extends OpenFile {
  constructor(
    private readonly files: HostFiles,
    flags: number,
    path: string,
    private readonly followLink: boolean,
  ) {
    super(flags, path);
  }

  override get readable(): boolean {
    return false;
  }

  override get writable(): boolean {
    return false;
  }

  override get isDirectory(): boolean {
    return (this.stat().mode & S_IFMT) === S_IFDIR;
  }

  override stat(): FileStat {
    return this.files.stat(this.path, this.followLink);
  }
}
