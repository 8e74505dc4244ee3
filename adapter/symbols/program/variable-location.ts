// variable-location.ts: where a variable is now, in one frame of one thread.
//
// Never throws for what the debug information cannot tell: that is `optimizedOut`, with the reason.

import { UserError } from '../../util/user-error';
import { AT } from '../dwarf/dwarf-constants.table';
import { locationAt } from '../dwarf/location-lists';
import type { LocationContext } from '../dwarf/location-facts';
import { computeValue, locate, type Piece, type Place } from '../dwarf/location-machine';
import { Unavailable } from '../dwarf/stack-values';
import type { AttributeValue } from '../dwarf/forms';
import { exactOf } from '../dwarf/forms';
import type { Die, Unit } from '../dwarf/unit';
import type { EvaluationContext, FrameRegisters, MemoryReader, TypeInfo, ValueLocation } from '../program-symbols';
import { entryValueIn } from './entry-values';
import { ProgramFrame } from './program-frames';
import type { ModuleSymbols } from './module-symbols';
import { threadLocalAddress } from './thread-local';
import { hex } from '../../util/hex';

const optimizedOut = (why: string): ValueLocation => ({ kind: 'optimizedOut', why });

/** `attempt`, for what ends without a place. */
export function locationOrReason(action: () => ValueLocation): ValueLocation {
  try {
    return action();
  } catch (error) {
    if (error instanceof Unavailable || error instanceof UserError) return optimizedOut(error.message);
    throw error;
  }
}

export function locateVariable(
  module: ModuleSymbols,
  die: Die,
  type: TypeInfo,
  context: EvaluationContext,
): ValueLocation {
  return locationOrReason(() => {
    const constant = die.inherited((entry) => entry.get(AT.const_value));
    const location = die.inherited((entry) => entry.get(AT.location));
    if (location === undefined) {
      return constant ? constantLocation(constant, type) : optimizedOut('the compiler kept no place for it');
    }
    const pc = context.frame && module.contains(context.frame.lookupPc) ? module.toLink(context.frame.lookupPc) : 0;
    const found = locationAt(die.unit, location, pc);
    if (found.kind === 'notHere') return optimizedOut('it has no place at this instruction');
    return toValueLocation(found.bytes, type, new VariableContext(module, die.unit, context, 0));
  });
}

/** A number that the program decides (a bound of an array): undefined where it cannot be told here. */
export function computedNumber(
  module: ModuleSymbols,
  die: Die,
  value: AttributeValue,
  context: EvaluationContext,
): bigint | undefined {
  try {
    const pc = context.frame && module.contains(context.frame.lookupPc) ? module.toLink(context.frame.lookupPc) : 0;
    const found = locationAt(die.unit, value, pc);
    if (found.kind === 'notHere') return undefined;
    return BigInt.asIntN(64, computeValue(found.bytes, new VariableContext(module, die.unit, context, 0)));
  } catch (error) {
    if (error instanceof Unavailable || error instanceof UserError) return undefined;
    throw error;
  }
}

function constantLocation(value: AttributeValue, type: TypeInfo): ValueLocation {
  if (value.kind === 'block') return { kind: 'value', bytes: sized(value.bytes, type.sizeBytes) };
  if (value.kind === 'string')
    return { kind: 'value', bytes: sized(new TextEncoder().encode(value.value), type.sizeBytes) };
  if (value.kind !== 'constant') return optimizedOut('its constant value is of a kind that is not supported');
  const bytes = new Uint8Array(type.sizeBytes);
  const exact = exactOf(value);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number((exact >> BigInt(at * 8)) & 0xffn);
  return { kind: 'value', bytes };
}

function sized(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  if (bytes.length === sizeBytes) return bytes;
  const result = new Uint8Array(sizeBytes);
  result.set(bytes.subarray(0, sizeBytes));
  return result;
}

/** What expressions of a unit may ask of the frame and the thread. Made at every look at a variable: keep it cheap. */
class VariableContext implements LocationContext {
  readonly memory: MemoryReader;
  readonly bias: bigint;
  readonly registers: FrameRegisters | undefined;
  readonly cfa: bigint | undefined;

