// registers.table.ts: every register operand, made once and shared by all instructions.

import type { OperandBytes, RegisterOperand } from './instruction';

type RegisterFileName = RegisterOperand['file'];

function row(file: RegisterFileName, count: number, bytes: OperandBytes): readonly RegisterOperand[] {
  return Array.from({ length: count }, (_, index) => Object.freeze({ kind: 'register', file, index, bytes }));
}

/** By size in bytes (1 2 4 8). */
export const GPR: readonly (readonly RegisterOperand[])[] = [
  [],
  row('gpr', 16, 1),
  row('gpr', 16, 2),
  [],
  row('gpr', 16, 4),
  [],
  [],
  [],
  row('gpr', 16, 8),
];
export const GPR_HIGH = row('gpr8High', 4, 1);
export const XMM = row('xmm', 16, 16);
export const MMX = row('mmx', 8, 8);
export const ST = row('st', 8, 10);
export const SEGMENT = row('segment', 6, 2);
export const CONTROL = row('control', 16, 8);
export const DEBUG = row('debug', 16, 8);
