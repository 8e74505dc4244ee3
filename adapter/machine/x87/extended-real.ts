// extended-real.ts: 80-bit reals, exactly, on BigInt significands.
//
//   value = significand · 2^(exponent − 63), significand in [2^63, 2^64) for a finite number that is not 0
//
//   memory: bits 0–63 significand with its integer bit, 64–78 exponent (bias 16383), 79 sign
//
// Arithmetic is done exactly (or with a sticky bit) and rounded once, as precision and rounding control say. Slow
// beside the hardware; nobody's inner loop uses long double.
// Truth: Intel SDM vol. 1, 4.2.2, 4.8 and 8.5.

export type RealClass = 'zero' | 'finite' | 'infinity' | 'nan' | 'unsupported';

export interface Real {
  readonly kind: RealClass;
  readonly negative: boolean;
  readonly exponent: number;
  /** For a NaN all 64 bits as in memory. */
  readonly significand: bigint;
  /** It came from an encoding with exponent 0 (and goes back to one: there are two encodings of 2^-16382). */
  readonly denormal?: boolean;
}

/** Exception bits of the status word. SDM vol. 1, 8.1.3.3. */
export const INVALID = 1;
export const DENORMAL = 2;
export const ZERO_DIVIDE = 4;
export const OVERFLOW = 8;
const UNDERFLOW = 16;
export const PRECISION = 32;

const BIAS = 16383;
const TOP = 1n << 63n;
const QUIET = 1n << 62n;

export const ROUND_NEAREST = 0;
export const ROUND_DOWN = 1;
export const ROUND_UP = 2;
export const ROUND_ZERO = 3;

/** How to round, and what came of it. */
export interface Rounding {
  /** Significant bits: 24, 53 or 64. */
  readonly bits: number;
  readonly mode: number;
  /** Exceptions so far; operations add theirs. */
  exceptions: number;
  /** C1: the magnitude was rounded up. */
  roundedUp: boolean;
}

export const INDEFINITE: Real = { kind: 'nan', negative: true, exponent: 0, significand: TOP | QUIET };

export function zero(negative: boolean): Real {
  return { kind: 'zero', negative, exponent: 0, significand: 0n };
}

export function infinity(negative: boolean): Real {
  return { kind: 'infinity', negative, exponent: 0, significand: TOP };
}

export function decodeExtended(significand: bigint, signAndExponent: number): Real {
  const negative = (signAndExponent & 0x8000) !== 0;
  const exponent = signAndExponent & 0x7fff;
  if (exponent === 0) {
    if (significand === 0n) return zero(negative);
    return { ...normalise(negative, significand, 1 - BIAS), denormal: true };
  }
  if (significand < TOP) return { kind: 'unsupported', negative, exponent, significand };
  if (exponent < 0x7fff) return { kind: 'finite', negative, exponent: exponent - BIAS, significand };
  if (significand === TOP) return infinity(negative);
  return { kind: 'nan', negative, exponent: 0, significand };
}

/** A finite number from a significand of at most 64 bits whose bit 63 has the weight 2^exponent. */
function normalise(negative: boolean, significand: bigint, exponent: number): Real {
  const shift = 64 - bitLength(significand);
  return { kind: 'finite', negative, exponent: exponent - shift, significand: significand << BigInt(shift) };
}

export interface EncodedExtended {
  readonly significand: bigint;
  readonly signAndExponent: number;
}

/** The encoding of a number that is already rounded to the format. */
export function encodeExtended(value: Real): EncodedExtended {
  const sign = value.negative ? 0x8000 : 0;
  switch (value.kind) {
    case 'zero':
      return { significand: 0n, signAndExponent: sign };
    case 'infinity':
      return { significand: TOP, signAndExponent: sign | 0x7fff };
    case 'nan':
      return { significand: value.significand, signAndExponent: sign | 0x7fff };
    case 'unsupported':
      return { significand: value.significand, signAndExponent: sign | value.exponent };
    case 'finite': {
      const exponent = value.exponent + BIAS;
      if (exponent === 1 && value.denormal === true) return { significand: value.significand, signAndExponent: sign };
      if (exponent >= 1) return { significand: value.significand, signAndExponent: sign | exponent };
      return { significand: value.significand >> BigInt(1 - exponent), signAndExponent: sign };
    }
  }
}

export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/**
 * Rounds significand · 2^scale (any positive significand; its lowest bit may be sticky) to `bits` significant bits and
 * exponents in [minimum, maximum]; below, denormally.
 */
