// read-value.ts: a type at a place → a Value with its bytes, and the way down to members, elements, pointees.
//
// The bytes of aggregates are read up to a limit; what lies beyond is read from memory when a child is asked for.
// Never throws for unreadable memory: the Value then has no bytes, and `error` says why.

import type { FrameRegisters, MemberInfo, MemoryReader, TypeInfo, Value, ValueLocation } from '../program-symbols';
import { elementType } from './base-types';
import { bytesToInteger, bytesToUnsigned, extractBits, integerToBytes } from './integers';
import { isAggregate, isSigned, sizeOf, strip } from './strip';
import { hex } from '../../util/hex';

/** Of an array or struct, so much is read at once. */
const AGGREGATE_READ_BYTES = 65_536;

/** What reading needs. Registers only where values may live in them. */
export interface ValueSource {
  readonly memory: MemoryReader;
  readonly registers?: FrameRegisters;
}

/** Position and width of a bit-field within its place. */
export interface BitRange {
  readonly bitOffset?: number;
  readonly bitSize?: number;
}

/** Bytes that a value occupies in its place; a bit-field's may be more or fewer than its type's. */
export function storageBytes(type: TypeInfo, bits: BitRange = {}): number {
  if (bits.bitSize === undefined) return sizeOf(type);
  return Math.ceil(((bits.bitOffset ?? 0) + bits.bitSize) / 8);
}

/** Reads the value of a type at a place. */
export function readValue(type: TypeInfo, location: ValueLocation, source: ValueSource, bits: BitRange = {}): Value {
  const wanted = storageBytes(type, bits);
  const size = isAggregate(type) ? Math.min(wanted, AGGREGATE_READ_BYTES) : wanted;
  const read = readLocation(location, size, source);
  const value = { type, location, ...bitsOf(bits) };
  return typeof read === 'string' ? { ...value, bytes: new Uint8Array(0), error: read } : { ...value, bytes: read };
}

const bitsOf = (bits: BitRange): BitRange =>
  bits.bitSize === undefined ? {} : { bitOffset: bits.bitOffset ?? 0, bitSize: bits.bitSize };

/** The bytes, or why there are none. */
function readLocation(location: ValueLocation, lengthBytes: number, source: ValueSource): Uint8Array | string {
  switch (location.kind) {
    case 'memory': {
      const bytes = source.memory.read(location.address, lengthBytes);
      return bytes.length >= lengthBytes ? bytes : unreadable(location.address + BigInt(bytes.length));
    }
    case 'register': {
      const content = source.registers?.(location.dwarfNumber);
      return content === undefined ? 'its register is not known in this frame' : integerToBytes(content, lengthBytes);
    }
    case 'value':
    case 'pieces':
      if (location.bytes.length < lengthBytes) return 'outside of the value';
      return location.bytes.slice(0, lengthBytes);
    case 'optimizedOut':
      return `optimized out: ${location.why}`;
  }
}

const unreadable = (address: bigint): string => `cannot read memory at ${hex(address)}`;

/** A place and, for bit-fields and parts of registers, the bits of it. */
export interface PlacedPart extends BitRange {
  readonly location: ValueLocation;
}

/** The part of a place `offsetBytes` in. A register's part becomes a bit range of it. */
export function partOf(whole: PlacedPart, offsetBytes: number, type: TypeInfo, bits: BitRange = {}): PlacedPart {
  const { location } = whole;
  switch (location.kind) {
    case 'memory':
      return { location: { kind: 'memory', address: location.address + BigInt(offsetBytes) }, ...bitsOf(bits) };
    case 'register': {
      const bitOffset = (whole.bitOffset ?? 0) + offsetBytes * 8 + (bits.bitOffset ?? 0);
      const bitSize = bits.bitSize ?? (bitOffset === 0 ? undefined : sizeOf(type) * 8);
      return { location, ...(bitSize === undefined ? {} : { bitOffset, bitSize }) };
    }
    case 'value':
    case 'pieces': {
      const from = Math.max(offsetBytes, 0);
      const part = location.bytes.slice(from, from + storageBytes(type, bits));
      return { location: { kind: location.kind, bytes: part }, ...bitsOf(bits) };
    }
    case 'optimizedOut':
      return { location, ...bitsOf(bits) };
  }
}

/** A value that lies inside another, taken from its bytes where they reach, else read. */
function partValue(whole: Value, offsetBytes: number, type: TypeInfo, source: ValueSource, bits: BitRange = {}): Value {
  const part = partOf(whole, offsetBytes, type, bits);
  const size = storageBytes(type, part);
  // A register's bits are counted from its start, whatever the part.
  const from = whole.location.kind === 'register' ? 0 : offsetBytes;
  const known = whole.location.kind === 'register' || whole.location.kind === 'memory';
  if (known && from >= 0 && whole.bytes.length >= from + size) {
    return { type, ...part, bytes: whole.bytes.slice(from, from + Math.min(size, AGGREGATE_READ_BYTES)) };
  }
  return readValue(type, part.location, source, part);
}

/** `value.member`. */
export function memberValue(value: Value, member: MemberInfo, source: ValueSource): Value {
  return partValue(value, member.offsetBytes, member.type, source, member);
}

/** `value[index]`, not checked against the array's bounds. */
export function elementValue(array: Value, index: number, source: ValueSource): Value {
  const type = elementType(strip(array.type));
  return partValue(array, index * sizeOf(type), type, source);
}

/** `*value`; undefined where the pointer itself is not known or points to nothing that has a size. */
export function pointeeValue(pointer: Value, source: ValueSource): Value | undefined {
  const target = strip(pointer.type).target;
  if (target === undefined || pointer.bytes.length === 0 || sizeOf(target) === 0) return undefined;
  return readValue(target, { kind: 'memory', address: addressIn(pointer) }, source);
}

/** The address that a pointer's or reference's bytes hold. */
export const addressIn = (pointer: Value): bigint => bytesToUnsigned(scalarBytes(pointer));

/** The bytes of the value itself: a bit-field's bits taken out and extended to its type's size. */
export function scalarBytes(value: Value): Uint8Array {
  if (value.bitSize === undefined || value.bytes.length === 0) return value.bytes;
  const bits = { offset: value.bitOffset ?? 0, width: value.bitSize, signed: isSigned(value.type) };
  return extractBits(value.bytes, bits, Math.max(sizeOf(value.type), 1));
}

/** The number that an integer, enumeration, boolean or pointer holds. */
export const integerIn = (value: Value): bigint => bytesToInteger(scalarBytes(value), isSigned(value.type));

/** Text up to the first NUL. `ended`: a NUL was found; `unreadable`: memory ended before it. */
export interface StringPreview {
  readonly bytes: Uint8Array;
  readonly ended: boolean;
  readonly unreadable: boolean;
}

/** A C string of at most `limitBytes`, read in small steps so that a string before unmapped memory is found. */
export function readString(address: bigint, memory: MemoryReader, limitBytes: number): StringPreview {
  const found: number[] = [];
  while (found.length < limitBytes) {
    const step = Math.min(64, limitBytes - found.length);
    const chunk = memory.read(address + BigInt(found.length), step);
    const end = chunk.indexOf(0);
    found.push(...(end < 0 ? chunk : chunk.subarray(0, end)));
    if (end >= 0) return { bytes: Uint8Array.from(found), ended: true, unreadable: false };
    if (chunk.length < step) return { bytes: Uint8Array.from(found), ended: false, unreadable: found.length === 0 };
  }
  return { bytes: Uint8Array.from(found), ended: false, unreadable: false };
}
