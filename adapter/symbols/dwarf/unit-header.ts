// unit-header.ts: where each unit of .debug_info and .debug_types starts and ends, and what it is.
//
// Truth: DWARF 5 section 7.5.1; DWARF 4 sections 7.5.1.1 and 7.5.1.2.

import type { ByteReader } from '../byte-reader';
import { UT } from './dwarf-constants.table';
import { badDebugInfo, unsupportedVersion } from './dwarf-errors';
import { hex } from '../../util/hex';

export interface UnitHeader {
  /** The unit's place in its section: the header's first byte, its first entry, and the byte behind it. */
  readonly start: number;
  readonly firstDie: number;
  readonly end: number;
  readonly version: number;
  readonly kind: 'compile' | 'type' | 'partial' | 'skeleton' | 'other';
  readonly addressSize: number;
  readonly offsetSize: number;
  readonly abbreviationOffset: number;
  /** Of type units: what DW_FORM_ref_sig8 names, and the type's entry. */
  readonly signature?: bigint;
  readonly typeDie?: number;
}

const KINDS: Readonly<Partial<Record<number, UnitHeader['kind']>>> = {
  [UT.compile]: 'compile',
  [UT.type]: 'type',
  [UT.partial]: 'partial',
  [UT.skeleton]: 'skeleton',
};

/** An initial length: 4 bytes, or 0xffffffff and 8 in 64-bit DWARF. */
export function readInitialLength(reader: ByteReader): { readonly length: number; readonly offsetSize: number } {
  const length = reader.u32();
  return length === 0xffff_ffff ? { length: reader.u64(), offsetSize: 8 } : { length, offsetSize: 4 };
}

/** Reads one header; the reader ends behind the unit. `typesSection`: this is DWARF 4's .debug_types. */
export function readUnitHeader(path: string, reader: ByteReader, typesSection: boolean): UnitHeader {
  const start = reader.offset;
  const { length, offsetSize } = readInitialLength(reader);
  const end = reader.offset + length;
  if (length > reader.remaining) throw badDebugInfo(path, `the unit at ${hex(start)} is longer than its section`);
  const version = reader.u16();
  if (version < 2 || version > 5) throw unsupportedVersion(path, 'The debug information', version);
  const unitType = version >= 5 ? reader.u8() : typesSection ? UT.type : UT.compile;
  const first = version >= 5 ? reader.u8() : reader.unsigned(offsetSize);
  const second = version >= 5 ? reader.unsigned(offsetSize) : reader.u8();
  const addressSize = version >= 5 ? first : second;
  const abbreviationOffset = version >= 5 ? second : first;
  if (addressSize !== 8 && addressSize !== 4) throw badDebugInfo(path, `its addresses have ${addressSize} bytes`);
  if (unitType === UT.skeleton || unitType === UT.split_compile) reader.skip(8);
  const isType = unitType === UT.type || unitType === UT.split_type;
  const signature = isType ? { signature: reader.u64big(), typeDie: start + reader.unsigned(offsetSize) } : {};
  const firstDie = reader.offset;
  if (firstDie > end) throw badDebugInfo(path, `the unit at ${hex(start)} is shorter than its header`);
  reader.seek(end);
  const kind = KINDS[unitType] ?? 'other';
  return { start, firstDie, end, version, kind, addressSize, offsetSize, abbreviationOffset, ...signature };
}
