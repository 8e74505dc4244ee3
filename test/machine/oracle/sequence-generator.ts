// sequence-generator.ts: random straight code with forward jumps, or a loop around it.
//
// It shows what single instructions cannot: lazy flags across instructions, paths that meet, registers in locals,
// counts. A few registers point into the window and are never written; nobody reads flags that are undefined.

import { decode } from '../../../adapter/machine/decode/decode';
import type { Instruction } from '../../../adapter/machine/decode/instruction';
import { encode, fxsaveImage } from './case-generator';
import { isComparable } from './categories';
import type { Encoding } from './encodings';
import { flagsRead, undefinedAfter } from './flag-flow';
import type { Random } from './random';
import { CODE, WINDOW, WINDOW_BYTES } from './real-cpu';
import type { Request } from './real-cpu';

export interface Sequence {
  readonly instructions: readonly Instruction[];
  readonly request: Request;
  /** Address → flags that are undefined there (before the instruction, or at the end). */
  readonly undefinedFlags: ReadonlyMap<number, number>;
}

const RBX = 3;
const RSP = 4;
const RSI = 6;
const R13 = 13;
const POINTERS: readonly number[] = [RBX, RSP, RSI, R13];
/** Counts the loop. */
const R15 = 15;
const RESERVED: ReadonlySet<number> = new Set([...POINTERS, R15]);
const REACH = 64;
const MOST_STEPS = 2000;

const EXCLUDED: ReadonlySet<string> = new Set([
  ...['jcc', 'jmp', 'jmp_indirect', 'call', 'call_indirect', 'ret', 'loop', 'loope', 'loopne', 'jrcxz'],
  ...['movs', 'cmps', 'stos', 'lods', 'scas', 'popf', 'pushf', 'enter', 'leave', 'xlat', 'maskmovdqu'],
  ...['fxsave', 'fxrstor', 'ldmxcsr', 'ud0', 'ud1', 'ud2', 'std', 'cld'],
]);
const WRITES_SECOND: ReadonlySet<string> = new Set(['xchg', 'xadd']);
const MAY_DIVIDE_BY_ZERO: ReadonlySet<string> = new Set(['div', 'idiv']);

/** Code while it grows. */
class Builder {
  readonly bytes: number[] = [];
  readonly instructions: Instruction[] = [];
  undefinedFlags = 0;
  readonly undefinedAt = new Map<number, number>();
  private readonly pending: { readonly at: number; left: number }[] = [];

  constructor(readonly address: number) {}

  get here(): number {
    return this.address + this.bytes.length;
  }

  add(instruction: Instruction, bytes: Uint8Array): void {
    this.instructions.push(instruction);
    this.bytes.push(...bytes);
    for (const jump of this.pending) jump.left--;
    this.land((jump) => jump.left <= 0);
  }

  get isSkippable(): boolean {
    return this.pending.length > 0;
  }

  jumpOver(condition: number, count: number): void {
    const at = this.bytes.length;
    this.bytes.push(0x70 | condition, 0);
    this.pending.push({ at, left: count });
  }

  land(when: (jump: { readonly left: number }) => boolean): void {
    for (const jump of this.pending.filter(when)) {
      this.bytes[jump.at + 1] = this.bytes.length - jump.at - 2;
      this.pending.splice(this.pending.indexOf(jump), 1);
    }
  }
}

export function generateSequence(random: Random, encodings: readonly Encoding[], slot: number): Sequence {
  const builder = new Builder(CODE + 0x100 + (slot % 200) * 320);
  const length = 3 + random.below(12);
  for (let tries = 0; builder.instructions.length < length && tries < 4000 && builder.bytes.length < 200; tries++) {
    if (random.chance(60)) addJump(random, builder);
    tryInstruction(random, builder, random.pick(encodings));
  }
  builder.land(() => true);
  if (random.chance(3)) closeLoop(builder);
  const gpr = Array.from({ length: 16 }, () => random.integer());
  for (const pointer of POINTERS) gpr[pointer] = BigInt(WINDOW + 128 + 16 * random.below((WINDOW_BYTES - 256) / 16));
  gpr[R15] = BigInt(2 + random.below(3));
  const memory = new Uint8Array(WINDOW_BYTES);
  for (let n = 0; n < WINDOW_BYTES; n += 16) memory.set(random.vector(), n);
  return {
    instructions: builder.instructions,
    request: {
      code: Uint8Array.from(builder.bytes),
      address: builder.address,
      steps: MOST_STEPS,
      gpr,
      rflags: BigInt(random.u32() & 0x8d5) | 2n,
      fxsave: fxsaveImage(random, false),
      memory,
    },
    undefinedFlags: builder.undefinedAt.set(builder.here, builder.undefinedFlags),
  };
}

function addJump(random: Random, builder: Builder): void {
  const condition = random.below(16);
  const jump = decode(Uint8Array.of(0x70 | condition, 0), 0, builder.here);
  if ((flagsRead(jump) & builder.undefinedFlags) === 0) builder.jumpOver(condition, 1 + random.below(3));
}

/** sub r15,1; jnz to the start: all flags are defined again at the start. */
function closeLoop(builder: Builder): void {
  builder.bytes.push(0x49, 0x83, 0xef, 0x01);
  const distance = -(builder.bytes.length + 6);
  builder.bytes.push(0x0f, 0x85, ...new Uint8Array(Int32Array.of(distance).buffer));
  builder.undefinedFlags = 0;
}

function tryInstruction(random: Random, builder: Builder, encoding: Encoding): void {
  const code = encode(random, encoding);
  const instruction = decode(code, 0, builder.here);
  if (!isComparable(instruction.mnemonic) || !fits(random, instruction)) return;
  if ((flagsRead(instruction) & builder.undefinedFlags) !== 0) return;
  const undefinedFlags = undefinedAfter(instruction, builder.undefinedFlags);
  if (undefinedFlags === 'result') return;
  builder.undefinedAt.set(builder.here, builder.undefinedFlags);
  builder.undefinedFlags = builder.isSkippable ? undefinedFlags | builder.undefinedFlags : undefinedFlags;
  builder.add(instruction, code.subarray(0, instruction.length));
}

function fits(random: Random, { mnemonic, operands, segment, address32 }: Instruction): boolean {
  if (mnemonic === '(bad)' || EXCLUDED.has(mnemonic) || segment !== 'none' || address32) return false;
  if (MAY_DIVIDE_BY_ZERO.has(mnemonic) && !random.chance(8)) return false;
  const isBitString = /^bt[src]?$/.test(mnemonic);
  return operands.every((operand, n) => {
    if (operand.kind === 'immediate') return true;
    if (operand.kind === 'register') {
      const isGeneral = operand.file === 'gpr' || operand.file === 'gpr8High';
      const isWritten = n === 0 || WRITES_SECOND.has(mnemonic);
      return !(isGeneral && isWritten && RESERVED.has(operand.index));
    }
    if (isBitString && operands[1].kind === 'register') return false;
    const isNear = POINTERS.includes(operand.base) && operand.index < 0 && Math.abs(operand.displacement) <= REACH;
    const isAligned = operand.bytes < 16 || operand.displacement % 16 === 0 || random.chance(40);
    return isNear && isAligned;
  });
}
