// editor-changes.ts: what a person changed in a watch of the editor's list, kept while the editor repeats its list.
//
// The protocol's list knows no mode and no threads, and repeats whatever it said. A change belongs to what the editor
// wished (its `dataId` and access); it lasts until the editor itself says something else of the same thing.

import type { Watch, WatchWish } from './watch';

/** Undefined takes away. */
export type WishChange = Partial<Pick<WatchWish, 'access' | 'mode' | 'threads' | 'disabled' | 'extend'>> & {
  readonly [K in 'condition' | 'hitCondition' | 'logMessage']?: string | undefined;
};

type Field = 'access' | 'mode' | 'threads' | 'condition' | 'hitCondition' | 'logMessage' | 'disabled' | 'extend';

interface Kept {
  /** What the editor said of it when it was changed. */
  readonly base: unknown;
  readonly value: unknown;
}

const FIELDS: readonly Field[] = [
  ...(['access', 'mode', 'threads', 'condition', 'hitCondition', 'logMessage', 'disabled', 'extend'] as const),
];

export class EditorChanges {
  private readonly kept = new Map<string, Map<Field, Kept>>();
  private readonly wished = new WeakMap<Watch, WatchWish>();

  /** The editor's wish with the changes that still hold. */
  apply(wish: WatchWish): WatchWish {
    const changes = this.kept.get(keyOf(wish));
    if (changes === undefined) return wish;
    for (const [field, { base }] of changes) if (!isSame(base, wish[field])) changes.delete(field);
    return changed(wish, Object.fromEntries([...changes].map(([field, { value }]) => [field, value])));
  }

  /** The watch has come from that wish of the editor's. */
  belongs(watch: Watch, wish: WatchWish): void {
    this.wished.set(watch, wish);
  }

  /** A change of the watch; of one that is no editor's nothing is kept. */
  keep(watch: Watch, change: WishChange): void {
    const wish = this.wished.get(watch);
    if (wish === undefined) return;
    const changes = this.kept.get(keyOf(wish)) ?? new Map<Field, Kept>();
    for (const field of FIELDS) {
      if (field in change) changes.set(field, { base: wish[field], value: change[field] });
    }
    this.kept.set(keyOf(wish), changes);
  }

  /** The watch was removed: what comes again with its id is new. */
  forget(watch: Watch): void {
    const wish = this.wished.get(watch);
    if (wish !== undefined) this.kept.delete(keyOf(wish));
  }
}

/** The wish with the change in it; what is undefined there is taken away. */
export function changed(wish: WatchWish, change: WishChange): WatchWish {
  const { condition, hitCondition, logMessage, ...rest } = { ...wish, ...change };
  return {
    ...rest,
    ...(condition === undefined ? {} : { condition }),
    ...(hitCondition === undefined ? {} : { hitCondition }),
    ...(logMessage === undefined ? {} : { logMessage }),
  };
}

const keyOf = ({ key, access }: WatchWish): string => `${access} ${key}`;

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
