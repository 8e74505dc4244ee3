// memory-map.ts: one process's address space as the kernel sees it: mmap, munmap, mprotect, mremap, brk.
//
// Owns the VMA list and says which pages the machine has. Anonymous memory is given to the machine only when it is
// touched (`populate`, from the page-fault path and from user copies), so that a 128 MiB reservation costs nothing.
// Places are chosen top-down from the stack, always the same: the same program gets the same addresses.
//
// Addresses are plain numbers here (below 2^47, exact in a double), bigint towards the machine.
//
// The machine starts with a small limit and grows it, at a price, when something is mapped above: places above it are
// only taken when there is no room below.
//
// Pages at or above HIGH_BOTTOM are there for programs that insist; every access to them takes the machine's slow path.
//
// Quirk: mappings lie below 0x70000000, not below 2^47, unless the program names another place; there is no address
// randomisation.
// Quirk: a hint at or above 2 GiB is taken for up to 1 MiB only; larger mappings go where they are fast.
// Quirk: nothing can be mapped between 0x70000000 and 0x80000000: MAP_FIXED there is ENOMEM.
// Quirk: a page of a file mapping that lies wholly behind the end of the file reads as zeros instead of SIGBUS.
// Truth: mmap(2), mremap(2), brk(2), madvise(2).

import { ADDRESS_END, HIGH_BOTTOM, MAX_LIMIT } from '../../machine/layout';
import type { AddressSpace } from '../../machine/machine';
import { ErrnoError } from '../abi/errno.table';
import { MAP_FIXED, MAP_FIXED_NOREPLACE, PAGE_SIZE, PROT_EXEC, PROT_READ, PROT_WRITE } from '../abi/file-constants';
import { MachinePages, permissionsOf } from './machine-pages';
import { type SharedBacking, type Vma, type VmaFile, VmaList } from './vma-list';

/** Linux's mmap_min_addr. */
export const LOWEST_ADDRESS = 0x10000;
/** Pages are handed to the machine in blocks of this size. */
const POPULATE_BYTES = 0x40000;
/** The largest mapping that follows a hint to where accesses are slow. */
const MOST_HINTED_HIGH = 1 << 20;

export interface MapRequest {
  readonly address: number;
  readonly lengthBytes: number;
  readonly prot: number;
  /** MAP_ bits; only FIXED and FIXED_NOREPLACE are looked at. */
  readonly flags: number;
  readonly shared?: boolean;
  readonly backing?: SharedBacking;
  readonly file?: VmaFile;
  readonly offset?: number;
  /** The bytes of a file mapping, from its offset; may be shorter than the mapping. */
  readonly content?: Uint8Array;
  readonly name?: string;
  readonly isWhole?: boolean;
}

export type FaultVerdict = 'retry' | 'notMapped' | 'forbidden';

export class MemoryMap {
  /** Top of the area in which mmap places things; the loader sets it below the stack. */
  mmapTop: number;
  brkStart = 0;
  brkEnd = 0;
  /** For /proc/self/cmdline and …/environ. */
  argStart = 0;
  argEnd = 0;
  envStart = 0;
  envEnd = 0;
  /** Processes that use this map (vfork and CLONE_VM share it). */
  users = 1;
  /** Below it the machine is at its fastest. */
  readonly firstLimit: number;
  /** A ring is asked for at each of its records. */
  private lastFound: { readonly backing: SharedBacking; readonly address: number } | undefined;
  /** Called after a file was mapped for execution, or a file's mapping went. */
  onFilesChanged: () => void = () => undefined;
  /** Called when a range is about to be unmapped. */
  onReleased: (start: number, end: number) => void = () => undefined;

  constructor(
    readonly space: AddressSpace,
    readonly vmas: VmaList = new VmaList(),
    private readonly pages = new MachinePages(space),
  ) {
    this.mmapTop = this.firstLimit = Number(space.limit);
  }

  fork(): MemoryMap {
    const space = this.space.fork();
    const copy = new MemoryMap(space, this.vmas.clone(), this.pages.fork(space));
    copy.mmapTop = this.mmapTop;
    copy.brkStart = this.brkStart;
    copy.brkEnd = this.brkEnd;
    copy.argStart = this.argStart;
    copy.argEnd = this.argEnd;
    copy.envStart = this.envStart;
    copy.envEnd = this.envEnd;
    for (const backing of this.backings()) backing.users++;
    for (const vma of copy.vmas.all().filter(({ isWhole }) => isWhole === true)) copy.release(vma.start, vma.end);
    return copy;
  }