export function roundTo(
  negative: boolean,
  significand: bigint,
  scale: number,
  rounding: Rounding,
  limits: { readonly minimum: number; readonly maximum: number } = EXTENDED_LIMITS,
): Real {
  const length = bitLength(significand);
  const exponent = scale + length - 1;
  const tiny = exponent < limits.minimum;
  // The weight of the last bit that is kept: below the least exponent it goes down no further.
  const dropped = tiny ? limits.minimum - rounding.bits + 1 - scale : length - rounding.bits;
  let rounded = significand;
  let roundedScale = scale;
  let inexact = false;
  if (dropped > 0) {
    const shift = Math.min(dropped, length + 2);
    const remainder = significand & ((1n << BigInt(shift)) - 1n);
    rounded = significand >> BigInt(shift);
    roundedScale = scale + dropped;
    inexact = remainder !== 0n;
    if (roundsUp(negative, rounded, remainder, shift, rounding.mode)) {
      rounded += 1n;
      rounding.roundedUp = true;
    }
  }
  if (inexact) rounding.exceptions |= PRECISION;
  if (tiny && inexact && isTinyAfterRounding(negative, significand, exponent, rounding, limits.minimum)) {
    rounding.exceptions |= UNDERFLOW;
  }
  if (rounded === 0n) return zero(negative);
  const final = roundedScale + bitLength(rounded) - 1;
  if (final > limits.maximum) return overflow(negative, rounding, limits.maximum);
  return normaliseScaled(negative, rounded, roundedScale);
}

const EXTENDED_LIMITS = { minimum: 1 - BIAS, maximum: BIAS };

/** x86 decides tininess after rounding to the full precision with an unbounded exponent. */
function isTinyAfterRounding(
  negative: boolean,
  significand: bigint,
  exponent: number,
  rounding: Rounding,
  minimum: number,
): boolean {
  if (exponent < minimum - 1) return true;
  const dropped = bitLength(significand) - rounding.bits;
  if (dropped <= 0) return true;
  const remainder = significand & ((1n << BigInt(dropped)) - 1n);
  let rounded = significand >> BigInt(dropped);
  if (roundsUp(negative, rounded, remainder, dropped, rounding.mode)) rounded += 1n;
  return bitLength(rounded) <= rounding.bits;
}

function roundsUp(negative: boolean, kept: bigint, remainder: bigint, dropped: number, mode: number): boolean {
  if (remainder === 0n) return false;
  switch (mode) {
    case ROUND_DOWN:
      return negative;
    case ROUND_UP:
      return !negative;
    case ROUND_ZERO:
      return false;
    default: {
      const half = 1n << BigInt(dropped - 1);
      return remainder > half || (remainder === half && (kept & 1n) === 1n);
    }
  }
}

function overflow(negative: boolean, rounding: Rounding, maximum: number): Real {
  rounding.exceptions |= OVERFLOW | PRECISION;
  const towardsZero = rounding.mode === ROUND_ZERO || rounding.mode === (negative ? ROUND_UP : ROUND_DOWN);
  rounding.roundedUp = !towardsZero;
  if (!towardsZero) return infinity(negative);
  const ones = ((1n << BigInt(rounding.bits)) - 1n) << BigInt(64 - rounding.bits);
  return { kind: 'finite', negative, exponent: maximum, significand: ones };
}

/** significand · 2^scale, of at most 64 bits, as a finite number. */
export function normaliseScaled(negative: boolean, significand: bigint, scale: number): Real {
  return normalise(negative, significand, scale + 63);
}

/** A NaN operand's answer: the quiet one before the signalling one, else the larger significand, else the positive. */
export function propagateNan(a: Real, b: Real | undefined, rounding: Rounding): Real {
  if (isSignalling(a) || (b !== undefined && isSignalling(b))) rounding.exceptions |= INVALID;
  const quiet = (value: Real): Real => ({ ...value, significand: value.significand | QUIET });
  if (b?.kind !== 'nan') return quiet(a);
  if (a.kind !== 'nan') return quiet(b);
  if (isSignalling(a) !== isSignalling(b)) return isSignalling(a) ? b : quiet(a);
  if (a.significand === b.significand) return quiet(a.negative ? b : a);
  return quiet(a.significand > b.significand ? a : b);
}

/** A NaN that is about to be loaded: quiet. */
export function quieted(value: Real, rounding: Rounding): Real {
  return value.kind === 'nan' ? propagateNan(value, undefined, rounding) : value;
}

export function isSignalling(value: Real): boolean {
  return value.kind === 'nan' && (value.significand & QUIET) === 0n;
}
