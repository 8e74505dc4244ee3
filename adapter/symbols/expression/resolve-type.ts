// resolve-type.ts: a type as written in an expression → the type.
//
// C's own types need no program; structs and typedefs are the scope's; <stdint.h>'s names stand in where the program
// has none.

import type { TypeInfo } from '../program-symbols';
import {
  arrayOf,
  baseTypeOfWords,
  functionOf,
  LONG,
  pointerTo,
  referenceTo,
  SHORT,
  INT,
  SIGNED_CHAR,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_SHORT,
} from '../types/base-types';
import { strip } from '../types/strip';
import * as errors from './expression-errors';
import { nearestName } from './suggest';
import type { SymbolScope } from './symbol-scope';
import type { Derivation, TypeName } from './syntax-tree';

const typedef = (name: string, target: TypeInfo): readonly [string, TypeInfo] => [
  name,
  { kind: 'typedef', name, sizeBytes: target.sizeBytes, target },
];

const STANDARD: ReadonlyMap<string, TypeInfo> = new Map([
  typedef('int8_t', SIGNED_CHAR),
  typedef('int16_t', SHORT),
  typedef('int32_t', INT),
  typedef('int64_t', LONG),
  typedef('uint8_t', UNSIGNED_CHAR),
  typedef('uint16_t', UNSIGNED_SHORT),
  typedef('uint32_t', UNSIGNED_INT),
  typedef('uint64_t', UNSIGNED_LONG),
  typedef('size_t', UNSIGNED_LONG),
  typedef('ssize_t', LONG),
  typedef('ptrdiff_t', LONG),
  typedef('intptr_t', LONG),
  typedef('uintptr_t', UNSIGNED_LONG),
  typedef('wchar_t', INT),
]);

const TAGS = ['struct', 'union', 'enum', 'class'];

/** The type that a plain name or `struct name` means; undefined where none does. */
export function typeOfBase(base: string, scope: SymbolScope): TypeInfo | undefined {
  const builtIn = baseTypeOfWords(base.split(' '));
  if (builtIn !== undefined) return builtIn;
  const found = scope.typeNamed(base) ?? STANDARD.get(base);
  if (found !== undefined || base.includes(' ')) return found;
  for (const tag of TAGS) {
    const tagged = scope.typeNamed(`${tag} ${base}`);
    if (tagged !== undefined) return tagged;
  }
  return undefined;
}

/** Throws UserError with the nearest name where there is none. */
export function resolveType(name: TypeName, scope: SymbolScope): TypeInfo {
  const base = typeOfBase(name.base, scope);
  if (base === undefined) throw errors.unknownType(name.base, nearestType(name.base, scope), name);
  return name.derivations.reduce(derive, qualify(base, name));
}

/** The scope lists types with or without their tag's keyword. */
function nearestType(base: string, scope: SymbolScope): string | undefined {
  const [tag = '', plain] = base.includes(' ') ? base.split(' ') : ['', base];
  const names = Array.from(scope.typeNames(), (each) => each.slice(each.lastIndexOf(' ') + 1));
  const nearest = nearestName(plain, names);
  return nearest === undefined || tag === '' ? nearest : `${tag} ${nearest}`;
}

function qualify(base: TypeInfo, { qualifiers }: TypeName): TypeInfo {
  return qualifiers.reduceRight<TypeInfo>(
    (target, kind) => ({ kind, name: `${kind} ${target.name}`, sizeBytes: target.sizeBytes, target }),
    base,
  );
}

function derive(target: TypeInfo, derivation: Derivation): TypeInfo {
  switch (derivation.kind) {
    case 'pointer':
      return pointerTo(target);
    case 'reference':
      return referenceTo(target);
    case 'array': {
      const inner = target.kind === 'array' ? strip(target) : undefined;
      if (inner?.target === undefined) return arrayOf(target, derivation.length);
      return arrayOf(inner.target, derivation.length, ...(inner.dimensions ?? []));
    }
    case 'function':
      return functionOf(target);
  }
}

/** Whether a plain name means a type here: a variable of that name hides it. */
export const typeNamePredicate =
  (scope: SymbolScope) =>
  (name: string): boolean =>
    scope.variable(name) === undefined && typeOfBase(name, scope) !== undefined;
