// thread-registers.ts: the virtual registers that the debugger holds in one thread.
//
// Numbers from 0 on, the lowest free one first. To find one by its event or its tag costs the same however many there are.

import type { PerfEvent } from '../../perf/event';

export type WatchedAccess = 'write' | 'readWrite' | 'execute';

/** One aligned piece of memory; an execute piece has length 1. */
export interface WatchedPiece {
  readonly address: bigint;
  readonly lengthBytes: 1 | 2 | 4 | 8;
  readonly access: WatchedAccess;
}

/** A debug register that the debugger holds in a thread. `tag` is its own, handed back with hits. */
export interface ArmedRegister<Tag> {
  readonly index: number;
  readonly piece: WatchedPiece;
  readonly tag: Tag;
  readonly event: PerfEvent;
}

export class ThreadRegisters<Tag> {
  private readonly byIndex: (ArmedRegister<Tag> | undefined)[] = [];
  private readonly byEvent = new Map<PerfEvent, ArmedRegister<Tag>>();
  private readonly byTag = new Map<Tag, ArmedRegister<Tag>[]>();
  /** Made when asked for. */
  private list: readonly ArmedRegister<Tag>[] | undefined;
  /** All numbers below are taken. */
  private lowestFree = 0;

  get isEmpty(): boolean {
    return this.byEvent.size === 0;
  }

  at(index: number): ArmedRegister<Tag> | undefined {
    return this.byIndex[index];
  }

  holding(event: PerfEvent): ArmedRegister<Tag> | undefined {
    return this.byEvent.get(event);
  }

  /** In the order in which they were taken. */
  tagged(tag: Tag): readonly ArmedRegister<Tag>[] {
    return this.byTag.get(tag) ?? [];
  }

  /** In order of numbers. */
  all(): readonly ArmedRegister<Tag>[] {
    return (this.list ??= this.byIndex.filter((register) => register !== undefined));
  }

  take(piece: WatchedPiece, tag: Tag, event: PerfEvent): ArmedRegister<Tag> {
    const register = { index: this.lowestFree, piece, tag, event };
    this.byIndex[register.index] = register;
    this.byEvent.set(event, register);
    const own = this.byTag.get(tag);
    if (own === undefined) this.byTag.set(tag, [register]);
    else own.push(register);
    while (this.byIndex[this.lowestFree] !== undefined) this.lowestFree++;
    this.list = undefined;
    return register;
  }

  free(register: ArmedRegister<Tag>): void {
    const { index, tag, event } = register;
    this.byIndex[index] = undefined;
    this.byEvent.delete(event);
    const others = this.tagged(tag).filter((other) => other !== register);
    if (others.length === 0) this.byTag.delete(tag);
    else this.byTag.set(tag, others);
    this.lowestFree = Math.min(this.lowestFree, index);
    this.list = undefined;
  }
}
