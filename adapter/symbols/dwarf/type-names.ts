// type-names.ts: how C writes a type: `char *`, `int [3][4]`, `int (*)(int, char *)`, as gdb prints it.
//
// A declarator grows around an inner text from the outside of the type to its base: pointer to array is `(*)[4]`.

import type { TypeInfo } from '../program-symbols';

/** What names need beyond TypeInfo; types from elsewhere go without. */
interface NamedParts {
  readonly parameters?: readonly (TypeInfo | undefined)[];
  readonly isPrototyped?: boolean;
  readonly isRvalueReference?: boolean;
}

const MAX_DEPTH = 64;

/** `ownName` gives the name of a type that is not made from another. */
export function nameOfType(type: TypeInfo & NamedParts, ownName: (type: TypeInfo) => string): string {
  return spell(type, '', 0, ownName);
}

function spell(type: TypeInfo & NamedParts, inner: string, depth: number, ownName: (type: TypeInfo) => string): string {
  const next = (target: TypeInfo | undefined, text: string): string =>
    target && depth < MAX_DEPTH ? spell(target, text, depth + 1, ownName) : withInner('void', text);
  switch (type.kind) {
    case 'pointer':
      return next(type.target, aroundPointer(type.target, `*${inner}`));
    case 'reference':
      return next(type.target, aroundPointer(type.target, `${type.isRvalueReference === true ? '&&' : '&'}${inner}`));
    case 'array':
      return next(type.target, inner + (type.dimensions ?? []).map((count) => `[${count ?? ''}]`).join(''));
    case 'function':
      return next(type.target, `${inner}(${parametersOf(type)})`);
    case 'const':
    case 'volatile':
      return spellQualified(type, inner, next);
    case 'base':
    case 'struct':
    case 'class':
    case 'union':
    case 'enum':
    case 'typedef':
    case 'void':
    case 'unknown':
      return withInner(ownName(type), inner);
  }
}

const withInner = (name: string, inner: string): string => (inner === '' ? name : `${name} ${inner}`);

/** Arrays and functions bind tighter than `*`. */
function aroundPointer(target: TypeInfo | undefined, text: string): string {
  return target?.kind === 'array' || target?.kind === 'function' ? `(${text})` : text;
}

/** A qualifier stands before a name, behind a `*`. */
function spellQualified(
  type: TypeInfo,
  inner: string,
  next: (target: TypeInfo | undefined, text: string) => string,
): string {
  const { words, target } = qualifiersOf(type);
  if (target?.kind !== 'pointer') return `${words} ${next(target, inner)}`;
  return next(
    target,
    inner === '' || inner.startsWith('[') || inner.startsWith('(') ? ` ${words}${inner}` : ` ${words} ${inner}`,
  );
}

/** `const volatile` whatever the order in which they were applied. */
function qualifiersOf(type: TypeInfo): { readonly words: string; readonly target: TypeInfo | undefined } {
  const kinds = new Set<string>();
  let target: TypeInfo | undefined = type;
  for (let depth = 0; target && depth < MAX_DEPTH && (target.kind === 'const' || target.kind === 'volatile'); depth++) {
    kinds.add(target.kind);
    target = target.target;
  }
  return { words: ['const', 'volatile'].filter((kind) => kinds.has(kind)).join(' '), target };
}

function parametersOf(type: NamedParts): string {
  const parameters = (type.parameters ?? []).map((parameter) => parameter?.name ?? '...');
  return parameters.length === 0 && type.isPrototyped === true ? 'void' : parameters.join(', ');
}
