// passed-hits.ts: what the judge has passed over of one watch since the last report, as its filter is told it.
//
// One object for each record, made once: a report may come hundreds of thousands of times a second. Where the watch has
// several parts, each keeps its own bytes in a ring of its own, at the same place; the lead's has the rest.

import type { PassedEntry, PassedHits, PassedPart } from '../../judging/hit-filter';
import {
  ACCESS_WRITE,
  ENTRIES,
  ENTRY_SHIFT,
  PLACES,
  PLACES_SHIFT,
  PLACE_BYTES,
  RECORD,
  RECORD_SHIFT,
  RING_ENTRIES,
  RING_SHIFT,
} from '../layout';

const TWO_32 = 2 ** 32;

/** One for all entries, moved along. */
class Part implements PassedPart {
  oldAt = 0;
  newAt = 0;

  constructor(
    readonly n: number,
    readonly lengthBytes: number,
  ) {}
}

export class Passed implements PassedHits, PassedEntry {
  hits = 0;
  matches = 0;
  entries = 0;
  hasChange = false;
  instruction = 0;
  retired = 0;
  isWrite = false;
  readonly parts: Part[] = [];
  private readonly at: number;

  constructor(
    readonly bytes: DataView,
    private readonly n: number,
    lengthBytes: number,
  ) {
    this.at = n << RECORD_SHIFT;
    this.append(n, lengthBytes);
  }

  append(n: number, lengthBytes: number): void {
    this.parts.push(new Part(n, lengthBytes));
  }

  /** Reads what the record says now. */
  begin(): void {
    const { bytes, at } = this;
    this.hits = longAt(bytes, RECORD.hits + at);
    this.matches = bytes.getUint32(RECORD.matches + at, true);
    this.entries = Math.min(this.matches, RING_ENTRIES);
    this.hasChange = bytes.getInt32(RECORD.changed + at, true) !== 0;
  }

  forPlaces(visit: (instruction: number, hits: number) => void): void {
    const from = PLACES + (this.n << PLACES_SHIFT);
    this.forBits(this.bytes.getUint32(RECORD.placesUsed + this.at, true), from, visit);
    this.forBits(this.bytes.getUint32(RECORD.placesUsed + 4 + this.at, true), from + 32 * PLACE_BYTES, visit);
  }

  private forBits(bits: number, from: number, visit: (instruction: number, hits: number) => void): void {
    const { bytes } = this;
    for (let left = bits; left !== 0; left &= left - 1) {
      const at = from + (31 - Math.clz32(left & -left)) * PLACE_BYTES;
      visit(bytes.getUint32(at, true), longAt(bytes, at + 8));
      bytes.setInt32(at + 8, 0, true);
      bytes.setInt32(at + 12, 0, true);
    }
  }

  lastChange(visit: (change: Passed) => void): void {
    if (!this.hasChange) return;
    for (const part of this.parts) {
      const at = part.n << RECORD_SHIFT;
      part.oldAt = RECORD.changedOld + at;
      part.newAt = RECORD.changedNew + at;
    }
    visit(this);
  }

  forEntries(visit: (entry: PassedEntry) => void): void {
    const { bytes, parts } = this;
    const ring = ENTRIES + (this.n << RING_SHIFT);
    for (let number = this.matches - this.entries; number < this.matches; number++) {
      const offset = (number & (RING_ENTRIES - 1)) << ENTRY_SHIFT;
      const at = ring + offset;
      this.instruction = bytes.getUint32(at, true);
      this.isWrite = (bytes.getUint32(at + 4, true) & ACCESS_WRITE) !== 0;
      this.retired = bytes.getFloat64(at + 24, true);
      for (const part of parts) {
        const own = ENTRIES + (part.n << RING_SHIFT) + offset;
        part.oldAt = own + 8;
        part.newAt = own + 16;
      }
      visit(this);
    }
  }
}

function longAt(bytes: DataView, at: number): number {
  return bytes.getUint32(at, true) + TWO_32 * bytes.getUint32(at + 4, true);
}
