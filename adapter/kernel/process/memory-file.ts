// memory-file.ts: /proc/PID/mem: a process's memory as a file.
//
// The memory is the one that the process had when the file was opened: after execve reads find nothing.
// Truth: proc(5).

import { ErrnoError } from '../abi/errno.table';
import { S_IFREG } from '../abi/file-constants';
import type { FileStat } from '../files/host';
import { OpenFile, syntheticStat } from '../files/open-file';
import type { MemoryMap } from '../mm/memory-map';
import { readForeign, writeForeign } from './foreign-memory';

const SEEK_SET = 0;
const SEEK_CUR = 1;

export class MemoryFile extends OpenFile {
  private position = 0;

  constructor(
    private readonly target: MemoryMap,
    /** The memory of whoever opened the file. */
    private readonly opener: () => MemoryMap,
    flags: number,
    path: string,
  ) {
    super(flags, path);
  }

  override stat(): FileStat {
    return syntheticStat(S_IFREG | 0o600, 101);
  }

  override read(maxBytes: number): Uint8Array {
    const bytes = this.readAt(this.position, maxBytes);
    this.position += bytes.length;
    return bytes;
  }

  override write(bytes: Uint8Array): number {
    const written = this.writeAt(this.position, bytes);
    this.position += written;
    return written;
  }

  override readAt(position: number, maxBytes: number): Uint8Array {
    if (this.target.users === 0 || maxBytes === 0) return new Uint8Array(0);
    const bytes = readForeign(this.target, this.opener(), BigInt(position), maxBytes, 'tracer');
    if (bytes.length === 0) throw new ErrnoError('EIO');
    return bytes;
  }

  override writeAt(position: number, bytes: Uint8Array): number {
    if (this.target.users === 0 || bytes.length === 0) return 0;
    const written = writeForeign(this.target, this.opener(), BigInt(position), bytes, 'tracer');
    if (written === 0) throw new ErrnoError('EIO');
    return written;
  }

  override seek(offset: number, whence: number): number {
    if (whence !== SEEK_SET && whence !== SEEK_CUR) throw new ErrnoError('EINVAL');
    this.position = whence === SEEK_SET ? offset : this.position + offset;
    return this.position;
  }
}
