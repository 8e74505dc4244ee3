// location-facts.ts: what a location expression may ask of the world around it: registers, memory, the frame, the unit.
//
// Reads through the context and changes nothing. What the context cannot give (a register that was not saved, memory
// that is not mapped) throws `Unavailable` with the reason.
// Truth: DWARF 5 sections 2.5.1.1–2.5.1.4 and 2.5.1.7.

import { ByteReader } from '../byte-reader';
import type { FrameRegisters, MemoryReader } from '../program-symbols';
import { ATE, AT, OP } from './dwarf-constants.table';
import { bitsOfBytes, generic, Unavailable, withType, type StackType, type StackValue } from './stack-values';
import type { Unit } from './unit';
import { hex } from '../../util/hex';

const NO_FRAME = 'it belongs to a frame, and there is none';
const NO_ENTRY_VALUE = 'its value at the entry of the function is not known';

export interface LocationContext {
  readonly memory: MemoryReader;
  /** Added to DW_OP_addr and its like. */
  readonly bias: bigint;
  /** For indexed addresses and base types. */
  readonly unit?: Unit;
  /** Undefined without a frame, as is the CFA. */
  readonly registers: FrameRegisters | undefined;
  readonly cfa?: bigint | undefined;
  /** What DW_OP_fbreg counts from. */
  frameBase?(): bigint;
  /** Address of an offset in the module's thread-local block. */
  threadLocal?(offset: bigint): bigint;
  /** Value that a register had when the function was entered. */
  entryValue?(dwarfNumber: number): bigint;
  readonly initial?: readonly bigint[];
}

export class LocationFacts {
  readonly #context: LocationContext;

  constructor(context: LocationContext) {
    this.#context = context;
  }

  /** An address of the file, as it is in the process. */
  biased(address: bigint): bigint {
    return address + this.#context.bias;
  }

  frameBase(): bigint {
    if (!this.#context.frameBase) throw new Unavailable(NO_FRAME);
    return this.#context.frameBase();
  }

  cfa(): bigint {
    if (this.#context.cfa === undefined) throw new Unavailable(NO_FRAME);
    return this.#context.cfa;
  }

  threadLocal(offset: bigint): bigint {
    if (!this.#context.threadLocal) throw new Unavailable('it is thread-local, and no thread is given');
    return this.#context.threadLocal(offset);
  }

  /** Size of an offset into the debug information. */
  get offsetBytes(): number {
    return this.#context.unit?.offsetSize ?? 4;
  }

  register(dwarfNumber: number): bigint {
    const { registers } = this.#context;
    if (!registers) throw new Unavailable(NO_FRAME);
    const value = registers(dwarfNumber);
    if (value === undefined) throw new Unavailable('the register that held it was not saved in this frame');
    return value;
  }

  load(address: bigint, lengthBytes: number): bigint {
    const bytes = this.#context.memory.read(address, lengthBytes);
    if (bytes.length < lengthBytes) throw new Unavailable(`memory at ${hex(address)} cannot be read`);
    return bitsOfBytes(bytes);
  }

  indexed(index: number): bigint {
    const { unit } = this.#context;
    if (!unit) throw new Unavailable('its address is in a table that is not at hand');
    return BigInt(unit.indexedAddress(index));
  }

  /** A base type by its entry's offset in the unit; 0 is the generic type. */
  type(offset: number): StackType | undefined {
    const { unit } = this.#context;
    if (offset === 0 || !unit) return undefined;
    const die = unit.die(unit.start + offset);
    const encoding = die.number(AT.encoding);
    const isSigned = encoding === ATE.signed || encoding === ATE.signed_char;
    const sizeBytes = Math.min(die.number(AT.byte_size) ?? 8, 16);
    return { sizeBytes, encoding: encoding === ATE.float ? 'float' : isSigned ? 'signed' : 'unsigned' };
  }

  /** What the register or value of this expression was when the function was entered. */
  entryValue(expression: Uint8Array): StackValue {
    const reader = new ByteReader(expression, 'An entry value');
    const operation = reader.u8();
    const context = this.#context;
    if (!context.entryValue) throw new Unavailable(NO_ENTRY_VALUE);
    if (operation >= OP.reg0 && operation <= OP.reg31) return generic(context.entryValue(operation - OP.reg0));
    if (operation === OP.regx) return generic(context.entryValue(reader.uleb()));
    if (operation !== OP.regval_type && operation !== OP.GNU_regval_type) throw new Unavailable(NO_ENTRY_VALUE);
    const bits = context.entryValue(reader.uleb());
    return withType(bits, this.type(reader.uleb()));
  }
}
