// location-machine.ts: evaluates DWARF expressions: where a variable is, or what its value is.
//
// Knows the stack and what its operations do; registers, memory and the frame are asked of location-facts.ts, and what
// is not to be had ends in `Unavailable` with the reason.
// Truth: DWARF 5 sections 2.5 and 2.6; GNU extensions of DWARF 4.

import { ByteReader } from '../byte-reader';
import { OP } from './dwarf-constants.table';
import { LocationFacts, type LocationContext } from './location-facts';
import {
  binary,
  bitsOfBytes,
  bytesOfValue,
  convert,
  generic,
  reinterpret,
  unary,
  Unavailable,
  withType,
  type StackValue,
} from './stack-values';
import { hex } from '../../util/hex';

/** One place, or one piece of a composite one. */
export type Place =
  | { readonly kind: 'memory'; readonly address: bigint }
  | { readonly kind: 'register'; readonly dwarfNumber: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'none'; readonly why: string };

export interface Piece {
  readonly place: Place;
  readonly sizeBits: number;
  /** Of DW_OP_bit_piece, from the place's least significant bit. */
  readonly offsetBits: number;
}

export type Located =
  { readonly kind: 'whole'; readonly place: Place } | { readonly kind: 'pieces'; readonly pieces: readonly Piece[] };

/** Enough for any compiler's expression; a loop ends here. */
const MAX_OPERATIONS = 10_000;
const MAX_STACK = 1024;

/** Where the expression says the object is. Throws Unavailable, or UserError for damaged bytes. */
export function locate(expression: Uint8Array, context: LocationContext): Located {
  return new LocationMachine(expression, context).locate();
}

/** The value that the expression leaves on the stack (CFI, frame bases, call-site values). */
export function computeValue(expression: Uint8Array, context: LocationContext): bigint {
  return new LocationMachine(expression, context).value();
}

class LocationMachine {
  readonly #reader: ByteReader;
  readonly #facts: LocationFacts;
  readonly #stack: StackValue[];
  readonly #pieces: Piece[] = [];
  /** Set by operations that end a location description. */
  #place: Place | undefined;

  constructor(expression: Uint8Array, context: LocationContext) {
    this.#reader = new ByteReader(expression, 'A location expression');
    this.#facts = new LocationFacts(context);
    this.#stack = (context.initial ?? []).map(generic);
  }

  locate(): Located {
    this.#run();
    if (this.#pieces.length > 0) return { kind: 'pieces', pieces: this.#pieces };
    return { kind: 'whole', place: this.#takePlace() };
  }

  value(): bigint {
    this.#run();
    const place = this.#place;
    if (place?.kind === 'register') return this.#facts.register(place.dwarfNumber);
    if (place?.kind === 'bytes') return bitsOfBytes(place.bytes);
    return this.#pop().bits;
  }

  #run(): void {
    for (let count = 0; !this.#reader.atEnd; count++) {
      if (count > MAX_OPERATIONS) throw new Unavailable('its location never ends computing');
      if (this.#stack.length > MAX_STACK) throw new Unavailable('its location needs too much to compute');
      this.#step(this.#reader.u8());
    }
  }

  #step(operation: number): void {
    if (operation >= OP.lit0 && operation <= OP.lit31) this.#push(BigInt(operation - OP.lit0));
    else if (operation >= OP.reg0 && operation <= OP.reg31) this.#inRegister(operation - OP.reg0);
    else if (operation >= OP.breg0 && operation <= OP.breg31) {
      this.#push(this.#facts.register(operation - OP.breg0) + this.#reader.slebBig());
    } else if (
      !this.#constant(operation) &&
      !this.#stackOperation(operation) &&
      !this.#arithmetic(operation) &&
      !this.#frameOperation(operation) &&
      !this.#typed(operation)
    ) {
      this.#placeOperation(operation);
    }
  }

  #constant(operation: number): boolean {
    const reader = this.#reader;
    switch (operation) {
      case OP.addr:
        this.#push(this.#facts.biased(reader.u64big()));
        return true;
      case OP.const1u:
        this.#push(BigInt(reader.u8()));
        return true;
      case OP.const1s:
        this.#push(BigInt(reader.i8()));
        return true;
      case OP.const2u:
        this.#push(BigInt(reader.u16()));
        return true;
      case OP.const2s:
        this.#push(BigInt(reader.i16()));
        return true;
      case OP.const4u:
        this.#push(BigInt(reader.u32()));
        return true;
      case OP.const4s:
        this.#push(BigInt(reader.i32()));
        return true;
      case OP.const8u:
      case OP.const8s:
        this.#push(reader.u64big());
        return true;
      case OP.constu:
        this.#push(reader.ulebBig());
        return true;
      case OP.consts:
        this.#push(reader.slebBig());
        return true;
      case OP.addrx:
      case OP.GNU_addr_index:
        this.#push(this.#facts.biased(this.#facts.indexed(reader.uleb())));
        return true;
      case OP.constx:
      case OP.GNU_const_index:
        this.#push(this.#facts.indexed(reader.uleb()));
        return true;
      default:
        return false;
    }
  }

