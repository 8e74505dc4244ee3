// format-value.ts: a value as a person reads it, on one line.
//
//     42   97 'a'   true   3.5   0x7ffd10 "text"   0x404010 <counter>   RED   A | B   {x = 1, y = 2}   [3] {1, 2, 3}
//     Some(4)   Rect {w = 3, h = 4}   (1, "t")   "owned"   [2] {1 = "one", 2 = "two"}
//
// Long aggregates are cut with `…`. Never throws: what cannot be read says so in angle brackets.

import type { MemoryReader, TypeInfo, Value } from '../program-symbols';
import { elementType } from './base-types';
import { braces } from './braces';
import { quoteCharacter, quoteString, quoteWideString } from './characters';
import { formatEnum } from './enums';
import { baseClassName } from './find-member';
import { formatContents } from './format-contents';
import { floatFormatOf, formatFloat } from './floats';
import { bytesToInteger, bytesToUnsigned } from './integers';
import { contentsOf } from './library/library-contents';
import { addressIn, elementValue, memberValue, readString, readValue, scalarBytes } from './read-value';
import type { StringPreview } from './read-value';
import { formatMemberPointer } from './member-pointer';
import { holdsNothing, isCharacter, isComplex, isRustReference, isSigned, isStruct, sizeOf, strip } from './strip';
import { activeVariant } from './variants';
import { virtualBaseValues } from './virtual-bases';

export interface FormatOptions {
  /** Integers in hexadecimal (the protocol's `format.hex`). */
  readonly hex?: boolean;
  /** The text of an aggregate is cut beyond about so many characters. */
  readonly maxLength?: number;
  /** `main`, `counter`, `table+0x10` for an address. */
  readonly symbolize?: (address: bigint) => string | undefined;
  /** Where the contents of strings, vectors and references are read, where that is not the memory as it is. */
  readonly contents?: MemoryReader;
}

const DEFAULT_LENGTH = 160;
const STRING_BYTES = 200;
const MAX_DEPTH = 8;

/** What every part of one formatting shares. */
interface Formatting {
  readonly memory: MemoryReader;
  readonly options: FormatOptions;
}

/** The text of a value. */
export function formatValue(value: Value, memory: MemoryReader, options: FormatOptions = {}): string {
  return format(value, { memory, options }, options.maxLength ?? DEFAULT_LENGTH, 0);
}

function format(value: Value, how: Formatting, budget: number, depth: number): string {
  if (value.error !== undefined) return `<${value.error}>`;
  const type = strip(value.type);
  if (type.memberPointer !== undefined) return formatMemberPointer(value, how.options);
  switch (type.kind) {
    case 'base':
      return formatBase(value, type, how.options);
    case 'enum':
      return formatEnum(type, bytesToInteger(scalarBytes(value), isSigned(type)), how.options.hex === true);
    case 'pointer':
      if (isRustReference(value.type)) return formatReference(value, type, how, budget, depth);
      return formatPointer(value, type, how);
    case 'reference':
      return formatReference(value, type, how, budget, depth);
    case 'struct':
    case 'class':
    case 'union':
      return formatMeaning(value, how, budget, depth) ?? formatStruct(value, type, how, budget, depth);
    case 'array':
      return formatArray(value, type, how, budget, depth);
    case 'function':
      return value.location.kind === 'memory' ? withSymbol(value.location.address, how.options) : '<function>';
    case 'void':
      return 'void';
    case 'unknown':
      return formatUnknown(value, how.options);
    case 'typedef':
    case 'const':
    case 'volatile':
      return '<type without end>';
  }
}

/** A scalar of one of C's own types. */
function formatBase(value: Value, type: TypeInfo, options: FormatOptions): string {
  const bytes = scalarBytes(value);
  if (bytes.length === 0) return type.name === '()' ? '()' : '<no value>';
  if (type.encoding === 'float') return formatFloating(bytes, type);
  const number = bytesToInteger(bytes, isSigned(type));
  const text = formatInteger(number, bytes, options.hex === true);
  if (type.encoding === 'boolean') return number === 0n ? 'false' : number === 1n ? 'true' : text;
  if (!isCharacter(value.type)) return text;
  return `${text} ${quoteCharacter(Number(bytesToUnsigned(bytes)), bytes.length > 1)}`;
}

function formatInteger(number: bigint, bytes: Uint8Array, hex: boolean): string {
  return hex ? `0x${bytesToUnsigned(bytes).toString(16)}` : number.toString();
}

function formatFloating(bytes: Uint8Array, type: TypeInfo): string {
  const parts = isComplex(type) ? 2 : 1;
  const size = bytes.length / parts;
  const format = floatFormatOf(type, size);
  if (format === undefined) return `<float of ${size} bytes>`;
  const real = formatFloat(floatBytes(bytes, 0, size), format);
  if (parts === 1) return real;
  const imaginary = formatFloat(floatBytes(bytes, size, size), format);
  return imaginary.startsWith('-') ? `${real} - ${imaginary.slice(1)}i` : `${real} + ${imaginary}i`;
}

/** The bytes of one float; of a stored x87 number only ten are the number, the rest is padding. */
const floatBytes = (bytes: Uint8Array, from: number, size: number): Uint8Array => bytes.subarray(from, from + size);

function formatUnknown(value: Value, options: FormatOptions): string {
  const { bytes } = value;
  if (bytes.length === 0 || bytes.length > 16) return '<no type information: cast it, as in `(int)name`>';
  return formatInteger(bytesToUnsigned(bytes), bytes, options.hex !== false);
}

const hexAddress = (address: bigint): string => `0x${address.toString(16)}`;

