// hexdump.ts: bytes as text, sixteen a line, and back from a place in that text to an address.
//
//     0x0000000000404050  2a 00 00 00 07 00 00 00  64 00 00 00 00 00 00 00  |*.......d.......|
//     0         1         2         3         4         5         6         7
//
// Pure.

const PER_LINE = 16n;
const FIRST_BYTE_COLUMN = 20;

export interface MemoryWindow {
  /** A multiple of sixteen. */
  readonly address: bigint;
  readonly lengthBytes: number;
}

/** What is shown around a range: whole lines, and some before and after. */
export function windowAround(address: bigint, lengthBytes: number): MemoryWindow {
  const margin = 8n * PER_LINE;
  const first = address - (address % PER_LINE);
  const start = first > margin ? first - margin : 0n;
  const last = address + BigInt(Math.max(1, lengthBytes)) - 1n;
  const end = last - (last % PER_LINE) + PER_LINE + margin;
  return { address: start, lengthBytes: Number(end - start) };
}

/** `bytes` may be shorter than what was asked for: the rest cannot be read, and is shown as `--`. */
export function hexdump(window: MemoryWindow, bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < window.lengthBytes; at += 16) {
    const row = Array.from({ length: 16 }, (_, index): number | undefined => bytes[at + index]);
    const hex = row.map((byte) => byte?.toString(16).padStart(2, '0') ?? '--');
    const text = row.map((byte) => (byte === undefined ? ' ' : printable(byte))).join('');
    const address = (window.address + BigInt(at)).toString(16).padStart(16, '0');
    lines.push(`0x${address}  ${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}  |${text}|`);
  }
  return `${lines.join('\n')}\n`;
}

const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/** Where a byte stands in its line: column from 0. */
export function columnOf(index: number): number {
  return FIRST_BYTE_COLUMN + 3 * index + (index >= 8 ? 1 : 0);
}

/** The line, from 0, and the columns of each piece of a range. */
export function spansOf(
  window: MemoryWindow,
  address: bigint,
  lengthBytes: number,
): readonly { readonly line: number; readonly start: number; readonly end: number }[] {
  const spans: { line: number; start: number; end: number }[] = [];
  for (let offset = Number(address - window.address), left = lengthBytes; left > 0;) {
    const index = offset % 16;
    const count = Math.min(left, 16 - index);
    spans.push({ line: Math.floor(offset / 16), start: columnOf(index), end: columnOf(index + count - 1) + 2 });
    offset += count;
    left -= count;
  }
  return spans;
}

/** The bytes that a selection in the text covers; undefined where it covers none. */
export function selectedRange(
  text: string,
  from: { readonly line: number; readonly column: number },
  to: { readonly line: number; readonly column: number },
): { readonly address: bigint; readonly lengthBytes: number } | undefined {
  const lines = text.split('\n');
  const first = byteAt(lines.at(from.line), from.column, 'next');
  const last = byteAt(lines.at(to.line), Math.max(0, to.column - (sameSpot(from, to) ? 0 : 1)), 'previous');
  if (first === undefined || last === undefined || last < first) return undefined;
  return { address: first, lengthBytes: Number(last - first) + 1 };
}

const sameSpot = (a: { line: number; column: number }, b: { line: number; column: number }): boolean =>
  a.line === b.line && a.column === b.column;

/** A column between two bytes belongs to the next or the previous one. */
function byteAt(line: string | undefined, column: number, side: 'next' | 'previous'): bigint | undefined {
  const base = /^0x[0-9a-f]{16}(?= )/.exec(line ?? '')?.[0];
  if (base === undefined) return undefined;
  const indices = Array.from({ length: 16 }, (_, index) => index);
  const index =
    side === 'next'
      ? indices.find((each) => columnOf(each) + 2 > column)
      : indices.findLast((each) => columnOf(each) <= column);
  return index === undefined ? undefined : BigInt(base) + BigInt(index);
}
