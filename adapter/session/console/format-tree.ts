// format-tree.ts: a value in one of gdb's format letters, member by member: `{x = 0x1, y = {0x2, 0x3}}`.
//
// Numbers, pointers, enumerators and bit-fields as `scalar-format.ts` writes them; what is no number (a long double, a
// 128-bit integer) as it is shown without a letter.

import type { MemoryReader, ProgramSymbols, Value } from '../../symbols/program-symbols';
import { strip } from '../../symbols/types/strip';
import { unsignedOf } from '../value-views';
import { formatScalar } from './scalar-format';

export interface TreeStyle {
  readonly letter: string;
  readonly symbols: ProgramSymbols;
  readonly memory: MemoryReader;
}

/** Elements and members shown, over all levels, as gdb's `print elements` has it. */
const MAX_SHOWN = 200;

export function formatTree(value: Value, style: TreeStyle): string {
  return textOf(value, style, { left: MAX_SHOWN });
}

function textOf(value: Value, style: TreeStyle, budget: { left: number }): string {
  const { symbols, memory, letter } = style;
  const { kind } = strip(value.type);
  if (kind === 'array' || kind === 'struct' || kind === 'class' || kind === 'union') {
    return aggregate(value, kind === 'array', style, budget);
  }
  const isNumber = kind === 'base' || kind === 'pointer' || kind === 'enum';
  if (!isNumber || value.bytes.length === 0 || value.bytes.length > 8) return symbols.format(value, memory);
  return formatScalar(bitsOf(value), { letter, padded: false, symbolize: (address) => symbols.symbolize(address) });
}

function aggregate(value: Value, isArray: boolean, style: TreeStyle, budget: { left: number }): string {
  const { named, indexed } = style.symbols.childCount(value, style.memory);
  const count = Math.min(named + indexed, budget.left);
  const children = style.symbols.children(value, style.memory, { start: 0, count });
  const texts = children.map((child) => {
    budget.left--;
    const text = textOf(child.value, style, budget);
    return isArray || /^[<[]/.test(child.name) ? text : `${child.name} = ${text}`;
  });
  return `{${[...texts, ...(count < named + indexed ? ['…'] : [])].join(', ')}}`;
}

/** A bit-field as a number of its type. */
function bitsOf({ type, bytes, bitOffset = 0, bitSize }: Value): Uint8Array {
  if (bitSize === undefined) return bytes;
  const bits = unsignedOf(bytes) >> BigInt(bitOffset);
  const { encoding, sizeBytes } = strip(type);
  const number = encoding === 'signed' ? BigInt.asIntN(bitSize, bits) : BigInt.asUintN(bitSize, bits);
  return Uint8Array.from({ length: sizeBytes }, (_, at) => Number((number >> BigInt(8 * at)) & 0xffn));
}
