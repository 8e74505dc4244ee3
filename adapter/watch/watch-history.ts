// watch-history.ts: what happened to one watch: the last accesses, who made them all, and by which way they came.
//
// Bounded: so many entries and places are kept, what is beyond is counted. `count` is called for every hit, perhaps
// millions of times; `record` for those that met the condition. Backtraces cost an unwinding each, so after the first
// ones they are taken seldom, by the count of hits: the same program gives the same history.

import type { ThreadId } from '../target/target';

export interface AccessRecord {
  /** The program's own time, ns since it began. */
  readonly timeNs: number;
  readonly thread: ThreadId;
  readonly instruction: bigint;
  readonly access: 'read' | 'write';
  /** All bytes of the watched place. */
  readonly old: Uint8Array;
  readonly new: Uint8Array;
  /** The kernel accessed on the program's behalf. */
  readonly systemCall?: string;
}

export interface KeptAccess extends AccessRecord {
  /** Counts from 1 over the watch's life. */
  readonly sequence: number;
  /** Innermost first; only where it was taken. */
  readonly backtrace?: readonly string[];
}

export interface PlaceCount {
  readonly thread: ThreadId;
  /** Undefined: all those that found no room of their own. */
  readonly instruction: bigint | undefined;
  readonly hits: number;
}

export const MOST_ENTRIES = 1000;
/** Both values of all entries together. */
const MOST_BYTES = 1 << 18;
const MOST_PLACES = 4096;
/** So many backtraces are taken at once; then one of so many entries. */
const FIRST_BACKTRACES = 64;
const BACKTRACE_EVERY = 1024;

export class WatchHistoryKeeper {
  private entries: KeptAccess[] = [];
  /** Where the oldest is, once the ring is full. */
  private oldest = 0;
  private nextSequence = 1;
  private readonly places = new Map<ThreadId, Map<bigint, { hits: number }>>();
  private placesKept = 0;
  private readonly elsewhere = new Map<ThreadId, number>();

  /** Entries that were let go. */
  get dropped(): number {
    return this.nextSequence - 1 - this.entries.length;
  }

  get last(): KeptAccess | undefined {
    return this.entries.at(this.oldest - 1);
  }

  /** A hit, whatever becomes of it. */
  count(thread: ThreadId, instruction: bigint): void {
    let own = this.places.get(thread);
    if (own === undefined) this.places.set(thread, (own = new Map<bigint, { hits: number }>()));
    const place = own.get(instruction);
    if (place !== undefined) place.hits++;
    else if (this.placesKept < MOST_PLACES) {
      this.placesKept++;
      own.set(instruction, { hits: 1 });
    } else this.elsewhere.set(thread, (this.elsewhere.get(thread) ?? 0) + 1);
  }

  /** `backtrace` is called seldom. */
  record(access: AccessRecord, backtrace: () => readonly string[]): void {
    const sequence = this.nextSequence++;
    const wanted = sequence <= FIRST_BACKTRACES || sequence % BACKTRACE_EVERY === 0;
    const entry: KeptAccess = { ...access, sequence, ...(wanted ? { backtrace: backtrace() } : {}) };
    const room = Math.max(1, Math.min(MOST_ENTRIES, Math.floor(MOST_BYTES / (2 * Math.max(1, access.new.length)))));
    if (this.entries.length < room) {
      this.entries.push(entry);
      return;
    }
    this.entries[this.oldest] = entry;
    this.oldest = (this.oldest + 1) % this.entries.length;
  }

  /** Oldest first; the newest `count` where that is given. */
  newest(count = Infinity): readonly KeptAccess[] {
    const all = [...this.entries.slice(this.oldest), ...this.entries.slice(0, this.oldest)];
    return all.slice(Math.max(0, all.length - count));
  }

  /** Every hit is in one of them. */
  byPlace(): readonly PlaceCount[] {
    const known = [...this.places].flatMap(([thread, own]) =>
      [...own].map(([instruction, { hits }]) => ({ thread, instruction, hits })),
    );
    const others = [...this.elsewhere].map(([thread, hits]) => ({ thread, instruction: undefined, hits }));
    return [...known, ...others];
  }
}
