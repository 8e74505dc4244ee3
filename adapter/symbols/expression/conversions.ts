// conversions.ts: C's promotions, usual arithmetic conversions and casts between numbers.
//
// Quirk: long double and __float128 compute as double (their bytes are shown and copied exactly).
// Truth: C17 6.3.1; gcc where C leaves it open (enumerations, out of range).

import type { TypeInfo } from '../program-symbols';
import {
  BOOL,
  DOUBLE,
  FLOAT,
  INT,
  INT128,
  LONG,
  LONG_DOUBLE,
  LONG_LONG,
  UNSIGNED_INT,
  UNSIGNED_INT128,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
} from '../types/base-types';
import { floatFormatOf, floatToNumber, integerToNumber, numberToFloat } from '../types/floats';
import { wrapInteger } from '../types/integers';
import { isFloat, isSigned, sizeOf, strip } from '../types/strip';
import type { Scalar } from './operand';
import { scalar } from './operand';

/** The type that an operand takes part in arithmetic as. */
export function promotedType(operand: Scalar): TypeInfo {
  const type = strip(operand.type);
  if (isFloat(type)) return type;
  if (operand.promotesToInt === true || type.sizeBytes < 4 || type.encoding === 'boolean') return INT;
  const signed = isSigned(type);
  if (type.sizeBytes === 4) return signed ? INT : UNSIGNED_INT;
  if (type.sizeBytes > 8) return signed ? INT128 : UNSIGNED_INT128;
  if (type.kind === 'base' && /long long/.test(type.name)) return signed ? LONG_LONG : UNSIGNED_LONG_LONG;
  return signed ? LONG : UNSIGNED_LONG;
}

/** The common type of two operands of arithmetic. */
export function commonType(left: Scalar, right: Scalar): TypeInfo {
  const a = promotedType(left);
  const b = promotedType(right);
  if (isFloat(a) || isFloat(b)) return commonFloat(a, b);
  if (a.sizeBytes !== b.sizeBytes) return a.sizeBytes > b.sizeBytes ? a : b;
  // Same width: long long outranks long, and unsigned outranks signed.
  const longLong = /long long/.test(a.name) || /long long/.test(b.name);
  if (!isSigned(a) && !isSigned(b)) return longLong ? UNSIGNED_LONG_LONG : a;
  if (isSigned(a) && isSigned(b)) return longLong ? LONG_LONG : a;
  return longLong ? UNSIGNED_LONG_LONG : isSigned(a) ? b : a;
}

function commonFloat(a: TypeInfo, b: TypeInfo): TypeInfo {
  const size = Math.max(isFloat(a) ? a.sizeBytes : 0, isFloat(b) ? b.sizeBytes : 0);
  return size > 8 ? LONG_DOUBLE : size === 8 ? DOUBLE : FLOAT;
}

/** A number as another arithmetic, enumeration or pointer type. */
export function convert(operand: Scalar, to: TypeInfo): Scalar {
  return scalar(to, convertNumber(operand.value, to));
}

/** The number that a type of that kind would hold. */
export function convertNumber(value: bigint | number, to: TypeInfo): bigint | number {
  const type = strip(to);
  if (isFloat(type)) return roundTo(value, type);
  if (type.encoding === 'boolean') return (typeof value === 'bigint' ? value !== 0n : value !== 0) ? 1n : 0n;
  const whole = typeof value === 'bigint' ? value : truncate(value, type);
  return wrapInteger(whole, type.kind === 'pointer' ? 64 : Math.max(sizeOf(type), 1) * 8, isSigned(type));
}

function roundTo(value: bigint | number, type: TypeInfo): number {
  const format = floatFormatOf(type);
  if (typeof value === 'bigint') return format === undefined ? Number(value) : toDouble(value, type);
  if (type.sizeBytes === 4) return Math.fround(value);
  if (format === undefined || type.sizeBytes >= 8) return value;
  return floatToNumber(numberToFloat(value, format, type.sizeBytes), format);
}

/** Rounds an integer once. */
function toDouble(value: bigint, type: TypeInfo): number {
  const format = type.sizeBytes > 8 ? undefined : floatFormatOf(type);
  return format === undefined ? Number(value) : integerToNumber(value, format);
}

/** Toward zero. What does not fit is the CPU's "integer indefinite": the lowest number (SDM vol. 1, 4.8.3.6). */
function truncate(value: number, type: TypeInfo): bigint {
  const bits = Math.max(type.sizeBytes, 4) * 8;
  if (!Number.isFinite(value)) return 1n << BigInt(bits - 1);
  const whole = BigInt(Math.trunc(value));
  const limit = 1n << BigInt(bits);
  return whole >= limit || whole < -limit ? 1n << BigInt(bits - 1) : whole;
}

/** C's `_Bool`-less truth: what `if` asks. */
export const isTrue = (operand: Scalar): boolean =>
  typeof operand.value === 'bigint' ? operand.value !== 0n : operand.value !== 0;

export const truth = (value: boolean): Scalar => scalar(INT, value ? 1n : 0n);

export const boolean = (value: boolean): Scalar => scalar({ ...BOOL, name: 'bool' }, value ? 1n : 0n);
