// die-tree.ts: which entry of a unit is whose child, by number, in typed arrays.
//
// Entries refer to others by offset and know no parent; scopes and qualified names need one. One walk over the unit
// (about 20 million entries a second) gives every entry its offset, tag, parent and the end of its subtree.

import { stepOver, ulebAt, ulebEnd, type AbbreviationTable } from './abbreviations';
import type { FormSizes } from './forms';

export class DieTree {
  /** Sorted offsets in the section. */
  #offsets = new Uint32Array(256);
  #tags = new Uint16Array(256);
  #parents = new Int32Array(256);
  /** Number behind the last descendant. */
  #ends = new Uint32Array(256);
  #count = 0;

  /** Walks [first, end) of the section. A unit that is cut short keeps the entries before the cut. */
  constructor(bytes: Uint8Array, first: number, end: number, table: AbbreviationTable, sizes: FormSizes) {
    const inside = bytes.subarray(0, end);
    let at = first;
    let parent = -1;
    while (at < end) {
      const offset = at;
      const code = ulebAt(inside, at);
      at = ulebEnd(inside, at);
      if (code === 0) {
        if (parent < 0) break;
        this.#ends[parent] = this.#count;
        parent = this.#parents[parent];
        if (parent < 0) break;
        continue;
      }
      const abbreviation = table.get(code);
      at = stepOver(inside, at, abbreviation.plan, sizes);
      const index = this.#add(offset, abbreviation.tag, parent);
      if (abbreviation.hasChildren) parent = index;
      else if (parent < 0) break;
    }
    for (; parent >= 0; parent = this.#parents[parent]) this.#ends[parent] = this.#count;
  }

  get count(): number {
    return this.#count;
  }

  offset(index: number): number {
    return this.#offsets[index];
  }

  tag(index: number): number {
    return this.#tags[index];
  }

  /** -1 for the root. */
  parent(index: number): number {
    return this.#parents[index];
  }

  /** Number behind the last descendant of the entry. */
  end(index: number): number {
    return this.#ends[index];
  }

  children(index: number): number[] {
    const children: number[] = [];
    for (let child = index + 1; child < this.#ends[index]; child = this.#ends[child]) children.push(child);
    return children;
  }

  /** -1 where no entry starts at the offset. */
  indexOf(offset: number): number {
    let low = 0;
    let high = this.#count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#offsets[middle];
      if (found === offset) return middle;
      if (found < offset) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #add(offset: number, tag: number, parent: number): number {
    if (this.#count === this.#offsets.length) this.#grow();
    const index = this.#count++;
    this.#offsets[index] = offset;
    this.#tags[index] = tag;
    this.#parents[index] = parent;
    this.#ends[index] = index + 1;
    return index;
  }

  #grow(): void {
    const size = this.#offsets.length * 2;
    const grown = <T extends { set(from: T): void }>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#offsets = grown(this.#offsets, new Uint32Array(size));
    this.#tags = grown(this.#tags, new Uint16Array(size));
    this.#parents = grown(this.#parents, new Int32Array(size));
    this.#ends = grown(this.#ends, new Uint32Array(size));
  }
}
