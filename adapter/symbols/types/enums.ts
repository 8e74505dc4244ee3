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
  const flags = value > 0n ? flagsOf(enumerators) : [];
  const set = flags.filter((each) => (value & each.value) === each.value);
  if (set.length === 0) return number;
  const rest = set.reduce((left, each) => left & ~each.value, value);
  const names = set.map((each) => each.name);
  return [...names, ...(rest === 0n ? [] : [`0x${rest.toString(16)}`])].join(' | ');
}

/**
 * The flags of a set: values of one or more bits that no two share. Names for unions of flags (`ALL = READ | WRITE`)
 * are passed over; 0, 1, 2, 3, … is a list, not a set.
 */
function flagsOf(enumerators: Enumerators): Enumerators {
  const values = enumerators.map((each) => each.value).filter((each) => each !== 0n);
  if (values.some((each) => each < 0n)) return [];
  const isUnion = (value: bigint): boolean =>
    values.filter((each) => each !== value && (each & value) === each).reduce((all, each) => all | each, 0n) === value;
  const flags = enumerators.filter((each) => each.value !== 0n && !isUnion(each.value));
  const sharesBits = flags.some((one) =>
    flags.some((two) => one.value !== two.value && (one.value & two.value) !== 0n),
  );
  const isList = flags.length < values.length && BigInt(new Set(values).size) === max(values);
  return sharesBits || isList ? [] : flags;
}

const max = (values: readonly bigint[]): bigint => values.reduce((most, each) => (each > most ? each : most), 0n);

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
