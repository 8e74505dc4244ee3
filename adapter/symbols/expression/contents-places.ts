// contents-places.ts: what strings, vectors, maps and smart pointers of the standard libraries hold, as places.
//
// `v[1]`, `m[7]` and `m["anna"]` (by key), `*sp`, `sp->x`: the library's own operators are not called, what they would give is known.

import type { MemoryReader, TypeInfo, Value } from '../program-symbols';
import { contentsOf } from '../types/library/library-contents';
import type { Contents } from '../types/library/contents';
import { aside } from '../types/library/paths';
import { addressIn, integerIn, readString } from '../types/read-value';
import { isInteger, isStruct, sizeOf, strip } from '../types/strip';
import * as errors from './expression-errors';
import type { Evaluation, Operand, Place } from './operand';
import { wordsOf } from './operand';
import type { Span } from './syntax-tree';
import type { UserError } from '../../util/user-error';

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
  { count, countPath, walk }: Contents & { kind: 'entries' },
  index: bigint,
  node: Span,
): Place {
  const { isImagined } = evaluation.context.memory;
  if (isImagined === true) throw foundOnlyRunning(evaluation, countPath, node);
  let number = 0n;
  for (const { key, value } of walk()) {
    const own = key !== undefined && isInteger(key.type) ? integerIn(key) : number;
    if (own === index) return placeOf(value);
    number++;
  }
  throw errors.notHeld(wordsOf(evaluation, node), index, count, node);
}

/** `scores["anna"]`: what a map has at a key that is a text; undefined where the operand is no such map. */
export function entryWithText(
  evaluation: Evaluation,
  operand: Operand,
  bytes: readonly number[],
  node: Span & { readonly object: Span },
): Place | undefined {
  // Where the entry is does not depend on the others any more, once it is found: their keys need not be watched.
  const memory = aside(evaluation.context.memory);
  const still = { ...evaluation, context: { ...evaluation.context, memory } };
  const contents = operand.kind === 'place' ? contentsAt(still, operand) : undefined;
  if (contents?.kind !== 'entries') return undefined;
  if (memory.isImagined === true) throw foundOnlyRunning(evaluation, contents.countPath, node.object);
  for (const { key, value } of contents.walk()) {
    if (key === undefined) return undefined;
    const text = textBytes(key, memory, bytes.length + 1);
    if (text?.length === bytes.length && bytes.every((byte, at) => text[at] === byte)) return placeOf(value);
  }
  const words = String.fromCharCode(...bytes);
  throw errors.notHeld(wordsOf(evaluation, node), JSON.stringify(words), contents.count, node);
}

function foundOnlyRunning(evaluation: Evaluation, countPath: string | undefined, node: Span): UserError {
  const words = wordsOf(evaluation, node);
  return errors.foundOnlyRunning(words, countPath === undefined ? undefined : `${words}.${countPath}`, node);
}

/** What a library's string, or a pointer to characters, holds; at most so many bytes. */
function textBytes(key: Value, memory: MemoryReader, limit: number): Uint8Array | undefined {
  const contents = contentsOf(key, memory);
  if (contents?.kind === 'text') return memory.read(contents.address, Math.min(contents.count, limit));
  const type = strip(key.type);
  if (type.kind !== 'pointer' || type.target === undefined || sizeOf(type.target) !== 1) return undefined;
  return readString(addressIn(key), memory, limit).bytes;
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
