// x87-source.ts: numbers that x87 instructions read from memory, by their format there.

import { fromBinary, fromInteger } from './extended-conversion';
import type { Real } from './extended-real';
import type { X87Unit } from './x87-unit';

/** Reads the number at an address of the WebAssembly memory. */
export type Source = (unit: X87Unit, at: number) => Real;

/** Single or double precision. */
export const readFloat =
  (bytes: 4 | 8): Source =>
  ({ memory }, at) =>
    fromBinary(bytes === 4 ? BigInt(memory.getUint32(at, true)) : memory.getBigUint64(at, true), bytes);

export const readInteger =
  (bytes: 2 | 4 | 8): Source =>
  (unit, at) => {
    if (bytes === 8) return fromInteger(unit.memory.getBigInt64(at, true));
    return fromInteger(BigInt(bytes === 2 ? unit.memory.getInt16(at, true) : unit.memory.getInt32(at, true)));
  };
