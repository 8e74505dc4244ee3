// parts.ts: the parts of a place as a person writes them: an array's elements, a struct's members.

import type { TypeInfo } from '../../symbols/program-symbols';
import { strip } from '../../symbols/types/strip';

export interface Part {
  readonly expression: string;
  readonly type: TypeInfo;
}

/** More elements are nobody's parts. */
const MOST_ELEMENTS = 64;

/** None of what is one number; those of anonymous members as if they were its own. */
export function partsOf({ expression, type }: Part): readonly Part[] {
  const plain = strip(type);
  if (plain.kind === 'array') return elementsOf(expression, plain);
  return (plain.members ?? []).flatMap((member): readonly Part[] =>
    member.name === ''
      ? partsOf({ expression, type: member.type })
      : [{ expression: memberOf(expression, member.name), type: member.type }],
  );
}

function elementsOf(expression: string, { target, dimensions = [] }: TypeInfo): readonly Part[] {
  const [count, ...inner] = dimensions;
  if (target === undefined || count === undefined) return [];
  const size = inner.reduce<number>((product, dimension) => product * (dimension ?? 0), target.sizeBytes);
  const name = `${target.name} ${inner.map((dimension) => `[${dimension ?? ''}]`).join('')}`.trim();
  const type: TypeInfo =
    inner.length === 0 ? target : { kind: 'array', name, sizeBytes: size, target, dimensions: inner };
  return Array.from({ length: Math.min(count, MOST_ELEMENTS) }, (_, index) => ({
    expression: `${bracketed(expression)}[${index}]`,
    type,
  }));
}

/** `*p` becomes `p->x`; what binds less than a member does is put in brackets. */
function memberOf(expression: string, name: string): string {
  const pointer = /^\*\s*([A-Za-z_][\w.]*(?:(?:->|::)[\w.]+)*)$/.exec(expression)?.[1];
  return pointer === undefined ? `${bracketed(expression)}.${name}` : `${pointer}->${name}`;
}

const bracketed = (expression: string): string => (/^[*&(+!~-]/.test(expression) ? `(${expression})` : expression);
