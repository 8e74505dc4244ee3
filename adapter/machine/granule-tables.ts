// granule-tables.ts: which accesses must be looked at.
//
// One byte per granule of 64 bytes, in one table for reads and one for writes (bits: layout.ts). A granule's own bits
// say that something lies in it; NEIGHBOUR says that the next granule has bits of its own, because an access may start
// here and reach over. Watched bytes mark the granules from which 16 bytes reach them instead.

import {
  GRANULE_CODE,
  GRANULE_FORBIDDEN,
  GRANULE_NEIGHBOUR,
  GRANULE_SHIFT,
  GRANULE_WATCHED,
  LONGEST_FAST_BYTES,
  READ_TABLE,
  WRITE_TABLE,
} from './layout';

export interface WatchedBytes {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  readonly reads: boolean;
}

export class GranuleTables {
  private watched: readonly WatchedBytes[] = [];

  constructor(private readonly bytes: Uint8Array) {}

  /** Everything in [first, end) is forbidden from the start. */
  forbid(first: number, end: number): void {
    for (const table of [READ_TABLE, WRITE_TABLE]) {
      const value = GRANULE_FORBIDDEN | GRANULE_NEIGHBOUR;
      this.bytes.fill(value, table + (first >>> GRANULE_SHIFT), table + (end >>> GRANULE_SHIFT));
    }
  }

  /** New permissions for whole pages. Code bits of the range are gone, watches stay. */
  setPages(first: number, end: number, mayRead: boolean, mayWrite: boolean): void {
    this.fill(READ_TABLE, first, end, mayRead);
    this.fill(WRITE_TABLE, first, end, mayWrite);
    for (const watch of this.watched)
      if (watch.first < end && watch.end + LONGEST_FAST_BYTES > first) this.markWatch(watch);
  }

  private fill(table: number, first: number, end: number, allowed: boolean): void {
    const { bytes } = this;
    const from = table + (first >>> GRANULE_SHIFT);
    const to = table + (end >>> GRANULE_SHIFT);
    bytes.fill(allowed ? 0 : GRANULE_FORBIDDEN | GRANULE_NEIGHBOUR, from, to);
    this.setNeighbour(to - 1, (bytes[to] & GRANULE_FORBIDDEN) !== 0 || (bytes[to] & GRANULE_CODE) !== 0);
    this.setNeighbour(from - 1, !allowed);
  }

  private setNeighbour(at: number, value: boolean): void {
    if (value) this.bytes[at] |= GRANULE_NEIGHBOUR;
    else this.bytes[at] &= ~GRANULE_NEIGHBOUR;
  }

  /** Replaces the watched bytes. */
  setWatched(watched: readonly WatchedBytes[]): void {
    for (const watch of this.watched) {
      this.forGranules(watch, (granule) => {
        this.bytes[READ_TABLE + granule] &= ~GRANULE_WATCHED;
        this.bytes[WRITE_TABLE + granule] &= ~GRANULE_WATCHED;
      });
    }
    this.watched = watched;
    for (const watch of watched) this.markWatch(watch);
  }

  private markWatch(watch: WatchedBytes): void {
    this.forGranules(watch, (granule) => {
      this.bytes[WRITE_TABLE + granule] |= GRANULE_WATCHED;
      if (watch.reads) this.bytes[READ_TABLE + granule] |= GRANULE_WATCHED;
    });
  }

  private forGranules(watch: WatchedBytes, body: (granule: number) => void): void {
    const first = Math.max(0, watch.first - LONGEST_FAST_BYTES + 1) >>> GRANULE_SHIFT;
    const last = (watch.end - 1) >>> GRANULE_SHIFT;
    for (let granule = first; granule <= last; granule++) body(granule);
  }

  /** Translated code lies in the granule, or no longer. */
  setCode(granule: number, present: boolean): void {
    const at = WRITE_TABLE + granule;
    if (present) this.bytes[at] |= GRANULE_CODE;
    else this.bytes[at] &= ~GRANULE_CODE;
    this.setNeighbour(at - 1, (this.bytes[at] & (GRANULE_CODE | GRANULE_FORBIDDEN)) !== 0);
  }
}
