// floats.ts: IEEE and x87 floating point ↔ bytes ↔ the shortest decimal that reads back as the same bits.
//
// `double` goes through JavaScript's own numbers. The other widths (half, float, x87 80-bit, binary128) are handled
// exactly, with bigints, by one description of their layout:
//
//     width   sign  exponent  fraction               bias
//     16      15    14…10     9…0                    15
//     32      31    30…23     22…0                   127
//     64      63    62…52     51…0                   1023
//     80      79    78…64     63…0 (63 is explicit)  16383
//     128     127   126…112   111…0                  16383
//
// Truth: IEEE 754-2019, 3.4; Intel SDM vol. 1, 4.2.2. The shortest digits: Steele and White, 1990.

import { matchGroups } from '../../util/match-groups';
import type { TypeInfo } from '../program-symbols';
import { bytesToUnsigned, integerToBytes } from './integers';

export interface FloatFormat {
  readonly exponentBits: number;
  readonly fractionBits: number;
  /** x87 keeps the leading 1 in the fraction. */
  readonly explicitOne: boolean;
}

const HALF: FloatFormat = { exponentBits: 5, fractionBits: 10, explicitOne: false };
const BFLOAT: FloatFormat = { exponentBits: 8, fractionBits: 7, explicitOne: false };
const SINGLE: FloatFormat = { exponentBits: 8, fractionBits: 23, explicitOne: false };
const DOUBLE: FloatFormat = { exponentBits: 11, fractionBits: 52, explicitOne: false };
const X87: FloatFormat = { exponentBits: 15, fractionBits: 64, explicitOne: true };
const QUAD: FloatFormat = { exponentBits: 15, fractionBits: 112, explicitOne: false };

/** The layout of a base type with encoding `float`; size alone does not tell long double from __float128. */
export function floatFormatOf(type: TypeInfo, sizeBytes: number = type.sizeBytes): FloatFormat | undefined {
  switch (sizeBytes) {
    case 2:
      return /bf/i.test(type.name) ? BFLOAT : HALF;
    case 4:
      return SINGLE;
    case 8:
      return DOUBLE;
    case 10:
    case 12:
      return X87;
    case 16:
      return /128/.test(type.name) ? QUAD : X87;
    default:
      return undefined;
  }
}

/** A number as sign · significand · 2^exponent, or one that is none. */
type Unpacked =
  | { readonly kind: 'finite'; readonly negative: boolean; readonly significand: bigint; readonly exponent: number }
  | { readonly kind: 'infinity' | 'nan'; readonly negative: boolean };

const bias = (format: FloatFormat): number => 2 ** (format.exponentBits - 1) - 1;
const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;
/** Bits of precision, the leading one included. */
const precision = (format: FloatFormat): number => format.fractionBits + (format.explicitOne ? 0 : 1);
/** The exponent of the least significant bit of subnormals. */
const lowestExponent = (format: FloatFormat): number => 2 - bias(format) - precision(format);

function unpack(bytes: Uint8Array, format: FloatFormat): Unpacked {
  const raw = bytesToUnsigned(bytes);
  const fraction = raw & ones(format.fractionBits);
  const exponent = Number((raw >> BigInt(format.fractionBits)) & ones(format.exponentBits));
  const negative = ((raw >> BigInt(format.fractionBits + format.exponentBits)) & 1n) === 1n;
  if (exponent === 2 ** format.exponentBits - 1) {
    const payload = format.explicitOne ? fraction & ones(63) : fraction;
    return { kind: payload === 0n ? 'infinity' : 'nan', negative };
  }
  const leading = format.explicitOne || exponent === 0 ? 0n : 1n << BigInt(format.fractionBits);
  return {
    kind: 'finite',
    negative,
    significand: fraction | leading,
    exponent: Math.max(exponent, 1) - 1 + lowestExponent(format),
  };
}

/** The nearest double; exact for every width up to 64 bits. */
export function floatToNumber(bytes: Uint8Array, format: FloatFormat): number {
  if (format === DOUBLE && bytes.length >= 8) return view(bytes).getFloat64(0, true);
  if (format === SINGLE && bytes.length >= 4) return view(bytes).getFloat32(0, true);
  const number = unpack(bytes, format);
  if (number.kind !== 'finite') return number.kind === 'nan' ? NaN : number.negative ? -Infinity : Infinity;
  if (number.significand === 0n) return number.negative ? -0 : 0;
  const { numerator, denominator } = ratio(number.significand, number.exponent);
  const rounded = view(packRatio(numerator, denominator, number.negative, DOUBLE, 8));
  return rounded.getFloat64(0, true);
}

