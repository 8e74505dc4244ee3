// places.ts: from one place to another: members, elements, slices, pointees, addresses.

import type { TypeInfo } from '../program-symbols';
import { arrayOf, elementType, pointerTo } from '../types/base-types';
import { findMember, memberNames } from '../types/find-member';
import { lastPart } from '../types/qualified-name';
import { partOf } from '../types/read-value';
import { elementHeld, ownedBy } from './contents-places';
import { followVirtual, wayToVirtual } from '../types/virtual-bases';
import { isPointer, isStruct, sizeOf, strip } from '../types/strip';
import { registerName } from './registers.table';
import * as errors from './expression-errors';
import type { Evaluation, Operand, Place, Scalar } from './operand';
import { load, readPlace, scalar, scalarOf, wordsOf } from './operand';
import type { Expression, Span } from './syntax-tree';

const MAX_ELEMENTS = 1 << 24;

export const memoryPlace = (type: TypeInfo, address: bigint): Place => ({
  kind: 'place',
  type,
  location: { kind: 'memory', address: BigInt.asUintN(64, address) },
});

/** References stand for what they refer to. */
export function settle(evaluation: Evaluation, place: Place, node: Span): Place {
  const type = strip(place.type);
  if (type.kind !== 'reference' || type.target === undefined) return place;
  const address = scalarOf(readPlace(evaluation, place, node), node).value;
  return memoryPlace(type.target, typeof address === 'bigint' ? address : 0n);
}

/** `*pointer`. */
export function dereference(evaluation: Evaluation, operand: Operand, node: Span): Place {
  const type = strip(operand.type);
  if (operand.kind === 'place' && type.kind === 'function') return operand;
  const words = wordsOf(evaluation, node);
  const owned = operand.kind === 'place' ? ownedBy(evaluation, operand, node) : undefined;
  if (owned !== undefined) return owned;
  if (!isPointer(type) && type.kind !== 'array') throw errors.notAPointer(words, operand.type.name, node);
  const pointer = load(evaluation, operand, node);
  const target = strip(pointer.type).target;
  if (target === undefined || strip(target).kind === 'void') throw errors.voidDereference(words, node);
  return memoryPlace(target, addressOfScalar(pointer));
}

const addressOfScalar = (pointer: Scalar): bigint =>
  typeof pointer.value === 'bigint' ? pointer.value : BigInt(Math.trunc(pointer.value));

/** `object.name`, `object->name`; either works on a struct and on a pointer to one, as in gdb. */
export function memberOf(
  evaluation: Evaluation,
  object: Operand,
  node: Extract<Expression, { kind: 'member' }>,
): Place {
  const place = structPlace(evaluation, object, node.object);
  // A base class by its whole name; `Base::member` names the class too.
  const name = lastPart(node.name);
  const member = findMember(place.type, node.name) ?? findMember(place.type, name);
  if (member === undefined) {
    const inherited = virtualBaseWith(evaluation, place, name, node);
    if (inherited !== undefined) return inherited;
    const owned = ownedBy(evaluation, place, node.object);
    if (owned !== undefined && isStruct(owned.type)) return memberOf(evaluation, owned, node);
    const type = strip(place.type);
    if (type.members === undefined && type.sizeBytes === 0) throw errors.incompleteType(type.name, node.object);
    throw errors.noSuchMember(type.name, name, memberNames(type), node.nameSpan);
  }
  const part = partOf(place, member.offsetBytes, member.type, member);
  return settle(evaluation, { kind: 'place', type: member.type, ...part }, node);
}

/** A member of a virtual base, or that base itself. */
function virtualBaseWith(
  evaluation: Evaluation,
  { type, location }: Place,
  name: string,
  node: Extract<Expression, { kind: 'member' }>,
): Place | undefined {
  const way = wayToVirtual(type, name);
  if (way === undefined) return undefined;
  const { memory } = evaluation.context;
  const address = location.kind === 'memory' ? followVirtual(way, location.address, memory) : undefined;
  if (address === undefined) throw errors.notConstructed(wordsOf(evaluation, node), node);
  const base = memoryPlace(way.type, address);
  return findMember(way.type, name) === undefined ? base : memberOf(evaluation, base, node);
}

