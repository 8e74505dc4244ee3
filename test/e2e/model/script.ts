// script.ts: what script.c does, as data; what a watch must have seen of it. The naive model of the random tests.

/** One store or load of `size` bytes. */
export interface Touch {
  readonly kind: 'w' | 'r';
  readonly size: 1 | 2 | 4 | 8;
  readonly offset: number;
  readonly value: number;
}

export type Act =
  | Touch
  /** A call of calls: `depth` deeper ones, in each of which a local is written `writes + 2` times. */
  | { readonly kind: 'c'; readonly depth: number; readonly writes: number }
  /** By so many threads at once. */
  | { readonly kind: 't'; readonly threads: number; readonly touches: readonly Touch[] };

/** A line of the program's input has always four words. */
export function lineOf(act: Act): string {
  switch (act.kind) {
    case 'c':
      return `c ${act.depth} ${act.writes} 0\n`;
    case 't':
      return `t ${act.threads} 0 0\n${act.touches.map(lineOf).join('')}e 0 0 0\n`;
    default:
      return `${act.kind} ${act.size} ${act.offset} ${act.value}\n`;
  }
}

export const TICK = 'k 0 0 0\n';

export interface Span {
  readonly offset: number;
  readonly lengthBytes: number;
}

/** How often the bytes are touched, whatever the threads' order. */
export function touches(acts: readonly Act[], kinds: readonly Touch['kind'][], span: Span): number {
  let count = 0;
  for (const act of acts) {
    if (act.kind === 'c') continue;
    if (act.kind === 't') count += act.threads * touches(act.touches, kinds, span);
    else if (kinds.includes(act.kind) && overlaps(act, span)) count++;
  }
  return count;
}

const overlaps = ({ size, offset }: Touch, span: Span): boolean =>
  offset < span.offset + span.lengthBytes && span.offset < offset + size;

/** The memory that the program writes, as it must look; only for acts without threads. */
export class Region {
  readonly bytes = new Uint8Array(64);

  /** How many of the stores leave other bytes in the span than before. */
  changes(acts: readonly Act[], span: Span): number {
    let count = 0;
    for (const act of acts) {
      if (act.kind !== 'w') continue;
      const before = this.within(span);
      this.store(act);
      if (before !== this.within(span)) count++;
    }
    return count;
  }

  copy(): Region {
    const copy = new Region();
    copy.bytes.set(this.bytes);
    return copy;
  }

  private store({ size, offset, value }: Touch): void {
    let rest = BigInt(value);
    for (let at = 0; at < size; at++, rest >>= 8n) this.bytes[offset + at] = Number(BigInt.asUintN(8, rest));
  }

  private within({ offset, lengthBytes }: Span): string {
    return this.bytes.subarray(offset, offset + lengthBytes).join();
  }
}
