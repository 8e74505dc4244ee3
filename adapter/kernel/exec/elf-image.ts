// elf-image.ts: what the loader needs of an ELF64 executable: its header and program headers.
//
// Checks everything it reads against the file's size. Reads no section: those are the symbols' affair.
// Truth: System V ABI, ELF-64 object file format; x86-64 psABI.

import { viewOf } from '../abi/struct-writer';
import { programNotElf, programNotRunnable, programTruncated, programWrongMachine } from './exec-errors';

export interface LoadSegment {
  readonly fileOffset: number;
  readonly address: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
}

export interface ElfImage {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** ET_DYN: may be placed anywhere. */
  readonly relocatable: boolean;
  readonly entry: number;
  readonly segments: readonly LoadSegment[];
  readonly interpreter: string | undefined;
  /** Link-time address of the program headers, where they are loaded. */
  readonly headersAddress: number;
  readonly headerCount: number;
  readonly stackExecutable: boolean;
}

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const ET_REL = 1;
const ET_EXEC = 2;
const ET_DYN = 3;
const ET_CORE = 4;
const EM_X86_64 = 62;
const PT_LOAD = 1;
const PT_INTERP = 3;
const PT_PHDR = 6;
const PT_GNU_STACK = 0x6474e551;
const PF_X = 1;
const PF_W = 2;
const PF_R = 4;

const MACHINES: Readonly<Record<number, string>> = {
  3: '32-bit x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  40: '32-bit ARM',
  183: 'AArch64 (ARM 64)',
  243: 'RISC-V',
};

interface ProgramHeader extends LoadSegment {
  readonly type: number;
}

/** Throws a UserError for whatever cannot be run. */
export function parseElfImage(path: string, bytes: Uint8Array): ElfImage {
  const view = checkIdentity(path, bytes);
  const type = view.getUint16(16, true);
  const tableOffset = number64(view, 32);
  const entryBytes = view.getUint16(54, true);
  const headerCount = view.getUint16(56, true);
  if (type !== ET_EXEC && type !== ET_DYN) throw programNotRunnable(path, typeName(type));
  if (entryBytes !== PROGRAM_HEADER_BYTES || tableOffset + headerCount * PROGRAM_HEADER_BYTES > bytes.length) {
    throw programTruncated(path, 'its program header table');
  }
  const headers = Array.from({ length: headerCount }, (_, i) =>
    parseProgramHeader(view, tableOffset + i * PROGRAM_HEADER_BYTES),
  );
  const segments = headers.filter((header) => header.type === PT_LOAD && header.memoryBytes > 0);
  if (segments.length === 0) throw programNotRunnable(path, 'an ELF file without anything to load');
  if (segments.some((segment) => segment.fileOffset + segment.fileBytes > bytes.length)) {
    throw programTruncated(path, 'a segment');
  }
  const stack = headers.find((header) => header.type === PT_GNU_STACK);
  return {
    path,
    bytes,
    relocatable: type === ET_DYN,
    entry: number64(view, 24),
    segments,
    interpreter: interpreterOf(path, bytes, headers),
    headersAddress: headersAddressOf(headers, segments, tableOffset),
    headerCount,
    stackExecutable: stack?.executable === true,
  };
}

/** True for bytes that begin like an ELF file. */
export function looksLikeElf(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

function checkIdentity(path: string, bytes: Uint8Array): DataView {
  if (!looksLikeElf(bytes)) throw programNotElf(path);
  if (bytes.length < 20) throw programTruncated(path, 'its header');
  const view = viewOf(bytes);
  const machine = view.getUint16(18, bytes[5] !== 2);
  if (machine !== EM_X86_64 || bytes[5] !== 1) {
    throw programWrongMachine(path, MACHINES[machine] ?? `another processor (ELF machine ${machine})`);
  }
  if (bytes[4] !== 2) throw programWrongMachine(path, 'the 32-bit x32 ABI');
  if (bytes.length < HEADER_BYTES) throw programTruncated(path, 'its header');
  return view;
}

function parseProgramHeader(view: DataView, at: number): ProgramHeader {
  const flags = view.getUint32(at + 4, true);
  return {
    type: view.getUint32(at, true),
    fileOffset: number64(view, at + 8),
    address: number64(view, at + 16),
    fileBytes: number64(view, at + 32),
    memoryBytes: number64(view, at + 40),
    readable: (flags & PF_R) !== 0,
    writable: (flags & PF_W) !== 0,
    executable: (flags & PF_X) !== 0,
  };
}

function interpreterOf(path: string, bytes: Uint8Array, headers: readonly ProgramHeader[]): string | undefined {
  const header = headers.find((candidate) => candidate.type === PT_INTERP);
  if (header === undefined) return undefined;
  const end = header.fileOffset + header.fileBytes;
  if (end > bytes.length) throw programTruncated(path, 'the name of its interpreter');
  const name = bytes.subarray(header.fileOffset, end);
  const nul = name.indexOf(0);
  return new TextDecoder().decode(nul < 0 ? name : name.subarray(0, nul));
}

function headersAddressOf(
  headers: readonly ProgramHeader[],
  segments: readonly LoadSegment[],
  tableOffset: number,
): number {
  const own = headers.find((header) => header.type === PT_PHDR);
  if (own !== undefined) return own.address;
  const holder = segments.find((s) => s.fileOffset <= tableOffset && tableOffset < s.fileOffset + s.fileBytes);
  return holder === undefined ? 0 : holder.address + tableOffset - holder.fileOffset;
}

/** Exact for what fits the machine; larger values stay larger than it. */
function number64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function typeName(type: number): string {
  if (type === ET_REL) return 'an object file (.o)';
  return type === ET_CORE ? 'a core dump' : `an ELF file of type ${type}`;
}
