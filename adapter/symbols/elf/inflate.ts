// inflate.ts: zlib streams to bytes, for compressed debug sections (SHF_COMPRESSED).
//
// Synchronous, because nothing in symbols/ may wait. The size is known beforehand, so output is one allocation and a
// stream that would write past it is refused. Any damage is an InflateError; the caller names file and section.
// Truth: RFC 1950 (zlib), RFC 1951 (deflate).

/** Why a stream cannot be read, as the end of a sentence. */
export class InflateError extends Error {}

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]; // prettier-ignore
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577]; // prettier-ignore
const DISTANCE_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13]; // prettier-ignore
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MAX_BITS = 15;

/** `sizeBytes` is the size of the result, exactly. */
export function inflateZlib(stream: Uint8Array, sizeBytes: number): Uint8Array {
  if (stream.length < 2 || (stream[0] & 0xf) !== 8 || ((stream[0] << 8) | stream[1]) % 31 !== 0) {
    throw new InflateError('it does not start as a zlib stream');
  }
  // Deflate makes at most 1032 bytes of one; a larger claim is damage, not a reason to allocate.
  if (sizeBytes > stream.length * 1032 + 1024) throw new InflateError('its size is impossible');
  const output = new Inflater(stream, 2, sizeBytes).run();
  return output;
}

/** A canonical Huffman code as one table: index by the next 15 bits (reversed), entry = symbol << 4 | length. */
function huffmanTable(lengths: readonly number[]): Uint16Array {
  const counts = new Array<number>(MAX_BITS + 1).fill(0);
  for (const length of lengths) if (length > 0) counts[length]++;
  const next = new Array<number>(MAX_BITS + 1).fill(0);
  let code = 0;
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    code = (code + (bits === 1 ? 0 : counts[bits - 1])) << 1;
    next[bits] = code;
    if (code + counts[bits] > 1 << bits) throw new InflateError('a Huffman code is oversubscribed');
  }
  const table = new Uint16Array(1 << MAX_BITS);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    const reversed = reverseBits(next[length]++, length);
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  });
  return table;
}

function reverseBits(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
  return reversed;
}

let fixedTables: { readonly literals: Uint16Array; readonly distances: Uint16Array } | undefined;

function fixed(): { readonly literals: Uint16Array; readonly distances: Uint16Array } {
  if (fixedTables) return fixedTables;
  const lengths = Array.from({ length: 288 }, (_, symbol) =>
    symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
  );
  fixedTables = { literals: huffmanTable(lengths), distances: huffmanTable(new Array<number>(30).fill(5)) };
  return fixedTables;
}

class Inflater {
  readonly #output: Uint8Array;
  #written = 0;
  #bits = 0;
  #bitCount = 0;

  constructor(
    readonly stream: Uint8Array,
    private at: number,
    sizeBytes: number,
  ) {
    this.#output = new Uint8Array(sizeBytes);
  }

  run(): Uint8Array {
    for (let last = false; !last;) {
      last = this.#take(1) === 1;
      const kind = this.#take(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#block(fixed().literals, fixed().distances);
      else if (kind === 2) this.#dynamic();
      else throw new InflateError('a block is of an unknown kind');
    }
    if (this.#written !== this.#output.length) throw new InflateError('it ends too early');
    return this.#output;
  }

  /** Fills the bit buffer to at least 15 bits; past the end zeros come, and `#consume` refuses to use them up. */
  #fill(): void {
    while (this.#bitCount <= 16) {
      if (this.at < this.stream.length) this.#bits |= this.stream[this.at] << this.#bitCount;
      this.at++;
      this.#bitCount += 8;
    }
    if (this.at > this.stream.length + 8) throw new InflateError('it is cut short');
  }

  #consume(count: number): void {
    this.#bits >>>= count;
    this.#bitCount -= count;
  }

  #take(count: number): number {
    this.#fill();
    const value = this.#bits & ((1 << count) - 1);
    this.#consume(count);
    return value;
  }

  #symbol(table: Uint16Array): number {
    this.#fill();
    const entry = table[this.#bits & ((1 << MAX_BITS) - 1)];
    if (entry === 0) throw new InflateError('a code has no meaning');
    this.#consume(entry & 15);
    return entry >> 4;
  }

  #stored(): void {
    this.#consume(this.#bitCount & 7);
    // Give whole bytes back to the stream.
    this.at -= this.#bitCount >> 3;
    this.#bits = 0;
    this.#bitCount = 0;
    if (this.at + 4 > this.stream.length) throw new InflateError('it is cut short');
    const length = this.stream[this.at] | (this.stream[this.at + 1] << 8);
    const check = this.stream[this.at + 2] | (this.stream[this.at + 3] << 8);
    if ((length ^ check) !== 0xffff) throw new InflateError('the length of a stored block is damaged');
    this.at += 4;
    if (this.at + length > this.stream.length) throw new InflateError('it is cut short');
    this.#room(length);
    this.#output.set(this.stream.subarray(this.at, this.at + length), this.#written);
    this.#written += length;
    this.at += length;
  }

  #dynamic(): void {
    const literalCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const codeCount = this.#take(4) + 4;
    const codeLengths = new Array<number>(19).fill(0);
    for (let index = 0; index < codeCount; index++) codeLengths[CODE_LENGTH_ORDER[index]] = this.#take(3);
    const codes = huffmanTable(codeLengths);
    const lengths: number[] = [];
    while (lengths.length < literalCount + distanceCount) {
      const symbol = this.#symbol(codes);
      if (symbol < 16) lengths.push(symbol);
      else this.#repeat(lengths, symbol);
    }
    this.#block(huffmanTable(lengths.slice(0, literalCount)), huffmanTable(lengths.slice(literalCount)));
  }

  #repeat(lengths: number[], symbol: number): void {
    const previous = lengths.at(-1);
    if (symbol === 16 && previous === undefined) throw new InflateError('a code length repeats nothing');
    const value = symbol === 16 ? (previous ?? 0) : 0;
    const count = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
    for (let index = 0; index < count; index++) lengths.push(value);
  }

  #block(literals: Uint16Array, distances: Uint16Array): void {
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.#room(1);
        this.#output[this.#written++] = symbol;
        continue;
      }
      if (symbol > 285) throw new InflateError('a length has no meaning');
      const length = LENGTH_BASE[symbol - 257] + this.#take(LENGTH_EXTRA[symbol - 257]);
      const distanceSymbol = this.#symbol(distances);
      if (distanceSymbol > 29) throw new InflateError('a distance has no meaning');
      const distance = DISTANCE_BASE[distanceSymbol] + this.#take(DISTANCE_EXTRA[distanceSymbol]);
      this.#copy(length, distance);
    }
  }

  #copy(length: number, distance: number): void {
    this.#room(length);
    let from = this.#written - distance;
    if (from < 0) throw new InflateError('it refers to bytes before its start');
    const output = this.#output;
    let to = this.#written;
    for (let count = 0; count < length; count++) output[to++] = output[from++];
    this.#written = to;
  }

  #room(lengthBytes: number): void {
    if (this.#written + lengthBytes > this.#output.length) throw new InflateError('it is longer than it says');
  }
}
