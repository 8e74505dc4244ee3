// byte-writer.ts: a growing byte buffer with WebAssembly's LEB128 numbers.
//
// Truth: WebAssembly core specification, 5.2 (values).

const SLACK_BYTES = 16;

export class ByteWriter {
  bytes: Uint8Array;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
  }

  private reserve(extra: number): void {
    if (this.length + extra <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + extra));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(SLACK_BYTES);
    this.bytes[this.length++] = value;
  }

  /** An unsigned 32-bit number. */
  unsigned(value: number): void {
    this.reserve(SLACK_BYTES);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  /** A signed 32-bit number. */
  signed(value: number): void {
    this.reserve(SLACK_BYTES);
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
        this.bytes[this.length++] = low;
        return;
      }
      this.bytes[this.length++] = low | 0x80;
    }
  }

  /** A signed 64-bit number; bigints are taken modulo 2^64. */
  signed64(value: number | bigint): void {
    if (typeof value === 'number' && (value | 0) === value) {
      this.signed(value);
      return;
    }
    this.reserve(SLACK_BYTES);
    let rest = BigInt.asIntN(64, BigInt(value));
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
        this.bytes[this.length++] = low;
        return;
      }
      this.bytes[this.length++] = low | 0x80;
    }
  }

  /** Little-endian, in two bytes. */
  word16(value: number): void {
    this.reserve(SLACK_BYTES);
    this.bytes[this.length++] = value;
    this.bytes[this.length++] = value >>> 8;
  }

  /** Little-endian, modulo 2^32, in four bytes. */
  word32(value: number): void {
    this.reserve(SLACK_BYTES);
    this.length += 4;
    this.setWord32(this.length - 4, value);
  }

  /** Little-endian, modulo 2^64, in eight bytes. */
  word64(value: number | bigint): void {
    if (typeof value === 'number') {
      this.word32(value);
      this.word32(Math.floor(value / 2 ** 32));
      return;
    }
    this.word32(Number(value & 0xffffffffn));
    this.word32(Number((value >> 32n) & 0xffffffffn));
  }

  setWord16(at: number, value: number): void {
    this.bytes[at] = value;
    this.bytes[at + 1] = value >>> 8;
  }

  setWord32(at: number, value: number): void {
    const { bytes } = this;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
  }

  append(source: Uint8Array, start = 0, end = source.length): void {
    this.reserve(end - start + SLACK_BYTES);
    this.bytes.set(source.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** A length-prefixed name of ASCII letters. */
  name(text: string): void {
    this.unsigned(text.length);
    for (let n = 0; n < text.length; n++) this.byte(text.charCodeAt(n));
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}
