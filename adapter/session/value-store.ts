// value-store.ts: writes what a person typed to where a value lives.
//
// Memory, bit-fields and the innermost frame's registers; says why elsewhere.

import type { Value } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';
import type { Debuggee } from './debuggee';
import type { StackFrame } from './stack';
import { stripped, unsignedOf } from './value-views';

/** `text` is a literal of the value's type, or an expression with a value of that size. */
export function storeValue(
  value: Value,
  text: string,
  name: string,
  frame: StackFrame | undefined,
  debuggee: Debuggee,
): void {
  storeBytes(value, bytesOf(value, text, frame, debuggee), name, frame, debuggee);
}

function bytesOf(value: Value, text: string, frame: StackFrame | undefined, debuggee: Debuggee): Uint8Array {
  try {
    return debuggee.symbols.parse(text, value.type);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const computed = evaluated(text, frame, debuggee);
    const bytes = computed && converted(computed, value, debuggee);
    if (bytes === undefined) throw error;
    return bytes;
  }
}

function evaluated(text: string, frame: StackFrame | undefined, debuggee: Debuggee): Value | undefined {
  try {
    return debuggee.symbols.evaluate(text, debuggee.context(frame?.thread, frame?.frame));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

/** Same type: the bytes; numbers: as text through the target's type, which checks the range. */
function converted(computed: Value, value: Value, debuggee: Debuggee): Uint8Array | undefined {
  if (computed.error !== undefined) return undefined;
  if (stripped(computed.type).name === stripped(value.type).name) return computed.bytes;
  if (stripped(computed.type).kind === 'pointer')
    return computed.bytes.length === value.bytes.length ? computed.bytes : undefined;
  return debuggee.symbols.parse(debuggee.symbols.format(computed, debuggee.memory), value.type);
}

function storeBytes(
  value: Value,
  bytes: Uint8Array,
  name: string,
  frame: StackFrame | undefined,
  debuggee: Debuggee,
): void {
  const { location } = value;
  if (location.kind === 'memory') {
    const stored = value.bitSize === undefined ? bytes : mergedBits(value, bytes);
    if (debuggee.target.writeMemory(location.address, stored)) return;
    throw new UserError('not-writable', `The memory of \`${name}\` is not mapped: nothing was written.`);
  }
  if (location.kind === 'register' && frame !== undefined && frame.index === 0) {
    storeRegister(location.dwarfNumber, bytes, frame, debuggee);
    return;
  }
  throw noPlace(name, location.kind);
}

function storeRegister(number: number, bytes: Uint8Array, frame: StackFrame, debuggee: Debuggee): void {
  const registers = debuggee.target.registers(frame.thread);
  if (number > 16) {
    const whole = registers.readXmm(number - 17).slice();
    whole.set(bytes.subarray(0, whole.length));
    registers.writeXmm(number - 17, whole);
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

function noPlace(name: string, kind: string): UserError {
  const why = kind === 'register' ? "only the innermost frame's registers can be changed" : 'it has no place in memory';
  return new UserError('not-writable', `\`${name}\` cannot be set: ${why}.`);
}
