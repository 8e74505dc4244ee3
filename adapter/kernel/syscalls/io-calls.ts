// io-calls.ts: read, write and their vectored and positioned forms; lseek, ioctl, truncate, sync.
//
// Truth: read(2), write(2), readv(2), pread(2), lseek(2), ioctl(2).

import { Errno, ErrnoError } from '../abi/errno.table';
import { SI_USER, Signal } from '../abi/signals.table';
import { viewOf } from '../abi/struct-writer';
import type { OpenFile } from '../files/open-file';
import { PerfEventFile } from '../files/perf-event-file';
import { blockOn, type Outcome } from '../process/blocking';
import { sendToTask } from '../signal/send';
import type { Call, Handler } from './call';
import { perfIoctl } from './perf-calls';

/** Linux's own limit for one transfer. */
const MAX_TRANSFER = 0x7ffff000;
/** Read and copied at once. */
const CHUNK = 1 << 20;
const MAX_VECTORS = 1024;
const FIONBIO = 0x5421;
const FIOCLEX = 0x5451;
const FIONCLEX = 0x5450;

interface Segment {
  readonly address: bigint;
  readonly lengthBytes: number;
}

function vectors(call: Call): Segment[] {
  const count = call.size(2);
  if (count > MAX_VECTORS) throw new ErrnoError('EINVAL');
  const view = viewOf(call.user.read(call.pointer(1), count * 16));
  return Array.from({ length: count }, (_, i) => ({
    address: view.getBigUint64(i * 16, true),
    lengthBytes: Number(view.getBigUint64(i * 16 + 8, true)),
  }));
}

function single(call: Call): Segment[] {
  return [{ address: call.pointer(1), lengthBytes: Math.min(call.size(2), MAX_TRANSFER) }];
}

function readable(call: Call): OpenFile {
  const file = call.process.files.get(call.int(0));
  if (!file.readable) throw new ErrnoError('EBADF');
  return file;
}

function writable(call: Call): OpenFile {
  const file = call.process.files.get(call.int(0));
  if (!file.writable) throw new ErrnoError('EBADF');
  return file;
}

/** Fills the segments from `take`, which may block only before the first byte. */
function scatter(
  call: Call,
  segments: readonly Segment[],
  take: (maxBytes: number) => Uint8Array | undefined,
): number | undefined {
  let total = 0;
  for (const segment of segments) {
    let done = 0;
    while (done < segment.lengthBytes) {
      const want = Math.min(segment.lengthBytes - done, CHUNK);
      const address = segment.address + BigInt(done);
      const room = call.user.accessible(address, want, 'write');
      if (room === 0) return failAfter(total, 'EFAULT');
      const bytes = take(room);
      if (bytes === undefined) return total > 0 ? total : undefined;
      call.user.write(address, bytes);
      total += bytes.length;
      done += bytes.length;
      if (bytes.length < room) return total;
    }
  }
  return total;
}

function failAfter(total: number, name: 'EFAULT'): number {
  if (total > 0) return total;
  throw new ErrnoError(name);
}

function read(call: Call, segments: readonly Segment[]): Outcome {
  const file = readable(call);
  if (segments.every((segment) => segment.lengthBytes === 0)) return 0;
  const attempt = (): Outcome => {
    let first = true;
    const result = scatter(call, segments, (maxBytes) => {
      // Streams give what they have: a second helping is only taken where it is there.
      if (!first && (file.poll() & 1) === 0) return undefined;
      first = false;
      return file.read(maxBytes);
    });
    if (result !== undefined) return result;
    return file.nonBlocking ? -Errno.EAGAIN : blockOn([file.changed], attempt);
  };
  return attempt();
}

