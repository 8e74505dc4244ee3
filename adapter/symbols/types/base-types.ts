// base-types.ts: C's own types, and types made from other types.
//
// The results of arithmetic (`int`, `unsigned long`, …) need no debug information, so their types are made here, for
// x86-64 System V (LP64). `integerTypeNamed` answers any spelling of C's: `long unsigned int`, `unsigned long`, …
// Truth: System V ABI x86-64, 3.1.2; C17 6.7.2.

import { nameOfType } from '../dwarf/type-names';
import type { TypeInfo } from '../program-symbols';

const base = (name: string, sizeBytes: number, encoding: TypeInfo['encoding']): TypeInfo => ({
  kind: 'base',
  name,
  sizeBytes,
  encoding,
});

export const VOID: TypeInfo = { kind: 'void', name: 'void', sizeBytes: 0 };
export const BOOL = base('_Bool', 1, 'boolean');
export const CHAR = base('char', 1, 'signedChar');
export const SIGNED_CHAR = base('signed char', 1, 'signedChar');
export const UNSIGNED_CHAR = base('unsigned char', 1, 'unsignedChar');
export const SHORT = base('short', 2, 'signed');
export const UNSIGNED_SHORT = base('unsigned short', 2, 'unsigned');
export const INT = base('int', 4, 'signed');
export const UNSIGNED_INT = base('unsigned int', 4, 'unsigned');
export const LONG = base('long', 8, 'signed');
export const UNSIGNED_LONG = base('unsigned long', 8, 'unsigned');
export const LONG_LONG = base('long long', 8, 'signed');
export const UNSIGNED_LONG_LONG = base('unsigned long long', 8, 'unsigned');
export const INT128 = base('__int128', 16, 'signed');
export const UNSIGNED_INT128 = base('unsigned __int128', 16, 'unsigned');
export const FLOAT = base('float', 4, 'float');
export const DOUBLE = base('double', 8, 'float');
export const LONG_DOUBLE = base('long double', 16, 'float');

/** Every word that may take part in the name of one of C's own arithmetic types. */
export const BASE_TYPE_WORDS: ReadonlySet<string> = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'signed',
  'unsigned',
  'float',
  'double',
  '_Bool',
  'bool',
  '__int128',
]);

const SINGLE_WORDS: ReadonlyMap<string, TypeInfo> = new Map([
  ['void', VOID],
  ['_Bool', BOOL],
  ['bool', base('bool', 1, 'boolean')],
  ['float', FLOAT],
  ['double', DOUBLE],
]);

/** C's own type of that spelling, words in any order; undefined where the words make no type. */
export function baseTypeOfWords(words: readonly string[]): TypeInfo | undefined {
  const first = words.at(0);
  if (words.length === 1 && first !== undefined && SINGLE_WORDS.has(first)) return SINGLE_WORDS.get(first);
  const count = (word: string): number => words.filter((each) => each === word).length;
  if (words.length === 0 || words.some((word) => !BASE_TYPE_WORDS.has(word))) return undefined;
  if (count('double') === 1 && count('long') === 1 && words.length === 2) return LONG_DOUBLE;
  if (words.some((word) => SINGLE_WORDS.has(word))) return undefined;
  return integerOfCounts({
    unsigned: count('unsigned'),
    signed: count('signed'),
    char: count('char'),
    short: count('short'),
    int: count('int'),
    long: count('long'),
    wide: count('__int128'),
  });
}

type WordCounts = Readonly<Record<'unsigned' | 'signed' | 'char' | 'short' | 'int' | 'long' | 'wide', number>>;

function integerOfCounts(words: WordCounts): TypeInfo | undefined {
  if (words.unsigned + words.signed > 1 || words.int > 1 || words.long > 2) return undefined;
  if (words.char + words.short + Math.min(words.long, 1) + words.wide > 1) return undefined;
  if (words.int > 0 && words.char + words.wide > 0) return undefined;
  const unsigned = words.unsigned === 1;
  if (words.char === 1) return unsigned ? UNSIGNED_CHAR : words.signed === 1 ? SIGNED_CHAR : CHAR;
  if (words.short === 1) return unsigned ? UNSIGNED_SHORT : SHORT;
  if (words.wide === 1) return unsigned ? UNSIGNED_INT128 : INT128;
  if (words.long === 1) return unsigned ? UNSIGNED_LONG : LONG;
  if (words.long === 2) return unsigned ? UNSIGNED_LONG_LONG : LONG_LONG;
  return unsigned ? UNSIGNED_INT : INT;
}

/** The type with the name that C writes for it. */
const named = (type: Omit<TypeInfo, 'name'>): TypeInfo => ({
  ...type,
  name: nameOfType({ ...type, name: '' }, ({ name }) => name),
});

export function pointerTo(target: TypeInfo): TypeInfo {
  return named({ kind: 'pointer', sizeBytes: 8, target });
}

/** `lengths` outermost first; undefined for a flexible dimension. */
export function arrayOf(target: TypeInfo, ...lengths: (number | undefined)[]): TypeInfo {
  const count = lengths.reduce<number>((product, length) => product * (length ?? 0), 1);
  return named({ kind: 'array', sizeBytes: count * target.sizeBytes, target, dimensions: lengths });
}

/** The type of `array[i]`: the element, or an array of one dimension less. */
export function elementType(array: TypeInfo): TypeInfo {
  const target = array.target ?? VOID;
  const inner = (array.dimensions ?? []).slice(1);
  return inner.length === 0 ? target : arrayOf(target, ...inner);
}

export const referenceTo = (target: TypeInfo): TypeInfo => named({ kind: 'reference', sizeBytes: 8, target });

/** A function of unknown parameters. */
export const functionOf = (target: TypeInfo): TypeInfo => named({ kind: 'function', sizeBytes: 0, target });
