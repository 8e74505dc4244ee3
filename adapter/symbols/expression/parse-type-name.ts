// parse-type-name.ts: `unsigned long`, `struct point *`, `int (*)[4]`, `void (*)(int)` in casts and sizeof.
//
// Names of typedefs look like names of variables; `isTypeName` tells them apart, as in every C parser.
// Truth: C17 6.7.7.

import { BASE_TYPE_WORDS } from '../types/base-types';
import type { Derivation, TypeName } from './syntax-tree';
import { describeToken } from './token-stream';
import type { TokenStream } from './token-stream';

/** Whether a plain name means a type where the expression is evaluated. */
export type TypeNamePredicate = (name: string) => boolean;

const QUALIFIERS: ReadonlySet<string> = new Set(['const', 'volatile', 'restrict', '__restrict', '_Atomic', 'register']);
const TAG_WORDS: ReadonlySet<string> = new Set(['struct', 'union', 'enum', 'class', 'typename']);

/** Whether the token at `ahead` can only begin a type. */
export function startsTypeName(stream: TokenStream, isTypeName: TypeNamePredicate, ahead = 0): boolean {
  const token = stream.peek(ahead);
  if (token.kind !== 'name' || token.file !== undefined) return false;
  const { name } = token;
  return QUALIFIERS.has(name) || TAG_WORDS.has(name) || BASE_TYPE_WORDS.has(name) || isTypeName(name);
}

/** Reads a type name; the stream stands at its first word. */
export function parseTypeName(stream: TokenStream): TypeName {
  const { start } = stream.peek();
  const { base, qualifiers } = parseSpecifiers(stream);
  const derivations = parseAbstractDeclarator(stream, 0);
  return { base, qualifiers, derivations, start, end: stream.lastEnd };
}

function parseSpecifiers(stream: TokenStream): Pick<TypeName, 'base' | 'qualifiers'> {
  const words: string[] = [];
  const qualifiers = new Set<string>();
  while (true) {
    const token = stream.peek();
    if (token.kind !== 'name' || token.file !== undefined) break;
    const arithmetic = BASE_TYPE_WORDS.has(token.name);
    if (QUALIFIERS.has(token.name)) qualifiers.add(token.name);
    else {
      const last = words.at(-1);
      const open = last === undefined || TAG_WORDS.has(last) || (arithmetic && BASE_TYPE_WORDS.has(last));
      if (!open) break;
      words.push(token.name);
    }
    stream.next();
  }
  const last = words.at(-1);
  if (last === undefined || TAG_WORDS.has(last)) {
    stream.fail(stream.peek(), `A type's name is missing before ${describeToken(stream.text, stream.peek())}`);
  }
  return {
    base: words.filter((word) => word !== 'typename').join(' '),
    qualifiers: (['const', 'volatile'] as const).filter((each) => qualifiers.has(each)),
  };
}

/** What is made of the base, innermost first: `*(*)[4]` is pointer, array of 4, pointer. */
function parseAbstractDeclarator(stream: TokenStream, depth: number): Derivation[] {
  const prefix: Derivation[] = [];
  while (true) {
    if (stream.accept('*')) prefix.push({ kind: 'pointer' });
    else if (stream.at('&') && prefix.at(-1)?.kind !== 'reference') {
      stream.next();
      prefix.push({ kind: 'reference' });
    } else if (!skipQualifier(stream)) break;
  }
  const nested = stream.at('(') && (stream.at('*', 1) || stream.at('&', 1) || stream.at('(', 1)) && depth < 20;
  let inner: Derivation[] = [];
  if (nested) {
    stream.next();
    inner = parseAbstractDeclarator(stream, depth + 1);
    stream.expect(')', 'in this type');
  }
  return [...prefix, ...parseSuffixes(stream, depth).reverse(), ...inner];
}

function skipQualifier(stream: TokenStream): boolean {
  const token = stream.peek();
  if (token.kind !== 'name' || !QUALIFIERS.has(token.name)) return false;
  stream.next();
  return true;
}

/** `[4][5]` and `(int, char)`, as written. Parameter types are read and forgotten: nothing depends on them. */
function parseSuffixes(stream: TokenStream, depth: number): Derivation[] {
  const suffixes: Derivation[] = [];
  while (true) {
    if (stream.accept('[')) {
      const token = stream.peek();
      const length = token.kind === 'integer' ? Number(token.value) : undefined;
      if (length !== undefined) stream.next();
      stream.expect(']', 'after the number of elements');
      suffixes.push({ kind: 'array', length });
    } else if (stream.at('(') && depth < 20) {
      stream.next();
      skipParameters(stream);
      suffixes.push({ kind: 'function' });
    } else return suffixes;
  }
}

function skipParameters(stream: TokenStream): void {
  let depth = 1;
  while (depth > 0) {
    const token = stream.peek();
    if (token.kind === 'end') {
      stream.fail(token, '`)` is missing after the parameter types');
      return;
    }
    if (stream.at('(')) depth++;
    if (stream.at(')')) depth--;
    stream.next();
  }
}
