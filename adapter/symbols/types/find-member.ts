// find-member.ts: a member by name, also through anonymous structs and unions and through base classes.

import type { MemberInfo, TypeInfo } from '../program-symbols';
import { isStruct, strip } from './strip';

const MAX_DEPTH = 16;

/** The member with its offset from the start of `type`; undefined where there is none. */
export function findMember(type: TypeInfo, name: string): MemberInfo | undefined {
  return find(type, name, 0);
}

function find(type: TypeInfo, name: string, depth: number): MemberInfo | undefined {
  const members = strip(type).members ?? [];
  // Rust's tuples count their members: `.0` is `__0`.
  const wanted = /^\d/.test(name) ? `__${name}` : name;
  const own = members.find((member) => member.name === wanted || baseClassName(member) === name);
  if (own !== undefined) return own;
  if (depth >= MAX_DEPTH) return undefined;
  for (const member of members) {
    if (!isTransparent(member)) continue;
    const inner = find(member.type, name, depth + 1);
    if (inner !== undefined) return { ...inner, offsetBytes: inner.offsetBytes + member.offsetBytes };
  }
  return undefined;
}

/** Where a base class lies in a class; undefined where it is none of its bases. */
export function baseClassOffset(type: TypeInfo, base: TypeInfo): number | undefined {
  return findBase(type, strip(base).name, 0);
}

function findBase(type: TypeInfo, name: string, depth: number): number | undefined {
  for (const member of depth < MAX_DEPTH ? (strip(type).members ?? []) : []) {
    const base = baseClassName(member);
    if (base === undefined) continue;
    const offset = base === name ? 0 : findBase(member.type, name, depth + 1);
    if (offset !== undefined) return member.offsetBytes + offset;
  }
  return undefined;
}

/** Members without a name are looked into: anonymous structs and unions, and base classes. */
const isTransparent = (member: MemberInfo): boolean => member.name === '' && isStruct(member.type);

/** A base class is a member without a name, but of a type that has one. */
export function baseClassName(member: MemberInfo): string | undefined {
  if (!isTransparent(member)) return undefined;
  const { name } = strip(member.type);
  return name === '' || /(?:^|\s)<|\{/.test(name) ? undefined : name;
}

/** The names that an expression may put behind `.`; those of anonymous members as if they were the struct's own. */
export function memberNames(type: TypeInfo): readonly string[] {
  return collect(type, 0);
}

function collect(type: TypeInfo, depth: number): string[] {
  const { members = [], virtualBases = [] } = strip(type);
  const inner = (each: TypeInfo): string[] => (depth < MAX_DEPTH ? collect(each, depth + 1) : []);
  const own = members.flatMap((member) => (isTransparent(member) ? inner(member.type) : [member.name]));
  return [...own, ...virtualBases.flatMap((base) => inner(base.type))];
}
