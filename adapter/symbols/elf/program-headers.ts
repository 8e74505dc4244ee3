// program-headers.ts: segments: what the kernel maps where.
//
// Truth: ELF-64 Object File Format 1.5, Figure 6.

import { ByteReader } from '../byte-reader';
import { PF, PT } from './elf-constants.table';
import { badElf, truncatedElf } from './elf-errors';
import type { ElfHeader } from './elf-header';

export interface ProgramHeader {
  /** A value of PT, or another. */
  readonly type: number;
  /** Bits of PF. */
  readonly flags: number;
  readonly fileOffset: number;
  /** Link-time. */
  readonly virtualAddress: number;
  readonly fileSizeBytes: number;
  readonly memorySizeBytes: number;
  /** 0 and 1 mean none. */
  readonly alignment: number;
}

const ENTRY_BYTES = 56;

/** All segments, in file order. Throws UserError where the table or a loaded segment lies outside the file. */
export function parseProgramHeaders(path: string, bytes: Uint8Array, header: ElfHeader): ProgramHeader[] {
  const { programHeaderOffset: start, programHeaderCount: count, programHeaderSizeBytes: size } = header;
  if (count === 0) return [];
  if (size < ENTRY_BYTES) throw badElf(path, `its program headers are ${size} bytes each instead of ${ENTRY_BYTES}`);
  const end = start + count * size;
  if (end > bytes.length) throw truncatedElf(path, 'its table of program headers', end, bytes.length);
  const reader = new ByteReader(bytes, `The program headers of \`${path}\``, start, end);
  const headers: ProgramHeader[] = [];
  for (let index = 0; index < count; index++) {
    reader.seek(start + index * size);
    headers.push(parseProgramHeader(reader));
  }
  for (const segment of headers) checkSegment(path, bytes, segment);
  return headers;
}

function parseProgramHeader(reader: ByteReader): ProgramHeader {
  const type = reader.u32();
  const flags = reader.u32();
  const fileOffset = reader.u64();
  const virtualAddress = reader.u64();
  reader.skip(8); // p_paddr
  return {
    type,
    flags,
    fileOffset,
    virtualAddress,
    fileSizeBytes: reader.u64(),
    memorySizeBytes: reader.u64(),
    alignment: reader.u64(),
  };
}

function checkSegment(path: string, bytes: Uint8Array, segment: ProgramHeader): void {
  if (segment.type !== PT.LOAD) return;
  const end = segment.fileOffset + segment.fileSizeBytes;
  if (end > bytes.length)
    throw truncatedElf(path, `the segment that starts at ${segment.fileOffset}`, end, bytes.length);
  if (segment.fileSizeBytes > segment.memorySizeBytes) {
    throw badElf(path, 'a segment is larger in the file than in memory');
  }
  if (segment.virtualAddress + segment.memorySizeBytes > Number.MAX_SAFE_INTEGER) {
    throw badElf(path, 'a segment lies outside the addresses of a user program');
  }
}

export const isExecutable = (segment: ProgramHeader): boolean => (segment.flags & PF.X) !== 0;
export const isWritable = (segment: ProgramHeader): boolean => (segment.flags & PF.W) !== 0;
export const isReadable = (segment: ProgramHeader): boolean => (segment.flags & PF.R) !== 0;
