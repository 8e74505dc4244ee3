// printf.ts: `printf "%d of %s\n", n, name`: the text, its conversions, and what C makes of them.
//
// Cuts the line into template and expressions; formats one value by one conversion. Reads no memory itself.
// Truth: the GDB manual, "Output"; C17 7.21.6.1.

import { unescapeBytes } from '../../symbols/types/characters';
import { UserError } from '../../util/user-error';

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'conversion';
      readonly flags: string;
      readonly width: number;
      readonly precision: number | undefined;
      readonly letter: string;
    };

export interface PrintfLine {
  readonly parts: readonly TemplatePart[];
  readonly expressions: readonly string[];
}

const CONVERSION =
  /%(?<flags>[-+ #0]*)(?<width>\d*)(?:\.(?<precision>\d*))?(?:hh|h|ll|l|j|z|t|L|H|D|DD|V)?(?<letter>[a-zA-Z%])/g;
const LETTERS = 'diuxXocspfFeEgGaA%';

/** Throws UserError: no text in quotes, an unknown conversion, too few or too many values. */
export function parsePrintf(rest: string): PrintfLine {
  const found = /^"(?<template>(?:[^"\\]|\\.)*)"\s*(?:,(?<values>.*))?$/s.exec(rest)?.groups;
  if (found === undefined) throw badPrintf('Write a text in quotes, then its values: `printf "%d\\n", counter`.');
  const { template = '', values = '' } = found;
  const parts = partsOf(unescaped(template));
  const expressions = splitAtCommas(values);
  const wanted = parts.filter((part) => part.kind === 'conversion').length;
  if (wanted !== expressions.length) {
    throw badPrintf(
      `The text has ${wanted} conversion${wanted === 1 ? '' : 's'}, and ${expressions.length} follow${expressions.length === 1 ? 's' : ''}.`,
    );
  }
  return { parts, expressions };
}

export const unescaped = (text: string): string => new TextDecoder().decode(Uint8Array.from(unescapeBytes(text) ?? []));

function partsOf(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const match of template.matchAll(CONVERSION)) {
    const { flags = '', width = '', precision, letter = '' } = (match.groups ?? {}) as Partial<Record<string, string>>;
    if (!LETTERS.includes(letter))
      throw badPrintf(`\`${match[0]}\` is no conversion: there are %d %u %x %o %c %s %p %f %g %e.`);
    parts.push({ kind: 'text', text: template.slice(from, match.index) + (letter === '%' ? '%' : '') });
    from = match.index + match[0].length;
    if (letter === '%') continue;
    parts.push({
      kind: 'conversion',
      flags,
      width: Number(width),
      precision: precision === undefined ? undefined : Number(precision),
      letter,
    });
  }
  return [...parts, { kind: 'text', text: template.slice(from) }];
}

