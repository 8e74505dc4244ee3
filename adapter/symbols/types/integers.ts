// integers.ts: little-endian bytes ↔ bigint, and wrapping to a width.

/** The unsigned number that the bytes hold, least significant first. */
export function bytesToUnsigned(bytes: Uint8Array): bigint {
  // Up to 6 bytes a plain number is exact, and much cheaper than bigints.
  if (bytes.length <= 6) {
    let small = 0;
    for (let i = bytes.length - 1; i >= 0; i--) small = small * 256 + (bytes[i] ?? 0);
    return BigInt(small);
  }
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}

export function bytesToInteger(bytes: Uint8Array, signed: boolean): bigint {
  const value = bytesToUnsigned(bytes);
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}

/** The low `lengthBytes` bytes of a number, two's complement. */
export function integerToBytes(value: bigint, lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  let rest = BigInt.asUintN(lengthBytes * 8, value);
  for (let i = 0; i < lengthBytes; i++) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

export const wrapInteger = (value: bigint, bits: number, signed: boolean): bigint =>
  signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);

/** Smallest and largest number of that width. */
export function integerRange(bits: number, signed: boolean): { readonly low: bigint; readonly high: bigint } {
  const span = 1n << BigInt(bits);
  return signed ? { low: -(span >> 1n), high: (span >> 1n) - 1n } : { low: 0n, high: span - 1n };
}

/** The bits [offset, offset + width) of little-endian bytes, as bytes of `lengthBytes`, sign-extended if asked. */
export function extractBits(
  bytes: Uint8Array,
  bits: { readonly offset: number; readonly width: number; readonly signed: boolean },
  lengthBytes: number,
): Uint8Array {
  const field = (bytesToUnsigned(bytes) >> BigInt(bits.offset)) & ((1n << BigInt(bits.width)) - 1n);
  return integerToBytes(wrapInteger(field, bits.width, bits.signed), lengthBytes);
}

/** The storage bytes with a bit-field's new value put in; the neighbours stay. */
export function insertBits(bytes: Uint8Array, offset: number, width: number, value: bigint): Uint8Array {
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(offset);
  const kept = bytesToUnsigned(bytes) & ~mask;
  return integerToBytes(kept | ((value << BigInt(offset)) & mask), bytes.length);
}
