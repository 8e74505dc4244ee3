// devices.ts: /dev/null, zero, full, urandom and random, and texts that the kernel makes up (/proc).
//
// Quirk: random bytes come from a generator with a fixed seed, so that every run is the same.

import { ErrnoError } from '../abi/errno.table';
import { O_RDWR, S_IFCHR, S_IFREG } from '../abi/file-constants';
import { encodeText } from '../mm/user-copy';
import type { DeterministicRandom } from '../time/deterministic-random';
import type { FileStat } from './host';
import { seekTo } from './host-file';
import { type FileMapping, OpenFile, syntheticStat } from './open-file';

export type MemoryDevice = 'null' | 'zero' | 'full' | 'random';

const MINOR: Readonly<Record<MemoryDevice, number>> = { null: 3, zero: 5, full: 7, random: 9 };

export const MEMORY_DEVICES: ReadonlyMap<string, MemoryDevice> = new Map([
  ['/dev/null', 'null'],
  ['/dev/zero', 'zero'],
  ['/dev/full', 'full'],
  ['/dev/random', 'random'],
  ['/dev/urandom', 'random'],
]);

export function memoryDeviceStat(device: MemoryDevice): FileStat {
  return { ...syntheticStat(S_IFCHR | 0o666, 4 + MINOR[device]), rdev: BigInt(0x100 + MINOR[device]) };
}

export class MemoryDeviceFile extends OpenFile {
  constructor(
    private readonly device: MemoryDevice,
    private readonly random: DeterministicRandom,
    flags: number,
    path: string,
  ) {
    super(flags, path);
  }

  override stat(): FileStat {
    return memoryDeviceStat(this.device);
  }

  override read(maxBytes: number): Uint8Array {
    if (this.device === 'null') return new Uint8Array(0);
    return this.device === 'random' ? this.random.bytes(maxBytes) : new Uint8Array(maxBytes);
  }

  override write(bytes: Uint8Array): number {
    if (this.device === 'full') throw new ErrnoError('ENOSPC');
    return bytes.length;
  }

  override readAt(_position: number, maxBytes: number): Uint8Array {
    return this.read(maxBytes);
  }

  override writeAt(_position: number, bytes: Uint8Array): number {
    return this.write(bytes);
  }

  override mapping(): FileMapping {
    if (this.device !== 'zero') throw new ErrnoError('ENODEV');
    return 'anonymous';
  }

  override seek(): number {
    return 0;
  }
}

/** A text that was made when the file was opened. `onWrite` makes it writable. */
export class TextFile extends OpenFile {
  private position = 0;
  private readonly content: Uint8Array;

  constructor(
    text: string,
    flags: number,
    path: string,
    private readonly onWrite?: (text: string) => void,
  ) {
    super(onWrite === undefined ? flags & ~O_RDWR : flags, path);
    this.content = encodeText(text);
  }

  override stat(): FileStat {
    return syntheticStat(S_IFREG | (this.onWrite === undefined ? 0o444 : 0o644), 100);
  }

  override read(maxBytes: number): Uint8Array {
    const bytes = this.readAt(this.position, maxBytes);
    this.position += bytes.length;
    return bytes;
  }

  override readAt(position: number, maxBytes: number): Uint8Array {
    return this.content.subarray(position, position + maxBytes);
  }

  override write(bytes: Uint8Array): number {
    if (this.onWrite === undefined) throw new ErrnoError('EACCES');
    this.onWrite(new TextDecoder().decode(bytes));
    return bytes.length;
  }

  override seek(offset: number, whence: number): number {
    this.position = seekTo(offset, whence, this.position, this.content.length);
    return this.position;
  }
}
