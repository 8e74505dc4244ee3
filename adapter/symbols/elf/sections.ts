// sections.ts: the section table: names, places and sizes. Contents are taken by ElfFile.
//
// Truth: ELF-64 Object File Format 1.5, Figure 4; gABI "Sections" for counts beyond 0xff00.

import { ByteReader, decodeText } from '../byte-reader';
import { SHF, SHN, SHT } from './elf-constants.table';
import { badElf, truncatedElf } from './elf-errors';
import type { ElfHeader } from './elf-header';

export interface SectionHeader {
  readonly index: number;
  readonly name: string;
  /** A value of SHT, or another. */
  readonly type: number;
  /** Bits of SHF. */
  readonly flags: number;
  /** Link-time; 0 where it is not loaded. */
  readonly address: number;
  readonly fileOffset: number;
  readonly sizeBytes: number;
  readonly link: number;
  readonly info: number;
  readonly entrySizeBytes: number;
}

const ENTRY_BYTES = 64;

/** Loaded into memory when the program runs. */
export const isAllocated = (section: SectionHeader): boolean => (section.flags & SHF.ALLOC) !== 0;
export const isCode = (section: SectionHeader): boolean => (section.flags & SHF.EXECINSTR) !== 0;

/** All sections in file order, the null section included; none where the file was stripped of the table. */
export function parseSections(path: string, bytes: Uint8Array, header: ElfHeader): SectionHeader[] {
  const { sectionHeaderOffset: start, sectionHeaderSizeBytes: size } = header;
  if (start === 0) return [];
  if (size < ENTRY_BYTES) throw badElf(path, `its section headers are ${size} bytes each instead of ${ENTRY_BYTES}`);
  if (start + size > bytes.length) {
    throw truncatedElf(path, 'its table of sections', start + size, bytes.length);
  }
  const first = parseSection(new ByteReader(bytes, tableOf(path), start), 0);
  const count = header.sectionHeaderCount === 0 ? first.sizeBytes : header.sectionHeaderCount;
  const end = start + count * size;
  if (end > bytes.length) throw truncatedElf(path, 'its table of sections', end, bytes.length);
  const reader = new ByteReader(bytes, tableOf(path), start, end);
  const raw: RawSection[] = [];
  for (let index = 0; index < count; index++) {
    reader.seek(start + index * size);
    raw.push(parseSection(reader, index));
  }
  const namesIndex = header.sectionNamesIndex === SHN.XINDEX ? first.link : header.sectionNamesIndex;
  return withNames(bytes, raw, raw.at(namesIndex));
}

type RawSection = Omit<SectionHeader, 'name'> & { readonly nameOffset: number };

const tableOf = (path: string): string => `The section table of \`${path}\``;

function parseSection(reader: ByteReader, index: number): RawSection {
  const nameOffset = reader.u32();
  const type = reader.u32();
  const flags = reader.u64();
  const address = reader.u64();
  const fileOffset = reader.u64();
  const sizeBytes = reader.u64();
  const link = reader.u32();
  const info = reader.u32();
  reader.skip(8); // sh_addralign
  return { index, nameOffset, type, flags, address, fileOffset, sizeBytes, link, info, entrySizeBytes: reader.u64() };
}

/** A name outside the string table is shown as empty: the section is still of use by its type. */
function withNames(bytes: Uint8Array, raw: readonly RawSection[], names: RawSection | undefined): SectionHeader[] {
  const start = names?.type === SHT.STRTAB ? names.fileOffset : bytes.length;
  const end = Math.min(bytes.length, start + (names?.sizeBytes ?? 0));
  return raw.map(({ nameOffset, ...section }) => {
    const at = start + nameOffset;
    const nul = at < end ? bytes.indexOf(0, at) : -1;
    return { ...section, name: nul < 0 || nul >= end ? '' : decodeText(bytes, at, nul) };
  });
}
