// number-wide.ts: comparisons of integers of 16 bytes in a tree over numbers, which knows only eight: half by half.
//
// Both halves are always computed: where either has no result, or the other side has none, neither has the comparison.
// Truth: conversions.ts, whose common type decides the sign.

import type { NumberCode, NumberComparison } from '../../judging/number-code';
import type { TypeInfo } from '../program-symbols';
import { LONG, UNSIGNED_LONG } from '../types/base-types';
import { isInteger, isSigned, sizeOf } from '../types/strip';
import { commonType } from './conversions';
import { converted } from './number-conversion';
import { constant, operation } from './number-part';
import type { Part } from './number-part';
import { numberOf, partOf } from './number-places';
import { scalar } from './operand';

const WIDE_BYTES = 16;
const HALF_BYTES = 8;

interface Halves {
  readonly low: NumberCode;
  readonly high: NumberCode;
}

export const isWide = (type: TypeInfo): boolean => isInteger(type) && sizeOf(type) === WIDE_BYTES;

/** i32, 0 or 1. Undefined where a side is no integer. */
export function wideComparison(operator: NumberComparison, left: Part, right: Part): NumberCode | undefined {
  const [a, b] = [halvesOf(left), halvesOf(right)];
  if (a === undefined || b === undefined) return undefined;
  const signed = isSigned(commonType(scalar(left.type, 0n), scalar(right.type, 0n)));
  const high = (by: NumberComparison): NumberCode => compared(by, a.high, b.high, signed);
  const low = compared(operator, a.low, b.low, false);
  const ordered = (strictly: NumberComparison): NumberCode =>
    operation('or', 'i32', high(strictly), operation('and', 'i32', high('eq'), low));
  switch (operator) {
    case 'eq':
      return operation('and', 'i32', high('eq'), low);
    case 'ne':
      return operation('or', 'i32', high('ne'), low);
    case 'lt':
    case 'le':
      return ordered('lt');
    case 'gt':
    case 'ge':
      return ordered('gt');
  }
}

function compared(operator: NumberComparison, left: NumberCode, right: NumberCode, signed: boolean): NumberCode {
  return { kind: 'comparison', operator, type: 'i64', signed, left, right };
}

function halvesOf(part: Part): Halves | undefined {
  if (!isInteger(part.type)) return undefined;
  return isWide(part.type) ? storedHalves(part) : extendedHalves(part);
}

function storedHalves(part: Part): Halves | undefined {
  if (part.kind === 'number' || part.at.kind === 'register' || part.bitSize !== undefined) return undefined;
  const [low, high] = [0, HALF_BYTES].map((offset) => {
    const half = partOf(part, offset, UNSIGNED_LONG, {});
    return half && numberOf(half)?.code;
  });
  return low === undefined || high === undefined ? undefined : { low, high };
}

function extendedHalves(part: Part): Halves | undefined {
  const number = numberOf(part);
  const low = number && converted(number, LONG);
  if (low === undefined) return undefined;
  const sign = constant('i64', BigInt(8 * HALF_BYTES - 1));
  return { low, high: isSigned(part.type) ? operation('shr', 'i64', low, sign, true) : constant('i64', 0n) };
}