  /** Where the backing is mapped. */
  addressOf(backing: SharedBacking): number | undefined {
    if (this.lastFound?.backing === backing && this.vmas.find(this.lastFound.address)?.backing === backing) {
      return this.lastFound.address;
    }
    const address = this.vmas.all().find((vma) => vma.backing === backing)?.start;
    this.lastFound = address === undefined ? undefined : { backing, address };
    return address;
  }

  /** The last user is gone. */
  dispose(): void {
    this.publish();
    for (const vma of this.vmas.all()) this.flush(vma);
    for (const backing of this.backings()) drop(backing);
    this.space.dispose();
  }

  /** Returns the address; throws ErrnoError. */
  mmap(request: MapRequest): number {
    const length = pageCeil(request.lengthBytes);
    if (length === 0) throw new ErrnoError('EINVAL');
    const address = this.place(request, length);
    this.refuseSplit(address, address + length);
    this.release(address, address + length);
    const vma: Vma = {
      start: address,
      end: address + length,
      prot: request.prot,
      shared: request.shared === true,
      backing: request.backing,
      file: request.file,
      offset: request.offset ?? 0,
      name: request.name ?? '',
      ...(request.isWhole === true && { isWhole: true }),
    };
    if (request.backing !== undefined && !this.uses(request.backing)) request.backing.users++;
    this.vmas.insert(vma);
    this.back(vma, request.content);
    if (request.file !== undefined && (request.prot & PROT_EXEC) !== 0) this.onFilesChanged();
    return address;
  }

  munmap(address: number, lengthBytes: number): void {
    if (address % PAGE_SIZE !== 0 || lengthBytes <= 0) throw new ErrnoError('EINVAL');
    const end = address + pageCeil(lengthBytes);
    this.refuseSplit(address, end);
    const hadFiles = this.vmas.within(address, end).some((vma) => vma.file !== undefined);
    this.release(address, end);
    if (hadFiles) this.onFilesChanged();
  }

  mprotect(address: number, lengthBytes: number, prot: number): void {
    if (address % PAGE_SIZE !== 0) throw new ErrnoError('EINVAL');
    const end = address + pageCeil(lengthBytes);
    if (!this.vmas.covers(address, end)) throw new ErrnoError('ENOMEM');
    this.refuseSplit(address, end);
    this.vmas.protect(address, end, prot);
    this.pages.protect(address, end, prot);
  }

  /** Moves or resizes; returns the new address. */
  mremap(old: number, oldBytes: number, newBytes: number, mayMove: boolean, fixedAt?: number): number {
    const oldLength = pageCeil(oldBytes);
    const newLength = pageCeil(newBytes);
    if (old % PAGE_SIZE !== 0 || newLength === 0) throw new ErrnoError('EINVAL');
    const vma = this.vmas.find(old);
    if (vma === undefined) throw new ErrnoError('EFAULT');
    // What goes is unmapped whatever it is.
    if (fixedAt === undefined && newLength < oldLength) {
      this.munmap(old + newLength, oldLength - newLength);
      return old;
    }
    if (vma.end < old + oldLength) throw new ErrnoError('EFAULT');
    if (vma.isWhole === true && newLength > oldLength) throw new ErrnoError('EFAULT');
    if (fixedAt === undefined && newLength === oldLength) return old;
    this.refuseSplit(old, old + oldLength);
    const grownEnd = old + newLength;
    const isSpace = grownEnd <= MAX_LIMIT || (old >= HIGH_BOTTOM && grownEnd <= ADDRESS_END);
    const inPlace = fixedAt === undefined && vma.end === old + oldLength && isSpace;
    if (inPlace && this.vmas.within(vma.end, grownEnd).length === 0) {
      this.vmas.insert({ ...vma, end: grownEnd });
      this.pages.take(vma.end, grownEnd);
      return old;
    }
    if (!mayMove) throw new ErrnoError('ENOMEM');
    return this.move(vma, old, oldLength, newLength, fixedAt);
  }

