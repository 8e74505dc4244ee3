// virtual-bases.ts: C++'s virtual bases: which of them has a member, and where it lies in an object.
//
// The way to a member is known by the types alone; where it leads is for each object to say, by its table. Memory is read
// aside: once an object is made, its tables are what they are.
// Truth: Itanium C++ ABI, 2.4 and 2.5.2.

import type { MemoryReader, TypeInfo, Value, VirtualBase } from '../program-symbols';
import { baseClassName, findMember } from './find-member';
import { bytesToInteger } from './integers';
import { aside } from './library/paths';
import { readValue } from './read-value';
import { strip } from './strip';

const MAX_DEPTH = 16;
const POINTER_BYTES = 8;

/** Why there is no place for it. */
const NOT_CONSTRUCTED = 'the object is not constructed';

/** From an object to one of its virtual bases, or a virtual base of those. */
export interface VirtualWay {
  readonly type: TypeInfo;
  readonly steps: readonly { readonly offsetBytes: number; readonly tableOffset: number }[];
}

/** To the virtual base that has the member, or is the class, of that name; undefined where there is none. */
export function wayToVirtual(type: TypeInfo, name: string): VirtualWay | undefined {
  return find(type, name, 0, 0);
}

function find(type: TypeInfo, name: string, offsetBytes: number, depth: number): VirtualWay | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const { members = [], virtualBases = [] } = strip(type);
  for (const base of virtualBases) {
    const step = { offsetBytes, tableOffset: base.tableOffset };
    if (nameOf(base) === name || findMember(base.type, name) !== undefined) return { type: base.type, steps: [step] };
    const further = find(base.type, name, 0, depth + 1);
    if (further !== undefined) return { type: further.type, steps: [step, ...further.steps] };
  }
  for (const member of members) {
    if (baseClassName(member) === undefined) continue;
    const way = find(member.type, name, offsetBytes + member.offsetBytes, depth + 1);
    if (way !== undefined) return way;
  }
  return undefined;
}

/** Where the way leads from the object at this address; undefined where no object is there, or none yet. */
export function followVirtual(way: VirtualWay, address: bigint, memory: MemoryReader): bigint | undefined {
  let at = address;
  for (const { offsetBytes, tableOffset } of way.steps) {
    at += BigInt(offsetBytes);
    const table = signedWordAt(at, memory);
    const offset = table === undefined || table === 0n ? undefined : signedWordAt(table - BigInt(tableOffset), memory);
    if (offset === undefined) return undefined;
    at += offset;
  }
  return at;
}

/** The object's virtual bases by name, for a tree or a text. */
export function virtualBaseValues(
  value: Value,
  memory: MemoryReader,
): { readonly name: string; readonly value: Value }[] {
  const bases = strip(value.type).virtualBases ?? [];
  return bases.map((base) => ({ name: nameOf(base), value: baseValue(value, base, memory) }));
}

function baseValue({ location }: Value, { type, tableOffset }: VirtualBase, memory: MemoryReader): Value {
  const way = { type, steps: [{ offsetBytes: 0, tableOffset }] };
  const address = location.kind === 'memory' ? followVirtual(way, location.address, memory) : undefined;
  if (address !== undefined) return readValue(type, { kind: 'memory', address }, { memory });
  const nowhere = { kind: 'optimizedOut', why: NOT_CONSTRUCTED } as const;
  return { type, location: nowhere, bytes: new Uint8Array(0), error: NOT_CONSTRUCTED };
}

const nameOf = ({ type }: VirtualBase): string => strip(type).name;

function signedWordAt(address: bigint, memory: MemoryReader): bigint | undefined {
  const bytes = aside(memory).read(BigInt.asUintN(64, address), POINTER_BYTES);
  return bytes.length < POINTER_BYTES ? undefined : bytesToInteger(bytes, true);
}
