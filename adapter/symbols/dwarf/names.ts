// names.ts: what an entry is called: plain, and with the namespaces and classes around it.

import { TAG } from './dwarf-constants.table';
import { lastPart, writableName } from '../types/qualified-name';
import type { Die } from './unit';

const SCOPES: ReadonlySet<number> = new Set([
  TAG.namespace,
  TAG.class_type,
  TAG.structure_type,
  TAG.union_type,
  TAG.enumeration_type,
]);
const MAX_DEPTH = 64;

/** `point`, `geometry::Shape::area`; undefined for what has no name. */
export function qualifiedName(die: Die): string | undefined {
  const { name } = die;
  if (name === undefined || !die.unit.isScoped) return name;
  // The scope is where the name was declared: a method's definition stands outside its class.
  const declared = die.chain.at(-1) ?? die;
  const parts = [name];
  let parent = declared.parent;
  for (let depth = 0; parent && depth < MAX_DEPTH; depth++, parent = parent.parent) {
    if (!SCOPES.has(parent.tag)) continue;
    const scope = parent.name ?? (parent.tag === TAG.namespace ? '(anonymous namespace)' : undefined);
    if (scope !== undefined) parts.unshift(scope);
  }
  return parts.join('::');
}

/** Whether a wanted name means an entry of that full name: the same, or its trailing parts. */
export function namesMatch(wanted: string, full: string): boolean {
  const name = writableName(full);
  return name === wanted || full === wanted || name.endsWith(`::${wanted}`) || full.endsWith(`::${wanted}`);
}

/** The same for functions: `twice` means every `twice<T>`. */
export function functionNamesMatch(wanted: string, full: string): boolean {
  if (namesMatch(wanted, full)) return true;
  const last = lastPart(full);
  const plain = last.indexOf('<');
  return plain > 0 && namesMatch(wanted, full.slice(0, full.length - last.length + plain));
}
