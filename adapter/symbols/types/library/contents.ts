// contents.ts: what a library's type means, beneath its layout: `std::vector` and `Vec` are elements, `Rc` is what it owns.

import type { MemoryReader, TypeInfo, Value } from '../../program-symbols';

export type Contents =
  /** One behind the other, or at least found by number. */
  | {
      readonly kind: 'elements';
      readonly type: TypeInfo;
      readonly count: number;
      readonly addressOf: (index: number) => bigint;
    }
  | { readonly kind: 'text'; readonly unit: TypeInfo; readonly address: bigint; readonly count: number }
  /** Found only one after the other. `countPath` leads to the variable that counts them. */
  | {
      readonly kind: 'entries';
      readonly count: number;
      readonly countPath?: string;
      readonly walk: () => Iterable<Entry>;
    }
  /** What it wraps. `path`: how the whole's expression goes on. */
  | { readonly kind: 'inner'; readonly value: Value; readonly path: string }
  /** What it points to; `path` leads to the pointer, or to what is behind it where it ends with that. */
  | { readonly kind: 'owner'; readonly target: Value | undefined; readonly address: bigint; readonly path: string }
  | { readonly kind: 'nothing'; readonly text: string };

export interface Entry {
  readonly key?: Value;
  /** With a key: what it leads to. */
  readonly value: Value;
}

export interface LibraryType {
  readonly name: RegExp;
  readonly contents: (value: Value, memory: MemoryReader) => Contents | undefined;
}
