// split.ts: a range of bytes → the aligned pieces that debug registers can watch.
//
// A register watches 1, 2, 4 or 8 bytes at an address that is a multiple of the length. Taking at each address the
// longest piece that is aligned and fits gives the fewest pieces that cover the range exactly.
//
//     6   8               16      18
//     |2  |8              |2      |       12 bytes, unaligned: 3 slots
//
// Truth: Intel SDM vol. 3B, 18.2.5.

import { UserError } from '../util/user-error';
import { hex } from '../util/hex';

export type PieceLength = 1 | 2 | 4 | 8;

export interface AlignedPiece {
  readonly address: bigint;
  readonly lengthBytes: PieceLength;
}

const LENGTHS: readonly PieceLength[] = [8, 4, 2, 1];
/** Beyond this nobody means slots; it keeps the list short. */
const MAX_BYTES = 1 << 20;

/** The fewest aligned pieces that are exactly the range, in order. Nothing for an empty range. */
export function splitRange(address: bigint, lengthBytes: number): readonly AlignedPiece[] {
  const pieces: AlignedPiece[] = [];
  let at = address;
  let rest = Math.min(lengthBytes, MAX_BYTES);
  while (rest > 0) {
    const length = longestAt(at, rest);
    pieces.push({ address: at, lengthBytes: length });
    at += BigInt(length);
    rest -= length;
  }
  return pieces;
}

const longestAt = (address: bigint, room: number): PieceLength =>
  LENGTHS.find((length) => length <= room && address % BigInt(length) === 0n) ?? 1;

/** How many slots the range takes, without listing them. */
export function slotsNeeded(address: bigint, lengthBytes: number): number {
  const head = Math.min(Number(-address & 7n), lengthBytes);
  const tail = lengthBytes - head;
  return splitRange(address, head).length + Math.floor(tail / 8) + splitRange(0n, tail % 8).length;
}

/** Whether one aligned access of the range's length would be naturally aligned (8 for longer ranges). */
function isAligned(address: bigint, lengthBytes: number): boolean {
  return slotsNeeded(address, lengthBytes) === slotsNeeded(0n, lengthBytes);
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `4 bytes: 1 slot`; `12 bytes, unaligned: 3 slots`. */
export function previewCost(address: bigint, lengthBytes: number): string {
  const unaligned = isAligned(address, lengthBytes) ? '' : ', unaligned';
  return `${plural(lengthBytes, 'byte')}${unaligned}: ${plural(slotsNeeded(address, lengthBytes), 'slot')}`;
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

const inWords = (count: number): string => NUMBERS[count] ?? String(count);

/** Registers that a watch may take at most, when all are free; `extend`: also those that no processor has. */
export function slotsAllowed(
  { slotsPerThread, mostSlots = 0 }: { readonly slotsPerThread: number; readonly mostSlots?: number },
  extend: boolean | undefined,
): number {
  return extend === true ? Math.max(slotsPerThread, mostSlots) : slotsPerThread;
}

/** The range does not fit all the slots there are, even when all are free. `narrower`: something that would fit. */
export function tooWide(name: string, range: ByteRange, slots: number, narrower?: string): UserError {
  const size = plural(range.lengthBytes, 'byte');
  const most = slots * 8;
  const reason =
    range.lengthBytes > most
      ? `\`${name}\` is ${size}; ${inWords(slots)} ${slots === 1 ? 'slot watches' : 'slots watch'} at most ${most}.`
      : `\`${name}\` is ${size} at an unaligned address and takes ${slotsNeeded(range.address, range.lengthBytes)} slots; ` +
        `there ${slots === 1 ? 'is one' : `are ${inWords(slots)}`}.`;
  const advice = narrower === undefined ? 'Watch a part of it.' : `Try \`${narrower}\`.`;
  return new UserError('watch.tooWide', `${reason} ${advice}`);
}

export interface ByteRange {
  readonly address: bigint;
  readonly lengthBytes: number;
}

export function emptyRange(name: string): UserError {
  return new UserError(
    'watch.emptyRange',
    `\`${name}\` is 0 bytes: nothing can be watched. Give a number of bytes from 1.`,
  );
}

export function outsideAddressSpace(name: string, range: ByteRange): UserError {
  return new UserError(
    'watch.outsideAddressSpace',
    `\`${name}\` (${hex(range.address)}, ${plural(range.lengthBytes, 'byte')}) lies outside of the program's ` +
      'memory, which ends at 0x7fffffffffff. Check the address.',
  );
}

/** The end of what Linux gives to a program (x86-64, four-level paging). */
const USER_END = 0x7ffffffff000n;

/** The pieces, or a UserError that says why the range cannot be watched with so many slots. */
export function planRange(name: string, range: ByteRange, slots: number, narrower?: string): readonly AlignedPiece[] {
  if (!Number.isInteger(range.lengthBytes) || range.lengthBytes <= 0) throw emptyRange(name);
  if (range.address < 0n || range.address + BigInt(range.lengthBytes) > USER_END)
    throw outsideAddressSpace(name, range);
  if (slotsNeeded(range.address, range.lengthBytes) > slots) throw tooWide(name, range, slots, narrower);
  return splitRange(range.address, range.lengthBytes);
}
