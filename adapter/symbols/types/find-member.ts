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
  const own = members.find((member) => member.name === name);
  if (own !== undefined) return own;
  if (depth >= MAX_DEPTH) return undefined;
  for (const member of members) {
    if (!isTransparent(member)) continue;
    const inner = find(member.type, name, depth + 1);
    if (inner !== undefined) return { ...inner, offsetBytes: inner.offsetBytes + member.offsetBytes };
  }
  return undefined;
}

/** Names of members are looked for inside too: anonymous ones, and base classes (named after their type). */
function isTransparent(member: MemberInfo): boolean {
  return isStruct(member.type) && (member.name === '' || member.name === strip(member.type).name);
}

/** The names that an expression may put behind `.`; those of anonymous members as if they were the struct's own. */
export function memberNames(type: TypeInfo): readonly string[] {
  return collect(type, 0);
}

function collect(type: TypeInfo, depth: number): string[] {
  const members = strip(type).members ?? [];
  return members.flatMap((member) =>
    member.name === '' ? (depth < MAX_DEPTH ? collect(member.type, depth + 1) : []) : [member.name],
  );
}
