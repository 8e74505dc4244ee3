// symbol-table.ts: .symtab and .dynsym: names of functions and data, with or without debug information.
//
// Truth: ELF-64 Object File Format 1.5, Figure 8 and Table 14; gABI "Symbol Table".

import { ByteReader, decodeText } from '../byte-reader';
import { SHN } from './elf-constants.table';

export type ElfSymbolType = 'none' | 'object' | 'function' | 'section' | 'file' | 'tls' | 'indirectFunction' | 'other';

export interface ElfSymbol {
  readonly name: string;
  readonly type: ElfSymbolType;
  readonly binding: 'local' | 'global' | 'weak' | 'other';
  /** Link-time address; for `tls` the offset in the module's TLS block. */
  readonly value: number;
  readonly sizeBytes: number;
  readonly sectionIndex: number;
  readonly defined: boolean;
  /** Of a local symbol: the source file's name by the last `file` symbol before it. */
  readonly fileName?: string;
}

const ENTRY_BYTES = 24;
const TYPES: readonly ElfSymbolType[] = [
  'none',
  'object',
  'function',
  'section',
  'file',
  'object', // STT_COMMON
  'tls',
  'other',
  'other',
  'other',
  'indirectFunction',
];
const BINDINGS = ['local', 'global', 'weak'] as const;

/** All symbols but the null one. A last entry that is cut short, and names outside `strings`, are left out. */
export function parseSymbols(where: string, table: Uint8Array, strings: Uint8Array): ElfSymbol[] {
  const reader = new ByteReader(table, where);
  const symbols: ElfSymbol[] = [];
  let fileName: string | undefined;
  const count = Math.floor(table.length / ENTRY_BYTES);
  for (let index = 1; index < count; index++) {
    reader.seek(index * ENTRY_BYTES);
    const nameOffset = reader.u32();
    const info = reader.u8();
    reader.skip(1); // st_other
    const sectionIndex = reader.u16();
    const value = reader.u64();
    const sizeBytes = reader.u64();
    const nul = nameOffset < strings.length ? strings.indexOf(0, nameOffset) : -1;
    const name = nul < 0 ? '' : decodeText(strings, nameOffset, nul);
    const type = TYPES.at(info & 0xf) ?? 'other';
    const binding = BINDINGS.at(info >> 4) ?? 'other';
    if (type === 'file') fileName = name === '' ? undefined : name;
    const local = binding === 'local' && fileName !== undefined ? { fileName } : {};
    symbols.push({
      name,
      type,
      binding,
      value,
      sizeBytes,
      sectionIndex,
      defined: sectionIndex !== SHN.UNDEF,
      ...local,
    });
  }
  return symbols;
}
