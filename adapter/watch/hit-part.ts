// hit-part.ts: which part of a watched place an access touched: `table[3] (bytes 12–15)`.
//
// A write is told by the bytes that changed; what left every byte as it was, by the pieces of the registers that saw it.
// Nothing is said where the part is the whole. Knows types and bytes, looks at no memory.

import type { MemberInfo, TypeInfo } from '../symbols/program-symbols';

export interface TouchedPlace {
  readonly label: string;
  readonly lengthBytes: number;
  readonly type: TypeInfo | undefined;
  readonly bitSize?: number;
}

/** Offsets of bytes within the place, ascending. */
export type ByteOffsets = readonly number[];

/** So many elements are named; of more the first and the last. */
const MOST_NAMED = 3;

export function changedOffsets(old: Uint8Array, now: Uint8Array): ByteOffsets {
  return [...old.keys()].filter((at) => old[at] !== now[at]);
}

/** Undefined where it was all of it, or the place is one number. */
export function partText(place: TouchedPlace, offsets: ByteOffsets): string | undefined {
  const first = offsets.at(0);
  const last = offsets.at(-1);
  if (first === undefined || last === undefined || place.lengthBytes === 1 || place.bitSize !== undefined)
    return undefined;
  const bytes = first === last ? `byte ${first}` : `bytes ${first}–${last}`;
  const names = leafNames(place, offsets);
  if (names === undefined) return isWhole(place, offsets) || isNumber(place.type) ? undefined : bytes;
  if (names.length === 0) return bytes;
  const shown = names.length <= MOST_NAMED ? names.join(', ') : `${names[0]} … ${names[names.length - 1]}`;
  return `${shown} (${bytes})`;
}

const isWhole = (place: TouchedPlace, offsets: ByteOffsets): boolean => offsets.length === place.lengthBytes;

function isNumber(type: TypeInfo | undefined): boolean {
  return type !== undefined && !isAggregate(stripped(type));
}

const isAggregate = ({ kind }: TypeInfo): boolean => ['array', 'struct', 'class', 'union'].includes(kind);

/** The members and elements that hold the bytes; undefined for what has none. */
function leafNames({ label, type }: TouchedPlace, offsets: ByteOffsets): readonly string[] | undefined {
  if (type === undefined || !isAggregate(stripped(type))) return undefined;
  const names = new Set<string>();
  for (const offset of offsets) {
    const name = leafAt(label, type, offset);
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

/** Undefined for padding. */
function leafAt(label: string, outer: TypeInfo, offset: number): string | undefined {
  const type = stripped(outer);
  if (type.kind === 'array') return elementAt(label, type, offset);
  // Which of its members a union is, nobody says.
  if (type.kind !== 'struct' && type.kind !== 'class') return label;
  const member = type.members?.find((candidate) => holds(candidate, offset));
  if (member === undefined) return undefined;
  const name = member.name === '' ? label : `${label}.${member.name}`;
  return member.bitSize === undefined ? leafAt(name, member.type, offset - member.offsetBytes) : name;
}

function holds({ offsetBytes, type, bitOffset, bitSize }: MemberInfo, offset: number): boolean {
  if (bitSize === undefined) return offset >= offsetBytes && offset < offsetBytes + type.sizeBytes;
  const firstBit = 8 * offsetBytes + (bitOffset ?? 0);
  return 8 * offset < firstBit + bitSize && 8 * (offset + 1) > firstBit;
}

function elementAt(label: string, type: TypeInfo, offset: number): string {
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
  return leafAt(name, element, offset % element.sizeBytes) ?? name;
}

function stripped(type: TypeInfo): TypeInfo {
  let at = type;
  while (['typedef', 'const', 'volatile'].includes(at.kind) && at.target !== undefined) at = at.target;
  return at;
}
