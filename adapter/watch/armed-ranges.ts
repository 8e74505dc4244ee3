// armed-ranges.ts: the slots that watches hold, each range once, however many watches want it.
//
// A range has users, whose place it is, and followers, whose pointers it is: an access means something else to each.
// It is armed with its first and disarmed with its last. The target must stand.

import { assert } from '../util/assert';
import type { ArmResult, ThreadId, WatchId, WatchPiece } from '../target/target';
import type { ArmedRange, Watch } from './watch';
import type { WatchWorld } from './watch-target';

/** Whose registers: all threads', those of that name's (they may come later), or these threads'. */
export type RangeThreads = 'all' | { readonly name: string } | readonly ThreadId[];

export interface RangeWish {
  readonly pieces: readonly WatchPiece[];
  readonly threads: RangeThreads;
  /** Beyond what the processor has, where it is full. */
  readonly extend: boolean;
}

type Role = 'users' | 'followers';

export type Refusal = ArmResult & { readonly kind: 'refused' };

export class ArmedRanges {
  private readonly ranges = new Map<WatchId, ArmedRange>();
  private nextId = 1;

  constructor(private readonly world: WatchWorld) {}

  all(): readonly ArmedRange[] {
    return [...this.ranges.values()];
  }

  find(id: WatchId): ArmedRange | undefined {
    return this.ranges.get(id);
  }

  take(watch: Watch, role: Role, wish: RangeWish): ArmedRange | Refusal {
    const key = keyOf(wish);
    let range = this.all().find((candidate) => candidate.key === key);
    if (range === undefined) {
      const id = this.nextId++;
      const result = this.world.target.armWatch(id, wish.pieces, wish.threads, { extend: wish.extend });
      if (result.kind === 'refused') return result;
      const slots = [...result.slots.values()][0] ?? [];
      range = { id, key, pieces: wish.pieces, users: new Set(), followers: new Set(), slots };
      this.ranges.set(id, range);
    }
    range[role].add(watch);
    return range;
  }

  release(watch: Watch, role: Role, range: ArmedRange): void {
    assert(range[role].delete(watch), 'an armed watch uses its range', { watch: watch.id });
    if (range.users.size + range.followers.size > 0) return;
    this.ranges.delete(range.id);
    this.world.target.disarmWatch(range.id);
  }
}

function keyOf({ pieces, threads, extend }: RangeWish): string {
  const where = pieces.map((piece) => `${piece.address},${piece.lengthBytes},${piece.access}`).join(' ');
  return `${where} ${JSON.stringify(threads)}${extend ? ' extended' : ''}`;
}
