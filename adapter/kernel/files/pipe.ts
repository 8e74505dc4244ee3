// pipe.ts: pipe(2): 64 KiB between two ends.
//
// Writes of at most PIPE_BUF bytes are all or nothing; larger ones may be partial. A write without readers is EPIPE
// (the system call adds SIGPIPE).

import { ErrnoError } from '../abi/errno.table';
import {
  O_RDONLY,
  O_WRONLY,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  POLLRDNORM,
  POLLWRNORM,
  S_IFIFO,
} from '../abi/file-constants';
import { StructWriter } from '../abi/struct-writer';
import type { FileStat } from './host';
import { type IoctlAnswer, OpenFile, syntheticStat } from './open-file';

const CAPACITY = 65536;
const PIPE_BUF = 4096;
const FIONREAD = 0x541b;

class PipeBuffer {
  private chunks: Uint8Array[] = [];
  size = 0;
  reader: PipeReader | undefined;
  writer: PipeWriter | undefined;

  push(bytes: Uint8Array): void {
    this.chunks.push(bytes.slice());
    this.size += bytes.length;
  }

  take(maxBytes: number): Uint8Array {
    const out = new Uint8Array(Math.min(maxBytes, this.size));
    let filled = 0;
    while (filled < out.length) {
      const head = this.chunks[0];
      const part = head.subarray(0, out.length - filled);
      out.set(part, filled);
      filled += part.length;
      if (part.length === head.length) this.chunks.shift();
      else this.chunks[0] = head.subarray(part.length);
    }
    this.size -= filled;
    return out;
  }

  /** Both ends see every change. */
  changed(): void {
    this.reader?.changed.wakeAll();
    this.writer?.changed.wakeAll();
  }
}

class PipeReader extends OpenFile {
  constructor(
    private readonly buffer: PipeBuffer,
    flags: number,
    private readonly inode: number,
  ) {
    super(flags | O_RDONLY, `pipe:[${inode}]`);
    buffer.reader = this;
  }

  override stat(): FileStat {
    return syntheticStat(S_IFIFO | 0o600, this.inode);
  }

  override read(maxBytes: number): Uint8Array | undefined {
    if (this.buffer.size === 0) return this.buffer.writer === undefined ? new Uint8Array(0) : undefined;
    const bytes = this.buffer.take(maxBytes);
    this.buffer.changed();
    return bytes;
  }

  override poll(): number {
    const data = this.buffer.size > 0 ? POLLIN | POLLRDNORM : 0;
    return this.buffer.writer === undefined ? data | POLLHUP : data;
  }

  override ioctl(request: number, _argument: bigint): IoctlAnswer {
    if (request !== FIONREAD) throw new ErrnoError('ENOTTY');
    return { kind: 'bytes', bytes: new StructWriter(4).u32(this.buffer.size).bytes };
  }

  override release(): void {
    this.buffer.reader = undefined;
    this.buffer.changed();
  }
}

class PipeWriter extends OpenFile {
  constructor(
    private readonly buffer: PipeBuffer,
    flags: number,
    private readonly inode: number,
  ) {
    super(flags | O_WRONLY, `pipe:[${inode}]`);
    buffer.writer = this;
  }

  override stat(): FileStat {
    return syntheticStat(S_IFIFO | 0o600, this.inode);
  }

  override write(bytes: Uint8Array): number | undefined {
    if (this.buffer.reader === undefined) throw new ErrnoError('EPIPE');
    const room = CAPACITY - this.buffer.size;
    if (room === 0 || (bytes.length <= PIPE_BUF && bytes.length > room)) return undefined;
    const part = bytes.subarray(0, room);
    this.buffer.push(part);
    this.buffer.changed();
    return part.length;
  }

  override poll(): number {
    if (this.buffer.reader === undefined) return POLLERR | POLLOUT | POLLWRNORM;
    return CAPACITY - this.buffer.size >= PIPE_BUF ? POLLOUT | POLLWRNORM : 0;
  }

  override release(): void {
    this.buffer.writer = undefined;
    this.buffer.changed();
  }
}

/** The two ends; `flags` may hold O_NONBLOCK. */
export function createPipe(flags: number, inode: number): { readonly reader: OpenFile; readonly writer: OpenFile } {
  const buffer = new PipeBuffer();
  return { reader: new PipeReader(buffer, flags, inode), writer: new PipeWriter(buffer, flags, inode) };
}
