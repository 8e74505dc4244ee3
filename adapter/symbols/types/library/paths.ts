// paths.ts: from a value of a library's type to its parts, by the members' names.

import type { MemoryReader, TypeInfo, Value } from '../../program-symbols';
import { findMember } from '../find-member';
import { integerIn, partOf, readValue } from '../read-value';
import type { PlacedPart } from '../read-value';
import { isInteger, isPointer, isStruct, sizeOf, strip } from '../strip';

const MAX_DEPTH = 12;

/** `a.b.c` of a value; undefined where a member is not there. */
export function part(value: Value, path: string, memory: MemoryReader): Value | undefined {
  let at: PlacedPart & { readonly type: TypeInfo } = value;
  for (const name of path.split('.')) {
    const member = isStruct(at.type) ? findMember(at.type, name) : undefined;
    if (member === undefined) return undefined;
    at = { type: member.type, ...partOf(at, member.offsetBytes, member.type, member) };
  }
  const found = readValue(at.type, at.location, { memory }, at);
  return found.error === undefined ? found : undefined;
}

/** The integer there. */
export function numberAt(value: Value, path: string, memory: MemoryReader): number | undefined {
  const found = part(value, path, memory);
  return found === undefined || !isInteger(found.type) ? undefined : Number(integerIn(found));
}

/** The pointer there. */
export function pointerAt(value: Value, path: string, memory: MemoryReader): Value | undefined {
  const found = part(value, path, memory);
  return found !== undefined && isPointer(found.type) ? found : undefined;
}

/** The first pointer within. */
export function firstPointer(
  { type, ...whole }: PlacedPart & { readonly type: TypeInfo },
  memory: MemoryReader,
  depth = 0,
): Value | undefined {
  if (isPointer(type)) return readValue(type, whole.location, { memory });
  if (depth > MAX_DEPTH || !isStruct(type)) return undefined;
  for (const member of strip(type).members ?? []) {
    const inner = { type: member.type, ...partOf(whole, member.offsetBytes, member.type, member) };
    const found = firstPointer(inner, memory, depth + 1);
    if (found !== undefined) return found.error === undefined ? found : undefined;
  }
  return undefined;
}

/** To read what the way to the contents does not depend on. */
export const aside = (memory: MemoryReader): MemoryReader => memory.aside ?? memory;

export const valueAt = (type: TypeInfo, address: bigint, memory: MemoryReader): Value =>
  readValue(type, { kind: 'memory', address }, { memory });

/** The unsigned number of eight bytes there; 0 where nothing can be read. */
export function wordAt(address: bigint, memory: MemoryReader): bigint {
  const bytes = memory.read(address, 8);
  return bytes.length < 8 ? 0n : new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
}

export const addressOfValue = ({ location }: Value): bigint | undefined =>
  location.kind === 'memory' ? location.address : undefined;

/** Elements that lie one behind the other. */
export function inARow(type: TypeInfo | undefined, address: bigint, count: number | undefined) {
  if (type === undefined || count === undefined || sizeOf(type) === 0) return undefined;
  const size = BigInt(sizeOf(type));
  return { kind: 'elements', type, count, addressOf: (index: number) => address + BigInt(index) * size } as const;
}
