// enums.ts: enumerators and sets of flags as text, both ways.

import type { TypeInfo } from '../program-symbols';
import { strip } from './strip';

type Enumerators = NonNullable<TypeInfo['enumerators']>;

/** `RED`; `A | B` where the enumerators are flags; else the number. */
export function formatEnum(type: TypeInfo, value: bigint, hex: boolean): string {
  const enumerators = strip(type).enumerators ?? [];
  const exact = enumerators.find((each) => each.value === value);
  if (exact !== undefined) return exact.name;
  const number = hex && value >= 0n ? `0x${value.toString(16)}` : value.toString();
  if (value <= 0n || !areFlags(enumerators)) return number;
  const set = enumerators.filter((each) => each.value !== 0n && (value & each.value) === each.value);
  if (set.length === 0) return number;
  const rest = set.reduce((left, each) => left & ~each.value, value);
  const names = set.map((each) => each.name);
  return [...names, ...(rest === 0n ? [] : [`0x${rest.toString(16)}`])].join(' | ');
}

/** Flags: no two values share a bit, and more than just 1 and 2 would show. */
function areFlags(enumerators: Enumerators): boolean {
  let seen = 0n;
  for (const { value } of enumerators) {
    if (value < 0n || (seen & value) !== 0n) return false;
    seen |= value;
  }
  return seen !== 0n;
}

/** The number that `RED` or `A | B | 4` stands for; the word that is unknown where there is one. */
export function parseEnum(type: TypeInfo, text: string): bigint | { readonly unknown: string } {
  const enumerators = strip(type).enumerators ?? [];
  let value = 0n;
  for (const part of text.split('|')) {
    const word = part.trim();
    const short = word.slice(word.lastIndexOf(':') + 1);
    const named = enumerators.find((each) => each.name === word || each.name === short);
    if (named !== undefined) value |= named.value;
    else if (/^\d+$|^0[xX][0-9a-fA-F]+$/.test(word)) value |= BigInt(word);
    else return { unknown: word };
  }
  return value;
}
