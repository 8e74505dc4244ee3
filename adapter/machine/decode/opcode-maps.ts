// opcode-maps.ts: the opcode maps of 64-bit mode, compiled once.

import { ONE_BYTE_TABLE } from './one-byte.table';
import { compileOpcodeMap, PREFIX_66, PREFIX_F2, PREFIX_F3, PREFIX_NONE } from './opcode-table';
import { SIMD_38_TABLE, SIMD_3A_TABLE, SIMD_TABLE } from './simd.table';
import { TWO_BYTE_38_TABLE, TWO_BYTE_TABLE } from './two-byte.table';
import { X87_TABLE } from './x87.table';

const ALL = [PREFIX_NONE, PREFIX_66, PREFIX_F3, PREFIX_F2];

/** Opcodes without an escape, which have no mandatory prefixes. */
export const ONE_BYTE = compileOpcodeMap([PREFIX_NONE], ONE_BYTE_TABLE, X87_TABLE);
/** After 0F. */
export const TWO_BYTE = compileOpcodeMap(ALL, TWO_BYTE_TABLE, SIMD_TABLE);
/** After 0F 38. */
export const THREE_BYTE_38 = compileOpcodeMap(ALL, TWO_BYTE_38_TABLE, SIMD_38_TABLE);
/** After 0F 3A. */
export const THREE_BYTE_3A = compileOpcodeMap(ALL, SIMD_3A_TABLE);
