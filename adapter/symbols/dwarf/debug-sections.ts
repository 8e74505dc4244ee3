// debug-sections.ts: the DWARF sections of one image, taken when first asked for.
//
// A missing section is empty. One that cannot be read (damaged, or compressed in a way that is not supported) is empty
// too, and its reason is kept in `problems`, so that the rest of the program's symbols stay of use.

import { ByteReader, decodeText } from '../byte-reader';
import type { ElfFile } from '../elf/elf-file';
import { UserError } from '../../util/user-error';

export class DebugSections {
  readonly #sections = new Map<string, Uint8Array>();
  readonly problems: string[] = [];

  constructor(readonly elf: ElfFile) {}

  bytes(name: string): Uint8Array {
    const known = this.#sections.get(name);
    if (known) return known;
    const bytes = this.#load(name);
    this.#sections.set(name, bytes);
    return bytes;
  }

  /** A cursor over a section, for messages named after it. */
  reader(name: string, offset = 0, end?: number): ByteReader {
    return new ByteReader(this.bytes(name), `Section ${name} of \`${this.elf.path}\``, offset, end);
  }

  /** The string at an offset of .debug_str or .debug_line_str; empty where the offset is outside. */
  string(name: string, offset: number): string {
    const bytes = this.bytes(name);
    if (!(offset < bytes.length)) return '';
    const nul = bytes.indexOf(0, offset);
    return decodeText(bytes, offset, nul < 0 ? bytes.length : nul);
  }

  #load(name: string): Uint8Array {
    try {
      return this.elf.sectionBytes(name) ?? new Uint8Array();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.problems.push(error.message);
      return new Uint8Array();
    }
  }
}
