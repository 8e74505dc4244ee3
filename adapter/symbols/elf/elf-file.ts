// elf-file.ts: an x86-64 ELF image: header, segments, sections, symbols, notes.
//
// `parseElf` reads the header and the segments and refuses what is no x86-64 ELF. Sections and symbols are read when
// asked for: a program with a damaged section table still runs. Addresses are link-time, plain numbers (byte-reader.ts).
// Used by symbols/ and by the kernel's loader. Keeps the file's bytes; copies nothing but decompressed sections.

import { ByteReader } from '../byte-reader';
import { PT, SHF, SHT } from './elf-constants.table';
import { badCompression, badElf, truncatedElf } from './elf-errors';
import { parseElfHeader, type ElfHeader } from './elf-header';
import { InflateError, inflateZlib } from './inflate';
import { buildIdOf, parseNotes, type ElfNote } from './notes';
import { parseProgramHeaders, type ProgramHeader } from './program-headers';
import { parseSections, type SectionHeader } from './sections';
import { parseSymbols, type ElfSymbol } from './symbol-table';

/** `path` is for messages only; `bytes` is the whole file. */
export function parseElf(path: string, bytes: Uint8Array): ElfFile {
  const header = parseElfHeader(path, bytes);
  return new ElfFile(path, bytes, header, parseProgramHeaders(path, bytes, header));
}

export class ElfFile {
  #sections: readonly SectionHeader[] | undefined;
  readonly #contents = new Map<number, Uint8Array>();

  /** Use `parseElf`. */
  constructor(
    readonly path: string,
    readonly bytes: Uint8Array,
    readonly header: ElfHeader,
    readonly programHeaders: readonly ProgramHeader[],
  ) {}

  /** Contents of a segment as they are in the file (memory beyond is zero). */
  segmentBytes(segment: ProgramHeader): Uint8Array {
    const end = segment.fileOffset + segment.fileSizeBytes;
    if (end > this.bytes.length) throw truncatedElf(this.path, 'a segment', end, this.bytes.length);
    return this.bytes.subarray(segment.fileOffset, end);
  }

  /** Path of the dynamic loader that the program asks for; undefined for static programs. */
  get interpreter(): string | undefined {
    const segment = this.programHeaders.find(({ type }) => type === PT.INTERP);
    if (!segment) return undefined;
    const bytes = this.segmentBytes(segment);
    const nul = bytes.indexOf(0);
    if (nul <= 0) throw badElf(this.path, 'the path of its loader is empty or has no end');
    return new TextDecoder().decode(bytes.subarray(0, nul));
  }

  /** The thread-local image: initial bytes, size in memory, alignment. */
  get tls(): ProgramHeader | undefined {
    return this.programHeaders.find(({ type }) => type === PT.TLS);
  }

  /** In file order, the null section at 0; empty where the table was stripped. UserError where it is damaged. */
  get sections(): readonly SectionHeader[] {
    this.#sections ??= parseSections(this.path, this.bytes, this.header);
    return this.#sections;
  }

  section(name: string): SectionHeader | undefined {
    return this.sections.find((section) => section.name === name && section.type !== SHT.NULL);
  }

  /** Decompressed contents by name; undefined where there is no such section or it has no bytes in the file. */
  sectionBytes(name: string): Uint8Array | undefined {
    const section = this.section(name);
    return section && this.contentsOf(section);
  }

  contentsOf(section: SectionHeader): Uint8Array | undefined {
    if (section.type === SHT.NOBITS || section.type === SHT.NULL) return undefined;
    const cached = this.#contents.get(section.index);
    if (cached) return cached;
    const end = section.fileOffset + section.sizeBytes;
    if (end > this.bytes.length) throw truncatedElf(this.path, `section ${section.name}`, end, this.bytes.length);
    const raw = this.bytes.subarray(section.fileOffset, end);
    const contents = (section.flags & SHF.COMPRESSED) !== 0 ? this.#decompress(section.name, raw) : raw;
    this.#contents.set(section.index, contents);
    return contents;
  }

  /** .symtab, or .dynsym where the former was stripped; with `dynamic`, .dynsym. */
  symbols(dynamic = false): readonly ElfSymbol[] {
    const table =
      (dynamic ? undefined : this.sections.find(({ type }) => type === SHT.SYMTAB)) ??
      this.sections.find(({ type }) => type === SHT.DYNSYM);
    const strings = table && this.sections.at(table.link);
    if (!table || !strings) return [];
    const bytes = this.contentsOf(table);
    const text = this.contentsOf(strings);
    return bytes && text ? parseSymbols(`${table.name} of \`${this.path}\``, bytes, text) : [];
  }

  get notes(): readonly ElfNote[] {
    return this.programHeaders
      .filter(({ type }) => type === PT.NOTE)
      .flatMap((segment) => parseNotes(`The notes of \`${this.path}\``, this.segmentBytes(segment)));
  }

  get buildId(): string | undefined {
    return buildIdOf(this.notes);
  }

  /** Bytes at a link-time address, as in the file: fewer than asked where they end, none where nothing is mapped. */
  bytesAt(address: number, lengthBytes: number): Uint8Array {
    for (const segment of this.programHeaders) {
      const inside = address - segment.virtualAddress;
      if (segment.type !== PT.LOAD || inside < 0 || inside >= segment.fileSizeBytes) continue;
      const start = segment.fileOffset + inside;
      return this.bytes.subarray(start, start + Math.min(lengthBytes, segment.fileSizeBytes - inside));
    }
    return new Uint8Array();
  }

  /** Elf64_Chdr: type(4) reserved(4) size(8) alignment(8), then the stream. */
  #decompress(name: string, raw: Uint8Array): Uint8Array {
    const reader = new ByteReader(raw, `Section ${name} of \`${this.path}\``);
    const kind = reader.u32();
    reader.skip(4);
    const sizeBytes = reader.u64();
    reader.skip(8);
    if (kind !== 1) {
      const method = kind === 2 ? 'zstd' : `method ${kind}`;
      throw badCompression(this.path, name, `${method} is not supported, only zlib is`);
    }
    try {
      return inflateZlib(raw.subarray(reader.offset), sizeBytes);
    } catch (error) {
      if (error instanceof InflateError) throw badCompression(this.path, name, error.message);
      throw error;
    }
  }
}