  constructor(
    readonly module: ModuleSymbols,
    readonly unit: Unit,
    readonly context: EvaluationContext,
    readonly depth: number,
  ) {
    this.memory = context.memory;
    this.bias = module.bias;
    this.registers = context.frame?.registers;
    this.cfa = context.frame?.cfa;
  }

  threadLocal(offset: bigint): bigint {
    return threadLocalAddress(this.module, offset, this.context.fsBase, this.memory);
  }

  /** Of the real function, also for frames that inlining made. */
  frameBase(): bigint {
    const { module, context, depth } = this;
    if (!context.frame) throw new Unavailable('it belongs to a frame, and there is none');
    const pc = module.toLink(context.frame.lookupPc);
    const die = module.functionAt(pc)?.die;
    const value = die?.get(AT.frame_base);
    const found = die && value ? locationAt(die.unit, value, pc) : undefined;
    if (!die || found?.kind !== 'expression') throw new Unavailable('the frame of its function is not described');
    return computeValue(found.bytes, new FrameBaseContext(module, die.unit, context, depth));
  }

  entryValue(dwarfNumber: number): bigint {
    const { frame } = this.context;
    if (!(frame instanceof ProgramFrame)) throw new Unavailable('its value at the entry of the function is not known');
    return entryValueIn(frame, dwarfNumber, this.context, this.depth, makeContext);
  }
}

/** A frame base that counts from itself would never end. */
class FrameBaseContext extends VariableContext {
  override frameBase(): bigint {
    throw new Unavailable('the frame of its function is not described');
  }
}

const makeContext = (module: ModuleSymbols, unit: Unit, context: EvaluationContext, depth: number): LocationContext =>
  new VariableContext(module, unit, context, depth);

function toValueLocation(expression: Uint8Array, type: TypeInfo, context: LocationContext): ValueLocation {
  const located = locate(expression, context);
  if (located.kind === 'whole') return wholeLocation(located.place, type);
  const [only] = located.pieces;
  // A single piece as wide as the object is the object's place.
  if (located.pieces.length === 1 && only.sizeBits >= type.sizeBytes * 8 && only.offsetBits === 0) {
    return wholeLocation(only.place, type);
  }
  return { kind: 'pieces', bytes: joinPieces(located.pieces, type.sizeBytes, context) };
}

function wholeLocation(place: Place, type: TypeInfo): ValueLocation {
  switch (place.kind) {
    case 'memory':
    case 'register':
      return place;
    case 'bytes':
      return { kind: 'value', bytes: sized(place.bytes, type.sizeBytes) };
    case 'none':
      return optimizedOut(place.why);
  }
}

function joinPieces(pieces: readonly Piece[], sizeBytes: number, context: LocationContext): Uint8Array {
  let bits = 0n;
  let position = 0;
  for (const { place, sizeBits, offsetBits } of pieces) {
    if (sizeBits > 1 << 20) throw new Unavailable('its location is damaged');
    const width = Math.ceil((sizeBits + offsetBits) / 8);
    const content = bitsOf(pieceBytes(place, width, context)) >> BigInt(offsetBits);
    bits |= BigInt.asUintN(sizeBits, content) << BigInt(position);
    position += sizeBits;
  }
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number((bits >> BigInt(at * 8)) & 0xffn);
  return bytes;
}

function bitsOf(bytes: Uint8Array): bigint {
  let bits = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) bits = (bits << 8n) | BigInt(bytes[at]);
  return bits;
}

function pieceBytes(place: Place, lengthBytes: number, context: LocationContext): Uint8Array {
  switch (place.kind) {
    case 'memory': {
      const bytes = context.memory.read(place.address, lengthBytes);
      if (bytes.length < lengthBytes) throw new Unavailable(`memory at ${hex(place.address)} cannot be read`);
      return bytes;
    }
    case 'register': {
      const value = context.registers?.(place.dwarfNumber);
      if (value === undefined) throw new Unavailable('the register that held a part of it was not saved in this frame');
      return Uint8Array.from({ length: lengthBytes }, (_, at) => Number((value >> BigInt(at * 8)) & 0xffn));
    }
    case 'bytes':
      return place.bytes;
    case 'none':
      throw new Unavailable(place.why);
  }
}
