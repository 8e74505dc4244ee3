// lives-player.ts: plays what the traced program did to the naive ledger, up to where a debugger stops next.

import { assert } from '../../../adapter/util/assert';
import type { LifeWatch, LivesLedger } from './lives-ledger';
import type { LifeAct, LifeEvent } from './lives-script';

interface Block {
  readonly start: bigint;
  readonly sizeBytes: number;
  readonly isMapped: boolean;
}

const SLOTS = 4;
const PAGE = 4096;

export class LivesPlayer {
  blocks: (Block | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  private readonly memory = new Map<bigint, number>();
  private at = 0;
  private act: LifeAct | undefined;
  /** What the allocator does within realloc is none of the program's. */
  private resized: Block | undefined;

  constructor(
    private readonly events: readonly LifeEvent[],
    private readonly script: readonly LifeAct[],
    private readonly ledger: LivesLedger,
  ) {}

  /** A pause, the watches that stop, or the program's end. */
  toNextStop(): 'tick' | 'end' | readonly LifeWatch[] {
    while (this.at < this.events.length) {
      const event = this.events[this.at++];
      switch (event.kind) {
        case 'act':
          this.begin(event.number);
          if (this.act?.kind === 'k') return 'tick';
          break;
        case 'block':
          this.moved(event.slot, event.start);
          break;
        case 'cursor':
          this.ledger.cursorMoved(event.to);
          break;
        case 'write': {
          const stops = this.written(event.address, event.bytes);
          if (stops.length > 0) return stops;
        }
      }
    }
    return 'end';
  }

  private begin(number: number): void {
    this.resized = undefined;
    this.act = this.script.at(number);
    if (this.act === undefined) return;
    const block = this.blocks[this.act.slot];
    if (block === undefined) return;
    const { kind } = this.act;
    if (kind === 'f' && !block.isMapped) this.ledger.ended(block.start, endOf(block));
    if (kind === 'U' && block.isMapped) this.ledger.vanished(block.start, pagesEnd(block));
    if (kind === 'r' && !block.isMapped) this.resized = block;
  }

  /** The program has its answer. */
  private moved(slot: number, start: bigint): void {
    const old = this.blocks[slot];
    const { kind, number: sizeBytes } = this.act ?? {};
    assert(kind !== undefined && sizeBytes !== undefined, 'an act moves a block');
    this.resized = undefined;
    if (start === 0n) {
      this.blocks[slot] = undefined;
      return;
    }
    const now = { start, sizeBytes, isMapped: kind === 'M' || kind === 'R' };
    this.blocks[slot] = now;
    if (kind === 'M') this.fresh(start, pagesEnd(now));
    if (old === undefined) return;
    if (kind === 'R') this.remapped(old, now);
    else if (old.start !== start) this.ledger.ended(old.start, endOf(old));
    else this.ledger.ended(start + BigInt(sizeBytes), endOf(old));
  }

  private remapped(old: Block, now: Block): void {
    const kept = Math.min(old.sizeBytes, now.sizeBytes);
    if (old.start === now.start) {
      this.ledger.vanished(now.start + BigInt(kept), pagesEnd(old));
      this.fresh(now.start + BigInt(kept), pagesEnd(now));
      return;
    }
    const bytes = Array.from({ length: kept }, (_, n) => this.byte(old.start + BigInt(n)));
    this.fresh(now.start, pagesEnd(now));
    for (const [n, byte] of bytes.entries()) this.memory.set(now.start + BigInt(n), byte);
    this.ledger.vanished(old.start, pagesEnd(old));
  }

  private fresh(from: bigint, to: bigint): void {
    this.ledger.mapped(from, to);
    for (let at = from; at < to; at++) this.memory.delete(at);
  }

  private written(address: bigint, bytes: Uint8Array): LifeWatch[] {
    const stops = this.ledger.list.filter((watch) => {
      const { at, state, wish } = watch;
      if (at === undefined || state !== 'armed' || !overlaps(at, wish.lengthBytes, address, bytes.length)) return false;
      if (this.resized !== undefined && at >= this.resized.start && at < endOf(this.resized)) return false;
      watch.hits++;
      if (wish.access === 'change' && !this.changes(at, wish.lengthBytes, address, bytes)) return false;
      watch.matches++;
      return wish.mode === 'stop';
    });
    for (const [n, byte] of bytes.entries()) this.memory.set(address + BigInt(n), byte);
    return stops;
  }

  private changes(at: bigint, lengthBytes: number, address: bigint, bytes: Uint8Array): boolean {
    return bytes.some((byte, n) => {
      const place = address + BigInt(n);
      return place >= at && place < at + BigInt(lengthBytes) && this.byte(place) !== byte;
    });
  }

  private byte(at: bigint): number {
    return this.memory.get(at) ?? 0;
  }
}

const endOf = ({ start, sizeBytes }: Block): bigint => start + BigInt(sizeBytes);

const pagesEnd = ({ start, sizeBytes }: Block): bigint => start + BigInt(Math.ceil(sizeBytes / PAGE) * PAGE);

const overlaps = (one: bigint, oneBytes: number, other: bigint, otherBytes: number): boolean =>
  one < other + BigInt(otherBytes) && other < one + BigInt(oneBytes);
