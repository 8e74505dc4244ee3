// ring-buffer.ts: the mmap ring of an event: a control page and 2^n data pages.
//
//   control page: capabilities 40 · size 72 · data_head 1024 · data_tail 1032 · data_offset 1040 · data_size 1048
//
// The bytes live behind RingMemory, so that they can be a guest's own mapped pages. The guest moves data_tail; a
// record that does not fit is lost and counted, and the next one that fits is preceded by LOST. An overwriting
// ring (mapped read-only) never loses. Knows no event: records come as bytes.
//
// Truth: shared reference "hw-breakpoint-spec", B.10.6.

import { PAGE_SIZE } from './constants.table';

/** Where a ring's bytes are. Offsets count from the control page's start. */
export interface RingMemory {
  readU64(offset: number): bigint;
  writeU64(offset: number, value: bigint): void;
  write(offset: number, bytes: Uint8Array): void;
  read(offset: number, lengthBytes: number): Uint8Array;
}

export interface RingOptions {
  /** A power of two, or 0: control page only. */
  readonly dataPages: number;
  readonly overwrite: boolean;
  /** Bytes after which a reader is woken; 0: half of the buffer. */
  readonly watermark: number;
  readonly backward: boolean;
  readonly memory?: RingMemory | undefined;
}

const HEAD = 1024;
const TAIL = 1032;

/** Whether a record went in, and whether a reader should be woken now. */
export interface WriteOutcome {
  readonly written: boolean;
  readonly wake: boolean;
}

export class RingBuffer {
  readonly dataPages: number;
  readonly dataSize: number;
  readonly overwrite: boolean;
  readonly memory: RingMemory;
  private readonly backward: boolean;
  private readonly watermark: number;
  private head = 0n;
  /** Bytes of the last wake-up by watermark, or that plus one for each by count: only its changes matter. */
  private wakeup = 0n;
  private events = 0;
  private paused: boolean;
  /** Lost since the last LOST record. */
  lost = 0;
  /** poll() says IN once for each wake-up. */
  private readable = false;
  /** How many mappings keep it alive. */
  mappings = 0;

  constructor(options: RingOptions) {
    this.dataPages = options.dataPages;
    this.dataSize = options.dataPages * PAGE_SIZE;
    this.overwrite = options.overwrite;
    this.backward = options.backward;
    const watermark = Math.min(options.watermark, this.dataSize);
    this.watermark = watermark === 0 ? this.dataSize / 2 : watermark;
    this.paused = options.dataPages === 0;
    this.memory = options.memory ?? arrayMemory((1 + options.dataPages) * PAGE_SIZE);
    this.initControlPage();
  }

  /** Stops or resumes output; a ring without data pages stays stopped. */
  pause(paused: boolean): void {
    this.paused = paused || this.dataPages === 0;
  }

  /** True once after each wake-up. */
  takeReadable(): boolean {
    const { readable } = this;
    this.readable = false;
    return readable;
  }

  /**
   * Appends a record, after `lostRecord(n)` if n records were lost before it. `countsAsEvent`: wake after every so
   * many of these (wakeup_events), 0 = only by watermark.
   */
  write(record: Uint8Array, lostRecord: (lost: number) => Uint8Array, wakeupEvents: number): WriteOutcome {
    if (this.paused) {
      if (this.dataPages > 0) this.lost += 1;
      return { written: false, wake: false };
    }
    const lost = this.lost > 0 ? lostRecord(this.lost) : undefined;
    const size = record.length + (lost?.length ?? 0);
    if (!this.overwrite && !this.hasSpace(size)) {
      this.lost += 1;
      return { written: false, wake: false };
    }
    const before = this.wakeup;
    this.append(lost === undefined ? record : joined(lost, record));
    if (lost !== undefined) this.lost = 0;
    if (BigInt.asUintN(64, this.head - this.wakeup) > BigInt(this.watermark)) this.wakeup += BigInt(this.watermark);
    this.countTowardsWakeup(wakeupEvents);
    const wake = this.wakeup !== before;
    if (wake) this.readable = true;
    return { written: true, wake };
  }

  private countTowardsWakeup(wakeupEvents: number): void {
    if (wakeupEvents === 0) return;
    this.events += 1;
    if (this.events < wakeupEvents) return;
    this.events -= wakeupEvents;
    this.wakeup += 1n;
  }

  private hasSpace(size: number): boolean {
    const tail = this.memory.readU64(TAIL);
    const from = this.backward ? this.head : tail;
    const to = this.backward ? tail : this.head;
    const space = (from - to - 1n) & BigInt(this.dataSize - 1);
    return space >= BigInt(size);
  }

  private append(bytes: Uint8Array): void {
    const size = BigInt(bytes.length);
    const start = BigInt.asUintN(64, this.backward ? this.head - size : this.head);
    this.head = this.backward ? start : BigInt.asUintN(64, this.head + size);
    const offset = Number(start & BigInt(this.dataSize - 1));
    const first = Math.min(bytes.length, this.dataSize - offset);
    this.memory.write(PAGE_SIZE + offset, bytes.subarray(0, first));
    if (first < bytes.length) this.memory.write(PAGE_SIZE, bytes.subarray(first));
    this.memory.writeU64(HEAD, this.head);
  }

  private initControlPage(): void {
    this.memory.writeU64(40, 2n); // cap_bit0_is_deprecated
    this.memory.writeU64(72, 96n); // size of the fixed part
    this.memory.writeU64(1040, BigInt(PAGE_SIZE));
    this.memory.writeU64(1048, BigInt(this.dataSize));
  }

  /** Takes what is unread (and not overwritten) and moves data_tail after it: what a reading program does. */
  consume(): Uint8Array {
    const unread = this.head - this.memory.readU64(TAIL);
    const length = Math.min(Number(unread), this.dataSize);
    const offset = Number((this.head - BigInt(length)) & BigInt(this.dataSize - 1));
    const first = Math.min(length, this.dataSize - offset);
    const bytes = new Uint8Array(length);
    bytes.set(this.memory.read(PAGE_SIZE + offset, first));
    if (first < length) bytes.set(this.memory.read(PAGE_SIZE, length - first), first);
    this.memory.writeU64(TAIL, this.head);
    return bytes;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** Ring memory of our own, where no guest maps it. */
export function arrayMemory(lengthBytes: number): RingMemory {
  const bytes = new Uint8Array(lengthBytes);
  const view = new DataView(bytes.buffer);
  return {
    readU64: (offset) => view.getBigUint64(offset, true),
    writeU64: (offset, value) => {
      view.setBigUint64(offset, value, true);
    },
    write: (offset, content) => {
      bytes.set(content, offset);
    },
    read: (offset, length) => bytes.slice(offset, offset + length),
  };
}
