// separate-debug.ts: a stripped image's debug information in a file of its own, as gdb looks for it.
//
//     /usr/lib/debug/.build-id/ab/cdef….debug       by the build id
//     DIR/NAME   DIR/.debug/NAME   /usr/lib/debug/DIR/NAME        by .gnu_debuglink
//
// A file is taken only if it belongs to the image: the same build id, or the checksum that the link names. Files come
// through the reader that the host gives; nothing is fetched. Libraries of the system are left as they are: their
// sources are rarely here, and looking at a program should not start with reading all of libc.
// Truth: the GDB manual, "Debugging Information in Separate Files".

import { UserError } from '../../util/user-error';
import { parseElf, type ElfFile } from './elf-file';

/** The whole file; undefined where it cannot be read. */
export type DebugFileReader = (path: string) => Uint8Array | undefined;

const GLOBAL_DIRECTORY = '/usr/lib/debug';
const SYSTEM_LIBRARIES = /^\/(?:usr\/)?(?:lib|lib64|libx32)\//;

interface DebugLink {
  readonly name: string;
  readonly checksum: number;
}

/** The image that has the debug information; undefined where the image itself has it, or nobody. */
export function separateDebugFile(elf: ElfFile, read: DebugFileReader): ElfFile | undefined {
  if (SYSTEM_LIBRARIES.test(elf.path)) return undefined;
  const { section, link, buildId } = facts(elf);
  if (section) return undefined;
  if (buildId !== undefined && buildId.length > 2) {
    const path = `${GLOBAL_DIRECTORY}/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
    const found = debugElf(path, read, (candidate) => candidate.buildId === buildId);
    if (found !== undefined) return found;
  }
  if (link === undefined) return undefined;
  for (const path of linkedPaths(elf.path, link.name)) {
    const fits = (candidate: ElfFile): boolean => checksum(candidate.bytes) === link.checksum;
    const found = path === elf.path ? undefined : debugElf(path, read, fits);
    if (found !== undefined) return found;
  }
  return undefined;
}

function facts(elf: ElfFile): { section: boolean; link: DebugLink | undefined; buildId: string | undefined } {
  try {
    return { section: elf.section('.debug_info') !== undefined, link: debugLink(elf), buildId: elf.buildId };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { section: false, link: undefined, buildId: undefined };
  }
}

function linkedPaths(path: string, name: string): readonly string[] {
  const directory = path.slice(0, path.lastIndexOf('/'));
  return [`${directory}/${name}`, `${directory}/.debug/${name}`, `${GLOBAL_DIRECTORY}${directory}/${name}`];
}

function debugElf(path: string, read: DebugFileReader, fits: (elf: ElfFile) => boolean): ElfFile | undefined {
  const bytes = read(path);
  if (bytes === undefined) return undefined;
  try {
    const elf = parseElf(path, bytes);
    return elf.section('.debug_info') !== undefined && fits(elf) ? elf : undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

/** The name, padded with NULs to four bytes, then the checksum. */
function debugLink(elf: ElfFile): DebugLink | undefined {
  const bytes = elf.sectionBytes('.gnu_debuglink');
  const nul = bytes?.indexOf(0) ?? -1;
  if (bytes === undefined || nul <= 0 || bytes.length < 8) return undefined;
  const name = new TextDecoder().decode(bytes.subarray(0, nul));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { name, checksum: view.getUint32(bytes.length - 4, true) };
}

/** CRC-32 as zlib has it, which is what .gnu_debuglink holds. */
function checksum(bytes: Uint8Array): number {
  const table = crcTable();
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

let madeTable: Uint32Array | undefined;

function crcTable(): Uint32Array {
  madeTable ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
    return value;
  });
  return madeTable;
}
