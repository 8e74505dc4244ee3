// parse-value.ts: what a person types for a new value → the bytes of that type.
//
// Literals only; an expression is the evaluator's business. Every refusal says what would fit (value-errors.ts).

import { matchGroups } from '../../util/match-groups';
import type { TypeInfo } from '../program-symbols';
import { elementType } from './base-types';
import { unescapeBytes, unescapeCharacter } from './characters';
import { parseEnum } from './enums';
import { floatFormatOf, parseFloatText } from './floats';
import { integerRange, integerToBytes } from './integers';
import { isCharacter, isComplex, isSigned, sizeOf, strip } from './strip';
import * as errors from './value-errors';

/** Text → bytes of the type. With `bitSize`, the number must fit so many bits. Throws UserError. */
export function parseValue(text: string, type: TypeInfo, bitSize?: number): Uint8Array {
  const word = text.trim();
  const inner = strip(type);
  switch (inner.kind) {
    case 'base':
      if (isComplex(inner)) return parseComplex(word, type);
      if (inner.encoding === 'float') return parseReal(word, type);
      if (inner.encoding === 'boolean') return parseBoolean(word, type);
      return parseInteger(word, type, bitSize);
    case 'enum':
      return parseEnumerator(word, type, bitSize);
    case 'pointer':
      return parsePointer(word, type);
    case 'array':
      return parseText(word, type);
    case 'struct':
    case 'class':
    case 'union':
      throw errors.setParts(type);
    case 'reference':
      if (inner.target !== undefined) return parseValue(text, inner.target, bitSize);
      throw errors.notSettable(type);
    case 'void':
    case 'function':
    case 'unknown':
    case 'typedef':
    case 'const':
    case 'volatile':
      throw errors.notSettable(type);
  }
}

/** Decimal, 0x, 0o, leading-0 octal, 0b, with sign and C suffixes; `'a'`; undefined where it is none. */
function parseIntegerText(text: string): bigint | undefined {
  const match =
    /^([+-]?)\s*(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)(?:[uU]?[lL]{0,2}|[lL]{1,2}[uU])$/.exec(text);
  if (match !== null) {
    const [, sign, digits = ''] = matchGroups(match);
    const octal = /^0[oO]?([0-7]+)$/.exec(digits)?.[1];
    const value = BigInt(octal === undefined ? digits : `0o${octal}`);
    return sign === '-' ? -value : value;
  }
  const quoted = /^(?:u8|[LuU])?'(.+)'$/su.exec(text)?.[1];
  const code = quoted === undefined ? undefined : unescapeCharacter(quoted);
  return code === undefined ? undefined : BigInt(code);
}

function parseInteger(word: string, type: TypeInfo, bitSize: number | undefined): Uint8Array {
  // A character as it is shown: 97 'a'.
  const shown = isCharacter(type) ? /^(-?\d+|0x[0-9a-f]+)\s+'.+'$/su.exec(word)?.[1] : undefined;
  const truth = word === 'true' ? 1n : word === 'false' ? 0n : undefined;
  const value = truth ?? parseIntegerText(shown ?? word);
  if (value === undefined) throw errors.notANumber(word, type);
  return checkedInteger(word, value, type, bitSize);
}

function checkedInteger(word: string, value: bigint, type: TypeInfo, bitSize: number | undefined): Uint8Array {
  const bits = bitSize ?? sizeOf(type) * 8;
  const { low, high } = integerRange(bits, isSigned(type));
  // A bit pattern of the type's width is taken for a signed type too: 0xffffffff for -1, and '\377' for a char.
  const pattern = /^0[xXbB]|'$/.test(word) && value >= 0n && value < 1n << BigInt(bits);
  if ((value < low || value > high) && !pattern) throw errors.outOfRange(word, type, low, high, bitSize);
  return integerToBytes(value, sizeOf(type));
}

function parseBoolean(word: string, type: TypeInfo): Uint8Array {
  const value = word === 'true' ? 1n : word === 'false' ? 0n : parseIntegerText(word);
  if (value !== 0n && value !== 1n) throw errors.notABoolean(word, type);
  return integerToBytes(value, sizeOf(type));
}

function parseEnumerator(word: string, type: TypeInfo, bitSize: number | undefined): Uint8Array {
  const number = parseIntegerText(word);
  const value = number ?? parseEnum(type, word);
  if (typeof value !== 'bigint') throw errors.notAnEnumerator(value.unknown, type);
  return checkedInteger(word, value, type, bitSize);
}

function parsePointer(word: string, type: TypeInfo): Uint8Array {
  // An address as it is shown, with what it names behind it.
  const shown = /^(0x[0-9a-f]+)\s+(?:<[^>]*>|".*"…?)$/su.exec(word)?.[1];
  const isNull = word === 'NULL' || word === 'nullptr';
  const value = isNull ? 0n : parseIntegerText(shown ?? word);
  if (value === undefined || word.endsWith("'")) throw errors.notAPointer(word, type);
  const { low, high } = integerRange(64, false);
  if (value < low || value > high) throw errors.outOfRange(word, type, low, high);
  return integerToBytes(value, 8);
}

function parseReal(word: string, type: TypeInfo): Uint8Array {
  const sizeBytes = sizeOf(type);
  const format = floatFormatOf(strip(type));
  if (format === undefined) throw errors.notSettable(type);
  const bytes = parseFloatText(word.replace(/(?<=[\d.])[fFlL]$/, ''), format, sizeBytes);
  if (bytes === undefined) throw errors.notAFloat(word, type);
  return bytes;
}

function parseComplex(word: string, type: TypeInfo): Uint8Array {
  const half = sizeOf(type) / 2;
  const format = floatFormatOf(strip(type), half);
  const match =
    /^(.*?\d\.?|[+-]?(?:inf|nan))?\s*(?:([+-])\s*((?:[\d.]|0x|inf|nan)[^\s+-]*(?:[ep][+-]?\d+)?)\s*\*?\s*[iIjJ])?$/.exec(
      word,
    );
  const [, real, sign = '', imaginary] = matchGroups(match);
  if (format === undefined || match === null || (real === undefined && imaginary === undefined)) {
    throw errors.notAFloat(word, type);
  }
  const first = parseFloatText(real ?? '0', format, half);
  const second = parseFloatText(`${sign}${imaginary ?? '0'}`, format, half);
  if (first === undefined || second === undefined) throw errors.notAFloat(word, type);
  return Uint8Array.from([...first, ...second]);
}

/** `"text"` into a character array, filled up with NULs. C allows the last NUL to be left out. */
function parseText(word: string, type: TypeInfo): Uint8Array {
  const array = strip(type);
  const element = elementType(array);
  const isText = isCharacter(element) && array.dimensions?.length === 1 && sizeOf(element) === 1;
  if (!isText) throw errors.setParts(type);
  const quoted = /^"(.*)"$/s.exec(word)?.[1];
  const bytes = quoted === undefined ? undefined : unescapeBytes(quoted);
  if (bytes === undefined) throw errors.notText(word, type);
  const room = new Uint8Array(array.sizeBytes);
  if (bytes.length > room.length) throw errors.textTooLong(bytes.length, type, room.length);
  room.set(bytes);
  return room;
}
