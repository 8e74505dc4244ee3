// number-places.ts: from one place to another in a tree over numbers, and the number that a place holds.
//
// As places.ts and operand.ts do it with values. Undefined: not that way, the evaluator must say (what the standard
// libraries hold, references, text, what is wider than a number, …).

import type { NumberCode } from '../../judging/number-code';
import type { TypeInfo } from '../program-symbols';
import { elementType, LONG, pointerTo, VOID } from '../types/base-types';
import { findMember } from '../types/find-member';
import { lastPart } from '../types/qualified-name';
import type { BitRange } from '../types/read-value';
import { isFloat, isInteger, isPointer, isRustReference, isSigned, isStruct, sizeOf, strip } from '../types/strip';
import { converted } from './number-conversion';
import { constant, numberPart, numberTypeOf, operation, sum } from './number-part';
import type { NumberPart, Part, PartPlace, PlacePart } from './number-part';
import { isNarrowField } from './operand';

/** Of an array's index: with elements of less than 2 GiB no address is beyond 64 bits. */
const INDEX_LIMIT = 1n << 31n;
const WORD_BYTES = 8;

/** `object.name`, `object->name`. */
export function memberPart(object: Part, name: string): PlacePart | undefined {
  const whole = object.kind === 'place' && isStruct(object.type) ? object : undefined;
  const struct = whole ?? (isPointer(object.type) ? pointeeOf(object) : undefined);
  if (struct === undefined || !isStruct(struct.type)) return undefined;
  const member = findMember(struct.type, name) ?? findMember(struct.type, lastPart(name));
  if (member === undefined) return undefined;
  return partOf(struct, member.offsetBytes, member.type, member);
}

/** `*object`. */
export function pointeePart(object: Part): PlacePart | undefined {
  return settled(pointeeOf(object));
}

function pointeeOf(object: Part): PlacePart | undefined {
  if (isRustReference(object.type)) return undefined;
  const pointer = numberOf(object);
  if (pointer === undefined || !isPointer(pointer.type)) return undefined;
  const target = strip(pointer.type).target;
  if (target === undefined || strip(target).kind === 'void') return undefined;
  return { kind: 'place', type: target, at: { kind: 'at', address: pointer.code } };
}

/** `object[index]`. */
export function elementPart(object: Part, index: Part): PlacePart | undefined {
  const number = numberOf(index);
  if (number === undefined) return undefined;
  if (isPointer(number.type)) return isInteger(object.type) ? elementPart(number, object) : undefined;
  if (!isInteger(number.type)) return undefined;
  if (object.kind === 'place' && strip(object.type).kind === 'array') return elementOfArray(object, number);
  const first = pointeeOf(object);
  const position = converted(number, LONG);
  if (first?.at.kind !== 'at' || position === undefined || sizeOf(first.type) === 0) return undefined;
  const { type } = first;
  return settled({ kind: 'place', type, at: { kind: 'at', address: stepped(first.at.address, position, type) } });
}

function elementOfArray(array: PlacePart, index: NumberPart): PlacePart | undefined {
  const type = elementType(strip(array.type));
  if (index.code.kind === 'constant') return partOf(array, Number(index.code.value) * sizeOf(type), type, {});
  const address = addressOf(array.at);
  const position = converted(index, LONG);
  if (address === undefined || position === undefined) return undefined;
  const least = isSigned(index.type) ? -INDEX_LIMIT : 0n;
  const bounded: NumberCode =
    numberTypeOf(index.type) === 'i64' ? { kind: 'bounded', least, end: INDEX_LIMIT, value: position } : position;
  return settled({ kind: 'place', type, at: { kind: 'at', address: stepped(address, bounded, type) } });
}

/** The address of so many of the type further on. */
export function stepped(address: NumberCode, count: NumberCode, type: TypeInfo): NumberCode {
  return operation('add', 'i64', address, operation('mul', 'i64', count, constant('i64', BigInt(sizeOf(type)))));
}

/** So many bytes into the place. */
export function partOf(whole: PlacePart, offsetBytes: number, type: TypeInfo, bits: BitRange): PlacePart | undefined {
  const { at } = whole;
  if (at.kind === 'register') {
    const bitOffset = (whole.bitOffset ?? 0) + offsetBytes * 8 + (bits.bitOffset ?? 0);
    return settled({ kind: 'place', type, at, bitOffset, bitSize: bits.bitSize ?? sizeOf(type) * 8 });
  }
  const place = beyond(at, offsetBytes);
  const own = bits.bitSize === undefined ? {} : { bitOffset: bits.bitOffset ?? 0, bitSize: bits.bitSize };
  return place && settled({ kind: 'place', type, at: place, ...own });
}

/** So many bytes further on. */
function beyond(at: PartPlace, bytes: number): PartPlace | undefined {
  if (bytes === 0) return at;
  switch (at.kind) {
    case 'memory':
      return Number.isSafeInteger(bytes)
        ? { kind: 'at', address: constant('i64', BigInt(at.address + bytes)) }
        : undefined;
    case 'at':
      return Number.isSafeInteger(bytes) ? { kind: 'at', address: sum(at.address, BigInt(bytes)) } : undefined;
    case 'register':
      return undefined;
    case 'watched':
      return bytes < 0 ? undefined : { ...at, offset: at.offset + bytes };
  }
}

/** What references refer to. */
function settled(place: PlacePart | undefined): PlacePart | undefined {
  if (place === undefined) return undefined;
  const type = strip(place.type);
  if (type.kind !== 'reference') return place;
  const address = place.bitSize === undefined ? integerIn(place.at, WORD_BYTES, false, 'i64') : undefined;
  if (type.target === undefined || address === undefined) return undefined;
  return { kind: 'place', type: type.target, at: { kind: 'at', address } };
}