  #stackOperation(operation: number): boolean {
    switch (operation) {
      case OP.dup:
        this.#stack.push(this.#peek(0));
        return true;
      case OP.drop:
        this.#pop();
        return true;
      case OP.over:
        this.#stack.push(this.#peek(1));
        return true;
      case OP.pick:
        this.#stack.push(this.#peek(this.#reader.u8()));
        return true;
      case OP.swap: {
        const [top, second] = [this.#pop(), this.#pop()];
        this.#stack.push(top, second);
        return true;
      }
      case OP.rot: {
        const [top, second, third] = [this.#pop(), this.#pop(), this.#pop()];
        this.#stack.push(top, third, second);
        return true;
      }
      case OP.skip:
        this.#jump(this.#reader.i16());
        return true;
      case OP.bra: {
        const distance = this.#reader.i16();
        if (this.#pop().bits !== 0n) this.#jump(distance);
        return true;
      }
      case OP.nop:
      case OP.GNU_uninit:
        return true;
      default:
        return false;
    }
  }

  #arithmetic(operation: number): boolean {
    if (operation === OP.abs || operation === OP.neg || operation === OP.not) {
      this.#stack.push(unary(operation, this.#pop()));
    } else if (operation === OP.plus_uconst) {
      this.#stack.push(binary(OP.plus, this.#pop(), generic(this.#reader.ulebBig())));
    } else if (operation >= OP.and && operation <= OP.ne && operation !== OP.bra) {
      const right = this.#pop();
      this.#stack.push(binary(operation, this.#pop(), right));
    } else return false;
    return true;
  }

  #frameOperation(operation: number): boolean {
    const reader = this.#reader;
    const facts = this.#facts;
    switch (operation) {
      case OP.fbreg:
        this.#push(facts.frameBase() + reader.slebBig());
        return true;
      case OP.bregx:
        this.#push(this.#facts.register(reader.uleb()) + reader.slebBig());
        return true;
      case OP.call_frame_cfa:
        this.#push(facts.cfa());
        return true;
      case OP.deref:
        this.#push(this.#facts.load(this.#pop().bits, 8));
        return true;
      case OP.deref_size:
        this.#push(this.#facts.load(this.#pop().bits, reader.u8()));
        return true;
      case OP.form_tls_address:
      case OP.GNU_push_tls_address:
        this.#push(facts.threadLocal(this.#pop().bits));
        return true;
      case OP.entry_value:
      case OP.GNU_entry_value:
        this.#stack.push(this.#facts.entryValue(reader.take(reader.uleb())));
        return true;
      default:
        return false;
    }
  }

  #typed(operation: number): boolean {
    const reader = this.#reader;
    switch (operation) {
      case OP.const_type:
      case OP.GNU_const_type: {
        const type = this.#facts.type(reader.uleb());
        this.#stack.push(withType(bitsOfBytes(reader.take(reader.u8())), type));
        return true;
      }
      case OP.regval_type:
      case OP.GNU_regval_type: {
        const value = this.#facts.register(reader.uleb());
        this.#stack.push(withType(value, this.#facts.type(reader.uleb())));
        return true;
      }
      case OP.deref_type:
      case OP.GNU_deref_type: {
        const size = reader.u8();
        const type = this.#facts.type(reader.uleb());
        this.#stack.push(withType(this.#facts.load(this.#pop().bits, size), type));
        return true;
      }
      case OP.convert:
      case OP.GNU_convert:
        this.#stack.push(convert(this.#pop(), this.#facts.type(reader.uleb())));
        return true;
      case OP.reinterpret:
      case OP.GNU_reinterpret:
        this.#stack.push(reinterpret(this.#pop(), this.#facts.type(reader.uleb())));
        return true;
      default:
        return false;
    }
  }

  #placeOperation(operation: number): void {
    const reader = this.#reader;
    switch (operation) {
      case OP.regx:
        this.#inRegister(reader.uleb());
        break;
      case OP.stack_value:
        this.#place = { kind: 'bytes', bytes: bytesOfValue(this.#pop()) };
        break;
      case OP.implicit_value:
        this.#place = { kind: 'bytes', bytes: reader.take(reader.uleb()) };
        break;
      case OP.implicit_pointer:
      case OP.GNU_implicit_pointer:
        reader.skip(this.#facts.offsetBytes);
        reader.skipLeb();
        this.#place = { kind: 'none', why: 'the pointer was removed; what it points to has no address' };
        break;
      case OP.piece:
        this.#piece(reader.uleb() * 8, 0);
        break;
      case OP.bit_piece:
        this.#piece(reader.uleb(), reader.uleb());
        break;
      default:
        throw new Unavailable(`its location uses operation ${hex(operation)}, which is not supported`);
    }
  }

  #inRegister(dwarfNumber: number): void {
    this.#place = { kind: 'register', dwarfNumber };
  }

  #piece(sizeBits: number, offsetBits: number): void {
    const empty = this.#place === undefined && this.#stack.length === 0;
    const place: Place = empty ? { kind: 'none', why: 'a part of it was removed' } : this.#takePlace();
    this.#pieces.push({ place, sizeBits, offsetBits });
  }

  #takePlace(): Place {
    const place = this.#place ?? this.#memoryPlace();
    this.#place = undefined;
    return place;
  }

  #memoryPlace(): Place {
    if (this.#stack.length === 0) return { kind: 'none', why: 'the compiler kept no place for it here' };
    return { kind: 'memory', address: this.#pop().bits };
  }

  #push(value: bigint): void {
    this.#stack.push(generic(value));
  }

  #peek(depth: number): StackValue {
    const value = this.#stack.at(-1 - depth);
    if (!value) throw new Unavailable('its location is damaged');
    return value;
  }

  #pop(): StackValue {
    const value = this.#stack.pop();
    if (!value) throw new Unavailable('its location is damaged');
    return value;
  }

  #jump(distance: number): void {
    this.#reader.seek(this.#reader.offset + distance);
  }
}
