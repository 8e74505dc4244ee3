// format.table.ts: the words of format.ts.

import type { OperandBytes } from './instruction';

export const CONDITION_NAMES = [
  ...['o', 'no', 'b', 'ae', 'e', 'ne', 'be', 'a'],
  ...['s', 'ns', 'p', 'np', 'l', 'ge', 'le', 'g'],
] as const;

const LEGACY = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];
const NEW = ['r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'];

/** By size, then by number. */
export const GPR_NAMES: Readonly<Partial<Record<OperandBytes, readonly string[]>>> = {
  1: ['al', 'cl', 'dl', 'bl', 'spl', 'bpl', 'sil', 'dil', ...NEW.map((name) => `${name}b`)],
  2: [...LEGACY, ...NEW.map((name) => `${name}w`)],
  4: [...LEGACY.map((name) => `e${name}`), ...NEW.map((name) => `${name}d`)],
  8: [...LEGACY.map((name) => `r${name}`), ...NEW],
};

export const SEGMENT_NAMES = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'] as const;

export const MEMORY_SIZE_NAMES: Readonly<Record<OperandBytes, string>> = {
  1: 'BYTE PTR ',
  2: 'WORD PTR ',
  4: 'DWORD PTR ',
  8: 'QWORD PTR ',
  10: 'TBYTE PTR ',
  16: 'XMMWORD PTR ',
  28: '',
  32: 'YMMWORD PTR ',
  108: '',
  512: '',
};

/** Our names that differ from Intel's. */
export const WRITTEN_NAMES: Readonly<Record<string, string | undefined>> = {
  movsd_xmm: 'movsd',
  cmpsd_xmm: 'cmpsd',
  call_indirect: 'call',
  jmp_indirect: 'jmp',
  callf: 'call',
  jmpf: 'jmp',
  icebp: 'int1',
  fstpnouflow: 'fstp',
};

/** Their memory operand is written without a size. */
export const UNSIZED_NAMES: ReadonlySet<string> = new Set([
  ...['lea', 'invlpg', 'sgdt', 'sidt', 'lgdt', 'lidt', 'clflush', 'clflushopt', 'clwb', 'callf', 'jmpf'],
]);
