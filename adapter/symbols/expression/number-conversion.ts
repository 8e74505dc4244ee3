// number-conversion.ts: a number's value in another type, in a tree over numbers.
//
// Truth: conversions.ts, whose results it has; undefined where it would not.

import type { NumberCode, NumberType } from '../../judging/number-code';
import type { TypeInfo } from '../program-symbols';
import { isFloat, isSigned, sizeOf, strip } from '../types/strip';
import { convertNumber } from './conversions';
import { constant, numberTypeOf, operation } from './number-part';
import type { NumberPart } from './number-part';

/** Of what a float may be that becomes an integer of up to four bytes. */
const LIMIT = 1n << 32n;

/** The part's value in that type. */
export function converted(part: NumberPart, type: TypeInfo): NumberCode | undefined {
  const from = numberTypeOf(part.type);
  const to = numberTypeOf(type);
  if (from === undefined || to === undefined) return undefined;
  if (part.code.kind === 'constant') return constantAs(part.code.value, part.type, type, to);
  if (strip(type).encoding === 'boolean') return truthOf(part);
  if (isFloat(type)) return floatOf(part, from, to);
  if (isFloat(part.type)) return truncated(part.code, from, type);
  return wrapped(part, from, type, to);
}

/** i32, 0 or 1. */
export function truthOf({ type, code }: NumberPart): NumberCode {
  const own = numberTypeOf(type) ?? 'i32';
  return { kind: 'comparison', operator: 'ne', type: own, signed: false, left: code, right: constant(own, 0) };
}

function constantAs(value: number | bigint, own: TypeInfo, type: TypeInfo, to: NumberType): NumberCode {
  const known = typeof value === 'number' && !isFloat(own) ? BigInt(value) : value;
  return constant(to, convertNumber(known, type));
}

function floatOf({ type, code }: NumberPart, from: NumberType, to: NumberType): NumberCode {
  return from === to ? code : { kind: 'conversion', from, to, signed: isSigned(type), value: code };
}

/** What is beyond 64 bits has no result, since what is then there is the evaluator's to say; so is beyond the type's own. */
function truncated(code: NumberCode, from: NumberType, type: TypeInfo): NumberCode {
  const double: NumberCode =
    from === 'f64' ? code : { kind: 'conversion', from, to: 'f64', signed: false, value: code };
  const whole: NumberCode = { kind: 'conversion', from: 'f64', to: 'i64', signed: true, value: double };
  const long: NumberCode = sizeOf(type) === 8 ? whole : { kind: 'bounded', least: -LIMIT, end: LIMIT, value: whole };
  return narrowed(long, 'i64', type);
}

function wrapped({ type: own, code }: NumberPart, from: NumberType, type: TypeInfo, to: NumberType): NumberCode {
  if (to === 'i64') {
    return from === 'i64' ? code : { kind: 'conversion', from, to, signed: isSigned(own), value: code };
  }
  const fits = sizeOf(own) === sizeOf(type) ? isSigned(own) === isSigned(type) : sizeOf(own) < sizeOf(type);
  const holds = fits && (sizeOf(own) === sizeOf(type) || !isSigned(own) || isSigned(type) || sizeOf(type) === 4);
  return holds ? code : narrowed(code, from, type);
}

/** An integer cut to the type's bytes, and extended as it wants. */
function narrowed(code: NumberCode, from: NumberType, type: TypeInfo): NumberCode {
  const size = sizeOf(type);
  if (size === 8) return code;
  const short: NumberCode = from === 'i64' ? { kind: 'conversion', from, to: 'i32', signed: false, value: code } : code;
  if (size === 4) return short;
  const bits = constant('i32', BigInt(32 - 8 * size));
  const signed = isSigned(type);
  return operation('shr', 'i32', operation('shl', 'i32', short, bits), bits, signed);
}
