// watch-through.ts: what an expression's pointers lead to, and where those pointers lie.
//
// `p->x` means the place that `p` points at now; when `p` changes it is another place. The memory that the evaluation
// reads on its way to the value is what the place depends on: pointers, indices, whatever it is. Each such piece takes a
// slot of its own, so that a change of it is seen.

import type { EvaluationContext, MemoryReader, ProgramSymbols, Value } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';
import { hex } from '../util/hex';

export interface MemoryRange {
  readonly address: bigint;
  readonly lengthBytes: number;
}

export type ThroughLook =
  | { readonly kind: 'found'; readonly value: Value; readonly address: bigint; readonly via: readonly MemoryRange[] }
  /** It leads nowhere now; `via` is what was read up to there. */
  | { readonly kind: 'nowhere'; readonly why: string; readonly via: readonly MemoryRange[] }
  /** It has no place at all. */
  | { readonly kind: 'noPlace'; readonly value: Value };

/** Never throws for what the program's memory holds; an expression that is wrong leads nowhere, with its message. */
export function lookThrough(expression: string, context: EvaluationContext, symbols: ProgramSymbols): ThroughLook {
  const reads: MemoryRange[] = [];
  const checks: MemoryRange[] = [];
  const memory: MemoryReader = { ...noting(reads, context.memory), aside: noting(checks, context.memory) };
  let value: Value;
  try {
    value = symbols.evaluate(expression, { ...context, memory });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // What was only looked at to be sure may be what is not there yet: a vector's end.
    return { kind: 'nowhere', why: error.message, via: readable([...reads, ...checks], context.memory) };
  }
  if (value.location.kind !== 'memory') return { kind: 'noPlace', value };
  const { address } = value.location;
  const lengthBytes = Math.max(value.type.sizeBytes, 1);
  const via = readable(
    reads.filter((read) => read.address >= address + BigInt(lengthBytes) || address >= endOf(read)),
    context.memory,
  );
  if (context.memory.read(address, lengthBytes).length < lengthBytes) {
    return { kind: 'nowhere', why: `\`${expression}\` leads to ${hex(address)}, which is not mapped.`, via };
  }
  return { kind: 'found', value, address, via };
}

const noting = (noted: MemoryRange[], memory: MemoryReader): MemoryReader => ({
  read: (address, lengthBytes) => {
    noted.push({ address, lengthBytes });
    return memory.read(address, lengthBytes);
  },
});

const endOf = ({ address, lengthBytes }: MemoryRange): bigint => address + BigInt(lengthBytes);

/** Each once; those within others left out; what cannot be read depends on nothing there. */
function readable(reads: readonly MemoryRange[], memory: MemoryReader): readonly MemoryRange[] {
  const there = reads.filter(({ address, lengthBytes }) => memory.read(address, lengthBytes).length === lengthBytes);
  return there.filter(
    (read, index) =>
      !there.some((other, at) => at !== index && covers(other, read) && (at < index || !covers(read, other))),
  );
}

const covers = (outer: MemoryRange, inner: MemoryRange): boolean =>
  outer.address <= inner.address && endOf(inner) <= endOf(outer);
