// value-store.ts: writes what a person typed to where a value lives.
//
// Memory and the innermost frame's registers; says why elsewhere. A literal of the value's type comes first, else
// the text is an expression that is assigned.

import type { EvaluationContext, Value, ValueLocation } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';
import type { Debuggee } from './debuggee';
import type { StackFrame } from './stack';
import { unsignedOf } from './value-views';
import { hex } from '../util/hex';

/** What an evaluation may write: memory, and registers where the frame is the innermost. */
export function writingContext(frame: StackFrame | undefined, debuggee: Debuggee): EvaluationContext {
  return {
    ...debuggee.context(frame?.thread, frame?.frame),
    write: (location, bytes) => {
      storeBytes(location, bytes, frame, debuggee);
    },
  };
}

/** `expression` reaches the value. Throws UserError. */
export function storeValue(
  value: Value,
  text: string,
  expression: string,
  frame: StackFrame | undefined,
  debuggee: Debuggee,
): void {
  let bytes: Uint8Array;
  try {
    bytes = debuggee.symbols.parse(text, value.type, value.bitSize);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    assignExpression(`${expression} = ${text}`, error, frame, debuggee);
    return;
  }
  storeBytes(value.location, value.bitSize === undefined ? bytes : mergedBits(value, bytes), frame, debuggee);
}

/** A name that is none is told as a literal that does not fit: that is what it most likely was. */
function assignExpression(text: string, mistake: UserError, frame: StackFrame | undefined, debuggee: Debuggee): void {
  try {
    debuggee.symbols.evaluate(text, writingContext(frame, debuggee));
  } catch (error) {
    throw error instanceof UserError ? mistake : error;
  }
}

function storeBytes(
  location: ValueLocation,
  bytes: Uint8Array,
  frame: StackFrame | undefined,
  debuggee: Debuggee,
): void {
  if (location.kind === 'memory') {
    if (debuggee.target.writeMemory(location.address, bytes)) return;
    throw new UserError('not-writable', `${hex(location.address)} is not mapped: nothing was written.`);
  }
  if (location.kind !== 'register') throw noPlace('it has no place in memory');
  if (frame?.index !== 0) throw noPlace("only the innermost frame's registers can be changed");
  storeRegister(location.dwarfNumber, bytes, frame, debuggee);
}

const RIP = 16;
const XMM0 = 17;

function storeRegister(number: number, bytes: Uint8Array, frame: StackFrame, debuggee: Debuggee): void {
  const registers = debuggee.target.registers(frame.thread);
  if (number > RIP) {
    const whole = registers.readXmm(number - XMM0).slice();
    whole.set(bytes.subarray(0, whole.length));
    registers.writeXmm(number - XMM0, whole);
    return;
  }
  const mask = (1n << BigInt(8 * bytes.length)) - 1n;
  registers.write(number, (registers.read(number) & ~mask) | (unsignedOf(bytes) & mask));
}

/** The container's bytes with only the field's bits replaced. */
function mergedBits(value: Value, bytes: Uint8Array): Uint8Array {
  const shift = BigInt(value.bitOffset ?? 0);
  const mask = ((1n << BigInt(value.bitSize ?? 0)) - 1n) << shift;
  const merged = (unsignedOf(value.bytes) & ~mask) | ((unsignedOf(bytes) << shift) & mask);
  return value.bytes.map((_, index) => Number((merged >> BigInt(8 * index)) & 0xffn));
}

function noPlace(why: string): UserError {
  return new UserError('not-writable', `This cannot be set: ${why}.`);
}