/** Rounds a double to the format. */
export function numberToFloat(value: number, format: FloatFormat, sizeBytes: number): Uint8Array {
  const eight = new Uint8Array(8);
  view(eight).setFloat64(0, value, true);
  if (format === DOUBLE) return eight;
  const number = unpack(eight, DOUBLE);
  if (number.kind !== 'finite') return packSpecial(number, format, sizeBytes);
  const { numerator, denominator } = ratio(number.significand, number.exponent);
  return packRatio(numerator, denominator, number.negative, format, sizeBytes);
}

/** An integer, rounded once: what C does on `(float)x`. */
export function integerToNumber(value: bigint, format: FloatFormat): number {
  const bytes = packRatio(value < 0n ? -value : value, 1n, value < 0n, format, 16);
  return floatToNumber(bytes, format);
}

/** Decimal or hexadecimal text, rounded once to the format; undefined where it is no number. */
export function parseFloatText(text: string, format: FloatFormat, sizeBytes: number): Uint8Array | undefined {
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (special !== null) {
    const kind = special[2].toLowerCase() === 'nan' ? 'nan' : 'infinity';
    return packSpecial({ kind, negative: special[1] === '-' }, format, sizeBytes);
  }
  const hex = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d{1,9}))?$/i.exec(text);
  const decimal = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,9}))?$/i.exec(text);
  const match = hex ?? decimal;
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponentText] = matchGroups(match);
  if (whole.length + fraction.length === 0) return undefined;
  const digits = BigInt(`${hex === null ? '' : '0x'}${whole}${fraction}`);
  const power = Number(exponentText ?? '0') - fraction.length * (hex === null ? 1 : 4);
  const negative = sign === '-';
  if (digits === 0n) return packRatio(0n, 1n, negative, format, sizeBytes);
  if (Math.abs(power) > 100_000) return extremes(power > 0, negative, format, sizeBytes);
  const scale = (hex === null ? 10n : 2n) ** BigInt(Math.abs(power));
  return power >= 0
    ? packRatio(digits * scale, 1n, negative, format, sizeBytes)
    : packRatio(digits, scale, negative, format, sizeBytes);
}

const extremes = (huge: boolean, negative: boolean, format: FloatFormat, sizeBytes: number): Uint8Array =>
  huge
    ? packSpecial({ kind: 'infinity', negative }, format, sizeBytes)
    : packRatio(0n, 1n, negative, format, sizeBytes);

function packSpecial(
  number: { readonly kind: 'infinity' | 'nan'; readonly negative: boolean },
  format: FloatFormat,
  sizeBytes: number,
): Uint8Array {
  const integerBit = format.explicitOne ? 1n << 63n : 0n;
  const quiet = number.kind === 'nan' ? 1n << BigInt(format.explicitOne ? 62 : format.fractionBits - 1) : 0n;
  return assemble(number.negative, ones(format.exponentBits), integerBit | quiet, format, sizeBytes);
}

function assemble(
  negative: boolean,
  exponent: bigint,
  fraction: bigint,
  format: FloatFormat,
  sizeBytes: number,
): Uint8Array {
  const sign = negative ? 1n << BigInt(format.exponentBits) : 0n;
  return integerToBytes(((sign | exponent) << BigInt(format.fractionBits)) | fraction, sizeBytes);
}

function ratio(significand: bigint, exponent: number): { numerator: bigint; denominator: bigint } {
  return exponent >= 0
    ? { numerator: significand << BigInt(exponent), denominator: 1n }
    : { numerator: significand, denominator: 1n << BigInt(-exponent) };
}

const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

/** numerator / denominator, rounded to nearest, ties to even. */
function packRatio(
  numerator: bigint,
  denominator: bigint,
  negative: boolean,
  format: FloatFormat,
  sizeBytes: number,
): Uint8Array {
  if (numerator === 0n) return assemble(negative, 0n, 0n, format, sizeBytes);
  const digits = precision(format);
  // The exponent of the last bit kept: such that the quotient has `digits` bits, or the subnormals' one.
  let exponent = Math.max(bitLength(numerator) - bitLength(denominator) - digits, lowestExponent(format));
  let quotient = roundedQuotient(numerator, denominator, exponent);
  if (bitLength(quotient) > digits) {
    exponent++;
    quotient = roundedQuotient(numerator, denominator, exponent);
  }
  if (bitLength(quotient) > digits) {
    exponent++;
    quotient >>= 1n;
  }
  const subnormal = bitLength(quotient) < digits;
  const stored = subnormal ? 0 : exponent - lowestExponent(format) + 1;
  if (stored >= 2 ** format.exponentBits - 1) return packSpecial({ kind: 'infinity', negative }, format, sizeBytes);
  return assemble(negative, BigInt(stored), quotient & ones(format.fractionBits), format, sizeBytes);
}

