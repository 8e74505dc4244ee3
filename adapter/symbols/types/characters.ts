// characters.ts: characters and strings as C writes them, both ways.

import { matchGroups } from '../../util/match-groups';

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0, '\\0'],
  [7, '\\a'],
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
  [27, '\\e'],
  [92, '\\\\'],
]);

/** `wide`: the code is a character's own, not a byte of some encoding. */
function escapeCode(code: number, quote: string, wide: boolean): string {
  const known = ESCAPES.get(code);
  if (known !== undefined) return known;
  if (code === quote.charCodeAt(0)) return `\\${quote}`;
  if (code >= 32 && code < 127) return String.fromCharCode(code);
  if (wide && code >= 0xa0) return escapeWide(code);
  return code < 256 ? `\\${code.toString(8).padStart(3, '0')}` : escapeWide(code);
}

function escapeWide(code: number): string {
  const surrogate = code >= 0xd800 && code < 0xe000;
  if (code > 0x10ffff || surrogate) return `\\x${code.toString(16)}`;
  return String.fromCodePoint(code);
}

/** `'a'`, `'\n'`, `'\377'`; of wide types the character itself. */
export const quoteCharacter = (code: number, wide: boolean): string => `'${escapeCode(code, "'", wide)}'`;

/** `"text"`. Valid UTF-8 is shown as written, other bytes above 127 as octal escapes. */
export function quoteString(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const { code, length } = decodeUtf8(bytes, i);
    if (length > 1) text += String.fromCodePoint(code);
    else {
      const escaped = escapeCode(bytes[i] ?? 0, '"', false);
      const next = bytes[i + 1] ?? 0;
      // A digit after \0 would read as a longer escape.
      text += escaped === '\\0' && next >= 48 && next < 56 ? '\\000' : escaped;
    }
    i += length;
  }
  return `"${text}"`;
}

/** The code point at `at` if a well-formed sequence of more than one byte is there; else length 1. */
function decodeUtf8(bytes: Uint8Array, at: number): { readonly code: number; readonly length: number } {
  const first = bytes[at] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const single = { code: first, length: 1 };
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return single;
  let code = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i] ?? 0;
    if ((next & 0xc0) !== 0x80) return single;
    code = (code << 6) | (next & 0x3f);
  }
  const least = [0, 0, 0x80, 0x800, 0x10000][length] ?? 0;
  const printable = code >= 0xa0 && code >= least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return printable ? { code, length } : single;
}

/** Code units of two or four bytes as text: char16_t, char32_t and wchar_t arrays. */
export function quoteWideString(codes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    const next = codes[i + 1] ?? 0;
    if (code >= 0xd800 && code < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
      text += String.fromCharCode(code, next);
      i++;
    } else text += escapeCode(code, '"', true);
  }
  return `"${text}"`;
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];

/** The bytes between quotes, escapes resolved; undefined where an escape is malformed or the number too big. */
export function unescapeBytes(text: string): number[] | undefined {
  const bytes: number[] = [];
  const pattern = /\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^xuU0-7]))|([^\\]+)/gsy;
  let consumed = 0;
  for (const match of text.matchAll(pattern)) {
    consumed += match[0].length;
    const [, hex, octal, short, long, simple, plain] = matchGroups(match);
    if (plain !== undefined) {
      bytes.push(...utf8(plain));
      continue;
    }
    const universal = short ?? long;
    if (universal !== undefined) {
      const code = parseInt(universal, 16);
      if (code > 0x10ffff) return undefined;
      bytes.push(...utf8(String.fromCodePoint(code)));
      continue;
    }
    const code = escapedByte(hex, octal, simple);
    if (code === undefined || code > 255) return undefined;
    bytes.push(code);
  }
  return consumed === text.length ? bytes : undefined;
}

function escapedByte(hex?: string, octal?: string, simple?: string): number | undefined {
  if (hex !== undefined) return parseInt(hex, 16);
  if (octal !== undefined) return parseInt(octal, 8);
  return simple === undefined ? undefined : SIMPLE_ESCAPES[simple];
}

/** The code of a character literal's inside: one byte, or one code point; undefined where it is not one character. */
export function unescapeCharacter(text: string): number | undefined {
  const code = text.codePointAt(0);
  if (code !== undefined && String.fromCodePoint(code) === text && text !== '\\') return code;
  const bytes = unescapeBytes(text);
  return bytes?.length === 1 ? bytes[0] : undefined;
}
