// undefined-flags.table.ts: the flags that an instruction may leave as it likes.
//
// Truth: Intel SDM vol. 2, "Flags Affected" of each instruction; vol. 1, appendix A.

import type { Instruction } from '../../../adapter/machine/decode/instruction';

const CF = 0x1;
const PF = 0x4;
const AF = 0x10;
const ZF = 0x40;
const SF = 0x80;
const OF = 0x800;
export const ARITHMETIC = CF | PF | AF | ZF | SF | OF;

const ALWAYS: Readonly<Record<string, number>> = {
  and: AF,
  or: AF,
  xor: AF,
  test: AF,
  mul: SF | ZF | AF | PF,
  imul: SF | ZF | AF | PF,
  div: ARITHMETIC,
  idiv: ARITHMETIC,
  bt: OF | SF | AF | PF,
  bts: OF | SF | AF | PF,
  btr: OF | SF | AF | PF,
  btc: OF | SF | AF | PF,
  bsf: CF | OF | SF | AF | PF,
  bsr: CF | OF | SF | AF | PF,
  tzcnt: OF | SF | AF | PF,
  lzcnt: OF | SF | AF | PF,
};

/** 'result': not only the flags are undefined. */
export function undefinedFlags(instruction: Instruction, cl: number): number | 'result' {
  const { mnemonic, operandBytes, operands } = instruction;
  const always = ALWAYS[mnemonic] as number | undefined;
  if (always !== undefined) return always;
  const last = operands.at(-1);
  const raw = last?.kind === 'immediate' ? Number(last.value) : cl;
  const count = raw & (operandBytes === 8 ? 63 : 31);
  const overflow = count === 1 ? 0 : OF;
  if (count === 0) return 0;
  switch (mnemonic) {
    case 'shl':
    case 'shr':
      return AF | overflow | (count >= operandBytes * 8 ? CF : 0);
    case 'sar':
      return AF | overflow;
    case 'rol':
    case 'ror':
    case 'rcl':
    case 'rcr':
      return overflow;
    case 'shld':
    case 'shrd':
      return count > operandBytes * 8 ? 'result' : AF | overflow;
    default:
      return 0;
  }
}
