// host-io-packets.ts: vFile, read only: gdb fetches the program and its libraries through it.
//
// Truth: the gdb manual, "Host I/O Packets" and "File-I/O Remote Protocol Extension" (struct stat, errno).

import { fromHex, fromLatin1, latin1, MAX_PACKET_BYTES } from './packet';
import { currentProcess } from './stub-processes';
import type { Reply, StubState } from './stub-state';
import { UNSUPPORTED } from './stub-state';

const ENOENT = 2;
const EBADF = 9;
const EINVAL = 22;
const EROFS = 30;

/** Open files of one connection. */
export class HostIo {
  private readonly files = new Map<number, Uint8Array>();
  private nextDescriptor = 3;

  constructor(private readonly state: StubState) {}

  answer(packet: string): Reply {
    const match = /^vFile:([a-z0-9]+):(.*)$/s.exec(packet);
    if (match === null) return UNSUPPORTED;
    const [, operation, rest] = match;
    const parts = rest.split(',');
    switch (operation) {
      case 'setfs':
        return 'F0';
      case 'open':
        return this.open(parts);
      case 'pread':
        return this.read(parts);
      case 'fstat':
        return this.status(parts);
      case 'close':
        return this.files.delete(parseInt(parts[0], 16)) ? 'F0' : failure(EBADF);
      case 'readlink':
        return this.readLink(parts);
      case 'pwrite':
      case 'unlink':
        return failure(EROFS);
      default:
        return UNSUPPORTED;
    }
  }

  private open([name, flags = '0']: readonly string[]): Reply {
    const path = fromHex(name);
    if (path === undefined) return failure(EINVAL);
    if ((parseInt(flags, 16) & 3) !== 0) return failure(EROFS);
    const bytes = this.content(new TextDecoder().decode(path));
    if (bytes === undefined) return failure(ENOENT);
    const descriptor = this.nextDescriptor++;
    this.files.set(descriptor, bytes);
    return `F${descriptor.toString(16)}`;
  }

  /** What a process finds in /proc is the emulated kernel's to say, all else is the host's. */
  private content(path: string): Uint8Array | undefined {
    if (!isProcPath(path)) return this.state.host.readFile(path);
    const text = currentProcess(this.state)?.process.procFile(path);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  private readLink([name]: readonly string[]): Reply {
    const path = fromHex(name);
    const text = path === undefined ? '' : new TextDecoder().decode(path);
    const leadsTo = isProcPath(text) ? currentProcess(this.state)?.process.procLink(text) : undefined;
    return leadsTo === undefined ? failure(EINVAL) : attached(new TextEncoder().encode(leadsTo));
  }

  private read([descriptor, count, offset]: readonly string[]): Reply {
    const bytes = this.files.get(parseInt(descriptor, 16));
    if (bytes === undefined) return failure(EBADF);
    const start = parseInt(offset, 16);
    return attached(bytes.subarray(start, start + Math.min(parseInt(count, 16), MAX_PACKET_BYTES / 2)));
  }

  private status([descriptor]: readonly string[]): Reply {
    const bytes = this.files.get(parseInt(descriptor, 16));
    return bytes === undefined ? failure(EBADF) : attached(fileStatus(bytes.length));
  }
}

const isProcPath = (path: string): boolean => /^\/proc\/(self|thread-self|\d+)\//.test(path);

function failure(errno: number): string {
  return `F-1,${errno.toString(16)}`;
}

function attached(bytes: Uint8Array): Uint8Array {
  return latin1(`F${bytes.length.toString(16)};${fromLatin1(bytes)}`);
}

/** The protocol's struct stat, big-endian: a regular file, readable by all. */
function fileStatus(sizeBytes: number): Uint8Array {
  const status = new DataView(new ArrayBuffer(64));
  status.setUint32(8, 0o100444);
  status.setUint32(12, 1);
  status.setBigUint64(28, BigInt(sizeBytes));
  status.setBigUint64(36, 4096n);
  status.setBigUint64(44, BigInt(Math.ceil(sizeBytes / 512)));
  return new Uint8Array(status.buffer);
}
