// cpu-shadow.ts: what one CPU's debug registers should hold, as the kernel remembers it.
//
// The lowest free register is given first. Finding an event's register, or a free one, costs the same however many
// there are. Touches no hardware: breakpoint-pmu.ts does.

import { assert } from '../../util/assert';
import type { PerfEvent } from '../perf/event';

export class CpuShadow {
  readonly addresses: bigint[];
  /** Machine counts that were already added to the event in that register. */
  readonly counted: number[];
  dr7 = 0n;
  private readonly held: (PerfEvent | undefined)[];
  private readonly registers = new Map<PerfEvent, number>();
  /** All registers below are taken. */
  private lowestFree = 0;

  constructor(count: number) {
    this.held = new Array<PerfEvent | undefined>(count).fill(undefined);
    this.addresses = new Array<bigint>(count).fill(0n);
    this.counted = new Array<number>(count).fill(0);
  }

  /** By register. */
  get installed(): readonly (PerfEvent | undefined)[] {
    return this.held;
  }

  /** Registers that are taken. */
  get size(): number {
    return this.registers.size;
  }

  get isEmpty(): boolean {
    return this.registers.size === 0;
  }

  /** No free register lies below one that is taken. */
  get isPacked(): boolean {
    return this.lowestFree === this.registers.size;
  }

  registerOf(event: PerfEvent): number | undefined {
    return this.registers.get(event);
  }

  /** The register that the event has now; undefined: all are taken. */
  take(event: PerfEvent, address: bigint): number | undefined {
    const index = this.lowestFree;
    if (index >= this.held.length) return undefined;
    assert(!this.registers.has(event), 'an event is in one register of a CPU', event.id);
    this.held[index] = event;
    this.addresses[index] = address;
    this.registers.set(event, index);
    while (this.lowestFree < this.held.length && this.held[this.lowestFree] !== undefined) this.lowestFree++;
    return index;
  }

  free(index: number): void {
    const event = this.held[index];
    if (event === undefined) return;
    this.held[index] = undefined;
    this.addresses[index] = 0n;
    this.registers.delete(event);
    this.lowestFree = Math.min(this.lowestFree, index);
  }
}
