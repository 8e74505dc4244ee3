// extended-arithmetic.ts: the four operations, square root, remainder, scaling, rounding and comparison of reals.
//
// Each adds its exceptions to the `Rounding` that it is given.
// Truth: Intel SDM vol. 2 (FADD, FMUL, FDIV, FSQRT, FPREM, FSCALE, FRNDINT, FCOM: the tables of results).

import {
  bitLength,
  DENORMAL,
  INDEFINITE,
  infinity,
  INVALID,
  isSignalling,
  normaliseScaled,
  PRECISION,
  propagateNan,
  type Real,
  ROUND_DOWN,
  ROUND_NEAREST,
  ROUND_UP,
  type Rounding,
  roundTo,
  zero,
  ZERO_DIVIDE,
} from './extended-real';

export type Binary = (a: Real, b: Real, rounding: Rounding) => Real;

/** What all operations do first: unsupported formats and NaNs. Undefined: go on. */
function special(a: Real, b: Real | undefined, rounding: Rounding): Real | undefined {
  if (a.kind === 'unsupported' || b?.kind === 'unsupported') return invalid(rounding);
  if (a.kind === 'nan' || b?.kind === 'nan') return propagateNan(a, b, rounding);
  return undefined;
}

/** Tells that a denormal takes part; only where no invalid operand or division by zero comes before it. */
function noteDenormals(rounding: Rounding, ...values: readonly Real[]): void {
  if (values.some((value) => value.denormal === true)) rounding.exceptions |= DENORMAL;
}

export function invalid(rounding: Rounding): Real {
  rounding.exceptions |= INVALID;
  return INDEFINITE;
}

export function negate(value: Real): Real {
  return { ...value, negative: !value.negative };
}

/** Further apart than this, the smaller number is only a sticky bit. */
const FAR = 140;

export function add(a: Real, b: Real, rounding: Rounding): Real {
  const early = special(a, b, rounding);
  if (early !== undefined) return early;
  if (a.kind === 'infinity' || b.kind === 'infinity') {
    if (a.kind === b.kind && a.negative !== b.negative) return invalid(rounding);
    noteDenormals(rounding, a, b);
    return infinity(a.kind === 'infinity' ? a.negative : b.negative);
  }
  noteDenormals(rounding, a, b);
  if (a.kind === 'zero' && b.kind === 'zero') return zero(zeroSign(a.negative, b.negative, rounding.mode));
  if (a.kind === 'zero') return roundReal(b, rounding);
  if (b.kind === 'zero') return roundReal(a, rounding);
  return addFinite(a, b, rounding);
}

function addFinite(a: Real, b: Real, rounding: Rounding): Real {
  const [large, small] = a.exponent >= b.exponent ? [a, b] : [b, a];
  const distance = large.exponent - small.exponent;
  const shift = Math.min(distance, FAR);
  const left = large.significand << BigInt(shift);
  const right = distance > FAR ? 1n : small.significand;
  const sum = (large.negative ? -left : left) + (small.negative ? -right : right);
  if (sum === 0n) return zero(rounding.mode === ROUND_DOWN);
  return roundTo(sum < 0n, sum < 0n ? -sum : sum, large.exponent - 63 - shift, rounding);
}

function zeroSign(a: boolean, b: boolean, mode: number): boolean {
  return a === b ? a : mode === ROUND_DOWN;
}

export function subtract(a: Real, b: Real, rounding: Rounding): Real {
  const early = special(a, b, rounding);
  return early ?? add(a, negate(b), rounding);
}

export function multiply(a: Real, b: Real, rounding: Rounding): Real {
  const early = special(a, b, rounding);
  if (early !== undefined) return early;
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinity' || b.kind === 'infinity') {
    if (a.kind === 'zero' || b.kind === 'zero') return invalid(rounding);
    noteDenormals(rounding, a, b);
    return infinity(negative);
  }
  noteDenormals(rounding, a, b);
  if (a.kind === 'zero' || b.kind === 'zero') return zero(negative);
  return roundTo(negative, a.significand * b.significand, a.exponent + b.exponent - 126, rounding);
}

