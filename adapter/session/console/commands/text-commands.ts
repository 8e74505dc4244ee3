// text-commands.ts: `printf` and `echo`: texts for the debug console.

import type { Value } from '../../../symbols/program-symbols';
import { strip } from '../../../symbols/types/strip';
import { UserError } from '../../../util/user-error';
import { unsignedOf } from '../../value-views';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleCommand, ConsoleContext } from '../command';
import { conversionText, parsePrintf, unescaped } from '../printf';
import type { Argument } from '../printf';

/** A text in memory is read up to its NUL, at most so far. */
const LONGEST_TEXT = 4096;

export const printf: ConsoleCommand = {
  name: 'printf',
  usage: 'printf "TEMPLATE", EXPRESSION…',
  summary: 'Writes a text with values, as C’s printf: `printf "%d of %s\\n", counter, message`.',
  details: ['Conversions: d i u x X o c s p f e g, with flags, width and precision.'],
  argument: 'expression',
  need: always('standing'),
  run({ rest }, context) {
    if (rest === '') throw usageError(printf, 'It needs a text in quotes.');
    const { parts, expressions } = parsePrintf(rest);
    const values = [...expressions];
    const texts = parts.map((part) => {
      if (part.kind === 'text') return part.text;
      const expression = values.shift() ?? '';
      return conversionText(part, argumentOf(expression, part.letter === 's', context));
    });
    return textAnswer(withoutLastNewline(texts.join('')));
  },
};

export const echo: ConsoleCommand = {
  name: 'echo',
  usage: 'echo TEXT',
  summary: 'Writes a text; `\\n` and its kin are understood.',
  argument: 'none',
  need: always('nothing'),
  run: ({ rest }) => textAnswer(withoutLastNewline(unescaped(rest))),
};

/** An answer is a line of its own. */
const withoutLastNewline = (text: string): string => text.replace(/\n$/, '');

function argumentOf(expression: string, isText: boolean, context: ConsoleContext): Argument {
  const value = context.evaluate(expression);
  if (value.error !== undefined) throw new UserError('console-no-value', `\`${expression}\`: ${value.error}`);
  const text = isText ? textIn(value, context) : undefined;
  if (text !== undefined) return { kind: 'text', text };
  const type = strip(value.type);
  const { bytes } = value;
  if (type.encoding === 'float') return { kind: 'float', number: floatIn(value, context) };
  if (type.kind === 'array' && value.location.kind === 'memory') {
    return { kind: 'integer', bits: value.location.address, widthBits: 64 };
  }
  if (bytes.length === 0 || bytes.length > 8) throw noNumber(expression, value);
  const bits = bitsOf(value);
  // C's arguments are at least ints.
  return { kind: 'integer', bits, widthBits: Math.max(8 * bytes.length, 32) };
}

function bitsOf({ type, bytes, bitOffset = 0, bitSize }: Value): bigint {
  const { encoding } = strip(type);
  const width = bitSize ?? 8 * bytes.length;
  const bits = BigInt.asUintN(width, unsignedOf(bytes) >> BigInt(bitSize === undefined ? 0 : bitOffset));
  return encoding === 'signed' || encoding === 'signedChar' ? BigInt.asIntN(width, bits) : bits;
}

function floatIn(value: Value, { core }: ConsoleContext): number {
  const { bytes } = value;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 8) return view.getFloat64(0, true);
  if (bytes.length === 4) return view.getFloat32(0, true);
  return Number(core.debuggee.symbols.format(value, core.debuggee.memory));
}

/** What a `char *`, an array of characters or a library's string holds; undefined for what is no text. */
function textIn(value: Value, { core }: ConsoleContext): string | undefined {
  const { memory, symbols } = core.debuggee;
  const type = strip(value.type);
  const unit = type.target === undefined ? undefined : strip(type.target);
  const isNarrow = unit?.sizeBytes === 1 && unit.kind === 'base';
  if (type.kind === 'pointer' && isNarrow) return decoded(memory.read(unsignedOf(value.bytes), LONGEST_TEXT));
  if (type.kind === 'array' && isNarrow) return decoded(value.bytes);
  const text = symbols.format(value, memory, { maxLength: LONGEST_TEXT });
  return text.startsWith('"') ? unescaped(text.slice(1, text.lastIndexOf('"'))) : undefined;
}

function decoded(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function noNumber(expression: string, { type }: Value): UserError {
  return new UserError('console-printf', `\`${expression}\` is a ${type.name}: no number, and no text for %s.`);
}
