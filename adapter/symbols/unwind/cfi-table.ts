// cfi-table.ts: call frame information of one image: which rules hold for which function's code.
//
// .eh_frame and .debug_frame, listed when the first stack is walked. Link-time addresses. An entry that is damaged
// ends its section's list; what was read before it stays.
// Truth: DWARF 5 section 6.4.1; LSB 5 "Exception Frames" (augmentations, pointer encodings).

import { UserError } from '../../util/user-error';
import { ByteReader } from '../byte-reader';
import type { ElfFile } from '../elf/elf-file';

/** Common information entry: what several functions share. */
export interface CommonEntry {
  readonly codeAlignment: number;
  readonly dataAlignment: number;
  readonly returnRegister: number;
  readonly isSignalFrame: boolean;
  readonly instructions: ByteReader;
  readonly pointerEncoding: number;
  /** The augmentation `z`: entries have augmentation data. */
  readonly hasData: boolean;
}

/** The rules of [low, high). */
export interface FrameEntry {
  readonly low: number;
  readonly high: number;
  readonly common: CommonEntry;
  readonly instructions: ByteReader;
}

interface Section {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** Link-time; what pc-relative pointers count from. */
  readonly address: number;
  readonly isEh: boolean;
}

export class CfiTable {
  readonly #elf: ElfFile;
  #entries: readonly FrameEntry[] | undefined;

  constructor(elf: ElfFile) {
    this.#elf = elf;
  }

  entryAt(address: number): FrameEntry | undefined {
    const entries = this.entries;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[middle].low <= address) low = middle + 1;
      else high = middle;
    }
    const entry = low > 0 ? entries[low - 1] : undefined;
    return entry && address < entry.high ? entry : undefined;
  }

  /** Sorted by address. */
  get entries(): readonly FrameEntry[] {
    this.#entries ??= this.#load();
    return this.#entries;
  }

  #load(): readonly FrameEntry[] {
    const entries = ['.eh_frame', '.debug_frame'].flatMap((name) => {
      const section = this.#section(name);
      return section ? new SectionParser(section, this.#elf.path).entries() : [];
    });
    // Of two for the same code the first (.eh_frame) counts.
    const seen = new Set<number>();
    const unique = entries.filter(({ low }) => !seen.has(low) && seen.add(low));
    return unique.sort((left, right) => left.low - right.low);
  }

  #section(name: string): Section | undefined {
    try {
      const header = this.#elf.section(name);
      const bytes = header && this.#elf.contentsOf(header);
      return header && bytes && { bytes, name, address: header.address, isEh: name === '.eh_frame' };
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }
}

class SectionParser {
  readonly #reader: ByteReader;
  readonly #commons = new Map<number, CommonEntry | undefined>();
  readonly #entries: FrameEntry[] = [];

  constructor(
    readonly section: Section,
    path: string,
  ) {
    this.#reader = new ByteReader(section.bytes, `Section ${section.name} of \`${path}\``);
  }

  entries(): FrameEntry[] {
    const reader = this.#reader;
    try {
      while (!reader.atEnd) {
        const length = reader.u32();
        // A zero length ends .eh_frame; crtend.o puts one there.
        if (length === 0) continue;
        const is64 = length === 0xffff_ffff;
        const size = is64 ? reader.u64() : length;
        const end = reader.offset + size;
        if (size > reader.remaining) break;
        this.#entry(reader.at(reader.offset, end), is64);
        reader.seek(end);
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
    return this.#entries;
  }

  #entry(reader: ByteReader, is64: boolean): void {
    const { isEh } = this.section;
    const idOffset = reader.offset;
    const id = is64 ? reader.u64() : reader.u32();
    const isCommon = isEh ? id === 0 : id === (is64 ? 2 ** 64 : 0xffff_ffff);
    if (isCommon) return;
    const common = this.#common(isEh ? idOffset - id : id);
    if (!common) return;
    const low = this.#pointer(reader, common.pointerEncoding);
    const length = this.#pointer(reader, common.pointerEncoding & 0x0f);
    if (low === undefined || length === undefined) return;
    if (common.hasData) reader.skip(reader.uleb());
    // The linker leaves entries of dropped functions at 0.
    if (low > 0 && length > 0) this.#entries.push({ low, high: low + length, common, instructions: reader });
  }

  #common(offset: number): CommonEntry | undefined {
    if (this.#commons.has(offset)) return this.#commons.get(offset);
    this.#commons.set(offset, undefined);
    const common = this.#readCommon(offset);
    this.#commons.set(offset, common);
    return common;
  }

  #readCommon(offset: number): CommonEntry | undefined {
    const whole = this.#reader;
    if (offset < 0 || offset >= whole.end) return undefined;
    const head = whole.at(offset);
    const length = head.u32();
    const size = length === 0xffff_ffff ? head.u64() : length;
    const reader = head.at(head.offset, head.offset + size);
    reader.skip(length === 0xffff_ffff ? 8 : 4); // id
    const version = reader.u8();
    if (version !== 1 && version !== 3 && version !== 4) return undefined;
    const augmentation = reader.cString();
    if (version === 4) reader.skip(2); // address size, segment selector size
    const codeAlignment = reader.uleb();
    const dataAlignment = reader.sleb();
    const returnRegister = version === 1 ? reader.u8() : reader.uleb();
    const base = { codeAlignment, dataAlignment, returnRegister };
    if (augmentation === '') {
      return { ...base, isSignalFrame: false, pointerEncoding: 0, hasData: false, instructions: reader };
    }
    if (!augmentation.startsWith('z')) return undefined;
    return this.#readAugmented(reader, augmentation, base);
  }

  #readAugmented(
    reader: ByteReader,
    augmentation: string,
    base: Pick<CommonEntry, 'codeAlignment' | 'dataAlignment' | 'returnRegister'>,
  ): CommonEntry {
    const end = reader.uleb() + reader.offset;
    let pointerEncoding = 0;
    let isSignalFrame = false;
    for (const letter of augmentation.slice(1)) {
      if (letter === 'R') pointerEncoding = reader.u8();
      else if (letter === 'S') isSignalFrame = true;
      else if (letter === 'L') reader.skip(1);
      else if (letter === 'P') this.#pointer(reader, reader.u8());
      else break;
    }
    reader.seek(end);
    return { ...base, isSignalFrame, pointerEncoding, hasData: true, instructions: reader };
  }

  /** DW_EH_PE: low nibble the format, high nibble what it counts from. */
  #pointer(reader: ByteReader, encoding: number): number | undefined {
    if (encoding === 0xff) return undefined;
    const from = (encoding & 0x70) === 0x10 ? this.section.address + reader.offset : 0;
    const value = readEncoded(reader, encoding & 0x0f);
    // Indirect, text-, data- and function-relative pointers are not used for code ranges on x86-64.
    const known = (encoding & 0x80) === 0 && (encoding & 0x70) <= 0x10;
    return value === undefined || !known ? undefined : from + value;
  }
}

function readEncoded(reader: ByteReader, format: number): number | undefined {
  switch (format) {
    case 0x00:
    case 0x04:
      return reader.u64();
    case 0x01:
      return reader.uleb();
    case 0x02:
      return reader.u16();
    case 0x03:
      return reader.u32();
    case 0x09:
      return reader.sleb();
    case 0x0a:
      return reader.i16();
    case 0x0b:
      return reader.i32();
    case 0x0c:
      return Number(reader.i64big());
    default:
      return undefined;
  }
}
