// lives-ledger.ts: the naive model of watches on blocks: which holds slots, which waits, which is over, what each has seen.
//
// Written from the manual: who asks now is served first, then those that wait, in the order of the list; what frees slots
// by ending lets the others try.

import { slotsNeeded } from '../../../adapter/watch/split';

export type LifeState = 'armed' | 'disabled' | 'pending' | 'refused' | 'ended';

export interface LifeWish {
  /** Undefined: what `cursor` leads to. */
  readonly address: bigint | undefined;
  readonly lengthBytes: number;
  access: 'change' | 'write';
  readonly mode: 'count' | 'stop';
  disabled: boolean;
}

export class LifeWatch {
  id = 0;
  state: LifeState = 'refused';
  /** Where it is armed. */
  at: bigint | undefined;
  hasPointer = false;
  hits = 0;
  matches = 0;

  constructor(
    readonly wish: LifeWish,
    readonly isEditors: boolean,
  ) {}

  get isHeld(): boolean {
    return this.at !== undefined || this.hasPointer;
  }
}

const POINTER = 'cursor';

export class LivesLedger {
  list: readonly LifeWatch[] = [];
  private cursorLeadsTo = 0n;
  private unmapped: readonly { readonly from: bigint; readonly to: bigint }[] = [];

  constructor(readonly totalSlots: number) {}

  get usedSlots(): number {
    const ranges = new Map<string, number>();
    for (const { at, hasPointer, wish } of this.list) {
      if (at !== undefined) ranges.set(keyOf(at, wish), slotsNeeded(at, wish.lengthBytes));
      if (hasPointer) ranges.set(POINTER, 1);
    }
    return [...ranges.values()].reduce((sum, count) => sum + count, 0);
  }

  add(watch: LifeWatch): void {
    this.list = [...this.list, watch];
    this.settle([watch]);
  }

  remove(watch: LifeWatch): void {
    release(watch);
    this.list = this.list.filter((other) => other !== watch);
    this.settle([]);
  }

  change(watch: LifeWatch, { access, disabled }: Pick<LifeWish, 'access' | 'disabled'>): void {
    if (watch.wish.access !== access) release(watch);
    Object.assign(watch.wish, { access, disabled });
    this.settle([watch]);
  }

  /** The editor's list; those that stay are in both. */
  replace(editors: readonly LifeWatch[]): void {
    for (const watch of this.list) if (watch.isEditors && !editors.includes(watch)) release(watch);
    this.list = [...editors, ...this.list.filter(({ isEditors }) => !isEditors)];
    this.settle(editors);
  }

  cursorMoved(to: bigint): void {
    if (to === this.cursorLeadsTo) return;
    this.cursorLeadsTo = to;
    for (const watch of this.list) {
      if (!watch.hasPointer) continue;
      release(watch);
      this.arm(watch);
    }
  }

  mapped(from: bigint, to: bigint): void {
    this.unmapped = this.unmapped.filter((gap) => gap.from >= to || gap.to <= from);
  }

  /** Nothing is there any more. */
  vanished(from: bigint, to: bigint): void {
    this.unmapped = [...this.unmapped, { from, to }];
    this.ended(from, to);
  }

  /** This memory is no more what it was. */
  ended(from: bigint, to: bigint): void {
    let areFreed = false;
    for (const watch of this.list) {
      const { wish } = watch;
      const at = wish.address ?? watch.at;
      if (at === undefined || watch.state === 'ended' || at >= to || at + BigInt(wish.lengthBytes) <= from) continue;
      if (wish.address === undefined) {
        watch.at = undefined;
        watch.state = 'pending';
        continue;
      }
      areFreed ||= watch.isHeld;
      release(watch);
      watch.state = 'ended';
    }
    if (areFreed && this.list.some(({ state }) => state === 'refused')) this.settle([]);
  }

  private settle(asked: readonly LifeWatch[]): void {
    const tried = this.list.filter((watch) => !watch.isHeld && watch.state !== 'ended');
    for (const watch of this.list) {
      if (!watch.wish.disabled) continue;
      release(watch);
      watch.state = 'disabled';
    }
    for (const watch of new Set([...asked, ...this.list])) {
      if (tried.includes(watch) && !watch.wish.disabled) this.arm(watch);
    }
  }

  private arm(watch: LifeWatch): void {
    const { address } = watch.wish;
    watch.state = 'refused';
    watch.hasPointer = address === undefined;
    watch.at = address ?? this.cursorsTarget();
    if (this.usedSlots > this.totalSlots) release(watch);
    else watch.state = watch.at === undefined ? 'pending' : 'armed';
  }

  private cursorsTarget(): bigint | undefined {
    const at = this.cursorLeadsTo;
    return at === 0n || this.unmapped.some(({ from, to }) => at >= from && at < to) ? undefined : at;
  }
}

function release(watch: LifeWatch): void {
  watch.at = undefined;
  watch.hasPointer = false;
}

const keyOf = (at: bigint, { lengthBytes }: LifeWish): string => `${at} ${lengthBytes}`;