function withSymbol(address: bigint, options: FormatOptions): string {
  const symbol = address === 0n ? undefined : options.symbolize?.(address);
  return symbol === undefined ? hexAddress(address) : `${hexAddress(address)} <${symbol}>`;
}

/** The address, then what it names or the text that starts there. */
function formatPointer(value: Value, type: TypeInfo, how: Formatting): string {
  const address = addressIn(value);
  const target = type.target;
  if (address === 0n || target === undefined || !isNarrowCharacter(target)) return withSymbol(address, how.options);
  const preview = readString(address, how.memory, STRING_BYTES);
  return preview.unreadable ? hexAddress(address) : `${hexAddress(address)} ${quotePreview(preview)}`;
}

const quotePreview = (preview: StringPreview): string => quoteString(preview.bytes) + (preview.ended ? '' : '…');

const isNarrowCharacter = (type: TypeInfo): boolean => isCharacter(type) && sizeOf(type) === 1;

function formatReference(value: Value, type: TypeInfo, how: Formatting, budget: number, depth: number): string {
  const address = addressIn(value);
  if (type.target === undefined) return hexAddress(address);
  if (address === 0n || depth >= MAX_DEPTH || sizeOf(type.target) === 0) return withSymbol(address, how.options);
  const { contents } = how.options;
  const target = readValue(type.target, { kind: 'memory', address }, { memory: contents ?? how.memory });
  const isOther = contents !== undefined || strip(type).kind === 'pointer';
  if (target.error !== undefined && isOther) return hexAddress(address);
  return `@${hexAddress(address)}: ${format(target, how, budget, depth + 1)}`;
}

/** What a value is beneath its layout: the variant of an enum, the contents of a library's type. */
function formatMeaning(value: Value, how: Formatting, budget: number, depth: number): string | undefined {
  const type = strip(value.type);
  if (type.variantPart !== undefined) {
    const variant = activeVariant(value);
    return variant && formatVariant(variant.name, memberValue(value, variant, how), how, budget, depth);
  }
  const contents = contentsOf(value, how.options.contents ?? how.memory);
  if (contents === undefined) return undefined;
  const part = (each: Value, left: number): string => format(each, how, left, depth + 1);
  return formatContents(contents, {
    memory: how.options.contents ?? how.memory,
    budget,
    part,
    isDeep: depth >= MAX_DEPTH,
  });
}

function formatVariant(name: string, payload: Value, how: Formatting, budget: number, depth: number): string {
  const type = strip(payload.type);
  if (holdsNothing(type)) return name;
  return `${name}${isTuple(type) ? '' : ' '}${formatStruct(payload, type, how, budget - name.length, depth)}`;
}

/** Rust's: members that are only counted. */
const isTuple = ({ members = [] }: TypeInfo): boolean =>
  members.length > 0 && members.every(({ name }, index) => name === `__${index}`);

function formatStruct(value: Value, type: TypeInfo, how: Formatting, budget: number, depth: number): string {
  const { members } = type;
  if (members === undefined) return '<incomplete type>';
  if (depth >= MAX_DEPTH) return '{…}';
  const isCounted = isTuple(type);
  const inherited = virtualBaseValues(value, how.memory).map(
    (base) =>
      (left: number): string =>
        `${base.name} = ${format(base.value, how, left - base.name.length, depth + 1)}`,
  );
  const own = members
    .filter((member) => isCounted || !holdsNothing(member.type))
    .map((member) => (left: number): string => {
      const name = isCounted ? undefined : member.name === '' ? baseClassName(member) : member.name;
      const text = format(memberValue(value, member, how), how, left - (name?.length ?? 0), depth + 1);
      return name === undefined ? text : `${name} = ${text}`;
    });
  return braces([...inherited, ...own], budget, isCounted ? '()' : '{}');
}

function formatArray(value: Value, type: TypeInfo, how: Formatting, budget: number, depth: number): string {
  const count = type.dimensions?.[0];
  if (count === undefined) return '[] {…}';
  const element = elementType(type);
  if (isCharacter(element) && type.dimensions?.length === 1) return formatText(value, element, count);
  if (depth >= MAX_DEPTH) return `[${count}] {…}`;
  const prefix = depth === 0 || isStruct(element) ? `[${count}] ` : '';
  const parts = function* (): Iterable<(left: number) => string> {
    for (let i = 0; i < count; i++) yield (left) => format(elementValue(value, i, how), how, left, depth + 1);
  };
  return prefix + braces(parts(), budget - prefix.length);
}

/**
 * A character array: the text up to its NUL. Arrays of unsigned char are buffers rather than text: only NULs at their
 * end are left out.
 */
function formatText(array: Value, element: TypeInfo, count: number): string {
  const size = sizeOf(element);
  const shown = Math.min(count, STRING_BYTES);
  const isBuffer = strip(element).encoding === 'unsignedChar';
  const codes: number[] = [];
  for (let i = 0; i < shown; i++) {
    const unit = array.bytes.subarray(i * size, (i + 1) * size);
    if (unit.length < size) break;
    const code = Number(bytesToUnsigned(unit));
    if (code === 0 && !isBuffer) return quoteCodes(codes, size);
    codes.push(code);
  }
  const cutOff = codes.length < count ? '…' : '';
  if (cutOff === '') while (codes.at(-1) === 0) codes.pop();
  return quoteCodes(codes, size) + cutOff;
}

const quoteCodes = (codes: readonly number[], size: number): string =>
  size === 1 ? quoteString(Uint8Array.from(codes)) : quoteWideString(codes);