function structPlace(evaluation: Evaluation, object: Operand, node: Expression): Place {
  if (object.kind === 'place' && isStruct(object.type)) return object;
  const target = isPointer(object.type) ? strip(object.type).target : undefined;
  if (target === undefined || !isStruct(target)) {
    throw errors.notAStruct(wordsOf(evaluation, node), object.type.name, node);
  }
  return dereference(evaluation, object, node);
}

/** `object[index]`. */
export function elementOf(evaluation: Evaluation, object: Operand, index: bigint, node: ElementNode): Place {
  const type = strip(object.type);
  if (object.kind === 'place' && type.kind === 'array') {
    const element = elementType(type);
    const part = partOf(object, Number(index) * sizeOf(element), element);
    return settle(evaluation, { kind: 'place', type: element, ...part }, node);
  }
  if (!isPointer(type)) {
    const held = object.kind === 'place' ? elementHeld(evaluation, object, index, node.object) : undefined;
    if (held !== undefined) return settle(evaluation, held, node);
    throw errors.notIndexable(wordsOf(evaluation, node.object), object.type.name, node.object);
  }
  const first = dereference(evaluation, object, node.object);
  const size = sizeOf(first.type);
  if (size === 0) throw errors.incompleteType(first.type.name, node.object);
  const base = first.location.kind === 'memory' ? first.location.address : 0n;
  return settle(evaluation, memoryPlace(first.type, base + index * BigInt(size)), node);
}

type ElementNode = Extract<Expression, { kind: 'index' | 'slice' }>;

/** `object[from..to]`: an array of its own, with the elements' place. */
export function sliceOf(
  evaluation: Evaluation,
  object: Operand,
  ends: { readonly from: bigint | undefined; readonly to: bigint | undefined },
  node: Extract<Expression, { kind: 'slice' }>,
): Place {
  const type = strip(object.type);
  const length = type.kind === 'array' ? type.dimensions?.[0] : undefined;
  const from = ends.from ?? 0n;
  const words = wordsOf(evaluation, node);
  const end = ends.to ?? (length === undefined ? undefined : BigInt(length));
  if (end === undefined) throw errors.badSlice(words, 'a pointer has no end of its own', node);
  const count = end - from + (node.inclusive && ends.to !== undefined ? 1n : 0n);
  if (count <= 0n) throw errors.badSlice(words, 'it holds no element', node);
  if (count > MAX_ELEMENTS) throw errors.badSlice(words, `it holds ${count} elements`, node);
  return arrayAt(elementOf(evaluation, object, from, node), Number(count));
}

/** gdb's `first@count`. */
export function repeated(evaluation: Evaluation, first: Operand, count: Scalar, node: BinaryNode): Place {
  const wanted = count.value;
  if (typeof wanted !== 'bigint' || wanted <= 0n || wanted > MAX_ELEMENTS) {
    throw errors.badCount(wordsOf(evaluation, node.right), node.right);
  }
  if (first.kind === 'scalar' || first.location.kind !== 'memory') {
    throw errors.noAddress(wordsOf(evaluation, node.left), 'only what is in memory has neighbours', node.left);
  }
  return arrayAt(first, Number(wanted));
}

type BinaryNode = Extract<Expression, { kind: 'binary' }>;

function arrayAt(first: Place, count: number): Place {
  const element = strip(first.type);
  const type =
    element.kind === 'array'
      ? arrayOf(element.target ?? first.type, count, ...(element.dimensions ?? []))
      : arrayOf(first.type, count);
  return { kind: 'place', type, location: first.location };
}

/** `&operand`. */
export function addressOfOperand(evaluation: Evaluation, operand: Operand, node: Span): Scalar {
  const words = wordsOf(evaluation, node);
  if (operand.kind === 'scalar') throw errors.noAddress(words, 'it is computed, not stored', node);
  if (operand.bitSize !== undefined && operand.location.kind === 'memory') {
    throw errors.noAddress(words, 'it is a bit-field, which shares its bytes with others', node);
  }
  const { location } = operand;
  switch (location.kind) {
    case 'memory':
      return scalar(pointerTo(operand.type), location.address);
    case 'register':
      throw errors.noAddress(words, `it lives in register ${registerName(location.dwarfNumber)}`, node);
    case 'value':
    case 'pieces':
      throw errors.noAddress(words, 'it is computed, not stored', node);
    case 'optimizedOut':
      throw errors.noAddress(words, `it was optimized out (${location.why})`, node);
  }
}