function roundedQuotient(numerator: bigint, denominator: bigint, exponent: number): bigint {
  const top = exponent < 0 ? numerator << BigInt(-exponent) : numerator;
  const bottom = exponent < 0 ? denominator : denominator << BigInt(exponent);
  const quotient = top / bottom;
  const twice = (top % bottom) * 2n;
  const up = twice > bottom || (twice === bottom && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}

/** As C would write it, with the fewest digits that read back as the same bits: `0.1`, `1e+21`, `-inf`, `nan`. */
export function formatFloat(bytes: Uint8Array, format: FloatFormat): string {
  if (format === DOUBLE) return formatNumber(view(bytes).getFloat64(0, true), bytes);
  const number = unpack(bytes, format);
  const sign = number.negative ? '-' : '';
  if (number.kind !== 'finite') return `${sign}${number.kind === 'nan' ? 'nan' : 'inf'}`;
  if (number.significand === 0n) return `${sign}0`;
  const { digits, point } = shortestDigits(number.significand, number.exponent, format);
  return sign + layOut(digits, point);
}

function formatNumber(value: number, bytes: Uint8Array): string {
  const sign = ((bytes.at(7) ?? 0) & 0x80) === 0 ? '' : '-';
  if (Number.isNaN(value)) return `${sign}nan`;
  if (!Number.isFinite(value)) return `${sign}inf`;
  return sign + String(Math.abs(value));
}

/** As JavaScript lays numbers out, so that all widths look alike. `point`: digits before the decimal point. */
function layOut(digits: string, point: number): string {
  if (point > 0 && point <= 21) {
    if (digits.length <= point) return digits.padEnd(point, '0');
    return `${digits.slice(0, point)}.${digits.slice(point)}`;
  }
  if (point <= 0 && point > -6) return `0.${'0'.repeat(-point)}${digits}`;
  const exponent = point - 1;
  const mantissa = digits.length === 1 ? digits : `${digits.charAt(0)}.${digits.slice(1)}`;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

/** Steele and White's digits: generated until what is left is less than half the gap to a neighbour. */
function shortestDigits(significand: bigint, exponent: number, format: FloatFormat): { digits: string; point: number } {
  const even = (significand & 1n) === 0n;
  const lowerGapHalved = bitLength(significand) === precision(format) && (significand & (significand - 1n)) === 0n;
  const shift = exponent > 0 ? BigInt(exponent) : 0n;
  let scale = 1n << (exponent < 0 ? BigInt(-exponent) : 0n);
  let rest = significand << shift;
  let high = 1n << shift;
  // Everything is doubled (and once more where the lower gap is half as wide), so that half gaps are whole.
  const widen = lowerGapHalved && exponent > lowestExponent(format) ? 2n : 1n;
  rest *= 2n * widen;
  scale *= 2n * widen;
  let low = high;
  high *= widen;
  let point = Math.ceil(((bitLength(significand) + exponent - 1) * Math.LN2) / Math.LN10 - 1e-9);
  if (point >= 0) scale *= 10n ** BigInt(point);
  else {
    const factor = 10n ** BigInt(-point);
    rest *= factor;
    high *= factor;
    low *= factor;
  }
  if (even ? rest + high >= scale : rest + high > scale) point++;
  else {
    rest *= 10n;
    high *= 10n;
    low *= 10n;
  }
  let digits = '';
  while (true) {
    const digit = rest / scale;
    rest %= scale;
    const lowEnough = even ? rest <= low : rest < low;
    const highEnough = even ? rest + high >= scale : rest + high > scale;
    if (!lowEnough && !highEnough) {
      digits += digit.toString();
      rest *= 10n;
      high *= 10n;
      low *= 10n;
      continue;
    }
    const up = highEnough && (!lowEnough || rest * 2n >= scale);
    return { digits: digits + (up ? digit + 1n : digit).toString(), point };
  }
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
