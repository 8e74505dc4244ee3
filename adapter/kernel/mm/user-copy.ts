// user-copy.ts: the only way between the kernel and a program's memory.
//
// Every copy is checked, populates what was promised but not yet given, and is told to `onAccess` (a write also to
// `onWriting`, just before its bytes are there), so that the layer above can say "written by read(3, …)". A bad address
// throws ErrnoError EFAULT, which the dispatcher returns.

import { ErrnoError } from '../abi/errno.table';
import type { MemoryMap } from './memory-map';

export interface KernelAccess {
  readonly address: bigint;
  readonly lengthBytes: number;
  readonly write: boolean;
  /** A copy of bytes; undefined: one access of a number. */
  readonly bytewise?: boolean;
}

const MAX_STRING = 1 << 20;

export class UserMemory {
  constructor(
    readonly map: MemoryMap,
    private readonly onAccess: (access: KernelAccess) => void = () => undefined,
    private readonly onWriting: (address: bigint, lengthBytes: number) => void = () => undefined,
  ) {}

  /** Bytes from the address that the program itself could access so. */
  accessible(address: bigint, lengthBytes: number, access: 'read' | 'write'): number {
    if (lengthBytes === 0) return 0;
    let good = this.map.space.accessibleBytes(address, lengthBytes, access);
    if (good === lengthBytes) return good;
    if (this.map.populate(Number(address) + good, lengthBytes - good)) {
      good = this.map.space.accessibleBytes(address, lengthBytes, access);
    }
    return good;
  }

  read(address: bigint, lengthBytes: number): Uint8Array {
    if (lengthBytes === 0) return new Uint8Array(0);
    this.require(address, lengthBytes, 'read');
    this.onAccess({ address, lengthBytes, write: false, bytewise: true });
    return this.map.space.read(address, lengthBytes);
  }

  write(address: bigint, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.require(address, bytes.length, 'write');
    this.onWriting(address, bytes.length);
    this.map.space.write(address, bytes);
    this.onAccess({ address, lengthBytes: bytes.length, write: true, bytewise: true });
  }

  readU64(address: bigint): bigint {
    this.require(address, 8, 'read');
    this.onAccess({ address, lengthBytes: 8, write: false });
    return this.map.space.readU64(address);
  }

  writeU64(address: bigint, value: bigint): void {
    this.require(address, 8, 'write');
    this.onWriting(address, 8);
    this.map.space.writeU64(address, BigInt.asUintN(64, value));
    this.onAccess({ address, lengthBytes: 8, write: true });
  }

  readU32(address: bigint): number {
    this.require(address, 4, 'read');
    this.onAccess({ address, lengthBytes: 4, write: false });
    return this.map.space.readU32(address) >>> 0;
  }

  writeU32(address: bigint, value: number): void {
    this.require(address, 4, 'write');
    this.onWriting(address, 4);
    this.map.space.writeU32(address, value >>> 0);
    this.onAccess({ address, lengthBytes: 4, write: true });
  }

  /** A NUL-terminated string; ENAMETOOLONG where it has no end within `maxBytes`. */
  readString(address: bigint, maxBytes = MAX_STRING): string {
    const parts: number[] = [];
    let at = address;
    while (parts.length < maxBytes) {
      const chunk = 4096 - Number(at & 0xfffn);
      const good = this.accessible(at, chunk, 'read');
      if (good === 0) throw new ErrnoError('EFAULT');
      const bytes = this.map.space.read(at, good);
      const end = bytes.indexOf(0);
      for (let i = 0; i < (end < 0 ? bytes.length : end); i++) parts.push(bytes[i]);
      if (end >= 0) {
        this.onAccess({ address, lengthBytes: parts.length + 1, write: false });
        return decodePath(Uint8Array.from(parts));
      }
      at += BigInt(good);
    }
    throw new ErrnoError('ENAMETOOLONG');
  }

  /** Fails before anything is copied. */
  require(address: bigint, lengthBytes: number, access: 'read' | 'write'): void {
    if (this.accessible(address, lengthBytes, access) !== lengthBytes) throw new ErrnoError('EFAULT');
  }
}

const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

/** Quirk: file names are taken as UTF-8; other bytes do not survive. */
function decodePath(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}
