// sample-types.ts: values made by hand.

import type { MemoryReader, TypeInfo, Value } from '../../../adapter/symbols/program-symbols';
import { parseValue } from '../../../adapter/symbols/types/parse-value';

export const value = (type: TypeInfo, bytes: Uint8Array | readonly number[]): Value => {
  const content = Uint8Array.from(bytes);
  return { type, location: { kind: 'value', bytes: content }, bytes: content };
};

export const NO_MEMORY: MemoryReader = { read: () => new Uint8Array(0) };

/** Memory that holds only these bytes, from an address on. */
export const memoryAt = (address: bigint, bytes: Uint8Array): MemoryReader => ({
  read: (from, lengthBytes) => {
    const at = Number(from - address);
    return at < 0 || at >= bytes.length ? new Uint8Array(0) : bytes.slice(at, at + lengthBytes);
  },
});

export const parsed = (text: string, type: TypeInfo): Value => value(type, parseValue(text, type));
