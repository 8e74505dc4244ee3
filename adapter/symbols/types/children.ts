// children.ts: a value as a tree: members, elements, pointees.
//
// Structs have named children, arrays indexed ones (asked for in ranges, since they may be huge), pointers one `*p`,
// and pointers to structs the struct's members at once.

import type { ChildRange, MemoryReader, TypeInfo, Value } from '../program-symbols';
import type { Child } from './child';
import { baseClassName } from './find-member';
import { contentsOf } from './library/library-contents';
import { contentChildren, countContents } from './library/content-children';
import { addressIn, elementValue, memberValue, pointeeValue, readValue } from './read-value';
import { holdsNothing, isCharacter, isStruct, sizeOf, strip } from './strip';
import { activeVariant } from './variants';
import { virtualBaseValues } from './virtual-bases';

/** Elements shown where no range is asked for. */
const DEFAULT_COUNT = 1000;

/** How many children of which kind; both 0 for a scalar. */
export function countChildren(
  value: Value,
  memory: MemoryReader,
): { readonly named: number; readonly indexed: number } {
  const type = strip(value.type);
  const contents = contentsOf(value, memory);
  if (contents !== undefined) return countContents(contents);
  const variant = variantOf(value, memory);
  if (variant !== undefined) return { named: variant.length, indexed: 0 };
  if (isArray(type)) return { named: 0, indexed: type.dimensions?.[0] ?? 0 };
  if (isStruct(type)) return { named: countMembers(type), indexed: 0 };
  if (value.error !== undefined) return { named: 0, indexed: 0 };
  if (type.kind === 'reference') return countReferred(value, type, memory);
  if (type.kind !== 'pointer') return { named: 0, indexed: 0 };
  const target = pointedAt(value, type);
  if (target === undefined) return { named: 0, indexed: 0 };
  return { named: isStruct(target) ? countMembers(strip(target)) : 1, indexed: 0 };
}

function countReferred(
  value: Value,
  type: TypeInfo,
  memory: MemoryReader,
): { readonly named: number; readonly indexed: number } {
  if (type.target === undefined) return { named: 0, indexed: 0 };
  return countChildren(readValue(type.target, { kind: 'memory', address: addressIn(value) }, { memory }), memory);
}

const isArray = (type: TypeInfo): boolean => type.kind === 'array';

/** The children, in order; of an array those in the range. */
export function childrenOf(value: Value, memory: MemoryReader, range?: ChildRange): readonly Child[] {
  const type = strip(value.type);
  if (isArray(type)) return range?.kind === 'named' ? [] : elements(value, type, memory, range);
  const contents = contentsOf(value, memory);
  if (contents !== undefined) return contentChildren(value, contents, memory, range);
  if (range?.kind === 'indexed') return [];
  const variant = variantOf(value, memory);
  if (variant !== undefined) return cut(variant, range);
  if (isStruct(type)) return cut(members(value, memory, false), range);
  if (value.error !== undefined || value.bytes.length === 0) return [];
  if (type.kind === 'reference' && type.target !== undefined) {
    const referred = readValue(type.target, { kind: 'memory', address: addressIn(value) }, { memory });
    return childrenOf(referred, memory, range);
  }
  if (type.kind !== 'pointer' || pointedAt(value, type) === undefined) return [];
  const pointee = pointeeValue(value, { memory });
  if (pointee === undefined) return [];
  if (isStruct(pointee.type)) return cut(members(pointee, memory, true), range);
  return cut([{ name: '*', value: pointee, step: { kind: 'pointee' } }], range);
}

/** What a pointer shows below it; undefined for null, text, code and nothing. */
function pointedAt(value: Value, type: TypeInfo): TypeInfo | undefined {
  const { target } = type;
  if (target === undefined || value.bytes.length === 0 || addressIn(value) === 0n) return undefined;
  const text = isCharacter(target) && sizeOf(target) === 1;
  return text || sizeOf(target) === 0 ? undefined : target;
}

/** Of an enum of Rust's the variant that is, where it holds anything. */
function variantOf(value: Value, memory: MemoryReader): Child[] | undefined {
  const member = value.isRaw === true ? undefined : activeVariant(value);
  if (member === undefined) return undefined;
  if (holdsNothing(member.type)) return [];
  const { name } = member;
  return [{ name, value: memberValue(value, member, { memory }), step: { kind: 'member', name, arrow: false } }];
}

function cut<T>(children: readonly T[], range: ChildRange | undefined): readonly T[] {
  if (range === undefined) return children;
  return children.slice(Math.max(range.start, 0), Math.max(range.start, 0) + Math.max(range.count, 0));
}

const countMembers = ({ members = [], virtualBases = [] }: TypeInfo): number => members.length + virtualBases.length;

function members(value: Value, memory: MemoryReader, arrow: boolean): Child[] {
  const inherited = virtualBaseValues(value, memory).map((base): Child => ({
    ...base,
    step: { kind: 'member', name: base.name, arrow },
  }));
  const own = (strip(value.type).members ?? []).map((member): Child => {
    const name = member.name === '' ? baseClassName(member) : member.name;
    return {
      name: name ?? `<anonymous ${strip(member.type).kind}>`,
      value: memberValue(value, member, { memory }),
      step: name === undefined ? { kind: 'anonymous', arrow } : { kind: 'member', name, arrow },
    };
  });
  return [...inherited, ...own];
}

function elements(value: Value, type: TypeInfo, memory: MemoryReader, range: ChildRange | undefined): Child[] {
  const count = type.dimensions?.[0] ?? 0;
  const start = Math.min(Math.max(range?.start ?? 0, 0), count);
  const end = Math.min(start + Math.max(range?.count ?? DEFAULT_COUNT, 0), count);
  const children: Child[] = [];
  for (let index = start; index < end; index++) {
    const element = elementValue(value, index, { memory });
    children.push({ name: `[${index}]`, value: element, step: { kind: 'element', index } });
  }
  return children;
}