export function divide(a: Real, b: Real, rounding: Rounding): Real {
  const early = special(a, b, rounding);
  if (early !== undefined) return early;
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinity') {
    if (b.kind === 'infinity') return invalid(rounding);
    noteDenormals(rounding, b);
    return infinity(negative);
  }
  if (b.kind === 'zero') {
    if (a.kind === 'zero') return invalid(rounding);
    rounding.exceptions |= ZERO_DIVIDE;
    return infinity(negative);
  }
  noteDenormals(rounding, a, b);
  if (a.kind === 'zero' || b.kind === 'infinity') return zero(negative);
  const dividend = a.significand << 68n;
  const quotient = dividend / b.significand;
  const sticky = quotient * b.significand === dividend ? 0n : 1n;
  return roundTo(negative, (quotient << 1n) | sticky, a.exponent - b.exponent - 69, rounding);
}

export function squareRoot(a: Real, rounding: Rounding): Real {
  const early = special(a, undefined, rounding);
  if (early !== undefined) return early;
  if (a.kind === 'zero') return a;
  if (a.negative) return invalid(rounding);
  if (a.kind === 'infinity') return a;
  noteDenormals(rounding, a);
  const odd = (a.exponent & 1) !== 0;
  const radicand = a.significand << (odd ? 70n : 69n);
  // value = radicand · 2^scale with an even scale.
  const scale = a.exponent - 63 - (odd ? 70 : 69);
  const root = integerRoot(radicand);
  const sticky = root * root === radicand ? 0n : 1n;
  return roundTo(false, (root << 1n) | sticky, scale / 2 - 1, rounding);
}

