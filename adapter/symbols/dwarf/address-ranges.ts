// address-ranges.ts: the addresses that an entry covers: low_pc/high_pc, .debug_ranges, .debug_rnglists.
//
// Link-time [low, high) pairs, empty ones left out. Ranges of code that the linker dropped start at 0 or beyond 2^53;
// the caller tells them by what the program maps.
// Truth: DWARF 5 sections 2.17 and 7.25; DWARF 4 section 7.24.

import type { ByteReader } from '../byte-reader';
import { AT, RLE } from './dwarf-constants.table';
import type { Die, Unit } from './unit';

export interface AddressRange {
  readonly low: number;
  readonly high: number;
}

export const covers = (ranges: readonly AddressRange[], address: number): boolean =>
  ranges.some(({ low, high }) => address >= low && address < high);

/** What base-relative ranges of the unit count from. */
export const baseAddressOf = (unit: Unit): number => unit.root.address(AT.low_pc) ?? 0;

export function rangesOf(die: Die): AddressRange[] {
  const ranges = die.get(AT.ranges);
  if (ranges?.kind === 'listIndex') return readRangeList(die.unit, rangeListOffset(die.unit, ranges.index));
  if (ranges?.kind === 'sectionOffset' || ranges?.kind === 'constant') {
    if (die.unit.version >= 5) return readRangeList(die.unit, ranges.value);
    return readRanges(die.unit, ranges.value + (die === die.unit.root ? 0 : (die.unit.base(AT.GNU_ranges_base) ?? 0)));
  }
  const low = die.address(AT.low_pc);
  if (low === undefined) return [];
  const high = die.address(AT.high_pc) ?? low + (die.number(AT.high_pc) ?? 0);
  return high > low ? [{ low, high }] : [];
}

/** An index of .debug_rnglists or .debug_loclists to an offset; counts from the unit's base. */
export function listOffset(unit: Unit, section: string, base: number, index: number): number {
  const reader = unit.sections.reader(section);
  reader.seek(base + index * unit.offsetSize);
  return base + reader.unsigned(unit.offsetSize);
}

/** Without a base the lists start behind the section's first header. */
export const listBase = (unit: Unit, name: number): number => unit.base(name) ?? (unit.offsetSize === 8 ? 20 : 12);

const rangeListOffset = (unit: Unit, index: number): number =>
  listOffset(unit, '.debug_rnglists', listBase(unit, AT.rnglists_base), index);

function readRangeList(unit: Unit, offset: number): AddressRange[] {
  const reader = unit.sections.reader('.debug_rnglists');
  reader.seek(offset);
  const ranges: AddressRange[] = [];
  let base = baseAddressOf(unit);
  for (;;) {
    const kind = reader.u8();
    if (kind === RLE.end_of_list) return ranges;
    if (kind === RLE.base_addressx) base = unit.indexedAddress(reader.uleb());
    else if (kind === RLE.base_address) base = reader.unsigned(unit.addressSize);
    else {
      const range = readRangeEntry(reader, kind, base, unit);
      if (range === undefined) return ranges;
      if (range.high > range.low) ranges.push(range);
    }
  }
}

/** Undefined for a kind that is not known: the list cannot be followed further. */
function readRangeEntry(reader: ByteReader, kind: number, base: number, unit: Unit): AddressRange | undefined {
  switch (kind) {
    case RLE.startx_endx:
      return { low: unit.indexedAddress(reader.uleb()), high: unit.indexedAddress(reader.uleb()) };
    case RLE.startx_length:
      return withLength(unit.indexedAddress(reader.uleb()), reader.uleb());
    case RLE.offset_pair:
      return { low: base + reader.uleb(), high: base + reader.uleb() };
    case RLE.start_end:
      return { low: reader.unsigned(unit.addressSize), high: reader.unsigned(unit.addressSize) };
    case RLE.start_length:
      return withLength(reader.unsigned(unit.addressSize), reader.uleb());
    default:
      return undefined;
  }
}

const withLength = (low: number, length: number): AddressRange => ({ low, high: low + length });

function readRanges(unit: Unit, offset: number): AddressRange[] {
  const reader = unit.sections.reader('.debug_ranges');
  reader.seek(offset);
  const ranges: AddressRange[] = [];
  const largest = unit.addressSize === 8 ? 2 ** 64 : 2 ** 32 - 1;
  let base = baseAddressOf(unit);
  for (;;) {
    const low = reader.unsigned(unit.addressSize);
    const high = reader.unsigned(unit.addressSize);
    if (low === 0 && high === 0) return ranges;
    // All ones as a number rounds to 2^64.
    if (low === largest) base = high;
    else if (high > low) ranges.push({ low: base + low, high: base + high });
  }
}
