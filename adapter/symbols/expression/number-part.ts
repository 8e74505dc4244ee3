// number-part.ts: what a part of an expression is while it becomes a tree over numbers (number-tree.ts): a number, or a
// place whose number is not read yet.

import type { NumberCode, NumberOperator, NumberType } from '../../judging/number-code';
import type { TypeInfo } from '../program-symbols';
import type { BitRange } from '../types/read-value';
import { isFloat, isInteger, isPointer, isSigned, sizeOf } from '../types/strip';
import { scalar } from './operand';
import type { Scalar } from './operand';

/** A number: its type in C, and how it is had. Integers of less than four bytes are extended to i32. */
export interface NumberPart {
  readonly kind: 'number';
  readonly type: TypeInfo;
  readonly promotesToInt?: boolean;
  readonly code: NumberCode;
}

/** As operand.ts has it; the bits count from where it begins. */
export interface PlacePart extends BitRange {
  readonly kind: 'place';
  readonly type: TypeInfo;
  readonly at: PartPlace;
}

export type Part = NumberPart | PlacePart;

export type PartPlace =
  /** Memory that is known to be there. */
  | { readonly kind: 'memory'; readonly address: number }
  /** Memory at an address, an i64. */
  | { readonly kind: 'at'; readonly address: NumberCode }
  | { readonly kind: 'register'; readonly register: number }
  /** So many bytes into what is watched, whose parts are so long. */
  | {
      readonly kind: 'watched';
      readonly when: 'before' | 'now';
      readonly parts: readonly number[];
      readonly offset: number;
    };

/** In what a value of the type is computed; undefined where it is no number of up to eight bytes. */
export function numberTypeOf(type: TypeInfo): NumberType | undefined {
  const size = sizeOf(type);
  if (isFloat(type)) return size === 4 ? 'f32' : size === 8 ? 'f64' : undefined;
  if ((!isInteger(type) && !isPointer(type)) || ![1, 2, 4, 8].includes(size)) return undefined;
  return size === 8 ? 'i64' : 'i32';
}

/** Of which only the type counts, as conversions.ts wants it. */
export function typeScalar({ type, promotesToInt }: NumberPart): Scalar {
  const typed = scalar(type, 0n);
  return promotesToInt === true ? { ...typed, promotesToInt: true } : typed;
}

export const numberPart = (type: TypeInfo, code: NumberCode): NumberPart => ({ kind: 'number', type, code });

export const constant = (type: NumberType, value: number | bigint): NumberCode => ({ kind: 'constant', type, value });

export function operation(
  operator: NumberOperator,
  type: 'i32' | 'i64',
  left: NumberCode,
  right: NumberCode,
  signed = false,
): NumberCode {
  return { kind: 'arithmetic', operator, type, signed, left, right };
}

export function sum(address: NumberCode, bytes: bigint): NumberCode {
  if (bytes === 0n) return address;
  if (address.kind === 'constant') return constant('i64', BigInt.asUintN(64, BigInt(address.value) + bytes));
  return operation('add', 'i64', address, constant('i64', BigInt.asIntN(64, bytes)));
}

/** Can computing it have no result? */
export function mayFail(code: NumberCode): boolean {
  switch (code.kind) {
    case 'constant':
    case 'hits':
    case 'thread':
      return false;
    case 'load':
      return code.from.kind === 'at';
    case 'bounded':
      return true;
    case 'conversion':
      return (code.from === 'f64' && code.to === 'i64') || mayFail(code.value);
    case 'arithmetic':
      return code.operator === 'div' || code.operator === 'rem' || mayFail(code.left) || mayFail(code.right);
    case 'comparison':
    case 'both':
    case 'either':
      return mayFail(code.left) || mayFail(code.right);
    case 'choice':
      return mayFail(code.test) || mayFail(code.yes) || mayFail(code.no);
  }
}

/** Values of both are computed alike, whatever else they are. */
export function isSameNumber(one: TypeInfo, other: TypeInfo): boolean {
  return numberTypeOf(one) === numberTypeOf(other) && isSigned(one) === isSigned(other);
}
