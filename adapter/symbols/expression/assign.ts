// assign.ts: `x = y`, `x += y`, `x++`: converts, and hands the bytes to the context's `write`.

import type { TypeInfo, ValueLocation } from '../program-symbols';
import { bytesToInteger, insertBits } from '../types/integers';
import { storageBytes } from '../types/read-value';
import { isCharacter, isFloat, isInteger, isPointer, isSigned, isStruct, sizeOf, strip } from '../types/strip';
import { convert } from './conversions';
import * as errors from './expression-errors';
import type { Evaluation, Operand, Place } from './operand';
import { bytesOfScalar, load, readPlace, wordsOf } from './operand';
import type { Expression } from './syntax-tree';

/** Writes `right` into `left` and gives the place back. */
export function assign(
  evaluation: Evaluation,
  left: Operand,
  right: Operand,
  node: { readonly left: Expression; readonly right: Expression },
): Place {
  const { write } = evaluation.context;
  const words = wordsOf(evaluation, node.left);
  if (write === undefined) throw errors.assignmentNotAllowed(node.left);
  if (left.kind === 'scalar') throw errors.notAssignable(words, 'it is computed, not stored', node.left);
  const obstacle = obstacleTo(left.location);
  if (obstacle !== undefined) throw errors.notAssignable(words, obstacle, node.left);
  const bytes = newBytes(evaluation, left, right, node);
  write(left.location, left.bitSize === undefined ? bytes : withBits(evaluation, left, bytes, node.left));
  return left;
}

function obstacleTo(location: ValueLocation): string | undefined {
  switch (location.kind) {
    case 'memory':
    case 'register':
      return undefined;
    case 'value':
      return 'it is computed, not stored';
    case 'pieces':
      return 'it lives in several pieces';
    case 'optimizedOut':
      return `it was optimized out (${location.why})`;
  }
}

/** The right side as bytes of the left side's type. */
function newBytes(
  evaluation: Evaluation,
  left: Place,
  right: Operand,
  node: { readonly left: Expression; readonly right: Expression },
): Uint8Array {
  const type = strip(left.type);
  if (isInteger(type) || isFloat(type) || isPointer(type)) {
    const exact = sameFloatBytes(evaluation, type, right, node.right);
    return exact ?? bytesOfScalar(convert(load(evaluation, right, node.right), type));
  }
  const size = sizeOf(type);
  const isText = type.kind === 'array' && isCharacter(type.target ?? type);
  if (isText && node.right.kind === 'string' && node.right.bytes.length <= size) {
    const room = new Uint8Array(size);
    room.set(node.right.bytes);
    return room;
  }
  const whole = right.kind === 'place' && sizeOf(right.type) === size && isSameAggregate(type, strip(right.type));
  if (!whole) throw errors.badOperands('=', left.type.name, right.type.name, node.left);
  const { bytes } = readPlace(evaluation, right, node.right);
  if (bytes.length < size)
    throw errors.notAssignable(wordsOf(evaluation, node.left), 'it is too big to be copied', node.left);
  return bytes;
}

const isSameAggregate = (a: TypeInfo, b: TypeInfo): boolean => a.kind === b.kind && a.name === b.name && size(a) > 0;

const size = (type: TypeInfo): number => (isStruct(type) || type.kind === 'array' ? type.sizeBytes : 0);

/** A float of the same layout is copied as it is: long double loses nothing. */
function sameFloatBytes(
  evaluation: Evaluation,
  type: TypeInfo,
  right: Operand,
  node: Expression,
): Uint8Array | undefined {
  const same = right.kind === 'place' && isFloat(type) && isFloat(right.type) && strip(right.type).name === type.name;
  return same ? readPlace(evaluation, right, node).bytes : undefined;
}

/** The storage of a bit-field with the new value in it. */
function withBits(evaluation: Evaluation, left: Place, value: Uint8Array, node: Expression): Uint8Array {
  const storage = readPlace(evaluation, left, node).bytes.slice(0, storageBytes(left.type, left));
  const number = bytesToInteger(value, isSigned(left.type));
  return insertBits(storage, left.bitOffset ?? 0, left.bitSize ?? 0, number);
}
