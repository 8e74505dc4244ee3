// watch-history.ts: what happened to one watch: the last accesses, who made them all, and by which way they came.
//
// Bounded: so many entries and places are kept, what is beyond is counted. Called for every hit, perhaps millions of
// times a second, so entries live in flat arrays and make no garbage. Backtraces cost an unwinding each: after the first
// ones they are taken seldom, by the count of entries: the same program gives the same history.
//
// Instruction addresses are plain numbers here: user addresses end at 2^47.

import type { PassedEntry } from '../judging/hit-filter';
import type { ThreadId } from '../target/target';

export interface AccessRecord {
  /** The program's own time, ns since it began. */
  readonly timeNs: number;
  readonly thread: ThreadId;
  readonly instruction: number;
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
  readonly instruction: number | undefined;
  readonly hits: number;
}

/** An access as the machine has it. */
export type RawAccess = Pick<PassedEntry, 'bytes' | 'parts' | 'instruction' | 'isWrite'>;

export const MOST_ENTRIES = 1000;
/** Both values of all entries together. */
const MOST_BYTES = 1 << 18;
const MOST_PLACES = 4096;
/** So many backtraces are taken at once; then one of so many entries. */
const FIRST_BACKTRACES = 64;
const BACKTRACE_EVERY = 1024;

interface PlaceHits {
  hits: number;
}

/** The entries: number n of all lies at n modulo room. */
class Ring {
  readonly room: number;
  readonly sequences: Float64Array;
  readonly times: Float64Array;
  readonly threads: Float64Array;
  readonly instructions: Float64Array;
  readonly writes: Uint8Array;
  private readonly bytes: Uint8Array;

  constructor(readonly lengthBytes: number) {
    this.room = Math.max(1, Math.min(MOST_ENTRIES, Math.floor(MOST_BYTES / (2 * Math.max(1, lengthBytes)))));
    this.sequences = new Float64Array(this.room);
    this.times = new Float64Array(this.room);
    this.threads = new Float64Array(this.room);
    this.instructions = new Float64Array(this.room);
    this.writes = new Uint8Array(this.room);
    this.bytes = new Uint8Array(2 * lengthBytes * this.room);
  }

  oldBytes(at: number): Uint8Array {
    return this.bytes.subarray(2 * at * this.lengthBytes, (2 * at + 1) * this.lengthBytes);
  }

  newBytes(at: number): Uint8Array {
    return this.bytes.subarray((2 * at + 1) * this.lengthBytes, (2 * at + 2) * this.lengthBytes);
  }

  copyRaw(at: number, access: RawAccess): void {
    const { bytes, lengthBytes } = this;
    let to = 2 * at * lengthBytes;
    for (const part of access.parts) {
      for (let n = 0; n < part.lengthBytes; n++, to++) {
        bytes[to] = access.bytes.getUint8(part.oldAt + n);
        bytes[to + lengthBytes] = access.bytes.getUint8(part.newAt + n);
      }
    }
  }
}

export class WatchHistoryKeeper {
  private ring: Ring | undefined;
  /** Numbers given so far, those of entries that were only counted included. */
  private sequence = 0;
  /** Entries put into the ring. */
  private recorded = 0;
  /** Some came after later ones: what several calls or threads did in one run comes one after the other. */
  private isMixed = false;
  private readonly backtraces = new Map<number, readonly string[]>();
  private readonly calls = new Map<number, string>();
  private readonly places = new Map<ThreadId, Map<number, PlaceHits>>();
  private placesKept = 0;
  private readonly elsewhere = new Map<ThreadId, number>();

  /** Entries that were let go. */
  get dropped(): number {
    return this.sequence - this.kept;
  }

  private get kept(): number {
    return Math.min(this.recorded, this.ring?.room ?? 0);
  }

  get last(): KeptAccess | undefined {
    return this.newest(1).at(0);
  }

  /** The entry of that time, where it is kept. */
  at(timeNs: number): KeptAccess | undefined {
    const { ring } = this;
    if (ring === undefined) return undefined;
    const numbers = this.byTime(ring);
    const at = numbers.findLastIndex((number) => ring.times[(number - 1) % ring.room] === timeNs);
    return at < 0 ? undefined : this.entry(ring, numbers[at], this.recorded - this.kept + at + 1);
  }

  /** So many entries may come before one shall have a backtrace. */
  get entriesBeforeBacktrace(): number {
    return this.sequence < FIRST_BACKTRACES ? 0 : BACKTRACE_EVERY - 1 - (this.recorded % BACKTRACE_EVERY);
  }

