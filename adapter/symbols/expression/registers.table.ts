// registers.table.ts: `$rax`, `$al`, `$xmm0`, … by name: DWARF number, bits, type.
//
//     63                31        15     8 7      0
//     | rax            | eax     | ah     | al     |     ax is 15…0
//
// Types as gdb's: signed integers by width, pointers for pc and stack, a union of vectors for xmm.
// Truth: System V ABI x86-64, figure 3.36 (DWARF register numbers).

import type { TypeInfo } from '../program-symbols';
import { arrayOf, CHAR, DOUBLE, FLOAT, INT, LONG, pointerTo, SHORT, UNSIGNED_INT128, VOID } from '../types/base-types';

export interface RegisterPart {
  readonly dwarfNumber: number;
  readonly type: TypeInfo;
  /** Only for the second byte (`$ah`). */
  readonly bitOffset?: number;
  readonly bitSize?: number;
}

const INT8: TypeInfo = { kind: 'base', name: 'int8_t', sizeBytes: 1, encoding: 'signed' };
const DATA: TypeInfo = pointerTo(VOID);
const CODE: TypeInfo = pointerTo({ kind: 'function', name: 'void (void)', sizeBytes: 0, target: VOID });

const EFLAGS: TypeInfo = {
  kind: 'enum',
  name: 'eflags',
  sizeBytes: 4,
  encoding: 'unsigned',
  enumerators: [
    { name: 'CF', value: 0x1n },
    { name: 'PF', value: 0x4n },
    { name: 'AF', value: 0x10n },
    { name: 'ZF', value: 0x40n },
    { name: 'SF', value: 0x80n },
    { name: 'TF', value: 0x100n },
    { name: 'IF', value: 0x200n },
    { name: 'DF', value: 0x400n },
    { name: 'OF', value: 0x800n },
  ],
};

const XMM: TypeInfo = {
  kind: 'union',
  name: 'vec128',
  sizeBytes: 16,
  members: [
    { name: 'v4_float', type: arrayOf(FLOAT, 4), offsetBytes: 0 },
    { name: 'v2_double', type: arrayOf(DOUBLE, 2), offsetBytes: 0 },
    { name: 'v16_int8', type: arrayOf(INT8, 16), offsetBytes: 0 },
    { name: 'v8_int16', type: arrayOf(SHORT, 8), offsetBytes: 0 },
    { name: 'v4_int32', type: arrayOf(INT, 4), offsetBytes: 0 },
    { name: 'v2_int64', type: arrayOf(LONG, 2), offsetBytes: 0 },
    { name: 'uint128', type: UNSIGNED_INT128, offsetBytes: 0 },
  ],
};

/** 64, 32, 16 and 8 bit names in the order of their DWARF numbers. */
const GENERAL = [
  ['rax', 'eax', 'ax', 'al'],
  ['rdx', 'edx', 'dx', 'dl'],
  ['rcx', 'ecx', 'cx', 'cl'],
  ['rbx', 'ebx', 'bx', 'bl'],
  ['rsi', 'esi', 'si', 'sil'],
  ['rdi', 'edi', 'di', 'dil'],
  ['rbp', 'ebp', 'bp', 'bpl'],
  ['rsp', 'esp', undefined, 'spl'],
  ...[8, 9, 10, 11, 12, 13, 14, 15].map((n) => [`r${n}`, `r${n}d`, `r${n}w`, `r${n}l`]),
] as const;

const SECOND_BYTES: readonly (readonly [string, number])[] = [
  ['ah', 0],
  ['dh', 1],
  ['ch', 2],
  ['bh', 3],
];

const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];

function build(): Map<string, RegisterPart> {
  const table = new Map<string, RegisterPart>();
  const types = [LONG, INT, SHORT, INT8];
  GENERAL.forEach((names, dwarfNumber) => {
    names.forEach((name, width) => {
      const type = types[width] ?? CHAR;
      if (name !== undefined) table.set(name, { dwarfNumber, type });
    });
  });
  for (const [name, dwarfNumber] of SECOND_BYTES) {
    table.set(name, { dwarfNumber, type: INT8, bitOffset: 8, bitSize: 8 });
  }
  for (const name of ['rbp', 'fp']) table.set(name, { dwarfNumber: 6, type: DATA });
  for (const name of ['rsp', 'sp']) table.set(name, { dwarfNumber: 7, type: DATA });
  for (const name of ['rip', 'pc']) table.set(name, { dwarfNumber: 16, type: CODE });
  for (let n = 0; n < 16; n++) table.set(`xmm${n}`, { dwarfNumber: 17 + n, type: XMM });
  for (const name of ['eflags', 'rflags']) table.set(name, { dwarfNumber: 49, type: EFLAGS });
  SEGMENTS.forEach((name, n) => table.set(name, { dwarfNumber: 50 + n, type: INT }));
  table.set('fs_base', { dwarfNumber: 58, type: LONG });
  table.set('gs_base', { dwarfNumber: 59, type: LONG });
  return table;
}

/** Registers by name, without `$`. */
export const REGISTERS: ReadonlyMap<string, RegisterPart> = build();

/** The full-width name of a DWARF register number: `rax` for 0. */
export const registerName = (dwarfNumber: number): string =>
  dwarfNumber >= 17 && dwarfNumber < 33
    ? `xmm${dwarfNumber - 17}`
    : dwarfNumber === 16
      ? 'rip'
      : (GENERAL[dwarfNumber]?.[0] ?? `#${dwarfNumber}`);
