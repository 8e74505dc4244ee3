// watch-arming.ts: one watch takes its slots, or is told why it gets none.
//
// What it is for is looked up anew each time; the watch learns its place, its state and what is to be said of it. Nothing
// is told to anybody here.

import type { WatchId, WatchPiece } from '../target/target';
import type { ArmedRanges, RangeThreads, Refusal } from './armed-ranges';
import { slotsAllowed, splitRange } from './split';
import type { Watch } from './watch';
import { resolveTarget } from './watch-target';
import type { Resolution } from './watch-target';
import { armedText, planPlace, refusedText, sinceNote } from './watch-texts';
import type { SlotBudget } from './watch-texts';
import type { MemoryRange } from './watch-through';
import type { WatchWorld } from './watch-world';
import { conditionNote } from './wish-check';

export class WatchArming {
  constructor(
    private readonly world: WatchWorld,
    private readonly ranges: ArmedRanges,
  ) {}

  arm(watch: Watch): void {
    this.armWhere(watch, resolveTarget(watch.wish.target, this.world));
  }

  /** The same where its place is known already. */
  armWhere(watch: Watch, resolution: Resolution): void {
    watch.lacksSlots = false;
    if (resolution.kind !== 'found') {
      watch.state = resolution.kind === 'pending' ? 'pending' : 'refused';
      watch.message = resolution.why;
      if (resolution.kind === 'pending') this.waitForPointers(watch, resolution);
      return;
    }
    watch.place = resolution.place;
    const writes = watch.wish.access === 'change' || watch.wish.access === 'write';
    const pieces = planPlace(
      resolution.place,
      writes ? 'write' : 'readWrite',
      slotsAllowed(this.world.target, watch.wish.extend),
    );
    if (typeof pieces === 'string') this.refuse(watch, pieces);
    else this.take(watch, pieces, resolution.place.via ?? []);
  }

  release(watch: Watch): void {
    const { armed, via } = watch;
    watch.armed = undefined;
    watch.via = undefined;
    watch.fast = undefined;
    if (armed !== undefined) this.ranges.release(watch, 'users', armed);
    if (via !== undefined) this.ranges.release(watch, 'followers', via);
  }

  /** Its place is known all the same: what ends the place ends the watch. */
  disable(watch: Watch): void {
    this.release(watch);
    if (watch.place === undefined) {
      const resolution = resolveTarget(watch.wish.target, this.world);
      if (resolution.kind === 'found') watch.place = resolution.place;
    }
    watch.state = 'disabled';
    watch.message = 'Disabled: it holds no slot and counts nothing until it is enabled.';
  }

  /** The cost is told after all are armed, so that the budget in it is true. */
  describe(watch: Watch, budget = this.budget()): void {
    const { armed } = watch;
    if (armed === undefined || watch.state !== 'armed') return;
    watch.describe(() => {
      const note = conditionNote(watch.wish, this.world.symbols);
      const texts = [armedText(watch, armed, budget), sinceNote(watch), note, this.world.distrust];
      return texts.filter((text) => text !== undefined).join(' ');
    });
  }

  budget(): SlotBudget {
    return this.world.target.slotBudget();
  }

  /** Does a thread of that name run? */
  isThere(name: string): boolean {
    return this.world.target.threads().some((thread) => thread.name === name);
  }

  /** It leads nowhere: its pointers are watched alone. */
  private waitForPointers(watch: Watch, { via = [], frame }: Resolution & { kind: 'pending' }): void {
    watch.place = undefined;
    if (frame !== undefined) {
      watch.place = { label: watch.label, address: 0n, lengthBytes: 0, type: undefined, frame };
    }
    if (via.length > 0) this.takePointers(watch, via);
  }

  private take(watch: Watch, pieces: readonly WatchPiece[], via: readonly MemoryRange[]): void {
    const threads = this.threadsOf(watch);
    if (typeof threads === 'object' && 'trouble' in threads) {
      this.refuse(watch, threads.trouble);
      return;
    }
    if (via.length > 0 && !this.takePointers(watch, via)) return;
    const result = this.ranges.take(watch, 'users', { pieces, threads, extend: watch.wish.extend === true });
    if ('kind' in result) {
      this.release(watch);
      this.lackSlots(watch, result);
      return;
    }
    watch.armed = result;
    if (watch.sinceNs === undefined) {
      watch.sinceNs = this.world.target.timeNs;
      watch.sinceProgram = this.world.target.time?.executions ?? 0;
    }
    const wanted = watch.wish.threads;
    const waits = wanted !== 'all' && 'name' in wanted && !this.isThere(wanted.name);
    watch.state = waits ? 'pending' : 'armed';
    if (waits) watch.message = waitsForThread(wanted.name);
  }

  /** Whoever changes a pointer: any thread. False: refused. */
  private takePointers(watch: Watch, via: readonly MemoryRange[]): boolean {
    const pieces = via.flatMap(({ address, lengthBytes }) =>
      splitRange(address, lengthBytes).map((piece) => ({ ...piece, access: 'write' as const })),
    );
    const result = this.ranges.take(watch, 'followers', {
      ...{ pieces, threads: 'all' as const },
      extend: watch.wish.extend === true,
    });
    if ('kind' in result) {
      this.lackSlots(watch, result);
      return false;
    }
    watch.via = result;
    return true;
  }

  private refuse(watch: Watch, why: string): void {
    watch.state = 'refused';
    watch.message = why;
  }

  private lackSlots(watch: Watch, refusal: Refusal): void {
    const holderOf = (holder: WatchId): string | undefined => this.ranges.usersOf(holder).at(0)?.label;
    this.refuse(watch, refusedText(refusal, watch.label, this.world, holderOf));
    watch.lacksSlots = true;
  }

  /** The chosen threads; a text says why there are none. */
  private threadsOf(watch: Watch): RangeThreads | { readonly trouble: string } {
    const { threads } = watch.wish;
    if (watch.onlyThread !== undefined) return [watch.onlyThread];
    if (threads === 'all' || 'name' in threads) return threads;
    const found = this.world.target.threads().some(({ id }) => id === threads.id);
    if (found) return [threads.id];
    return {
      trouble: `There is no thread ${threads.id} (any more). Watch all threads, or choose one by name: it may come later.`,
    };
  }
}

export function waitsForThread(name: string): string {
  return `Waits for a thread named "${name}": armed on it when it starts, or takes that name.`;
}