/** Outside of brackets and quotes. */
function splitAtCommas(text: string): readonly string[] {
  const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[([{]|[)\]}]|,|[^"'([{)\]},]+|\S/gs;
  const parts: string[] = [''];
  let depth = 0;
  for (const [word] of text.matchAll(token)) {
    if ('([{'.includes(word)) depth++;
    else if (')]}'.includes(word)) depth--;
    if (word === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${word}`);
  }
  const trimmed = parts.map((part) => part.trim());
  return trimmed.length === 1 && trimmed[0] === '' ? [] : trimmed;
}

/** What a conversion takes: a number, or a text for %s. */
export type Argument =
  | { readonly kind: 'integer'; readonly bits: bigint; readonly widthBits: number }
  | { readonly kind: 'float'; readonly number: number }
  | { readonly kind: 'text'; readonly text: string };

export function conversionText(part: TemplatePart & { readonly kind: 'conversion' }, argument: Argument): string {
  const { flags, width, precision, letter } = part;
  const body = bodyOf(part, argument);
  const isNumber = !'cs'.includes(letter);
  const signed = isNumber && !body.startsWith('-') && 'difFeEgG'.includes(letter) ? plus(flags) + body : body;
  if (flags.includes('-')) return signed.padEnd(width);
  const zeros = flags.includes('0') && isNumber && (precision === undefined || 'fFeEgG'.includes(letter));
  if (!zeros) return signed.padStart(width);
  const sign = /^[-+ ]?(?:0[xX])?/.exec(signed)?.[0] ?? '';
  return sign + signed.slice(sign.length).padStart(width - sign.length, '0');
}

const plus = (flags: string): string => (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '');

function bodyOf(
  { flags, precision, letter }: TemplatePart & { readonly kind: 'conversion' },
  argument: Argument,
): string {
  if (letter === 's') return textOf(argument).slice(0, precision);
  if (letter === 'c') return String.fromCodePoint(Number(BigInt.asUintN(8, integerOf(argument).bits)));
  if ('fFeEgGaA'.includes(letter)) return floatText(numberOf(argument), letter, precision ?? 6);
  const { bits, widthBits } = integerOf(argument);
  const unsigned = BigInt.asUintN(widthBits, bits);
  const alternative = flags.includes('#') && unsigned !== 0n;
  const digits = digitsOf(letter, letter === 'd' || letter === 'i' ? bits : unsigned);
  const padded =
    precision === undefined ? digits : digits.replace(/\d+|[\da-fA-F]+$/, (all) => all.padStart(precision, '0'));
  const lead =
    letter === 'p' || (alternative && 'xX'.includes(letter))
      ? `0${letter === 'X' ? 'X' : 'x'}`
      : alternative && letter === 'o'
        ? '0'
        : '';
  return lead + padded;
}

function digitsOf(letter: string, number: bigint): string {
  if (letter === 'x' || letter === 'p') return number.toString(16);
  if (letter === 'X') return number.toString(16).toUpperCase();
  return letter === 'o' ? number.toString(8) : number.toString();
}

function floatText(number: number, letter: string, precision: number): string {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'nan' : number < 0 ? '-inf' : 'inf';
  const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');
  const lower = letter.toLowerCase();
  if (lower === 'f') return number.toFixed(Math.min(precision, 100));
  const text =
    lower === 'e' ? exponent(number.toExponential(Math.min(precision, 100))) : generalText(number, precision, exponent);
  return letter === lower ? text : text.toUpperCase();
}

/** %g: the shorter of both, without zeros at the end. */
function generalText(number: number, precision: number, exponent: (text: string) => string): string {
  const digits = Math.min(Math.max(precision, 1), 100);
  const text = number.toExponential(digits - 1);
  const power = Number(/e([+-]\d+)$/.exec(text)?.[1] ?? '0');
  const isPlain = power >= -4 && power < digits;
  const plain = isPlain ? number.toFixed(Math.min(Math.max(digits - 1 - power, 0), 100)) : text;
  const mantissa = plain.replace(/e.*$/, '');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return exponent(`${short}${plain.slice(mantissa.length)}`);
}

function integerOf(argument: Argument): { readonly bits: bigint; readonly widthBits: number } {
  if (argument.kind === 'integer') return argument;
  if (argument.kind === 'float')
    return { bits: BigInt(Math.trunc(Number.isFinite(argument.number) ? argument.number : 0)), widthBits: 64 };
  throw badPrintf('A text stands where the conversion wants a number; %s takes texts.');
}

function numberOf(argument: Argument): number {
  if (argument.kind === 'text') throw badPrintf('A text stands where the conversion wants a number; %s takes texts.');
  return argument.kind === 'float' ? argument.number : Number(argument.bits);
}

function textOf(argument: Argument): string {
  if (argument.kind === 'text') return argument.text;
  throw badPrintf('%s takes a text: a `char *`, an array of characters, or a string. %d takes numbers.');
}

const badPrintf = (text: string): UserError => new UserError('console-printf', text);
