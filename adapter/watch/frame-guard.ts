// frame-guard.ts: is the frame of a watched local still there? Asked of the machine at each hit of the frame's own thread.
//
// A thread whose stack pointer is at the frame's end or among its callers has left the frame; one that has left it in a way that
// nobody saw, and come back, has most likely written over where the frame would return to. Either way the hit is told, and
// looked at where the stack can be (frame-life.ts); so a guard may say no once too often.

import type { NumberCode } from '../judging/number-code';
import type { MemoryReader } from '../symbols/program-symbols';
import { FILTERED_MEMORY_END } from '../target/target';
import type { FrameLife } from './watch-world';

/** The stack pointer's number in the instruction set. */
const RSP = 4;
const WORD_BYTES = 8;

/** Of a frame once: the machine makes functions of them, and each is a tree to compare. */
const guards = new WeakMap<FrameLife, NumberCode>();

/** 1: it is there. Undefined: the machine cannot say. */
export function frameGuard(life: FrameLife, memory: MemoryReader): NumberCode | undefined {
  const { cfa, returnAddress, inlinedAt } = life;
  if (cfa > FILTERED_MEMORY_END || inlinedAt !== undefined) return undefined;
  // A thread's outermost frame returns to nobody.
  if (returnAddress !== undefined && returnAddressAt(cfa, memory) !== returnAddress) return undefined;
  let guard = guards.get(life);
  if (guard === undefined) guards.set(life, (guard = guardOf(life)));
  return guard;
}

function guardOf({ cfa, returnAddress, stackEnd }: FrameLife): NumberCode {
  const isWithin: NumberCode = {
    ...{ kind: 'comparison', operator: 'ge', type: 'i64', signed: false },
    left: {
      ...{ kind: 'arithmetic', operator: 'sub', type: 'i64', signed: false },
      left: word({ kind: 'register', register: RSP }),
      right: constant(cfa),
    },
    right: constant(stackEnd - cfa),
  };
  if (returnAddress === undefined) return isWithin;
  const isSame: NumberCode = {
    ...{ kind: 'comparison', operator: 'eq', type: 'i64', signed: false },
    left: word({ kind: 'memory', address: Number(cfa - BigInt(WORD_BYTES)) }),
    right: constant(returnAddress),
  };
  return { kind: 'both', left: isWithin, right: isSame };
}

/** Nothing has been written over where the frame returns to; a thread's outermost one returns nowhere. */
export function returnsThere({ cfa, returnAddress }: FrameLife, memory: MemoryReader): boolean {
  return returnAddress === undefined || returnAddressAt(cfa, memory) === returnAddress;
}

function returnAddressAt(cfa: bigint, memory: MemoryReader): bigint | undefined {
  const bytes = memory.read(cfa - BigInt(WORD_BYTES), WORD_BYTES);
  if (bytes.length < WORD_BYTES) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}

function word(from: Extract<NumberCode, { kind: 'load' }>['from']): NumberCode {
  return { kind: 'load', type: 'i64', bytes: WORD_BYTES, signed: false, from };
}

function constant(value: bigint): NumberCode {
  return { kind: 'constant', type: 'i64', value: BigInt.asIntN(64, value) };
}