/** `&part`. */
export function addressPart(part: Part): NumberPart | undefined {
  if (part.kind === 'number' || part.bitSize !== undefined) return undefined;
  const address = addressOf(part.at);
  return address === undefined ? undefined : numberPart(pointerTo(part.type), address);
}

function addressOf(at: PartPlace): NumberCode | undefined {
  switch (at.kind) {
    case 'memory':
      return constant('i64', BigInt(at.address));
    case 'at':
      return at.address;
    case 'register':
    case 'watched':
      return undefined;
  }
}

/** The number that a part is, or holds; arrays and functions give their address. */
export function numberOf(part: Part): NumberPart | undefined {
  if (part.kind === 'number') return part;
  const type = strip(part.type);
  if (type.kind === 'array' || type.kind === 'function') {
    const address = addressOf(part.at);
    const target = type.kind === 'array' ? elementType(type) : part.type;
    return address === undefined ? undefined : numberPart(pointerTo(target), address);
  }
  const number = numberTypeOf(type);
  if (number === undefined) return undefined;
  const code = isFloat(type) ? floatIn(part, number === 'f32') : bitsIn(part, number === 'i64');
  if (code === undefined) return undefined;
  const promotesToInt = isNarrowField(part) ? { promotesToInt: true } : {};
  return { ...numberPart(part.type, code), ...promotesToInt };
}

function floatIn(part: PlacePart, isSingle: boolean): NumberCode | undefined {
  if (part.bitSize !== undefined) return undefined;
  const [type, bytes] = isSingle ? (['f32', 4] as const) : (['f64', 8] as const);
  if (part.at.kind !== 'watched') return { kind: 'load', type, bytes, signed: false, from: part.at };
  const within = withinPart(part.at.parts, part.at.offset, bytes);
  if (within === undefined) return undefined;
  return { kind: 'load', type, bytes, signed: false, from: { kind: 'watched', when: part.at.when, ...within } };
}

function bitsIn(part: PlacePart, isLong: boolean): NumberCode | undefined {
  const { at, bitOffset = 0, bitSize } = part;
  const signed = isSigned(part.type);
  const to = isLong ? 'i64' : 'i32';
  if (bitSize === undefined) return integerIn(at, sizeOf(part.type), signed, to);
  const skipped = at.kind === 'register' ? 0 : Math.floor(bitOffset / 8);
  const offset = bitOffset - 8 * skipped;
  const bytes = Math.ceil((offset + bitSize) / 8);
  const place = beyond(at, skipped);
  if (bytes > WORD_BYTES || bitSize === 0 || place === undefined) return undefined;
  const storage = integerIn(place, place.kind === 'watched' ? bytes : wholeBytes(bytes), false, 'i64');
  return storage && extracted(storage, offset, bitSize, signed, to);
}

const wholeBytes = (bytes: number): number => [1, 2, 4].find((size) => size >= bytes) ?? WORD_BYTES;

function extracted(bits: NumberCode, offset: number, width: number, signed: boolean, to: 'i32' | 'i64'): NumberCode {
  const up = operation('shl', 'i64', bits, constant('i64', BigInt(64 - offset - width)));
  const value = operation('shr', 'i64', up, constant('i64', BigInt(64 - width)), signed);
  return to === 'i64' ? value : { kind: 'conversion', from: 'i64', to, signed, value };
}

/** So many whole bytes of a place, extended. */
function integerIn(at: PartPlace, bytes: number, signed: boolean, type: 'i32' | 'i64'): NumberCode | undefined {
  if (at.kind !== 'watched') return { kind: 'load', type, bytes, signed, from: at };
  const { when, parts, offset } = at;
  const within = wholeBytes(bytes) === bytes ? withinPart(parts, offset, bytes) : undefined;
  if (within !== undefined) return { kind: 'load', type, bytes, signed, from: { kind: 'watched', when, ...within } };
  const joined = joinedBits(parts, offset, bytes, when);
  return joined && extracted(joined, 0, 8 * bytes, signed, type);
}

/** The part that has all of the bytes. */
function withinPart(parts: readonly number[], offset: number, bytes: number) {
  let start = 0;
  for (const [part, length] of parts.entries()) {
    const own = offset - start;
    if (own >= 0 && own + bytes <= length) return { part, offset: own };
    start += length;
  }
  return undefined;
}

/** Bytes that lie in several parts, as an i64 whose further bits may be anything. */
function joinedBits(
  parts: readonly number[],
  offset: number,
  bytes: number,
  when: 'before' | 'now',
): NumberCode | undefined {
  let start = 0;
  let joined: NumberCode | undefined;
  for (const [part, length] of parts.entries()) {
    const from = Math.max(offset, start);
    if (from < Math.min(offset + bytes, start + length)) {
      const whole: NumberCode = {
        ...{ kind: 'load', type: 'i64', bytes: WORD_BYTES, signed: false },
        from: { kind: 'watched', when, part, offset: 0 },
      };
      const own = operation('shr', 'i64', whole, constant('i64', BigInt(8 * (from - start))));
      const put = operation('shl', 'i64', own, constant('i64', BigInt(8 * (from - offset))));
      joined = joined === undefined ? put : operation('or', 'i64', joined, put);
    }
    start += length;
  }
  return offset + bytes <= start ? joined : undefined;
}

/** Bytes that a pointer's step moves by; undefined where nobody knows. */
export function strideOf(pointer: TypeInfo): bigint | undefined {
  const target = strip(strip(pointer).target ?? VOID);
  if (target.kind === 'void' || target.kind === 'function') return 1n;
  return target.sizeBytes === 0 ? undefined : BigInt(target.sizeBytes);
}
