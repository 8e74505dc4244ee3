// print-commands.ts: `print`, `x`, `set var`: values and memory.

import type { Value } from '../../../symbols/program-symbols';
import { strip } from '../../../symbols/types/strip';
import { hex } from '../../../util/hex';
import { UserError } from '../../../util/user-error';
import { disassemble } from '../../disassembly';
import { addressOf } from '../address-of';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleCommand, ConsoleContext } from '../command';
import { ExamineMemory } from '../examine-memory';
import type { ExamineWish } from '../examine-memory';
import { formatTree } from '../format-tree';
import { decimalOffset, formatScalar, SCALAR_LETTERS } from '../scalar-format';

export const print: ConsoleCommand = {
  name: 'print',
  aliases: ['p', 'inspect', 'call'],
  usage: 'print[/FORMAT] EXPRESSION',
  summary: 'Evaluates an expression, and keeps the value as `$1`, `$2`, …',
  details: [
    'FORMAT: x hexadecimal, z with leading zeros, d signed, u unsigned, o octal, t binary, c character, a address, f float.',
    'Known beside the program: registers (`$rip`, `$xmm0`), `$dr0` … `$dr3`, `$dr6`, `$dr7`, and at the stop of a watch ' +
      '`$old`, `$new`, `$thread`, `$hits`, `$writer`.',
    'Values printed before: `$1`, `$2`, …; `$` is the last, `$$` the one before it, `$$3` three before it.',
  ],
  takesFormat: true,
  argument: 'expression',
  need: always('standing'),
  run({ rest, format }, context) {
    const expression = rest === '' ? '$' : rest;
    const value = context.evaluate(expression);
    if (value.error !== undefined) throw new UserError('console-no-value', `\`${expression}\`: ${value.error}`);
    const letter = format.toLowerCase();
    const text = letter === '' || letter === 's' ? undefined : formatted(value, letter, context);
    const lead = `$${context.history.add(value)} = `;
    if (text !== undefined) return textAnswer(lead + text);
    return { kind: 'value', expression, value, lead: lead + pointerLead(value) };
  },
};

/** As gdb: of a function, and of a pointer to what is no text, the type. */
export function pointerLead({ type }: Value): string {
  const inner = strip(type);
  if (inner.kind === 'function') return `{${type.name}} `;
  if (inner.memberPointer !== undefined && inner.sizeBytes > 8) return `(${type.name}) `;
  if (inner.kind !== 'pointer' || inner.target === undefined || isRust(inner.name)) return '';
  const target = strip(inner.target);
  const isText =
    target.kind === 'base' && target.sizeBytes === 1 && /^(?:const |volatile )*char$/.test(inner.target.name);
  return isText ? '' : `(${type.name}) `;
}

/** Its references are shown as what they refer to. */
const isRust = (name: string): boolean => /^[&*](?:mut |const )?\S|^alloc::boxed::Box</.test(name);

/** As `print` without its number. */
export function formattedValue(value: Value, letter: string, context: ConsoleContext): string {
  const { symbols, memory } = context.core.debuggee;
  return letter === '' ? symbols.format(value, memory) : formatted(value, letter, context);
}

function formatted(value: Value, letter: string, { core }: ConsoleContext): string {
  if (letter.length !== 1 || !SCALAR_LETTERS.includes(letter)) throw badLetter(letter);
  const { symbols, memory } = core.debuggee;
  return formatTree(value, { letter, symbols, memory });
}

export const set: ConsoleCommand = {
  name: 'set',
  usage: 'set [var] LEFT = RIGHT',
  summary: 'Assigns, as `print LEFT = RIGHT` does.',
  argument: 'expression',
  need: always('standing'),
  run({ rest }, context) {
    const named = /^var(?:iable)?\s+(.*)$/s.exec(rest)?.[1];
    const expression = named ?? (/^[^=]*[^=<>!]=[^=]/.test(rest) ? rest : undefined);
    if (expression === undefined)
      throw usageError(set, `${settingAdvice(rest)}Settings of a debugger are not kept here.`);
    return { kind: 'value', expression, value: context.evaluate(expression) };
  },
};

/** What gdb's settings would do, and where it is done here. */
function settingAdvice(rest: string): string {
  if (/^(?:args|env|environment|cwd)\b/.test(rest)) return 'It stands in the launch configuration. ';
  if (/^(?:print|p|pr)\b/.test(rest)) return 'The Variables and Watch views show values as trees. ';
  return /^can-use-hw-watchpoints\b/.test(rest) ? 'Every watch is one of hardware here. ' : '';
}

