// value-number.ts: a value as a number to draw: of integers, floats, pointers, booleans, enumerators.
//
// Integers beyond 2^53 lose their low bits: it is for a picture.

import type { Value } from '../symbols/program-symbols';
import { strip } from '../symbols/types/strip';

/** Undefined for what is no number. */
export function valueNumber(value: Value): number | undefined {
  const type = strip(value.type);
  const { bytes } = value;
  if (bytes.length === 0 || bytes.length > 8 || value.error !== undefined) return undefined;
  if (type.kind === 'base' && type.encoding === 'float') return floatNumber(bytes);
  if (type.kind !== 'base' && type.kind !== 'pointer' && type.kind !== 'enum' && type.kind !== 'reference')
    return undefined;
  let bits = 0n;
  for (const [index, byte] of bytes.entries()) bits |= BigInt(byte) << BigInt(8 * index);
  const width = value.bitSize ?? 8 * bytes.length;
  bits >>= BigInt(value.bitOffset ?? 0);
  const isSigned = type.encoding === 'signed' || type.encoding === 'signedChar';
  return Number(isSigned ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits));
}

/** JSON knows no infinity and no NaN. */
function floatNumber(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length !== 4 && bytes.length !== 8) return undefined;
  const number = bytes.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  return Number.isFinite(number) ? number : undefined;
}