  /** Hits of one instruction, whatever becomes of them. */
  count(thread: ThreadId, instruction: number, hits = 1): void {
    const place = this.placeOf(thread, instruction);
    if (place === undefined) this.elsewhere.set(thread, (this.elsewhere.get(thread) ?? 0) + hits);
    else place.hits += hits;
  }

  /** Hits that met the condition, of which nothing more is known: newer ones have taken their room. */
  skip(hits: number): void {
    this.sequence += hits;
  }

  private placeOf(thread: ThreadId, instruction: number): PlaceHits | undefined {
    let own = this.places.get(thread);
    if (own === undefined) this.places.set(thread, (own = new Map<number, PlaceHits>()));
    const known = own.get(instruction);
    if (known !== undefined || this.placesKept >= MOST_PLACES) return known;
    const place = { hits: 0 };
    this.placesKept++;
    own.set(instruction, place);
    return place;
  }

  /** `backtrace` is called seldom. */
  record(access: AccessRecord, backtrace: () => readonly string[]): void {
    const wanted = this.entriesBeforeBacktrace === 0;
    const { ring, at } = this.next(access.new.length);
    this.write(ring, at, access.timeNs, access.thread, access.instruction, access.access === 'write');
    ring.oldBytes(at).set(access.old.subarray(0, ring.lengthBytes));
    ring.newBytes(at).set(access.new);
    if (access.systemCall !== undefined) this.calls.set(this.recorded, access.systemCall);
    if (wanted) this.backtraces.set(this.recorded, backtrace());
  }

  /** The same without a backtrace and without garbage. */
  recordRaw(access: RawAccess, thread: ThreadId, timeNs: number, lengthBytes: number): void {
    const { ring, at } = this.next(lengthBytes);
    this.write(ring, at, timeNs, thread, access.instruction, access.isWrite);
    ring.copyRaw(at, access);
  }

  private next(lengthBytes: number): { readonly ring: Ring; readonly at: number } {
    if (this.ring?.lengthBytes !== lengthBytes) {
      this.ring = new Ring(lengthBytes);
      this.recorded = 0;
      this.isMixed = false;
      this.backtraces.clear();
      this.calls.clear();
    }
    const { ring } = this;
    const gone = this.recorded + 1 - ring.room;
    if (this.backtraces.size > 0) this.backtraces.delete(gone);
    if (this.calls.size > 0) this.calls.delete(gone);
    const at = this.recorded++ % ring.room;
    ring.sequences[at] = ++this.sequence;
    return { ring, at };
  }

  private write(ring: Ring, at: number, timeNs: number, thread: ThreadId, instruction: number, isWrite: boolean): void {
    ring.times[at] = timeNs;
    if (this.recorded > 1 && timeNs < ring.times[(at + ring.room - 1) % ring.room]) this.isMixed = true;
    ring.threads[at] = thread;
    ring.instructions[at] = instruction;
    ring.writes[at] = isWrite ? 1 : 0;
  }

  /** Oldest first; the newest `count` where that is given. */
  newest(count = Infinity): readonly KeptAccess[] {
    const { ring } = this;
    if (ring === undefined) return [];
    const length = Math.min(this.kept, Math.max(0, Math.floor(count)));
    const first = this.recorded - length + 1;
    const numbers = this.isMixed ? this.byTime(ring).slice(this.kept - length) : undefined;
    return Array.from({ length }, (_, n) => this.entry(ring, numbers?.[n] ?? first + n, first + n));
  }

  /** Of all that are kept, oldest first. */
  private byTime(ring: Ring): readonly number[] {
    const numbers = Array.from({ length: this.kept }, (_, n) => this.recorded - this.kept + n + 1);
    const timeOf = (number: number): number => ring.times[(number - 1) % ring.room];
    return this.isMixed ? numbers.sort((a, b) => timeOf(a) - timeOf(b) || a - b) : numbers;
  }

  /** `place`: the one that has the sequence number of its place in time. */
  private entry(ring: Ring, number: number, place: number): KeptAccess {
    const at = (number - 1) % ring.room;
    const backtrace = this.backtraces.get(number);
    const systemCall = this.calls.get(number);
    return {
      sequence: ring.sequences[(place - 1) % ring.room] ?? 0,
      timeNs: ring.times[at] ?? 0,
      thread: ring.threads[at] ?? 0,
      instruction: ring.instructions[at] ?? 0,
      access: ring.writes[at] === 1 ? 'write' : 'read',
      old: ring.oldBytes(at).slice(),
      new: ring.newBytes(at).slice(),
      ...(systemCall === undefined ? {} : { systemCall }),
      ...(backtrace === undefined ? {} : { backtrace }),
    };
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
