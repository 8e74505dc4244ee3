// notes.ts: note entries: owner, type, contents. The build id is one.
//
//   namesz(4)  descsz(4)  type(4)  name, padded to 4  desc, padded to 4
//
// Truth: gABI "Note Section".

import { ByteReader } from '../byte-reader';

export interface ElfNote {
  readonly owner: string;
  readonly type: number;
  readonly contents: Uint8Array;
}

const NT_GNU_BUILD_ID = 3;
const padded = (lengthBytes: number): number => (lengthBytes + 3) & ~3;

/** The notes of one section or segment; stops at the first that does not fit. */
export function parseNotes(where: string, bytes: Uint8Array): ElfNote[] {
  const reader = new ByteReader(bytes, where);
  const notes: ElfNote[] = [];
  while (reader.remaining >= 12) {
    const nameBytes = reader.u32();
    const contentBytes = reader.u32();
    const type = reader.u32();
    if (nameBytes > reader.remaining || padded(nameBytes) + contentBytes > reader.remaining) break;
    const name = reader.take(nameBytes);
    reader.skip(padded(nameBytes) - nameBytes);
    const contents = reader.take(contentBytes);
    reader.skip(Math.min(padded(contentBytes) - contentBytes, reader.remaining));
    notes.push({ owner: new TextDecoder().decode(name).replace(/\0+$/, ''), type, contents });
  }
  return notes;
}

/** Lower-case hexadecimal, as `file` and `readelf -n` show it. */
export function buildIdOf(notes: readonly ElfNote[]): string | undefined {
  const note = notes.find(({ owner, type }) => owner === 'GNU' && type === NT_GNU_BUILD_ID);
  return note && Array.from(note.contents, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
