// elf-constants.table.ts: numbers of the ELF format that more than one file needs.
//
// Truth: elf(5); System V ABI, AMD64 supplement.

/** Segment types (p_type). */
export const PT = {
  NULL: 0,
  LOAD: 1,
  DYNAMIC: 2,
  INTERP: 3,
  NOTE: 4,
  PHDR: 6,
  TLS: 7,
  GNU_EH_FRAME: 0x6474e550,
  GNU_STACK: 0x6474e551,
  GNU_RELRO: 0x6474e552,
  GNU_PROPERTY: 0x6474e553,
} as const;

/** Segment flags (p_flags). */
export const PF = { X: 1, W: 2, R: 4 } as const;

/** Section types (sh_type). */
export const SHT = { NULL: 0, PROGBITS: 1, SYMTAB: 2, STRTAB: 3, NOTE: 7, NOBITS: 8, DYNSYM: 11 } as const;

/** Section flags (sh_flags). */
export const SHF = { WRITE: 1, ALLOC: 2, EXECINSTR: 4, TLS: 0x400, COMPRESSED: 0x800 } as const;

/** Special section indices of symbols (st_shndx). */
export const SHN = { UNDEF: 0, LORESERVE: 0xff00, ABS: 0xfff1, COMMON: 0xfff2, XINDEX: 0xffff } as const;

/** e_machine, for messages. */
export const MACHINE_NAMES: Readonly<Partial<Record<number, string>>> = {
  2: 'SPARC',
  3: '32-bit x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: '64-bit PowerPC',
  22: 'IBM Z',
  40: '32-bit ARM',
  43: '64-bit SPARC',
  183: '64-bit ARM (AArch64)',
  243: 'RISC-V',
  247: 'BPF',
  258: 'LoongArch',
};
