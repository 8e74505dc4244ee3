// armed-ranges.ts: the slots that watches hold, each range once, however many watches want it.
//
// A range has users, whose place it is, and followers, whose pointers it is: an access means something else to each.
// It is armed with its first and disarmed with its last. The target must stand.

import { assert } from '../util/assert';
import type { ArmResult, ThreadId, WatchHit, WatchId, WatchPiece } from '../target/target';
import type { ArmedRange, Watch } from './watch';
import type { WatchWorld } from './watch-world';

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
  /** Ascending: ids are given in order. */
  private readonly ranges = new Map<WatchId, ArmedRange>();
  private readonly byKey = new Map<string, ArmedRange>();
  /** Whose watches, or their wishes, are others since `takeChanged`. */
  private readonly changed = new Set<ArmedRange>();

  constructor(
    private readonly world: WatchWorld,
    private nextId = 1,
  ) {}

  all(): readonly ArmedRange[] {
    return [...this.ranges.values()];
  }

  /** Those that the hits are on, once each, in the order in which they were armed. */
  hitBy(hits: readonly WatchHit[]): readonly ArmedRange[] {
    const ids =
      hits.length === 1 ? [hits[0].watch] : [...new Set(hits.map(({ watch }) => watch))].sort((a, b) => a - b);
    return ids.flatMap((id) => this.ranges.get(id) ?? []);
  }

  /** What its hits mean must be looked at anew. */
  noteChange(range: ArmedRange): void {
    this.changed.add(range);
  }

  /** Those that are armed, once. */
  takeChanged(): readonly ArmedRange[] {
    const changed = [...this.changed];
    this.changed.clear();
    return changed;
  }

  /** Who holds the range, those that follow a pointer in it included. */
  usersOf(id: WatchId): readonly Watch[] {
    const range = this.ranges.get(id);
    return range === undefined ? [] : [...range.users, ...range.followers];
  }

  take(watch: Watch, role: Role, wish: RangeWish): ArmedRange | Refusal {
    const key = keyOf(wish);
    let range = this.byKey.get(key);
    if (range === undefined) {
      const id = this.nextId++;
      const result = this.world.target.armWatch(id, wish.pieces, wish.threads, { extend: wish.extend });
      if (result.kind === 'refused') return result;
      const slots = [...result.slots.values()][0] ?? [];
      range = { id, key, pieces: wish.pieces, users: new Set(), followers: new Set(), slots };
      this.ranges.set(id, range);
      this.byKey.set(key, range);
    }
    range[role].add(watch);
    this.noteChange(range);
    return range;
  }

  /** Of all watches; the target may be another one, which has none of them. */
  releaseAll(): void {
    for (const { id, users, followers } of this.ranges.values()) {
      this.world.target.disarmWatch(id);
      for (const watch of users) {
        watch.armed = undefined;
        watch.fast = undefined;
      }
      for (const watch of followers) watch.via = undefined;
    }
    this.ranges.clear();
    this.byKey.clear();
    this.changed.clear();
  }

  release(watch: Watch, role: Role, range: ArmedRange): void {
    assert(range[role].delete(watch), 'an armed watch uses its range', { watch: watch.id });
    if (range.users.size + range.followers.size > 0) {
      this.noteChange(range);
      return;
    }
    this.ranges.delete(range.id);
    this.byKey.delete(range.key);
    this.changed.delete(range);
    this.world.target.disarmWatch(range.id);
  }
}

function keyOf({ pieces, threads, extend }: RangeWish): string {
  const where = pieces
    .map(
      ({ address, lengthBytes, access, threadPointer = '' }) => `${address},${lengthBytes},${access},${threadPointer}`,
    )
    .join(' ');
  return `${where} ${JSON.stringify(threads)}${extend ? ' extended' : ''}`;
}
