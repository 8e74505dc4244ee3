// location-lists.ts: which location expression holds at an address: exprloc, .debug_loc, .debug_loclists.
//
// Truth: DWARF 5 sections 2.6.2 and 7.29; DWARF 4 section 2.6.2.

import type { ByteReader } from '../byte-reader';
import { baseAddressOf, listBase, listOffset } from './address-ranges';
import { AT, LLE } from './dwarf-constants.table';
import type { AttributeValue } from './forms';
import type { Unit } from './unit';

export type Location =
  | { readonly kind: 'expression'; readonly bytes: Uint8Array }
  /** The entry has a location, but not at this address. */
  | { readonly kind: 'notHere' };

/** True where the value is a list, so that the location depends on the address. */
function isLocationList(value: AttributeValue, version: number): boolean {
  if (value.kind === 'sectionOffset' || value.kind === 'listIndex') return true;
  return value.kind === 'constant' && version < 4 && (value.sizeBytes === 4 || value.sizeBytes === 8);
}

/** `pc` is link-time. */
export function locationAt(unit: Unit, value: AttributeValue, pc: number): Location {
  if (value.kind === 'expression' || value.kind === 'block') return { kind: 'expression', bytes: value.bytes };
  if (!isLocationList(value, unit.version)) return { kind: 'notHere' };
  const bytes =
    value.kind === 'listIndex' || unit.version >= 5 ? inLocationLists(unit, value, pc) : inLocations(unit, value, pc);
  return bytes ? { kind: 'expression', bytes } : { kind: 'notHere' };
}

function inLocationLists(unit: Unit, value: AttributeValue, pc: number): Uint8Array | undefined {
  const reader = unit.sections.reader('.debug_loclists');
  if (value.kind === 'listIndex') {
    reader.seek(listOffset(unit, '.debug_loclists', listBase(unit, AT.loclists_base), value.index));
  } else if (value.kind === 'sectionOffset' || value.kind === 'constant') reader.seek(value.value);
  let base = baseAddressOf(unit);
  let fallback: Uint8Array | undefined;
  for (;;) {
    const kind = reader.u8();
    if (kind === LLE.end_of_list) return fallback;
    if (kind === LLE.base_addressx) base = unit.indexedAddress(reader.uleb());
    else if (kind === LLE.base_address) base = reader.unsigned(unit.addressSize);
    else if (kind === LLE.GNU_view_pair) {
      reader.skipLeb();
      reader.skipLeb();
    } else if (kind === LLE.default_location) fallback = reader.take(reader.uleb());
    else {
      const range = readBounds(reader, kind, base, unit);
      if (range === undefined) return fallback;
      const bytes = reader.take(reader.uleb());
      if (pc >= range.low && pc < range.high) return bytes;
    }
  }
}

function readBounds(
  reader: ByteReader,
  kind: number,
  base: number,
  unit: Unit,
): { readonly low: number; readonly high: number } | undefined {
  switch (kind) {
    case LLE.startx_endx:
      return { low: unit.indexedAddress(reader.uleb()), high: unit.indexedAddress(reader.uleb()) };
    case LLE.startx_length: {
      const low = unit.indexedAddress(reader.uleb());
      return { low, high: low + reader.uleb() };
    }
    case LLE.offset_pair:
      return { low: base + reader.uleb(), high: base + reader.uleb() };
    case LLE.start_end:
      return { low: reader.unsigned(unit.addressSize), high: reader.unsigned(unit.addressSize) };
    case LLE.start_length: {
      const low = reader.unsigned(unit.addressSize);
      return { low, high: low + reader.uleb() };
    }
    default:
      return undefined;
  }
}

function inLocations(unit: Unit, value: AttributeValue, pc: number): Uint8Array | undefined {
  if (value.kind !== 'sectionOffset' && value.kind !== 'constant') return undefined;
  const reader = unit.sections.reader('.debug_loc');
  reader.seek(value.value);
  const largest = unit.addressSize === 8 ? 2 ** 64 : 2 ** 32 - 1;
  let base = baseAddressOf(unit);
  for (;;) {
    const low = reader.unsigned(unit.addressSize);
    const high = reader.unsigned(unit.addressSize);
    if (low === 0 && high === 0) return undefined;
    if (low === largest) {
      base = high;
      continue;
    }
    const bytes = reader.take(reader.u16());
    if (pc >= base + low && pc < base + high) return bytes;
  }
}
