// needed-libraries.ts: which shared libraries an image says it needs, by their names.
//
// Truth: gABI "Dynamic Section": .dynamic holds pairs of 8 bytes, tag and value; of DT_NEEDED the value is the place of
// a name in the strings that the section's link names.

import { decodeText } from '../byte-reader';
import type { ElfFile } from './elf-file';

const DT_NEEDED = 1n;
const ENTRY_BYTES = 16;

/** None where it has no dynamic section. Throws UserError where its sections lie outside the file. */
export function neededLibraries(elf: ElfFile): readonly string[] {
  const section = elf.section('.dynamic');
  const strings = section && elf.sections.at(section.link);
  const table = section && elf.contentsOf(section);
  const text = strings && elf.contentsOf(strings);
  if (table === undefined || text === undefined) return [];
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const names: string[] = [];
  for (let at = 0; at + ENTRY_BYTES <= table.length; at += ENTRY_BYTES) {
    if (view.getBigUint64(at, true) !== DT_NEEDED) continue;
    const start = Number(view.getBigUint64(at + 8, true));
    const end = start < text.length ? text.indexOf(0, start) : -1;
    if (end >= 0) names.push(decodeText(text, start, end));
  }
  return names;
}
