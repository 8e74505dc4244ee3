// flag-override.ts: instructions that change some flags, or none if a count is 0, on top of what was there.
//
// Such flags are hardly ever looked at: translated code keeps the numbers that tell them, C and D, beside the kind, A and B
// of what was there (flag-kind.ts), and works them out where somebody asks. Where code is left, JavaScript does.
//
//   kind = override * 256 + base; D = 0: nothing changed
//
//   CARRY         CF is bit 0 of C
//   ROTATE_LEFT   of C, the result: CF is its lowest bit, OF = CF ^ top bit
//   ROTATE_RIGHT  CF is the top bit, OF = the top two differ
//   SHIFT         all six are those of C shifted by D
//
// Truth: Intel SDM vol. 2 (BT, ROL/ROR, SAL/SAR/SHL/SHR).

import type { Code, Local } from '../wasm/code';
import { OP } from '../wasm/opcodes.table';
import { CF, KIND_SHL, OF, flagWord } from './flag-kind';

const BASE_BITS = 8;
/** The base's kind lies in a local (flags.ts), and in the state area once the code is left. */
export const BASE_DYNAMIC = 0xff;

export const OVER_CARRY = 1;
const ROTATE_LEFT = 2;
const ROTATE_RIGHT = 6;
const SHIFT = 10;

const LOG2: Readonly<Record<number, number>> = { 1: 0, 2: 1, 4: 2, 8: 3 };

export function overRotate(isLeft: boolean, bytes: number): number {
  return (isLeft ? ROTATE_LEFT : ROTATE_RIGHT) + LOG2[bytes];
}

/** By a kind of SHL, SHR or SAR. */
export function overShift(kind: number): number {
  return SHIFT + kind - 4 * KIND_SHL;
}

export function overrideOf(kind: number): number {
  return kind < 0 ? 0 : kind >> BASE_BITS;
}

export function baseOf(kind: number): number {
  return kind & BASE_DYNAMIC;
}

export function withOverride(override: number, base: number): number {
  return (override << BASE_BITS) | base;
}

/** What this override changes, `over` changes too, whatever D: CF, and OF where a rotation did. */
export function replaces(over: number, previous: number): boolean {
  return previous === 0 || (previous < SHIFT && over < SHIFT && (previous === OVER_CARRY || over !== OVER_CARRY));
}

/** The flag word with the override: the reference that emitted code agrees with. */
export function overriddenWord(override: number, word: number, c: bigint, d: bigint): number {
  if ((d & 63n) === 0n) return word;
  if (override >= SHIFT) return flagWord(override - SHIFT + 4 * KIND_SHL, c, d);
  const bit = (n: number): number => Number((c >> BigInt(n)) & 1n);
  if (override === OVER_CARRY) return (word & ~CF) | bit(0);
  const [carry, other] = carryAndOther(override);
  return (word & ~(CF | OF)) | bit(carry) | ((bit(carry) ^ bit(other)) * OF);
}

/** The bit that becomes CF, and the one whose difference from it becomes OF. */
function carryAndOther(override: number): readonly [number, number] {
  const top = (8 << ((override - ROTATE_LEFT) & 3)) - 1;
  return override < ROTATE_RIGHT ? [0, top] : [top, top - 1];
}

/** Takes the base's word from the stack, pushes the overridden one. */
export function emitOverriddenWord(
  code: Code,
  override: number,
  { word, c, d }: { readonly word: Local; readonly c: Local; readonly d: Local },
  callEflags: () => void,
): void {
  code.set(word);
  if (override >= SHIFT) {
    code.i32(override - SHIFT + 4 * KIND_SHL);
    code.get(c);
    code.get(d);
    callEflags();
  } else pushChanged(code, override, word, c);
  code.get(word);
  code.get(d);
  code.op(OP.i32WrapI64);
  code.op(OP.select);
}

function pushChanged(code: Code, override: number, word: Local, c: Local): void {
  const pushBit = (bit: number): void => {
    code.get(c);
    code.i64(bit);
    code.op(OP.i64ShrU);
    code.op(OP.i32WrapI64);
    code.i32(1);
    code.op(OP.i32And);
  };
  const [carry, other] = override === OVER_CARRY ? [0, undefined] : carryAndOther(override);
  code.get(word);
  code.i32(other === undefined ? ~CF : ~(CF | OF));
  code.op(OP.i32And);
  pushBit(carry);
  code.op(OP.i32Or);
  if (other === undefined) return;
  pushBit(carry);
  pushBit(other);
  code.op(OP.i32Xor);
  code.i32(Math.log2(OF));
  code.op(OP.i32Shl);
  code.op(OP.i32Or);
}
