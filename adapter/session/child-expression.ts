// child-expression.ts: the expression that reaches a child which the tree shows under a name.
//
// The tree's names are `[3]` for elements, `*` for what a pointer points at, and members' names.

import { childExpression as expressionOf } from '../symbols/types/evaluate-name';
import type { Value } from '../symbols/program-symbols';
import { stripped } from './value-views';

export function childExpression(parent: string, value: Value, name: string): string {
  const index = /^\[(\d+)\]$/.exec(name)?.[1];
  if (index !== undefined) return expressionOf(parent, { kind: 'element', index: Number(index) });
  if (name.startsWith('*')) return expressionOf(parent, { kind: 'pointee' });
  const arrow = stripped(value.type).kind === 'pointer';
  if (name.startsWith('<anonymous')) return expressionOf(parent, { kind: 'anonymous', arrow });
  return expressionOf(parent, { kind: 'member', name, arrow });
}