  /** Linux's brk: the new end, or the old one where it cannot be. */
  brk(wanted: number): number {
    if (wanted < this.brkStart || wanted > MAX_LIMIT) return this.brkEnd;
    const oldTop = pageCeil(this.brkEnd);
    const newTop = pageCeil(wanted);
    if (newTop > oldTop) {
      if (this.vmas.within(oldTop, newTop).length > 0) return this.brkEnd;
      const prot = PROT_READ | PROT_WRITE;
      this.mmap({ address: oldTop, lengthBytes: newTop - oldTop, prot, flags: MAP_FIXED, name: '[heap]' });
    } else if (newTop < oldTop) {
      this.release(newTop, oldTop);
    }
    this.brkEnd = wanted;
    return wanted;
  }

  /** MADV_DONTNEED: private anonymous pages read as zeros again. */
  discard(address: number, lengthBytes: number): void {
    const end = address + pageCeil(lengthBytes);
    if (!this.vmas.covers(address, end)) throw new ErrnoError('ENOMEM');
    for (const part of this.vmas.within(address, end)) {
      if (part.file === undefined && !part.shared) this.pages.take(part.start, part.end);
    }
  }

  /** A task touched a page that the machine does not allow. */
  fault(address: number, access: 'read' | 'write' | 'execute'): FaultVerdict {
    const vma = this.vmas.find(address);
    if (vma === undefined) return 'notMapped';
    if (!allows(vma.prot, access)) return 'forbidden';
    return this.populate(address, 1) ? 'retry' : 'forbidden';
  }

  /** Gives the machine the anonymous pages around [address, address+length); false if there was nothing to give. */
  populate(address: number, lengthBytes: number): boolean {
    const start = Math.floor(address / POPULATE_BYTES) * POPULATE_BYTES;
    const end = Math.ceil((address + lengthBytes) / POPULATE_BYTES) * POPULATE_BYTES;
    let gave = false;
    for (const part of this.vmas.within(start, end)) {
      if (part.prot === 0) continue;
      for (const run of this.pages.absentRuns(part.start, part.end)) {
        gave = this.pages.give(run.start, run.end, part.prot) || gave;
      }
    }
    return gave;
  }

  /** Shared mappings' bytes → their backing (before another process runs, and for msync). */
  publish(start = 0, end = ADDRESS_END): void {
    for (const vma of this.vmas.within(start, end)) {
      if (vma.backing === undefined) continue;
      vma.backing.bytes.set(this.space.read(BigInt(vma.start), vma.end - vma.start), vma.offset);
    }
  }

  /** The backing's bytes → shared mappings (before this process runs again). */
  refresh(): void {
    for (const vma of this.vmas.all()) {
      if (vma.backing === undefined) continue;
      const bytes = vma.backing.bytes.subarray(vma.offset, vma.offset + vma.end - vma.start);
      this.space.write(BigInt(vma.start), bytes);
    }
  }

  /** Bytes from the address that are mapped, whatever their protection; touches promised pages. For debuggers. */
  mappedBytes(address: number, lengthBytes: number): number {
    const end = address + lengthBytes;
    this.populate(address, lengthBytes);
    let at = address;
    while (at < end) {
      const page = pageFloor(at);
      if (!this.pages.isPresent(page)) break;
      at = page + PAGE_SIZE;
    }
    return Math.max(0, Math.min(at, end) - address);
  }

  get hasSharedMemory(): boolean {
    return this.vmas.all().some((vma) => vma.backing !== undefined);
  }

  /** Writes a shared file mapping back to its file. */
  sync(address: number, lengthBytes: number): void {
    for (const part of this.vmas.within(address, address + pageCeil(lengthBytes))) this.flush(part);
  }

  /** What is mapped as one piece goes as one piece. */
  private refuseSplit(start: number, end: number): void {
    for (const at of [start, end - 1]) {
      const vma = this.vmas.find(at);
      if (vma?.isWhole === true && (vma.start < start || vma.end > end)) throw new ErrnoError('EINVAL');
    }
  }

