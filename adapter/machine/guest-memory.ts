// guest-memory.ts: the bytes of an address space, and who may do what with its pages.
//
// One WebAssembly memory; below MAX_LIMIT guest address = offset (layout.ts), above see high-windows.ts. Writes from outside go around permissions and debug
// conditions, but never around translated code: `onCodeChange` hears of every change to what was or is executable.
// Addresses here are plain numbers.

import { assert } from '../util/assert';
import { GranuleTables } from './granule-tables';
import { HighWindows } from './high-windows';
import {
  FIRST_LIMIT_BITS,
  GUEST_BOTTOM,
  HIGH_BOTTOM,
  MAX_LIMIT,
  MAX_LIMIT_BITS,
  PAGE_BYTES,
  PAGE_EXECUTE,
  PAGE_MAPPED,
  PAGE_READ,
  PAGE_SHIFT,
  PAGE_TABLE,
  PAGE_WRITE,
} from './layout';
import type { Access, Permissions } from './machine';

const WASM_PAGES = 65536;

export interface MemoryEvents {
  /** Code in [first, end) may have changed or may no longer be executed. */
  readonly onCodeChange: (first: number, end: number) => void;
  /** The limit that is baked into translated code has grown. */
  readonly onLimitChange: () => void;
}

export class GuestMemory {
  readonly wasm = new WebAssembly.Memory({ initial: WASM_PAGES, maximum: WASM_PAGES });
  readonly bytes = new Uint8Array(this.wasm.buffer);
  readonly view = new DataView(this.wasm.buffer);
  readonly granules = new GranuleTables(this.bytes);
  private readonly windows = new HighWindows(this.bytes, this.view);
  limitBits = FIRST_LIMIT_BITS;

  constructor(private readonly events: MemoryEvents) {
    this.granules.forbid(0, 2 ** this.limitBits);
  }

  get limit(): number {
    return Math.min(2 ** this.limitBits, MAX_LIMIT);
  }

  /** Maps zeroed pages; false: there is no room above HIGH_BOTTOM. */
  map(address: number, lengthBytes: number, permissions: Permissions): boolean {
    if (address >= HIGH_BOTTOM) return this.windows.map(address, lengthBytes, pageFlags(permissions));
    this.setPages(address, lengthBytes, permissions, true);
    return true;
  }

  protect(address: number, lengthBytes: number, permissions: Permissions): void {
    if (address >= HIGH_BOTTOM) this.windows.protect(address, lengthBytes, pageFlags(permissions));
    else this.setPages(address, lengthBytes, permissions, false);
  }

  /** Pages get zeroed where `isNew`. */
  private setPages(address: number, lengthBytes: number, permissions: Permissions | undefined, isNew: boolean): void {
    const end = address + lengthBytes;
    assert(address % PAGE_BYTES === 0 && lengthBytes % PAGE_BYTES === 0, 'mappings are whole pages', { address, end });
    assert(address >= GUEST_BOTTOM && end <= MAX_LIMIT, 'mappings lie in the guest memory', { address, end });
    if (lengthBytes === 0) return;
    while (end > 2 ** this.limitBits) this.grow();
    if (this.hasExecutable(address, end)) this.events.onCodeChange(address, end);
    const flags = permissions === undefined ? 0 : pageFlags(permissions);
    // Pages that were never mapped are zero: do not touch them.
    if (isNew) this.zeroMapped(address, end);
    this.bytes.fill(flags, PAGE_TABLE + address / PAGE_BYTES, PAGE_TABLE + end / PAGE_BYTES);
    this.granules.setPages(address, end, (flags & PAGE_READ) !== 0, (flags & PAGE_WRITE) !== 0);
  }

  private zeroMapped(address: number, end: number): void {
    for (let page = address; page < end; page += PAGE_BYTES) {
      if ((this.pageAt(page) & PAGE_MAPPED) !== 0) this.bytes.fill(0, page, page + PAGE_BYTES);
    }
  }

  unmap(address: number, lengthBytes: number): void {
    if (address + lengthBytes > HIGH_BOTTOM) {
      const first = Math.max(address, HIGH_BOTTOM);
      this.windows.unmap(first, address + lengthBytes - first);
    }
    const end = Math.min(address + lengthBytes, 2 ** this.limitBits, MAX_LIMIT);
    if (end <= address) return;
    this.zeroMapped(address, end);
    this.setPages(address, end - address, undefined, false);
  }

