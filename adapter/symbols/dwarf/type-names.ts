// type-names.ts: how C writes a type: `char *`, `int [3][4]`, `int (*)(int, char *)`, as gdb prints it; C++'s pointers to
// members, `int T::*`; Rust's arrays, `[u8; 3]`.
//
// A declarator grows around an inner text from the outside of the type to its base: pointer to array is `(*)[4]`.

import type { TypeInfo } from '../program-symbols';

/** What names need beyond TypeInfo; types from elsewhere go without. */
interface NamedParts {
  readonly parameters?: readonly (TypeInfo | undefined)[];
  readonly isPrototyped?: boolean;
  readonly isRvalueReference?: boolean;
  /** Rust writes its arrays so: `[u8; 3]`. */
  readonly isRust?: boolean;
}

const MAX_DEPTH = 64;

/** `ownName` gives the name of a type that is not made from another. */
export function nameOfType(type: TypeInfo & NamedParts, ownName: (type: TypeInfo) => string): string {
  return spell(type, '', 0, ownName);
}

function spell(type: TypeInfo & NamedParts, inner: string, depth: number, ownName: (type: TypeInfo) => string): string {
  const next = (target: TypeInfo | undefined, text: string): string =>
    target && depth < MAX_DEPTH ? spell(target, text, depth + 1, ownName) : withInner('void', text);
  if (type.memberPointer !== undefined) {
    const { owner, target } = type.memberPointer;
    return next(target, aroundPointer(target, `${owner.name}::*${inner}`));
  }
  if (isRustArray(type))
    return withInner(
      rustArray(type, (target) => next(target, '')),
      inner,
    );
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
  const inner = target === undefined ? undefined : (qualifiersOf(target).target ?? target);
  const isTight = inner?.kind === 'function' || (inner?.kind === 'array' && !isRustArray(inner));
  return isTight ? `(${text})` : text;
}

const isRustArray = (type: TypeInfo & NamedParts): boolean => type.kind === 'array' && type.isRust === true;

/** Several dimensions are arrays of arrays. */
function rustArray({ target, dimensions = [] }: TypeInfo, spelled: (type: TypeInfo | undefined) => string): string {
  return dimensions.reduceRight<string>((element, count) => `[${element}; ${count ?? ''}]`, spelled(target));
}

/** A qualifier stands before a name, behind a `*`. */
function spellQualified(
  type: TypeInfo,
  inner: string,
  next: (target: TypeInfo | undefined, text: string) => string,
): string {
  const { words, target } = qualifiersOf(type);
  if (target?.kind !== 'pointer') {
    const isSaid = target?.kind === 'array' && qualifiersOf(elementOf(target)).words === words;
    return isSaid ? next(target, inner) : `${words} ${next(target, inner)}`;
  }
  return next(
    target,
    inner === '' || inner.startsWith('[') || inner.startsWith('(') ? ` ${words}${inner}` : ` ${words} ${inner}`,
  );
}

/** An array's qualifiers are its elements': gcc writes both. */
function elementOf(type: TypeInfo): TypeInfo {
  let element = type;
  for (let depth = 0; depth < MAX_DEPTH && element.kind === 'array' && element.target; depth++)
    element = element.target;
  return element;
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
