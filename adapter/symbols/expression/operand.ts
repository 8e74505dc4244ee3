// operand.ts: what the parts of an expression come to while it is evaluated.
//
// A place is not read until its value is needed: `&x`, `sizeof x` and `big.member` never read x. A scalar is a
// number with its type. Both become a Value at the end.

import type { TypeInfo, Value, ValueLocation } from '../program-symbols';
import { elementType, pointerTo } from '../types/base-types';
import { memberNames } from '../types/find-member';
import { floatFormatOf, floatToNumber, numberToFloat } from '../types/floats';
import { bytesToInteger, integerToBytes } from '../types/integers';
import type { BitRange } from '../types/read-value';
import { readValue, scalarBytes } from '../types/read-value';
import { isAggregate, isComplex, isFloat, isSigned, sizeOf, strip } from '../types/strip';
import * as errors from './expression-errors';
import type { ExpressionContext } from './symbol-scope';
import type { Expression, Span } from './syntax-tree';

/** Something with a place (an lvalue, or an aggregate that has none to be written to). */
export interface Place extends BitRange {
  readonly kind: 'place';
  readonly type: TypeInfo;
  readonly location: ValueLocation;
}

/** A number: bigint for integers, enumerations and pointers, number for floats. */
export interface Scalar {
  readonly kind: 'scalar';
  readonly type: TypeInfo;
  readonly value: bigint | number;
  /** Takes part in arithmetic as an int, whatever its type: enumerators, narrow bit-fields. */
  readonly promotesToInt?: boolean;
}

export type Operand = Place | Scalar;

/** What evaluation carries through the tree. */
export interface Evaluation {
  readonly text: string;
  readonly context: ExpressionContext;
}

export const scalar = (type: TypeInfo, value: bigint | number): Scalar => ({ kind: 'scalar', type, value });

/** The expression's own words, for messages. */
export const wordsOf = (evaluation: Evaluation, span: Span): string => evaluation.text.slice(span.start, span.end);

/** The value of a place; throws where it cannot be had. `node` is named in the message. */
export function readPlace(evaluation: Evaluation, place: Place, node: Span): Value {
  const value = readValue(place.type, place.location, evaluation.context, place);
  if (value.error === undefined) return value;
  throw readingFailed(evaluation, place, value.error, node);
}

function readingFailed(evaluation: Evaluation, place: Place, why: string, node: Span): Error {
  const words = wordsOf(evaluation, node);
  if (place.location.kind === 'memory') {
    const at = /0x[0-9a-f]+$/.exec(why)?.[0];
    return errors.unreadable(words, at === undefined ? place.location.address : BigInt(at), node);
  }
  if (place.location.kind === 'optimizedOut') {
    return errors.unavailable(words, `it was optimized out (${place.location.why})`, node);
  }
  return errors.unavailable(words, why, node);
}

/** The number that an operand holds; arrays and functions give their address. */
export function load(evaluation: Evaluation, operand: Operand, node: Span): Scalar {
  if (operand.kind === 'scalar') return operand;
  const type = strip(operand.type);
  switch (type.kind) {
    case 'array':
    case 'function':
      return decay(evaluation, operand, node);
    case 'unknown':
      throw errors.noTypeInformation(wordsOf(evaluation, node), node);
    case 'void':
      throw errors.voidValue(wordsOf(evaluation, node), node);
    case 'struct':
    case 'class':
    case 'union':
      throw errors.notANumber(wordsOf(evaluation, node), operand.type.name, memberNames(type), node);
    case 'base':
    case 'pointer':
    case 'enum':
    case 'reference':
    case 'typedef':
    case 'const':
    case 'volatile':
      return scalarOf(readPlace(evaluation, operand, node), node);
  }
}

/** The number in a value that was read. */
export function scalarOf(value: Value, node: Span): Scalar {
  const type = strip(value.type);
  const bytes = scalarBytes(value);
  if (isComplex(type)) throw errors.badOperand('_Complex arithmetic', value.type.name, node);
  if (isFloat(type)) {
    const format = floatFormatOf(type);
    if (format === undefined) throw errors.badOperand('arithmetic', value.type.name, node);
    return scalar(value.type, floatToNumber(bytes, format));
  }
  const number = scalar(value.type, bytesToInteger(bytes, isSigned(type)));
  return isNarrowField(value) ? { ...number, promotesToInt: true } : number;
}

/** A bit-field whose values all fit an int takes part in arithmetic as one. */
export function isNarrowField({ type, bitSize }: BitRange & { readonly type: TypeInfo }): boolean {
  return bitSize !== undefined && sizeOf(type) <= 4 && (bitSize < 32 || isSigned(type));
}

/** A stand-in for an operand of which only the type counts. */
export function typeOnly(operand: Operand): Scalar {
  const type = strip(operand.type);
  if (operand.kind === 'scalar') return operand;
  if (type.kind === 'array') return scalar(pointerTo(elementType(type)), 0n);
  return { ...scalar(operand.type, isFloat(type) ? 0 : 0n), promotesToInt: isNarrowField(operand) };
}

/** An array's first element's address, a function's entry. */
function decay(evaluation: Evaluation, place: Place, node: Span): Scalar {
  const type = strip(place.type);
  if (place.location.kind !== 'memory') {
    throw errors.noAddress(wordsOf(evaluation, node), 'it is not in memory', node);
  }
  const target = type.kind === 'array' ? elementType(type) : place.type;
  return scalar(pointerTo(target), place.location.address);
}

/** Whether an operand's value is a number once arrays and functions have become addresses. */
export const isScalarLike = (operand: Operand): boolean =>
  operand.kind === 'scalar' || !isAggregate(operand.type) || strip(operand.type).kind === 'array';

/** The bytes of a scalar in its own type. */
export function bytesOfScalar(operand: Scalar): Uint8Array {
  const type = strip(operand.type);
  if (typeof operand.value === 'bigint') return integerToBytes(operand.value, Math.max(type.sizeBytes, 1));
  const format = floatFormatOf(type);
  return format === undefined ? new Uint8Array(0) : numberToFloat(operand.value, format, type.sizeBytes);
}

/** The final value; throws where it cannot be read. */
export function toValue(evaluation: Evaluation, operand: Operand, node: Expression): Value {
  if (operand.kind === 'scalar') {
    const bytes = bytesOfScalar(operand);
    return { type: operand.type, location: { kind: 'value', bytes }, bytes };
  }
  if (strip(operand.type).kind === 'void') throw errors.voidValue(wordsOf(evaluation, node), node);
  return readPlace(evaluation, operand, node);
}

/** The value with its place; where it cannot be read, `error` says why. */
export function locateOperand(evaluation: Evaluation, operand: Operand, node: Expression): Value {
  if (operand.kind === 'scalar') return toValue(evaluation, operand, node);
  return readValue(operand.type, operand.location, evaluation.context, operand);
}
