// elf-header.ts: the file header: what kind of object this is and where its tables lie.
//
//   0  7f 'E' 'L' 'F'  class  data  version  osabi  …
//  16  e_type  e_machine  e_version  e_entry(8)  e_phoff(8)  e_shoff(8)  e_flags(4)
//  52  e_ehsize  e_phentsize  e_phnum  e_shentsize  e_shnum  e_shstrndx
//
// Refuses all but 64-bit little-endian x86-64 with a UserError. Truth: ELF-64 Object File Format 1.5, Figure 2.

import { ByteReader } from '../byte-reader';
import { badElf, emptyFile, not64Bit, notAnElf, notLittleEndian, truncatedElf, wrongMachine } from './elf-errors';
import { MACHINE_NAMES } from './elf-constants.table';

export type ElfType = 'relocatable' | 'executable' | 'sharedObject' | 'core';

export interface ElfHeader {
  /** `sharedObject` is also a PIE and a static PIE. */
  readonly type: ElfType;
  /** Link-time address of the first instruction; 0 where there is none. */
  readonly entry: number;
  readonly programHeaderOffset: number;
  readonly programHeaderSizeBytes: number;
  readonly programHeaderCount: number;
  readonly sectionHeaderOffset: number;
  readonly sectionHeaderSizeBytes: number;
  /** 0 may mean: see section 0 (more than 0xff00 sections). */
  readonly sectionHeaderCount: number;
  readonly sectionNamesIndex: number;
}

const HEADER_BYTES = 64;
const EM_X86_64 = 62;
const TYPES: Readonly<Partial<Record<number, ElfType>>> = {
  1: 'relocatable',
  2: 'executable',
  3: 'sharedObject',
  4: 'core',
};

/** True for any ELF file, also of another machine. */
function hasElfMagic(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

export function parseElfHeader(path: string, bytes: Uint8Array): ElfHeader {
  if (bytes.length === 0) throw emptyFile(path);
  if (!hasElfMagic(bytes)) throw notAnElf(path, bytes.subarray(0, 8));
  if (bytes.length < HEADER_BYTES) throw truncatedElf(path, 'its file header', HEADER_BYTES, bytes.length);
  if (bytes[4] !== 2) {
    if (bytes[4] === 1) throw not64Bit(path);
    throw badElf(path, `its class byte is ${bytes[4]}, neither 1 (32-bit) nor 2 (64-bit)`);
  }
  if (bytes[5] !== 1) throw notLittleEndian(path);
  const reader = new ByteReader(bytes, `The header of \`${path}\``, 16);
  const typeCode = reader.u16();
  const machine = reader.u16();
  if (machine !== EM_X86_64) throw wrongMachine(path, MACHINE_NAMES[machine] ?? `machine number ${machine}`);
  const type = TYPES[typeCode];
  if (type === undefined) throw badElf(path, `its type is ${typeCode}, which is no program, library, object or core`);
  reader.skip(4); // e_version
  const entry = reader.u64();
  const programHeaderOffset = reader.u64();
  const sectionHeaderOffset = reader.u64();
  reader.skip(6); // e_flags, e_ehsize
  return {
    type,
    entry,
    programHeaderOffset,
    sectionHeaderOffset,
    programHeaderSizeBytes: reader.u16(),
    programHeaderCount: reader.u16(),
    sectionHeaderSizeBytes: reader.u16(),
    sectionHeaderCount: reader.u16(),
    sectionNamesIndex: reader.u16(),
  };
}
