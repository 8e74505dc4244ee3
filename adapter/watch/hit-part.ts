// hit-part.ts: which part of a watched place an access touched: `table[3] (bytes 12–15)`.
//
// A write is told by the bytes that changed; what left every byte as it was, by the pieces of the registers that saw it.
// Nothing is said where the part is the whole. Knows types and bytes, looks at no memory.

import type { MemberInfo, TypeInfo } from '../symbols/program-symbols';
import { isAggregate, strip } from '../symbols/types/strip';

export interface TouchedPlace {
  readonly label: string;
  readonly lengthBytes: number;
  readonly type: TypeInfo | undefined;
  readonly bitSize?: number;
}

/** A byte of the place, and those of its bits that are meant. */
export interface TouchedByte {
  readonly offset: number;
  readonly bits: number;
}

/** So many elements are named; of more the first and the last. */
const MOST_NAMED = 3;

/** In ascending order. */
export function changedBytes(old: Uint8Array, now: Uint8Array): readonly TouchedByte[] {
  return [...old].flatMap((byte, offset) => (byte === now[offset] ? [] : [{ offset, bits: byte ^ now[offset] }]));
}

/** Undefined where it was all of it, or the place is one number. */
export function partText(place: TouchedPlace, touched: readonly TouchedByte[]): string | undefined {
  const first = touched.at(0)?.offset;
  const last = touched.at(-1)?.offset;
  if (first === undefined || last === undefined || place.lengthBytes === 1 || place.bitSize !== undefined)
    return undefined;
  const bytes = first === last ? `byte ${first}` : `bytes ${first}–${last}`;
  const names = leafNames(place, touched);
  if (names === undefined) return touched.length === place.lengthBytes || isNumber(place.type) ? undefined : bytes;
  if (names.length === 0) return bytes;
  const shown = names.length <= MOST_NAMED ? names.join(', ') : `${names[0]} … ${names[names.length - 1]}`;
  return `${shown} (${bytes})`;
}

function isNumber(type: TypeInfo | undefined): boolean {
  return type !== undefined && !isAggregate(type);
}

/** The members and elements that hold the bytes; undefined for what has none. */
function leafNames({ label, type }: TouchedPlace, touched: readonly TouchedByte[]): readonly string[] | undefined {
  if (type === undefined || !isAggregate(type)) return undefined;
  const names = new Set<string>();
  for (const byte of touched) {
    const name = leafAt(label, type, byte);
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

/** The member or element that holds the byte, as deep as it goes; undefined for padding. */
export function leafAt(label: string, outer: TypeInfo, byte: TouchedByte): string | undefined {
  const type = strip(outer);
  if (type.kind === 'array') return elementAt(label, type, byte);
  // Which of its members a union is, nobody says; which variant an enum, the bytes before may not.
  if ((type.kind !== 'struct' && type.kind !== 'class') || type.variantPart !== undefined) return label;
  // What derives from a class may keep a member in the class's padding: the first one that has the byte is not it.
  for (const member of type.members ?? []) {
    const leaf = holds(member, byte) ? leafOf(label, member, byte) : undefined;
    if (leaf !== undefined) return leaf;
  }
  return undefined;
}

function leafOf(label: string, member: MemberInfo, byte: TouchedByte): string | undefined {
  const name = member.name === '' ? label : `${label}.${member.name}`;
  if (member.bitSize !== undefined) return name;
  return leafAt(name, member.type, { ...byte, offset: byte.offset - member.offsetBytes });
}

function holds({ offsetBytes, type, bitOffset, bitSize }: MemberInfo, { offset, bits }: TouchedByte): boolean {
  if (bitSize === undefined) return offset >= offsetBytes && offset < offsetBytes + type.sizeBytes;
  const own = ((1n << BigInt(bitSize)) - 1n) << BigInt(bitOffset ?? 0);
  const at = BigInt(8 * (offset - offsetBytes));
  return at >= 0n && (own & (BigInt(bits) << at)) !== 0n;
}

function elementAt(label: string, type: TypeInfo, { offset, bits }: TouchedByte): string {
  const element = type.target;
  const dimensions = type.dimensions ?? [];
  if (element === undefined || element.sizeBytes === 0) return label;
  let index = Math.floor(offset / element.sizeBytes);
  const indices: number[] = [];
  for (const dimension of dimensions.slice(1).toReversed()) {
    if (dimension === undefined || dimension === 0) return label;
    indices.unshift(index % dimension);
    index = Math.floor(index / dimension);
  }
  const name = `${label}${[index, ...indices].map((each) => `[${each}]`).join('')}`;
  return leafAt(name, element, { offset: offset % element.sizeBytes, bits }) ?? name;
}
