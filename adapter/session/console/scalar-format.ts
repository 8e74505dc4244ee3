// scalar-format.ts: one number as gdb's format letters write it: x d u o t z c a f.
//
// Truth: the GDB manual, "Output Formats". Knows bytes and letters, no program.

export const SCALAR_LETTERS = 'xduotzcaf';

export interface ScalarStyle {
  readonly letter: string;
  /** `x` pads with zeros to the unit's width; `print` does not. */
  readonly padded: boolean;
  readonly symbolize: (address: bigint) => string | undefined;
}

/** `bytes`: little-endian, 1 to 8 of them. */
export function formatScalar(bytes: Uint8Array, { letter, padded, symbolize }: ScalarStyle): string {
  const bits = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const width = 8 * bytes.length;
  const signed = BigInt.asIntN(width, bits);
  switch (letter) {
    case 'd':
      return signed.toString();
    case 'u':
      return bits.toString();
    case 'o':
      return bits === 0n ? '0' : `0${bits.toString(8)}`;
    case 't':
      return padded ? bits.toString(2).padStart(width, '0') : bits.toString(2);
    case 'z':
      return `0x${bits.toString(16).padStart(width / 4, '0')}`;
    case 'c':
      return character(Number(bits & 0xffn));
    case 'a':
      return address(bits, symbolize);
    case 'f':
      return float(bytes) ?? signed.toString();
    default:
      return `0x${padded ? bits.toString(16).padStart(width / 4, '0') : bits.toString(16)}`;
  }
}

const ESCAPES: Readonly<Partial<Record<number, string>>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  27: '\\033',
  39: "\\'",
  92: '\\\\',
};

/** `104 'h'`: signed, as C's char is here. */
export function character(byte: number): string {
  const number = byte > 127 ? byte - 256 : byte;
  const isPlain = byte >= 32 && byte < 127;
  const plain = isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  return `${number} '${ESCAPES[byte] ?? plain}'`;
}

function address(bits: bigint, symbolize: ScalarStyle['symbolize']): string {
  const name = symbolize(bits);
  return `0x${bits.toString(16)}${name === undefined ? '' : ` <${decimalOffset(name)}>`}`;
}

/** `main+0x10`, or a text that ends with `<main+0x10>`, as gdb has it: `main+16`. */
export function decimalOffset(name: string): string {
  return name.replace(/\+0x([0-9a-f]+)(>?)$/, (_, digits: string, end: string) => `+${parseInt(digits, 16)}${end}`);
}

function float(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 8) return String(view.getFloat64(0, true));
  return bytes.length === 4 ? String(Number(view.getFloat32(0, true).toPrecision(9))) : undefined;
}
