// high-windows.ts: the guest's pages at or above MAX_LIMIT, which have no place of their own in the memory.
//
// Each run of neighbouring pages is a window: one piece of the area at BACKING. Neighbours are always in one window, so
// that an access that straddles pages needs no care; a window that must grow and cannot is moved. The probes find
// windows through the sorted list at WINDOWS and the pages' rights at HIGH_PAGES: such accesses always take the slow
// arm, everything below stays as fast as it was. Pages of the backing that no window uses are zero.
//
// Addresses are plain numbers below 2^47.

import { assert } from '../util/assert';
import {
  BACKING,
  BACKING_END,
  HIGH_PAGES,
  MAX_WINDOWS,
  PAGE_BYTES,
  PAGE_MAPPED,
  WINDOW_BYTES,
  WINDOWS,
} from './layout';

interface Window {
  first: number;
  /** One past the last. */
  end: number;
  /** Where `first` lies. */
  backing: number;
}

/** New windows keep so much room behind them, as long as there is plenty. */
const ROOM = 0x100_0000;

export class HighWindows {
  /** Sorted by address; never adjacent. */
  private windows: Window[] = [];

  constructor(
    private readonly bytes: Uint8Array,
    private readonly view: DataView,
  ) {}

  /** Zero-filled pages with these rights, replacing what was there. False: there is no room left. */
  map(address: number, lengthBytes: number, flags: number): boolean {
    const end = address + lengthBytes;
    this.unmap(address, lengthBytes);
    const neighbours = this.windows.filter((window) => window.first <= end && window.end >= address);
    const first = Math.min(address, ...neighbours.map((window) => window.first));
    const last = Math.max(end, ...neighbours.map((window) => window.end));
    const place = this.growthOf(neighbours, first, last) ?? this.findRoom(last - first);
    if (place === undefined || this.windows.length >= MAX_WINDOWS) return false;
    for (const window of neighbours) this.move(window, place + window.first - first);
    const rest = this.windows.filter((window) => !neighbours.includes(window));
    this.windows = [...rest, { first, end: last, backing: place }].sort((a, b) => a.first - b.first);
    this.writeList();
    this.setFlags(place + address - first, lengthBytes, flags);
    return true;
  }

  unmap(address: number, lengthBytes: number): void {
    const end = address + lengthBytes;
    const kept: Window[] = [];
    for (const window of this.windows) {
      const [from, to] = [Math.max(window.first, address), Math.min(window.end, end)];
      if (from >= to) {
        kept.push(window);
        continue;
      }
      const at = window.backing + from - window.first;
      this.setFlags(at, to - from, 0);
      this.bytes.fill(0, at, at + to - from);
      if (window.first < from) kept.push({ ...window, end: from });
      if (window.end > to) kept.push({ first: to, end: window.end, backing: at + to - from });
    }
    this.windows = kept;
    this.writeList();
  }

  /** Other rights for those pages of the range that are mapped. */
  protect(address: number, lengthBytes: number, flags: number): void {
    for (const { first, end, backing } of this.windows) {
      const [from, to] = [Math.max(first, address), Math.min(end, address + lengthBytes)];
      if (from < to) this.setFlags(backing + from - first, to - from, flags);
    }
  }

  /** Where the address lies in the memory; undefined where nothing is mapped. */
  locate(address: number): number | undefined {
    const window = this.windows.find(({ first, end }) => first <= address && address < end);
    return window === undefined ? undefined : window.backing + address - window.first;
  }

  /** PAGE_… bits; 0 where nothing is mapped. */
  pageAt(address: number): number {
    const at = this.locate(address);
    return at === undefined ? 0 : this.bytes[HIGH_PAGES + Math.floor(at / PAGE_BYTES)];
  }

  /** A copy of contents and rights into an address space that has no windows. */
  copyTo(other: HighWindows): void {
    for (const { first, end, backing } of this.windows) {
      const isPlaced = other.map(first, end - first, PAGE_MAPPED);
      const to = other.locate(first);
      assert(isPlaced && to !== undefined, 'a copy has room for what the original has', first);
      other.bytes.set(this.bytes.subarray(backing, backing + end - first), to);
      const [page, toPage] = [backing / PAGE_BYTES, to / PAGE_BYTES];
      const flags = this.bytes.subarray(HIGH_PAGES + page, HIGH_PAGES + page + (end - first) / PAGE_BYTES);
      other.bytes.set(flags, HIGH_PAGES + toPage);
    }
  }

  /** The window that can take the others in without moving. */
  private growthOf(neighbours: readonly Window[], first: number, end: number): number | undefined {
    const lowest = neighbours.at(0);
    if (lowest?.first !== first) return undefined;
    const limit = Math.min(
      BACKING_END,
      ...this.windows.filter((window) => window.backing > lowest.backing).map(({ backing }) => backing),
    );
    return lowest.backing + end - first <= limit ? lowest.backing : undefined;
  }

  private findRoom(lengthBytes: number): number | undefined {
    return this.findGap(lengthBytes + ROOM) ?? this.findGap(lengthBytes);
  }

  private findGap(lengthBytes: number): number | undefined {
    let at = BACKING;
    for (const { backing, first, end } of [...this.windows].sort((a, b) => a.backing - b.backing)) {
      if (backing - at >= lengthBytes) return at;
      at = backing + end - first;
    }
    return BACKING_END - at >= lengthBytes ? at : undefined;
  }

  private move({ first, end, backing }: Window, to: number): void {
    if (to === backing) return;
    const [length, pages] = [end - first, (end - first) / PAGE_BYTES];
    this.bytes.copyWithin(to, backing, backing + length);
    this.bytes.copyWithin(
      HIGH_PAGES + to / PAGE_BYTES,
      HIGH_PAGES + backing / PAGE_BYTES,
      HIGH_PAGES + backing / PAGE_BYTES + pages,
    );
    this.bytes.fill(0, backing, backing + length);
    this.setFlags(backing, length, 0);
  }

  private setFlags(backing: number, lengthBytes: number, flags: number): void {
    const from = HIGH_PAGES + backing / PAGE_BYTES;
    this.bytes.fill(flags, from, from + lengthBytes / PAGE_BYTES);
  }

  private writeList(): void {
    const { view } = this;
    view.setUint32(WINDOWS, this.windows.length, true);
    this.windows.forEach(({ first, end, backing }, n) => {
      const at = WINDOWS + WINDOW_BYTES * (n + 1);
      view.setBigUint64(at, BigInt(first), true);
      view.setBigUint64(at + 8, BigInt(end), true);
      view.setUint32(at + 16, backing, true);
    });
  }
}