function gather(call: Call, segments: readonly Segment[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const segment of segments) {
    const wanted = Math.min(segment.lengthBytes, MAX_TRANSFER - total);
    const good = call.user.accessible(segment.address, wanted, 'read');
    if (good > 0) parts.push(call.user.read(segment.address, good));
    total += good;
    if (good < wanted) {
      failAfter(total, 'EFAULT');
      break;
    }
  }
  if (parts.length === 1) return parts[0];
  const joined = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function write(call: Call, segments: readonly Segment[]): Outcome {
  const file = writable(call);
  const bytes = gather(call, segments);
  let done = 0;
  const attempt = (): Outcome => {
    while (done < bytes.length || bytes.length === 0) {
      const count = writeSome(call, file, bytes.subarray(done));
      if (count === undefined) {
        if (file.nonBlocking) return done > 0 ? done : -Errno.EAGAIN;
        return blockOn([file.changed], attempt, { interrupt: done > 0 ? 'fail' : 'restart' });
      }
      done += count;
      if (count === 0) break;
    }
    return done;
  };
  return attempt();
}

/** A write that nobody will read also raises SIGPIPE. */
function writeSome(call: Call, file: OpenFile, bytes: Uint8Array): number | undefined {
  try {
    return file.write(bytes);
  } catch (error) {
    if (error instanceof ErrnoError && error.errno === Errno.EPIPE) raisePipeSignal(call);
    throw error;
  }
}

export function raisePipeSignal(call: Call): void {
  sendToTask(call.kernel, call.task, {
    signal: Signal.SIGPIPE,
    code: SI_USER,
    origin: { kind: 'process', pid: call.process.pid, uid: call.process.credentials.uid },
    detail: 'nobody reads what the program writes',
  });
}

function preadv(call: Call, segments: readonly Segment[], offset: number): number {
  if (offset < 0) throw new ErrnoError('EINVAL');
  const file = readable(call);
  let position = offset;
  const total = scatter(call, segments, (maxBytes) => {
    const bytes = file.readAt(position, maxBytes);
    position += bytes.length;
    return bytes;
  });
  return total ?? 0;
}

function pwritev(call: Call, segments: readonly Segment[], offset: number): number {
  if (offset < 0) throw new ErrnoError('EINVAL');
  return writable(call).writeAt(offset, gather(call, segments));
}

function lseek(call: Call): number {
  return call.process.files.get(call.int(0)).seek(call.offset(1), call.int(2));
}

function ioctl(call: Call): number {
  const fd = call.int(0);
  const file = call.process.files.get(fd);
  const request = call.uint(1);
  if (request === FIOCLEX || request === FIONCLEX) {
    call.process.files.setCloseOnExec(fd, request === FIOCLEX);
    return 0;
  }
  if (request === FIONBIO) {
    const O_NONBLOCK = 0o4000;
    const on = call.user.readU32(call.pointer(2)) !== 0;
    file.flags = on ? file.flags | O_NONBLOCK : file.flags & ~O_NONBLOCK;
    return 0;
  }
  if (file instanceof PerfEventFile) return perfIoctl(call, file);
  const answer = file.ioctl(request, call.pointer(2));
  if (answer.kind === 'done') return answer.value;
  call.user.write(call.pointer(2), answer.bytes);
  return 0;
}

function ftruncate(call: Call): number {
  if (call.offset(1) < 0) throw new ErrnoError('EINVAL');
  const file = call.process.files.get(call.int(0));
  if (!file.writable) throw new ErrnoError('EINVAL');
  file.truncate(call.offset(1));
  return 0;
}

function fsync(call: Call): number {
  call.process.files.get(call.int(0)).sync();
  return 0;
}

/** Copies through the kernel; offsets may be null (then the files' own positions move). */
function sendfile(call: Call): Outcome {
  const [out, source] = [call.process.files.get(call.int(0)), call.process.files.get(call.int(1))];
  if (!out.writable || !source.readable) throw new ErrnoError('EBADF');
  const pointer = call.pointer(2);
  const wanted = Math.min(call.size(3), CHUNK);
  const position = pointer === 0n ? source.seek(0, 1) : Number(call.user.readU64(pointer));
  const written = out.write(source.readAt(position, wanted));
  if (written === undefined) return -Errno.EAGAIN;
  if (pointer === 0n) source.seek(position + written, 0);
  else call.user.writeU64(pointer, BigInt(position + written));
  return written;
}

export const IO_CALLS: Readonly<Record<string, Handler>> = {
  read: (call) => read(call, single(call)),
  readv: (call) => read(call, vectors(call)),
  write: (call) => write(call, single(call)),
  writev: (call) => write(call, vectors(call)),
  pread64: (call) => preadv(call, single(call), call.offset(3)),
  pwrite64: (call) => pwritev(call, single(call), call.offset(3)),
  preadv: (call) => preadv(call, vectors(call), call.offset(3)),
  pwritev: (call) => pwritev(call, vectors(call), call.offset(3)),
  preadv2: (call) => (call.offset(3) === -1 ? read(call, vectors(call)) : preadv(call, vectors(call), call.offset(3))),
  pwritev2: (call) =>
    call.offset(3) === -1 ? write(call, vectors(call)) : pwritev(call, vectors(call), call.offset(3)),
  lseek,
  ioctl,
  ftruncate,
  fsync,
  fdatasync: fsync,
  sendfile,
  fadvise64: (call) => {
    call.process.files.get(call.int(0));
    return 0;
  },
  readahead: () => 0,
};