  private place(request: MapRequest, length: number): number {
    if ((request.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0) return this.placeFixed(request, length);
    const hint = pageFloor(request.address);
    const isLow = hint >= LOWEST_ADDRESS && hint + length <= MAX_LIMIT;
    const isHigh = hint >= HIGH_BOTTOM && hint + length <= ADDRESS_END && length <= MOST_HINTED_HIGH;
    if ((isLow || isHigh) && this.vmas.within(hint, hint + length).length === 0) return hint;
    const gap =
      this.vmas.findGapDown(length, LOWEST_ADDRESS, this.mmapTop) ??
      this.vmas.findGapDown(length, this.firstLimit, MAX_LIMIT);
    if (gap === undefined) throw new ErrnoError('ENOMEM');
    return gap;
  }

  private placeFixed(request: MapRequest, length: number): number {
    const address = request.address;
    if (address % PAGE_SIZE !== 0) throw new ErrnoError('EINVAL');
    if (address < LOWEST_ADDRESS) throw new ErrnoError('EPERM');
    const fitsLow = address + length <= MAX_LIMIT;
    const fitsHigh = address >= HIGH_BOTTOM && address + length <= ADDRESS_END;
    if (!fitsLow && !fitsHigh) throw new ErrnoError('ENOMEM');
    const taken = (request.flags & MAP_FIXED_NOREPLACE) !== 0 && this.vmas.within(address, address + length).length > 0;
    if (taken) throw new ErrnoError('EEXIST');
    return address;
  }

  /** Gives the machine the pages of a new VMA: files and shared memory at once, anonymous when touched. */
  private back(vma: Vma, content: Uint8Array | undefined): void {
    const bytes = content ?? vma.backing?.bytes.subarray(vma.offset, vma.offset + vma.end - vma.start);
    if (bytes === undefined) return;
    if (!this.pages.give(vma.start, vma.end, vma.prot)) {
      this.vmas.remove(vma.start, vma.end);
      throw new ErrnoError('ENOMEM');
    }
    if (bytes.length > 0) this.space.write(BigInt(vma.start), bytes.subarray(0, vma.end - vma.start));
  }

  private move(vma: Vma, old: number, oldLength: number, newLength: number, fixedAt?: number): number {
    this.populate(old, oldLength);
    const content = vma.prot === 0 ? undefined : this.space.read(BigInt(old), Math.min(oldLength, newLength));
    const address = this.mmap({
      address: fixedAt ?? 0,
      lengthBytes: newLength,
      prot: vma.prot,
      flags: fixedAt === undefined ? 0 : MAP_FIXED,
      shared: vma.shared,
      backing: vma.backing,
      file: vma.file,
      offset: vma.offset + (vma.file === undefined && vma.backing === undefined ? 0 : old - vma.start),
      name: vma.name,
      ...(vma.isWhole === true && { isWhole: true }),
      content,
    });
    this.release(old, old + oldLength);
    return address;
  }

  private release(start: number, end: number): void {
    const parts = this.vmas.within(start, end);
    if (parts.length === 0) return;
    this.onReleased(start, end);
    for (const part of parts) this.flush(part);
    this.vmas.remove(start, end);
    for (const part of parts) {
      if (part.backing !== undefined && !this.uses(part.backing)) drop(part.backing);
      this.pages.take(part.start, part.end);
    }
  }

  private flush(vma: Vma): void {
    if (vma.backing?.flush === undefined || (vma.prot & PROT_WRITE) === 0) return;
    vma.backing.flush(vma.offset, this.space.read(BigInt(vma.start), vma.end - vma.start));
  }

  private uses(backing: SharedBacking): boolean {
    return this.vmas.all().some((vma) => vma.backing === backing);
  }

  private backings(): Set<SharedBacking> {
    const backings = new Set<SharedBacking>();
    for (const vma of this.vmas.all()) if (vma.backing !== undefined) backings.add(vma.backing);
    return backings;
  }
}

function drop(backing: SharedBacking): void {
  backing.users--;
  if (backing.users === 0) backing.released?.();
}

function allows(prot: number, access: 'read' | 'write' | 'execute'): boolean {
  return permissionsOf(prot)[access];
}

export function pageFloor(address: number): number {
  return Math.floor(address / PAGE_SIZE) * PAGE_SIZE;
}

export function pageCeil(address: number): number {
  return Math.ceil(address / PAGE_SIZE) * PAGE_SIZE;
}
