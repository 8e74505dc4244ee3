// value-history.ts: the values that `print` has shown, by number, as gdb keeps them.
//
// `$1` is the first, `$` the last, `$$` the one before, `$$3` three before the last. A value stays what it was.

import type { Value } from '../../symbols/program-symbols';
import { matchGroups } from '../../util/match-groups';

/** Older ones are forgotten. */
const MOST_KEPT = 1000;

export class ValueHistory {
  private readonly kept = new Map<number, Value>();
  private count = 0;

  /** Its number. */
  add(value: Value): number {
    this.kept.set(++this.count, value);
    this.kept.delete(this.count - MOST_KEPT);
    return this.count;
  }

  /** The values that the text may name, by name without the first `$`. */
  namedIn(text: string): readonly (readonly [string, Value])[] {
    const names = [...text.matchAll(/\$(\$?\d+|\$|(?![A-Za-z_]))/g)].map((match) => matchGroups(match)[1] ?? '');
    return names.flatMap((name) => {
      const value = this.kept.get(this.numberOf(name));
      return [[name, value ?? missing(name)] as const];
    });
  }

  private numberOf(name: string): number {
    if (!name.startsWith('$')) return name === '' ? this.count : Number(name);
    return this.count - (name === '$' ? 1 : Number(name.slice(1)));
  }
}

function missing(name: string): Value {
  const error = `no value with ${name === '' || name.startsWith('$') ? 'that place' : 'that number'} has been printed yet`;
  const type = { kind: 'void', name: 'void', sizeBytes: 0 } as const;
  return { type, location: { kind: 'optimizedOut', why: error }, bytes: new Uint8Array(0), error };
}
