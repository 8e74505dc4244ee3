// flag-flow.ts: which arithmetic flags an instruction reads, defines, or leaves undefined. For random sequences, in
// which nobody may read what is undefined.
//
// Truth: Intel SDM vol. 1, appendix A; vol. 2.

import type { Instruction } from '../../../adapter/machine/decode/instruction';
import { ARITHMETIC, undefinedFlags } from './undefined-flags.table';

const CF = 0x1;
const PF = 0x4;
const AF = 0x10;
const ZF = 0x40;
const SF = 0x80;
const OF = 0x800;

const OF_CONDITION = [OF, CF, ZF, CF | ZF, SF, PF, SF | OF, SF | OF | ZF];
const SHIFTS: ReadonlySet<string> = new Set(['shl', 'shr', 'sar', 'rol', 'ror', 'rcl', 'rcr', 'shld', 'shrd']);

export function flagsRead({ mnemonic, condition }: Instruction): number {
  if (condition !== undefined) return OF_CONDITION[condition >> 1];
  if (['adc', 'sbb', 'rcl', 'rcr', 'cmc'].includes(mnemonic)) return CF;
  if (mnemonic === 'lahf') return SF | ZF | AF | PF | CF;
  return mnemonic === 'pushf' ? ARITHMETIC : 0;
}

const DEFINES: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    ['add', 'sub', 'cmp', 'adc', 'sbb', 'neg', 'xadd', 'cmpxchg', 'and', 'or', 'xor', 'test', 'popcnt'].map((name) => [
      name,
      ARITHMETIC,
    ]),
  ),
  ...Object.fromEntries(['comiss', 'comisd', 'ucomiss', 'ucomisd', 'ptest'].map((name) => [name, ARITHMETIC])),
  inc: ARITHMETIC & ~CF,
  dec: ARITHMETIC & ~CF,
  mul: CF | OF,
  imul: CF | OF,
  bt: CF,
  bts: CF,
  btr: CF,
  btc: CF,
  bsf: ZF,
  bsr: ZF,
  tzcnt: CF | ZF,
  lzcnt: CF | ZF,
  clc: CF,
  stc: CF,
  cmc: CF,
  sahf: SF | ZF | AF | PF | CF,
  cmpxchg8b: ZF,
  cmpxchg16b: ZF,
};

/** What is undefined after the instruction, given what was before; 'result': more than flags is. */
export function undefinedAfter(instruction: Instruction, before: number): number | 'result' {
  const { mnemonic, operands, operandBytes } = instruction;
  if (!SHIFTS.has(mnemonic)) {
    const undefinedNow = undefinedFlags(instruction, 0);
    if (undefinedNow === 'result') return 'result';
    return (before & ~((DEFINES[mnemonic] as number | undefined) ?? 0)) | undefinedNow;
  }
  const count = operands.at(-1);
  const isDouble = mnemonic === 'shld' || mnemonic === 'shrd';
  if (count?.kind === 'immediate') {
    const flags = undefinedFlags(instruction, 0);
    const isNothing = (Number(count.value) & (operandBytes === 8 ? 63 : 31)) === 0;
    if (isNothing || flags === 'result') return isNothing ? before : 'result';
    const defines = /^r/.test(mnemonic) ? CF | OF : ARITHMETIC;
    return (before & ~defines) | flags;
  }
  // The count is in cl: perhaps 0, perhaps more than the operand has bits.
  if (isDouble && operandBytes === 2) return 'result';
  return before | OF | (/^r/.test(mnemonic) ? 0 : AF | CF);
}
