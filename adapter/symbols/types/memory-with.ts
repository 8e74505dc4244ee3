// memory-with.ts: memory as it is, but for a few bytes that are known to have been others.

import type { MemoryReader } from '../program-symbols';
import type { ChangeSide } from './format-change';

const NOTHING: MemoryReader = { read: () => new Uint8Array(0) };

/** The memory with those bytes at the address in it, and these bytes alone. */
export function memoryWith(bytes: Uint8Array, address: bigint | undefined, memory: MemoryReader): ChangeSide {
  if (address === undefined) return { memory, sure: NOTHING };
  const end = address + BigInt(bytes.length);
  const sure: MemoryReader = {
    read: (from, lengthBytes) => {
      if (from < address || from >= end) return new Uint8Array(0);
      const start = Number(from - address);
      return bytes.slice(start, start + lengthBytes);
    },
  };
  const around: MemoryReader = {
    read: (from, lengthBytes) => {
      const known = sure.read(from, lengthBytes);
      return known.length === lengthBytes ? known : patched(memory.read(from, lengthBytes), from);
    },
  };
  return { sure, memory: around };

  function patched(read: Uint8Array, from: bigint): Uint8Array {
    const shift = Number((address ?? 0n) - from);
    if (shift >= read.length || shift + bytes.length <= 0) return read;
    const copy = read.slice();
    const first = Math.max(shift, 0);
    copy.set(bytes.subarray(first - shift, Math.min(bytes.length, read.length - shift)), first);
    return copy;
  }
}
