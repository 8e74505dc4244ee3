// contents-places.ts: what strings, vectors, maps and smart pointers of the standard libraries hold, as places.
//
// `v[1]`, `m[7]` (by key), `*sp`, `sp->x`: the library's own operators are not called, what they would give is known.

import type { TypeInfo, Value } from '../program-symbols';
import { contentsOf } from '../types/library/library-contents';
import type { Contents } from '../types/library/contents';
import { integerIn } from '../types/read-value';
import { isInteger, isStruct, sizeOf, strip } from '../types/strip';
import * as errors from './expression-errors';
import type { Evaluation, Place } from './operand';
import { wordsOf } from './operand';
import type { Span } from './syntax-tree';

/** What a smart pointer leads to; undefined where the place is none, or null. */
export function ownedBy(evaluation: Evaluation, place: Place, node: Span): Place | undefined {
  const contents = contentsAt(evaluation, place);
  if (contents?.kind === 'inner') return placeOf(contents.value);
  if (contents?.kind !== 'owner') return undefined;
  if (contents.target === undefined) throw errors.emptyOwner(wordsOf(evaluation, node), place.type.name, node);
  return placeOf(contents.target);
}

/** The element of that number, or with that key; undefined where the place holds no elements. */
export function elementHeld(evaluation: Evaluation, place: Place, index: bigint, node: Span): Place | undefined {
  const contents = contentsAt(evaluation, place);
  switch (contents?.kind) {
    case undefined:
    case 'nothing':
      return undefined;
    case 'inner':
      return elementOfInner(evaluation, contents.value, index, node);
    case 'owner': {
      if (contents.target === undefined) return undefined;
      const { type } = contents.target;
      return memoryPlace(type, contents.address + index * BigInt(sizeOf(type)));
    }
    case 'elements':
      checkRange(evaluation, contents.count, index, node);
      return memoryPlace(contents.type, contents.addressOf(Number(index)));
    case 'text':
      checkRange(evaluation, contents.count, index, node);
      return memoryPlace(contents.unit, contents.address + index * BigInt(Math.max(1, sizeOf(contents.unit))));
    case 'entries':
      return entryHeld(evaluation, contents, index, node);
  }
}

function elementOfInner(evaluation: Evaluation, value: Value, index: bigint, node: Span): Place | undefined {
  const inner = placeOf(value);
  const type = strip(value.type);
  const { target, dimensions = [] } = type;
  if (type.kind !== 'array' || target === undefined || dimensions.length !== 1) {
    return elementHeld(evaluation, inner, index, node);
  }
  if (inner.location.kind !== 'memory') return undefined;
  return memoryPlace(target, inner.location.address + index * BigInt(sizeOf(target)));
}

function entryHeld(
  evaluation: Evaluation,
  { count, walk }: Contents & { kind: 'entries' },
  index: bigint,
  node: Span,
): Place {
  const { isImagined } = evaluation.context.memory;
  if (isImagined === true) throw errors.foundOnlyRunning(wordsOf(evaluation, node), node);
  let number = 0n;
  for (const { key, value } of walk()) {
    const own = key !== undefined && isInteger(key.type) ? integerIn(key) : number;
    if (own === index) return placeOf(value);
    number++;
  }
  throw errors.notHeld(wordsOf(evaluation, node), index, count, node);
}

function checkRange(evaluation: Evaluation, count: number, index: bigint, node: Span): void {
  if (evaluation.context.memory.isImagined === true) return;
  if (index < 0n || index >= BigInt(count)) throw errors.notHeld(wordsOf(evaluation, node), index, count, node);
}

function contentsAt({ context }: Evaluation, place: Place): Contents | undefined {
  if (!isStruct(place.type)) return undefined;
  // Not read as a whole: a watch depends on all that is read on the way to its place.
  return contentsOf({ type: place.type, location: place.location, bytes: new Uint8Array(0) }, context.memory);
}

const placeOf = ({ type, location, bitOffset, bitSize }: Value): Place => ({
  kind: 'place',
  type,
  location,
  ...(bitSize === undefined ? {} : { bitOffset: bitOffset ?? 0, bitSize }),
});

const memoryPlace = (type: TypeInfo, address: bigint): Place => ({
  kind: 'place',
  type,
  location: { kind: 'memory', address: BigInt.asUintN(64, address) },
});
