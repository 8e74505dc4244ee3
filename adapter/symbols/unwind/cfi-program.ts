// cfi-program.ts: runs call frame instructions up to an address: how to find the caller's registers from there.
//
// Truth: DWARF 5 sections 6.4.2 and 6.4.3; GNU extensions.

import type { ByteReader } from '../byte-reader';
import type { FrameEntry } from './cfi-table';

export type RegisterRule =
  | { readonly kind: 'undefined' }
  | { readonly kind: 'same' }
  /** Saved at CFA + offset. */
  | { readonly kind: 'offset'; readonly offset: number }
  /** Is CFA + offset. */
  | { readonly kind: 'valueOffset'; readonly offset: number }
  | { readonly kind: 'register'; readonly dwarfNumber: number }
  /** Saved where the expression says (CFA on its stack). */
  | { readonly kind: 'expression'; readonly bytes: Uint8Array }
  | { readonly kind: 'valueExpression'; readonly bytes: Uint8Array };

export type CfaRule =
  | { readonly kind: 'register'; readonly dwarfNumber: number; readonly offset: number }
  | { readonly kind: 'expression'; readonly bytes: Uint8Array };

export interface UnwindRow {
  readonly cfa: CfaRule;
  readonly rules: ReadonlyMap<number, RegisterRule>;
}

interface State {
  cfa: CfaRule;
  rules: Map<number, RegisterRule>;
}

/** The row that holds at a link-time address inside the entry. UserError where the instructions are damaged. */
export function unwindRowAt(entry: FrameEntry, address: number): UnwindRow {
  return new CfiMachine(entry, address).run();
}

class CfiMachine {
  #state: State = { cfa: { kind: 'register', dwarfNumber: 7, offset: 8 }, rules: new Map() };
  #initial: ReadonlyMap<number, RegisterRule> = new Map();
  readonly #saved: State[] = [];
  #location: number;

  constructor(
    readonly entry: FrameEntry,
    readonly address: number,
  ) {
    this.#location = entry.low;
  }

  run(): UnwindRow {
    const { instructions } = this.entry.common;
    this.#execute(instructions.at(instructions.offset));
    this.#initial = new Map(this.#state.rules);
    this.#location = this.entry.low;
    const own = this.entry.instructions;
    this.#execute(own.at(own.offset));
    return this.#state;
  }

  #execute(reader: ByteReader): void {
    while (!reader.atEnd) {
      const byte = reader.u8();
      const low = byte & 0x3f;
      switch (byte >> 6) {
        case 1:
          if (this.#advance(low)) return;
          break;
        case 2:
          this.#offset(low, reader.uleb());
          break;
        case 3:
          this.#restore(low);
          break;
        default:
          if (this.#extended(low, reader)) return;
      }
    }
  }

  /** True once the wanted address is passed. */
  #advance(delta: number): boolean {
    const next = this.#location + delta * this.entry.common.codeAlignment;
    if (next > this.address) return true;
    this.#location = next;
    return false;
  }

  #extended(opcode: number, reader: ByteReader): boolean {
    switch (opcode) {
      case 0x00: // nop
        return false;
      case 0x01: // set_loc
        this.#location = reader.u64();
        return this.#location > this.address;
      case 0x02: // advance_loc1
        return this.#advance(reader.u8());
      case 0x03: // advance_loc2
        return this.#advance(reader.u16());
      case 0x04: // advance_loc4
        return this.#advance(reader.u32());
      case 0x0a: // remember_state
        this.#saved.push({ cfa: this.#state.cfa, rules: new Map(this.#state.rules) });
        return false;
      case 0x0b: // restore_state
        this.#state = this.#saved.pop() ?? this.#state;
        return false;
      case 0x2e: // GNU_args_size
        reader.skipLeb();
        return false;
      default:
        if (!this.#cfaInstruction(opcode, reader)) this.#registerInstruction(opcode, reader);
        return false;
    }
  }

  #cfaInstruction(opcode: number, reader: ByteReader): boolean {
    const { dataAlignment } = this.entry.common;
    const { cfa } = this.#state;
    const current = cfa.kind === 'register' ? cfa : { dwarfNumber: 7, offset: 0 };
    const set = (dwarfNumber: number, offset: number): void => {
      this.#state.cfa = { kind: 'register', dwarfNumber, offset };
    };
    switch (opcode) {
      case 0x0c: // def_cfa
        set(reader.uleb(), reader.uleb());
        return true;
      case 0x0d: // def_cfa_register
        set(reader.uleb(), current.offset);
        return true;
      case 0x0e: // def_cfa_offset
        set(current.dwarfNumber, reader.uleb());
        return true;
      case 0x0f: // def_cfa_expression
        this.#state.cfa = { kind: 'expression', bytes: reader.take(reader.uleb()) };
        return true;
      case 0x12: // def_cfa_sf
        set(reader.uleb(), reader.sleb() * dataAlignment);
        return true;
      case 0x13: // def_cfa_offset_sf
        set(current.dwarfNumber, reader.sleb() * dataAlignment);
        return true;
      default:
        return false;
    }
  }

  #registerInstruction(opcode: number, reader: ByteReader): void {
    const { dataAlignment } = this.entry.common;
    const { rules } = this.#state;
    const register = reader.uleb();
    switch (opcode) {
      case 0x05: // offset_extended
        this.#offset(register, reader.uleb());
        break;
      case 0x06: // restore_extended
        this.#restore(register);
        break;
      case 0x07: // undefined
        rules.set(register, { kind: 'undefined' });
        break;
      case 0x08: // same_value
        rules.set(register, { kind: 'same' });
        break;
      case 0x09: // register
        rules.set(register, { kind: 'register', dwarfNumber: reader.uleb() });
        break;
      case 0x10: // expression
        rules.set(register, { kind: 'expression', bytes: reader.take(reader.uleb()) });
        break;
      case 0x11: // offset_extended_sf
        this.#offset(register, reader.sleb());
        break;
      case 0x14: // val_offset
        rules.set(register, { kind: 'valueOffset', offset: reader.uleb() * dataAlignment });
        break;
      case 0x15: // val_offset_sf
        rules.set(register, { kind: 'valueOffset', offset: reader.sleb() * dataAlignment });
        break;
      case 0x16: // val_expression
        rules.set(register, { kind: 'valueExpression', bytes: reader.take(reader.uleb()) });
        break;
      case 0x2f: // GNU_negative_offset_extended
        this.#offset(register, -reader.uleb());
        break;
      default:
        // An instruction of unknown length: nothing behind it can be read.
        reader.seek(reader.end);
    }
  }

  #offset(register: number, factored: number): void {
    this.#state.rules.set(register, { kind: 'offset', offset: factored * this.entry.common.dataAlignment });
  }

  #restore(register: number): void {
    const rule = this.#initial.get(register);
    if (rule) this.#state.rules.set(register, rule);
    else this.#state.rules.delete(register);
  }
}
