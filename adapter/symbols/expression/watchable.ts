// watchable.ts: the bytes of memory that a data breakpoint on a value would watch, or why there are none.

import { UserError } from '../../util/user-error';
import type { Value } from '../program-symbols';
import { storageBytes } from '../types/read-value';
import { strip } from '../types/strip';
import { registerName } from './registers.table';

export interface WatchableRange {
  readonly address: bigint;
  readonly lengthBytes: number;
  /** The bits in question where they are fewer than the bytes: the neighbours' changes must be told apart. */
  readonly bits?: { readonly offset: number; readonly width: number };
}

/** Where the value lies; throws UserError where it lies nowhere. `text` is what the person calls it. */
export function addressOf(value: Value, text = 'This value'): bigint {
  const { location } = value;
  switch (location.kind) {
    case 'memory':
      return location.address;
    case 'register':
      throw inRegister(text, location.dwarfNumber);
    case 'value':
      throw computed(text);
    case 'pieces':
      throw inPieces(text);
    case 'optimizedOut':
      throw optimizedOut(text, location.why);
  }
}

/** The range to watch; of a bit-field the bytes that hold it. */
export function watchableRange(value: Value, text = 'This value'): WatchableRange {
  const address = addressOf(value, text);
  const type = strip(value.type);
  if (type.kind === 'function') throw isCode(text);
  const lengthBytes = storageBytes(type, value);
  if (lengthBytes === 0) throw withoutSize(text, value.type.name);
  if (value.bitSize === undefined) return { address, lengthBytes };
  return bitFieldRange(address, value.bitOffset ?? 0, value.bitSize);
}

/** Whole bytes before the first bit are left out. */
function bitFieldRange(address: bigint, bitOffset: number, width: number): WatchableRange {
  const skipped = Math.floor(bitOffset / 8);
  const offset = bitOffset - skipped * 8;
  return { address: address + BigInt(skipped), lengthBytes: Math.ceil((offset + width) / 8), bits: { offset, width } };
}

const quote = (text: string): string => (text.includes(' ') && !/[()[\]>.*&]/.test(text) ? text : `\`${text}\``);

export function inRegister(text: string, dwarfNumber: number): UserError {
  return new UserError(
    'watch.inRegister',
    `${quote(text)} lives in register ${registerName(dwarfNumber)} here, and data breakpoints watch memory. ` +
      'Compile with -O0 or take its address in the program, or watch the memory that it is stored to.',
  );
}

export function computed(text: string): UserError {
  return new UserError(
    'watch.computed',
    `${quote(text)} is computed and stored nowhere, so nothing writes it. Watch a variable that it is computed from.`,
  );
}

function inPieces(text: string): UserError {
  return new UserError(
    'watch.inPieces',
    `${quote(text)} lives in several pieces, some of them in registers. Compile with -O0, or watch one of its members.`,
  );
}

export function optimizedOut(text: string, why: string): UserError {
  return new UserError(
    'watch.optimizedOut',
    `${quote(text)} is optimized out here (${why}): it has no place to watch. Compile with -O0, or try another line.`,
  );
}

export function isCode(text: string): UserError {
  return new UserError(
    'watch.isCode',
    `${quote(text)} is a function. Set a function breakpoint on it, or watch a pointer to it.`,
  );
}

function withoutSize(text: string, type: string): UserError {
  return new UserError(
    'watch.withoutSize',
    `The size of ${quote(text)} (\`${type}\`) is not known. Cast it, as in \`(int)name\`, or give an address and a number of bytes.`,
  );
}
