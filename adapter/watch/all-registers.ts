// all-registers.ts: a standing thread's registers by DWARF number: general ones, SSE's low halves, flags, segment bases.
//
// Truth: System V ABI x86-64, figure 3.36.

import type { FrameRegisters } from '../symbols/program-symbols';
import { bytesToUnsigned } from '../symbols/types/integers';
import type { ThreadRegisters } from '../target/target';

const RIP = 16;
const XMM0 = 17;
const XMM15 = 32;
const RFLAGS = 49;
export const FS_BASE = 58;
const GS_BASE = 59;

export function allRegisters(registers: ThreadRegisters): FrameRegisters {
  return (number) => {
    if (number >= 0 && number <= RIP) return registers.read(number);
    if (number >= XMM0 && number <= XMM15) return bytesToUnsigned(registers.readXmm(number - XMM0));
    switch (number) {
      case RFLAGS:
        return registers.rflags;
      case FS_BASE:
        return registers.fsBase;
      case GS_BASE:
        return registers.gsBase;
      default:
        return undefined;
    }
  };
}
