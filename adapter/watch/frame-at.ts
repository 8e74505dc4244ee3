// frame-at.ts: a frame as if its thread stood at another address, to look at symbols from there.

import type { Frame, FunctionInfo } from '../symbols/program-symbols';

const RIP = 16;

/** Of that call; without one it is no thread's, and its registers hold 0. `code`: of those that are inlined there. */
export function frameAt(pc: bigint, call?: Pick<Frame, 'cfa' | 'registers'>, code?: FunctionInfo): Frame {
  const registers = (number: number): bigint | undefined =>
    number === RIP ? pc : call === undefined ? 0n : call.registers(number);
  return { pc, lookupPc: pc, cfa: call?.cfa ?? 0n, registers, inlined: false, ...(code && { function: code }) };
}
