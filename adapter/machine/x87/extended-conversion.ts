// extended-conversion.ts: between 80-bit reals and single, double, integer and decimal formats.
//
// Truth: Intel SDM vol. 2 (FLD, FST, FILD, FIST, FISTTP, FBLD, FBSTP); vol. 1, 4.2.2.

import { integerOf } from './extended-arithmetic';
import {
  decodeExtended,
  encodeExtended,
  INVALID,
  infinity,
  isSignalling,
  normaliseScaled,
  type Real,
  ROUND_ZERO,
  type Rounding,
  roundTo,
  zero,
} from './extended-real';

interface Format {
  readonly bits: number;
  readonly fractionBits: number;
  readonly bias: number;
  readonly exponentMask: number;
}

const SINGLE: Format = { bits: 32, fractionBits: 23, bias: 127, exponentMask: 0xff };
const DOUBLE: Format = { bits: 64, fractionBits: 52, bias: 1023, exponentMask: 0x7ff };
const QUIET = 1n << 62n;
const TOP = 1n << 63n;

function formatOf(bytes: 4 | 8): Format {
  return bytes === 4 ? SINGLE : DOUBLE;
}

/** A single or double, always exactly; a signalling NaN stays one. */
export function fromBinary(raw: bigint, bytes: 4 | 8): Real {
  const { bits, fractionBits, bias, exponentMask } = formatOf(bytes);
  const negative = raw >> BigInt(bits - 1) !== 0n;
  const exponent = Number(raw >> BigInt(fractionBits)) & exponentMask;
  const fraction = raw & ((1n << BigInt(fractionBits)) - 1n);
  if (exponent === exponentMask) {
    if (fraction === 0n) return infinity(negative);
    return { kind: 'nan', negative, exponent: 0, significand: TOP | (fraction << BigInt(63 - fractionBits)) };
  }
  if (exponent === 0) {
    if (fraction === 0n) return zero(negative);
    return { ...normaliseScaled(negative, fraction, 1 - bias - fractionBits), denormal: true };
  }
  return normaliseScaled(negative, fraction | (1n << BigInt(fractionBits)), exponent - bias - fractionBits);
}

/** The bits of a single or double. */
export function toBinary(value: Real, bytes: 4 | 8, rounding: Rounding): bigint {
  const { bits, fractionBits, bias, exponentMask } = formatOf(bytes);
  const sign = value.negative ? 1n << BigInt(bits - 1) : 0n;
  const special = BigInt(exponentMask) << BigInt(fractionBits);
  const drop = BigInt(63 - fractionBits);
  const fractionMask = (1n << BigInt(fractionBits)) - 1n;
  if (value.kind === 'zero') return sign;
  if (value.kind === 'infinity') return sign | special;
  if (value.kind === 'unsupported') {
    rounding.exceptions |= INVALID;
    return (1n << BigInt(bits - 1)) | special | (1n << BigInt(fractionBits - 1));
  }
  if (value.kind === 'nan') {
    if (isSignalling(value)) rounding.exceptions |= INVALID;
    return sign | special | (((value.significand | QUIET) >> drop) & fractionMask);
  }
  const limits = { minimum: 1 - bias, maximum: bias };
  const own: Rounding = { ...rounding, bits: fractionBits + 1 };
  const rounded = roundTo(value.negative, value.significand, value.exponent - 63, own, limits);
  rounding.exceptions |= own.exceptions;
  rounding.roundedUp = own.roundedUp;
  if (rounded.kind === 'zero') return sign;
  if (rounded.kind === 'infinity') return sign | special;
  const biased = rounded.exponent + bias;
  const significand = rounded.significand >> drop;
  if (biased < 1) return sign | (significand >> BigInt(1 - biased));
  return sign | (BigInt(biased) << BigInt(fractionBits)) | (significand & fractionMask);
}

export function fromInteger(value: bigint): Real {
  if (value === 0n) return zero(false);
  return normaliseScaled(value < 0n, value < 0n ? -value : value, 0);
}

/** A signed integer of so many bytes; what does not fit becomes the most negative one. */
export function toInteger(value: Real, bytes: 2 | 4 | 8, truncate: boolean, rounding: Rounding): bigint {
  const least = -(1n << BigInt(8 * bytes - 1));
  if (value.kind === 'zero') return 0n;
  const own: Rounding = truncate ? { ...rounding, mode: ROUND_ZERO } : { ...rounding };
  const magnitude = value.kind === 'finite' && value.exponent < 64 ? integerOf(value, own) : undefined;
  const integer = magnitude === undefined ? undefined : value.negative ? -magnitude : magnitude;
  if (integer === undefined || integer < least || integer >= -least) {
    rounding.exceptions |= INVALID;
    return least;
  }
  rounding.exceptions |= own.exceptions;
  rounding.roundedUp = own.roundedUp;
  return integer;
}

const DIGITS = 18;

/** Eighteen packed decimal digits and a sign in the tenth byte. */
export function fromDecimal(bytes: Uint8Array): Real {
  let value = 0n;
  for (let n = 8; n >= 0; n--) value = value * 100n + BigInt((bytes[n] >> 4) * 10 + (bytes[n] & 15));
  const negative = bytes[9] >= 0x80;
  return value === 0n ? zero(negative) : normaliseScaled(negative, value, 0);
}

const DECIMAL_INDEFINITE = [0, 0, 0, 0, 0, 0, 0, 0xc0, 0xff, 0xff];

export function toDecimal(value: Real, rounding: Rounding): Uint8Array {
  const own: Rounding = { ...rounding };
  const magnitude =
    value.kind === 'zero' ? 0n : value.kind === 'finite' && value.exponent < 64 ? integerOf(value, own) : undefined;
  if (magnitude === undefined || magnitude >= 10n ** BigInt(DIGITS)) {
    rounding.exceptions |= INVALID;
    return Uint8Array.from(DECIMAL_INDEFINITE);
  }
  rounding.exceptions |= own.exceptions;
  rounding.roundedUp = own.roundedUp;
  const digits = magnitude.toString().padStart(DIGITS, '0');
  const bytes = new Uint8Array(10);
  for (let n = 0; n < 9; n++) bytes[n] = parseInt(digits.slice(16 - 2 * n, 18 - 2 * n), 16);
  bytes[9] = value.negative ? 0x80 : 0;
  return bytes;
}

/** As a JavaScript number; for the functions that are computed in double precision. */
export function toNumber(value: Real): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, toBinary(value, 8, { bits: 53, mode: 0, exceptions: 0, roundedUp: false }));
  return view.getFloat64(0);
}

export function fromNumber(value: number): Real {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return fromBinary(view.getBigUint64(0), 8);
}

/** A real from its bytes in memory (ten, little-endian), and back. */
export function readExtended(view: DataView, at: number): Real {
  return decodeExtended(view.getBigUint64(at, true), view.getUint16(at + 8, true));
}

export function writeExtended(view: DataView, at: number, value: Real): void {
  const { significand, signAndExponent } = encodeExtended(value);
  view.setBigUint64(at, significand, true);
  view.setUint16(at + 8, signAndExponent, true);
}