  private grow(): void {
    assert(this.limitBits < MAX_LIMIT_BITS, 'the limit can grow');
    this.granules.forbid(2 ** this.limitBits, 2 ** (this.limitBits + 1));
    this.limitBits++;
    this.events.onLimitChange();
  }

  private hasExecutable(address: number, end: number): boolean {
    for (let page = address; page < end; page += PAGE_BYTES) {
      if ((this.pageAt(page) & PAGE_EXECUTE) !== 0) return true;
    }
    return false;
  }

  /** PAGE_… bits; 0 where nothing is mapped. */
  pageAt(address: number): number {
    return address >= HIGH_BOTTOM ? this.windows.pageAt(address) : this.bytes[PAGE_TABLE + (address >>> PAGE_SHIFT)];
  }

  /** Where the byte lies in `bytes`; neighbouring mapped bytes are neighbours there. Undefined: not mapped. */
  locate(address: number): number | undefined {
    if (address >= HIGH_BOTTOM) return this.windows.locate(address);
    return address < this.limit ? address : undefined;
  }

  /** Bytes from outside of mappings read as zeros. */
  read(address: number, lengthBytes: number): Uint8Array {
    const at = this.locate(address);
    if (at === undefined) return new Uint8Array(lengthBytes);
    return this.bytes.slice(at, at + lengthBytes);
  }

  permissionsAt(address: number): Permissions | undefined {
    const page = this.pageAt(address);
    if ((page & PAGE_MAPPED) === 0) return undefined;
    return {
      read: (page & PAGE_READ) !== 0,
      write: (page & PAGE_WRITE) !== 0,
      execute: (page & PAGE_EXECUTE) !== 0,
    };
  }

  /** Bytes from the address up to the first page that forbids the access, at most `lengthBytes`. */
  accessibleBytes(address: number, lengthBytes: number, access: Access): number {
    const needed = access === 'read' ? PAGE_READ : access === 'write' ? PAGE_WRITE : PAGE_EXECUTE;
    const end = address + lengthBytes;
    let at = address;
    while (at < end && (this.pageAt(at) & needed) !== 0) {
      at = (Math.floor(at / PAGE_BYTES) + 1) * PAGE_BYTES;
    }
    return Math.max(0, Math.min(at, end) - address);
  }

  write(address: number, source: Uint8Array): void {
    if (source.length === 0) return;
    const isLow = address < HIGH_BOTTOM;
    if (isLow && this.hasExecutable(address - (address % PAGE_BYTES), address + source.length)) {
      this.events.onCodeChange(address, address + source.length);
    }
    const at = this.locate(address);
    assert(at !== undefined, 'only mapped memory is written', address);
    this.bytes.set(source, at);
  }

  /** A copy of contents and permissions; watches and code marks are not copied. */
  copyTo(other: GuestMemory): void {
    while (other.limitBits < this.limitBits) other.grow();
    const pages = this.limit / PAGE_BYTES;
    for (let page = GUEST_BOTTOM / PAGE_BYTES; page < pages; page++) {
      const flags = this.bytes[PAGE_TABLE + page];
      if (flags === 0) continue;
      let end = page + 1;
      while (end < pages && this.bytes[PAGE_TABLE + end] === flags) end++;
      other.setPages(page * PAGE_BYTES, (end - page) * PAGE_BYTES, permissionsOf(flags), false);
      copyNonZero(this.bytes, other.bytes, page * PAGE_BYTES, end * PAGE_BYTES);
      page = end - 1;
    }
    this.windows.copyTo(other.windows);
  }
}

function pageFlags(permissions: Permissions): number {
  const { read, write, execute } = permissions;
  // The hardware has no pages that can be written or executed but not read.
  const readable = read || write || execute;
  return PAGE_MAPPED | (readable ? PAGE_READ : 0) | (write ? PAGE_WRITE : 0) | (execute ? PAGE_EXECUTE : 0);
}

function permissionsOf(flags: number): Permissions {
  return {
    read: (flags & PAGE_READ) !== 0,
    write: (flags & PAGE_WRITE) !== 0,
    execute: (flags & PAGE_EXECUTE) !== 0,
  };
}

/** Copies page by page, leaving untouched what is zero: large mappings are mostly never used. */
function copyNonZero(from: Uint8Array, to: Uint8Array, first: number, end: number): void {
  for (let page = first; page < end; page += PAGE_BYTES) {
    const words = new BigUint64Array(from.buffer, page, PAGE_BYTES / 8);
    if (words.some((word) => word !== 0n)) to.set(from.subarray(page, page + PAGE_BYTES), page);
  }
}