function integerRoot(value: bigint): bigint {
  let guess = 1n << BigInt(Math.ceil(bitLength(value) / 2));
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** The same number in the precision asked for. */
function roundReal(value: Real, rounding: Rounding): Real {
  if (value.kind !== 'finite') return value;
  return roundTo(value.negative, value.significand, value.exponent - 63, rounding);
}

/** FRNDINT. */
export function roundToInteger(value: Real, rounding: Rounding): Real {
  const early = special(value, undefined, rounding);
  if (early !== undefined) return early;
  if (value.kind !== 'finite') return value;
  noteDenormals(rounding, value);
  const integer = integerOf(value, rounding);
  return integer === 0n ? zero(value.negative) : normaliseScaled(value.negative, integer, 0);
}

/** The magnitude of a finite number, rounded to an integer. */
export function integerOf(value: Real, rounding: Rounding): bigint {
  const fraction = 63 - value.exponent;
  if (fraction <= 0) return value.significand << BigInt(-fraction);
  const shift = BigInt(Math.min(fraction, 66));
  const integer = value.significand >> shift;
  const remainder = value.significand & ((1n << shift) - 1n);
  if (remainder === 0n) return integer;
  rounding.exceptions |= PRECISION;
  const half = 1n << (shift - 1n);
  const up =
    rounding.mode === ROUND_NEAREST
      ? remainder > half || (remainder === half && (integer & 1n) === 1n)
      : rounding.mode === (value.negative ? ROUND_DOWN : ROUND_UP);
  if (!up) return integer;
  rounding.roundedUp = true;
  return integer + 1n;
}

/** FSCALE: a · 2^trunc(b). The caller asks for all 64 bits. */
export function scale(a: Real, b: Real, rounding: Rounding): Real {
  const early = special(a, b, rounding);
  if (early !== undefined) return early;
  if (b.kind === 'infinity') {
    if (a.kind === (b.negative ? 'infinity' : 'zero')) return invalid(rounding);
    noteDenormals(rounding, a);
    return b.negative ? zero(a.negative) : infinity(a.negative);
  }
  noteDenormals(rounding, a, b);
  if (a.kind !== 'finite' || b.kind === 'zero') return a;
  const limit = 0x20000n;
  const by = b.exponent > 20 ? limit : b.significand >> BigInt(Math.min(63 - b.exponent, 64));
  const steps = Number(by > limit ? limit : by) * (b.negative ? -1 : 1);
  if (steps === 0) return a;
  return roundTo(a.negative, a.significand, a.exponent - 63 + steps, rounding);
}

export interface Remainder {
  readonly value: Real;
  /** The three low bits of the quotient. */
  readonly quotient: number;
  /** C2: only a part of the reduction has been done. */
  readonly partial: boolean;
}

/** FPREM (towards zero) and FPREM1 (to nearest). */
export function remainder(a: Real, b: Real, nearest: boolean, rounding: Rounding): Remainder {
  const whole = (value: Real): Remainder => ({ value, quotient: 0, partial: false });
  const early = special(a, b, rounding);
  if (early !== undefined) return whole(early);
  if (a.kind === 'infinity' || b.kind === 'zero') return whole(invalid(rounding));
  noteDenormals(rounding, a, b);
  if (a.kind === 'zero' || b.kind === 'infinity') return whole(a);
  const distance = a.exponent - b.exponent;
  if (distance >= 64) {
    // A part of the way: at least 32 bits, and as the hardware does, to a multiple of 32 that is left over.
    const steps = 32 + (distance & 31);
    const divisor = b.significand << BigInt(distance - steps);
    const left = (a.significand << BigInt(distance)) % divisor;
    const value = left === 0n ? zero(a.negative) : roundExact(a.negative, left, b.exponent - 63);
    return { value, quotient: 0, partial: true };
  }
  if (distance < -1 || (distance < 0 && !nearest)) return whole(a);
  return finishRemainder(a, b, distance, nearest);
}

function finishRemainder(a: Real, b: Real, distance: number, nearest: boolean): Remainder {
  // Both over the scale of the smaller exponent.
  const left = distance >= 0 ? a.significand << BigInt(distance) : a.significand;
  const right = distance >= 0 ? b.significand : b.significand << BigInt(-distance);
  const scaleOf = (distance >= 0 ? b.exponent : a.exponent) - 63;
  let quotient = left / right;
  let rest = left % right;
  let { negative } = a;
  if (nearest && (rest * 2n > right || (rest * 2n === right && (quotient & 1n) === 1n))) {
    quotient += 1n;
    rest = right - rest;
    negative = !negative;
  }
  const value = rest === 0n ? zero(a.negative) : roundExact(negative, rest, scaleOf);
  return { value, quotient: Number(quotient & 7n), partial: false };
}

function roundExact(negative: boolean, significand: bigint, scaleOf: number): Real {
  return roundTo(negative, significand, scaleOf, { bits: 64, mode: ROUND_NEAREST, exceptions: 0, roundedUp: false });
}

export type Order = 'less' | 'equal' | 'greater' | 'unordered';

/** `quiet`: only signalling NaNs are invalid (FUCOM). */
export function compare(a: Real, b: Real, quiet: boolean, rounding: Rounding): Order {
  if (a.kind === 'unsupported' || b.kind === 'unsupported' || a.kind === 'nan' || b.kind === 'nan') {
    const silent = quiet && !isSignalling(a) && !isSignalling(b) && ![a, b].some(({ kind }) => kind === 'unsupported');
    if (!silent) rounding.exceptions |= INVALID;
    return 'unordered';
  }
  noteDenormals(rounding, a, b);
  if (a.kind === 'zero' && b.kind === 'zero') return 'equal';
  const [left, right] = [a, b].map(signedMagnitude);
  if (left[0] !== right[0]) return left[0] < right[0] ? 'less' : 'greater';
  if (left[1] !== right[1]) return left[1] < right[1] ? 'less' : 'greater';
  if (left[2] === right[2]) return 'equal';
  return left[2] < right[2] ? 'less' : 'greater';
}

/** Three numbers whose order, one after the other, is the order of the values. */
function signedMagnitude(value: Real): readonly [number, number, bigint] {
  if (value.kind === 'zero') return [0, 0, 0n];
  const sign = value.negative ? -1 : 1;
  const exponent = value.kind === 'infinity' ? 0x10000 : value.exponent;
  return [sign, sign * exponent, value.negative ? -value.significand : value.significand];
}
