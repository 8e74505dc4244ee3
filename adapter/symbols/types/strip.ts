// strip.ts: what a type is, once its qualifiers and names are looked through.
//
// Everything that decides by kind asks here first; only names and texts use the type as written.

import type { TypeInfo } from '../program-symbols';

/** Sees through const, volatile and typedefs. A qualified nothing (`const void`) is void. */
export function strip(type: TypeInfo): TypeInfo {
  let inner = type;
  // A chain longer than this is a loop in damaged debug information.
  for (let depth = 0; depth < 64; depth++) {
    if (inner.kind !== 'const' && inner.kind !== 'volatile' && inner.kind !== 'typedef') return inner;
    if (inner.target === undefined) return { kind: 'void', name: inner.name, sizeBytes: 0 };
    inner = inner.target;
  }
  return { kind: 'unknown', name: type.name, sizeBytes: type.sizeBytes };
}

/** The bytes a value of the type takes; typedefs and qualifiers may themselves carry no size. */
export const sizeOf = (type: TypeInfo): number => strip(type).sizeBytes;

export function isComplex(type: TypeInfo): boolean {
  const inner = strip(type);
  return inner.kind === 'base' && inner.encoding === 'float' && /complex/i.test(inner.name);
}

export function isFloat(type: TypeInfo): boolean {
  const inner = strip(type);
  return inner.kind === 'base' && inner.encoding === 'float' && !isComplex(inner);
}

/** Integers, characters, booleans and enumerations. */
export function isInteger(type: TypeInfo): boolean {
  const inner = strip(type);
  return inner.kind === 'enum' || (inner.kind === 'base' && inner.encoding !== 'float' && inner.encoding !== undefined);
}

export function isSigned(type: TypeInfo): boolean {
  const inner = strip(type);
  if (inner.kind === 'enum') {
    if (inner.encoding !== undefined) return inner.encoding === 'signed' || inner.encoding === 'signedChar';
    return inner.enumerators?.some(({ value }) => value < 0n) ?? false;
  }
  return inner.encoding === 'signed' || inner.encoding === 'signedChar';
}

export const isPointer = (type: TypeInfo): boolean => strip(type).kind === 'pointer';

export function isStruct(type: TypeInfo): boolean {
  const { kind } = strip(type);
  return kind === 'struct' || kind === 'class' || kind === 'union';
}

/** A type whose values are made of other values. */
export const isAggregate = (type: TypeInfo): boolean => isStruct(type) || strip(type).kind === 'array';

/** `char` and its kin, of any width: shown with the character. */
export function isCharacter(type: TypeInfo): boolean {
  const inner = strip(type);
  if (inner.kind !== 'base') return false;
  if (inner.encoding === 'utf') return true;
  if (inner.encoding === 'signedChar' || inner.encoding === 'unsignedChar') return inner.sizeBytes === 1;
  return isWideCharacter(type);
}

/** `wchar_t`, a plain int by its encoding, is told by its name. */
function isWideCharacter(type: TypeInfo): boolean {
  let inner: TypeInfo | undefined = type;
  for (let depth = 0; depth < 64 && inner !== undefined; depth++) {
    if (inner.name === 'wchar_t') return true;
    if (inner.kind !== 'const' && inner.kind !== 'volatile' && inner.kind !== 'typedef') return false;
    inner = inner.target;
  }
  return false;
}

/** Structs without members, whatever they are made of: allocators, markers, unit. */
export function holdsNothing(type: TypeInfo, depth = 0): boolean {
  const inner = strip(type);
  if (!isStruct(inner) || inner.members === undefined || inner.variantPart !== undefined) return false;
  return depth < 8 && inner.members.every((member) => holdsNothing(member.type, depth + 1));
}

/** Rust's `&T`, `&mut T` and `Box<T>`: pointers by their layout, which always lead to something. */
export function isRustReference(type: TypeInfo): boolean {
  const inner = strip(type);
  return inner.kind === 'pointer' && /^&|^alloc::boxed::Box</.test(inner.name);
}
