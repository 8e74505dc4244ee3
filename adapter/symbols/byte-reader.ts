// byte-reader.ts: a bounded cursor over little-endian bytes.
//
// Every parser of symbols/ reads through it, so none can read outside its section: a value that does not fit is a
// UserError naming the section and the offset. Link-time addresses, offsets and sizes are plain numbers in symbols/
// (a u64 above 2^53 loses low bits; such a value is outside every table and is refused or ignored by its user);
// run-time addresses are bigint.
// Truth: DWARF 5 section 7.6 (LEB128); ELF-64 Object File Format 1.5, "Data representation".

import { UserError } from '../util/user-error';
import { hex } from '../util/hex';

/** The data ended inside a value. `where` names the section or table. */
export function truncatedData(where: string, offset: number): UserError {
  return new UserError(
    'symbols.truncated',
    `${where} ends inside a value (at offset ${hex(Math.max(0, offset))}): the file is cut short or damaged. ` +
      'Build the program again, or copy it again from where it was built.',
  );
}

export class ByteReader {
  readonly #view: DataView;
  readonly end: number;
  offset: number;

  /** Reads `bytes` from `offset` up to `end`, both relative to `bytes`; `where` is for messages. */
  constructor(
    readonly bytes: Uint8Array,
    readonly where: string,
    offset = 0,
    end = bytes.length,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = Math.min(end, bytes.length);
    this.offset = offset;
    if (!(offset >= 0 && offset <= this.end)) throw truncatedData(where, offset);
  }

  get atEnd(): boolean {
    return this.offset >= this.end;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  /** A reader over the same bytes at another place. */
  at(offset: number, end = this.end): ByteReader {
    return new ByteReader(this.bytes, this.where, offset, end);
  }

  seek(offset: number): void {
    if (!(offset >= 0 && offset <= this.end)) throw truncatedData(this.where, offset);
    this.offset = offset;
  }

  skip(lengthBytes: number): void {
    this.#take(lengthBytes);
  }

  u8(): number {
    return this.bytes[this.#take(1)];
  }

  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  i16(): number {
    return this.#view.getInt16(this.#take(2), true);
  }

  u24(): number {
    const at = this.#take(3);
    return this.bytes[at] | (this.bytes[at + 1] << 8) | (this.bytes[at + 2] << 16);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** As a number: exact below 2^53. */
  u64(): number {
    const at = this.#take(8);
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 0x1_0000_0000;
  }

  u64big(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  i64big(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  /** 1, 2, 4 or 8 bytes, unsigned. */
  unsigned(lengthBytes: number): number {
    if (lengthBytes === 8) return this.u64();
    if (lengthBytes === 4) return this.u32();
    return lengthBytes === 2 ? this.u16() : this.u8();
  }

  /** Unsigned LEB128 as a number. */
  uleb(): number {
    let result = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) return result;
      scale *= 128;
    }
  }

  /** Signed LEB128 as a number. */
  sleb(): number {
    let result = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      result += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return (byte & 0x40) !== 0 ? result - scale : result;
    }
  }

  /** Unsigned LEB128, exact, modulo 2^64. */
  ulebBig(): bigint {
    let result = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.u8();
      if (shift < 64n) result |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
  }

  /** Signed LEB128, exact. */
  slebBig(): bigint {
    let result = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.u8();
      if (shift < 64n) result |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) {
        return shift < 64n && (byte & 0x40) !== 0 ? result - (1n << shift) : BigInt.asIntN(64, result);
      }
    }
  }

  skipLeb(): void {
    while (this.u8() >= 0x80);
  }

  /** A view, not a copy. */
  take(lengthBytes: number): Uint8Array {
    const at = this.#take(lengthBytes);
    return this.bytes.subarray(at, at + lengthBytes);
  }

  /** A NUL-terminated UTF-8 string. */
  cString(): string {
    const start = this.offset;
    this.skipCString();
    return decodeText(this.bytes, start, this.offset - 1);
  }

  skipCString(): void {
    const nul = this.bytes.indexOf(0, this.offset);
    if (nul < 0 || nul >= this.end) throw truncatedData(this.where, this.offset);
    this.offset = nul + 1;
  }

  #take(lengthBytes: number): number {
    const at = this.offset;
    if (!(lengthBytes >= 0 && lengthBytes <= this.end - at)) throw truncatedData(this.where, at);
    this.offset = at + lengthBytes;
    return at;
  }
}

const utf8 = new TextDecoder();

/** [start, end) of `bytes` as text; short ASCII without the decoder's call overhead. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 64) return utf8.decode(bytes.subarray(start, end));
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte >= 0x80) return utf8.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}