export const examine: ConsoleCommand = {
  name: 'x',
  usage: 'x[/FORMAT] [ADDRESS]',
  summary: 'Shows memory; without an address, what follows the last.',
  details: [
    'FORMAT: a count, a letter (x d u o t z c a f, s strings, i instructions) and a unit (b 1, h 2, w 4, g 8 bytes).',
    'ADDRESS: an expression: `x/4xw &table`, `x/s message`, `x/3i $pc`.',
  ],
  takesFormat: true,
  argument: 'expression',
  need: always('standing'),
  run({ rest, format }, context) {
    const { examined } = context;
    const wish = examined.wish(format);
    const address = rest === '' ? examined.next : addressOf(rest, context.evaluate(rest));
    if (address === undefined) throw usageError(examine, 'It needs an address.');
    const { lines, next } = shown(address, wish, context);
    examined.next = next;
    return textAnswer(lines.join('\n'));
  },
};

/** The lines of `x/FORMAT EXPRESSION`; what `x` goes on with stays. */
export function examineText(expression: string, format: string, context: ConsoleContext): string {
  const wish = new ExamineMemory().wish(format);
  return shown(addressOf(expression, context.evaluate(expression)), wish, context).lines.join('\n');
}

interface Shown {
  readonly lines: readonly string[];
  readonly next: bigint;
}

function shown(address: bigint, wish: ExamineWish, context: ConsoleContext): Shown {
  if (wish.letter === 'i') return instructions(address, wish.count, context);
  if (wish.letter === 's') return strings(address, wish.count, context);
  return units(address, wish, context);
}

const UNITS_PER_LINE: Readonly<Record<number, number>> = { 1: 8, 2: 8, 4: 4, 8: 2 };

function units(address: bigint, { count, letter, unitBytes }: ExamineWish, context: ConsoleContext): Shown {
  const { debuggee } = context.core;
  const bytes = debuggee.memory.read(address, count * unitBytes);
  const readable = Math.floor(bytes.length / unitBytes);
  if (readable === 0) throw notMapped(address);
  const symbolize = (at: bigint): string | undefined => debuggee.symbols.symbolize(at);
  const perLine = UNITS_PER_LINE[unitBytes] ?? 4;
  const lines: string[] = [];
  for (let at = 0; at < readable; at += perLine) {
    const inLine = Math.min(perLine, readable - at);
    const texts = Array.from({ length: inLine }, (_, index) => {
      const from = (at + index) * unitBytes;
      return formatScalar(bytes.slice(from, from + unitBytes), { letter, padded: true, symbolize });
    });
    lines.push(`${lead(address + BigInt(at * unitBytes), context)}\t${texts.join('\t')}`);
  }
  const next = address + BigInt(readable * unitBytes);
  return {
    lines: readable < count ? [...lines, `${hex(next)} is not mapped: nothing can be read there.`] : lines,
    next,
  };
}

/** `0x404028 <table+8>:`. */
function lead(address: bigint, { core }: ConsoleContext): string {
  const name = core.debuggee.symbols.symbolize(address);
  return `${hex(address)}${name === undefined ? '' : ` <${decimalOffset(name)}>`}:`;
}

const LONGEST_STRING = 200;

function strings(address: bigint, count: number, context: ConsoleContext): Shown {
  const lines: string[] = [];
  let at = address;
  while (lines.length < count) {
    const bytes = context.core.debuggee.memory.read(at, LONGEST_STRING + 1);
    if (bytes.length === 0) throw notMapped(at);
    const end = bytes.indexOf(0);
    const isCut = end < 0 || end > LONGEST_STRING;
    const length = isCut ? Math.min(bytes.length, LONGEST_STRING) : end;
    const text = JSON.stringify(new TextDecoder().decode(bytes.slice(0, length)));
    lines.push(`${lead(at, context)}\t${text}${isCut ? '…' : ''}`);
    at += BigInt(length + (isCut ? 0 : 1));
  }
  return { lines, next: at };
}

function instructions(address: bigint, count: number, { core, frame }: ConsoleContext): Shown {
  const found = disassemble(address, 0, count, core.debuggee, core.engine);
  const pc = frame?.frame.pc;
  const lines = found.map(({ address: at, text, symbol }) => {
    const name = symbol === undefined ? '' : ` <${decimalOffset(symbol)}>`;
    return `${at === pc ? '=> ' : '   '}${hex(at)}${name}:\t${text}`;
  });
  const last = found.at(-1);
  return { lines, next: last === undefined ? address : last.address + BigInt(Math.max(last.bytes.length, 1)) };
}

function notMapped(address: bigint): UserError {
  return new UserError('console-not-mapped', `${hex(address)} is not mapped: nothing can be read there.`);
}

function badLetter(letter: string): UserError {
  return new UserError(
    'console-format',
    `\`print/${letter}\` is no format. It takes one letter of x z d u o t c a f, as in \`print/x flags\`.`,
  );
}
