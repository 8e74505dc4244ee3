// line-program.ts: runs a line program into rows: which instruction begins which line.
//
// Rows are what gdb keeps, so that stops are where gdb's are: a row that repeats its line with a discriminator is
// dropped; where the file changes at one address, the row that is a statement wins.
// Truth: DWARF 5 sections 6.2.2 and 6.2.5; checked against gdb.

import { UserError } from '../../util/user-error';
import type { ByteReader } from '../byte-reader';
import { LNE, LNS } from './dwarf-constants.table';
import type { LineHeader } from './line-header';
import { joinPath } from './source-path';

/** Rows of one contiguous piece of code, by address; the last ends it and has line 0. */
export interface LineSequence {
  readonly start: number;
  readonly end: number;
  readonly rows: readonly LineRow[];
}

export interface LineRow {
  readonly address: number;
  /** Number in the header's files. */
  readonly file: number;
  /** 0 only in the row that ends the sequence. */
  readonly line: number;
  readonly column: number;
  readonly isStmt: boolean;
  readonly prologueEnd: boolean;
}

/** Sequences in the program's order. The damaged rest of a program is left out. `header.files` may grow. */
export function runLineProgram(reader: ByteReader, header: LineHeader): LineSequence[] {
  return new LineMachine(reader, header).run();
}

class LineMachine {
  readonly #sequences: LineSequence[] = [];
  #rows: LineRow[] = [];
  #address = 0;
  #file = 1;
  #line = 1;
  #column = 0;
  #isStmt: boolean;
  #prologueEnd = false;
  #discriminator = 0;
  /** Since the line last changed. */
  #lineHasDiscriminator = false;

  constructor(
    readonly reader: ByteReader,
    readonly header: LineHeader,
  ) {
    this.#isStmt = header.defaultIsStmt;
  }

  run(): LineSequence[] {
    try {
      while (!this.reader.atEnd) this.#step();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
    return this.#sequences;
  }

  #step(): void {
    const opcode = this.reader.u8();
    if (opcode >= this.header.opcodeBase) this.#special(opcode - this.header.opcodeBase);
    else if (opcode === 0) this.#extended();
    else this.#standard(opcode);
  }

  #special(adjusted: number): void {
    this.#advance(Math.floor(adjusted / this.header.lineRange));
    this.#advanceLine(this.header.lineBase + (adjusted % this.header.lineRange));
    this.#emit();
  }

  #advance(operations: number): void {
    this.#address += operations * this.header.minimumInstructionLength;
  }

  #advanceLine(delta: number): void {
    this.#line += delta;
    if (delta !== 0) this.#lineHasDiscriminator = this.#discriminator !== 0;
  }

  #standard(opcode: number): void {
    const { reader, header } = this;
    switch (opcode) {
      case LNS.copy:
        this.#emit();
        break;
      case LNS.advance_pc:
        this.#advance(reader.uleb());
        break;
      case LNS.advance_line:
        this.#advanceLine(reader.sleb());
        break;
      case LNS.set_file:
        this.#file = reader.uleb();
        break;
      case LNS.set_column:
        this.#column = reader.uleb();
        break;
      case LNS.negate_stmt:
        this.#isStmt = !this.#isStmt;
        break;
      case LNS.const_add_pc:
        this.#advance(Math.floor((255 - header.opcodeBase) / header.lineRange));
        break;
      case LNS.fixed_advance_pc:
        this.#address += reader.u16();
        break;
      case LNS.set_prologue_end:
        this.#prologueEnd = true;
        break;
      case LNS.set_basic_block:
      case LNS.set_epilogue_begin:
        break;
      default:
        for (let operand = 0; operand < header.operandCounts[opcode]; operand++) reader.skipLeb();
    }
  }

  #extended(): void {
    const { reader } = this;
    const length = reader.uleb();
    const end = reader.offset + length;
    const opcode = length === 0 ? 0 : reader.u8();
    switch (opcode) {
      case LNE.end_sequence:
        this.#endSequence();
        break;
      case LNE.set_address:
        this.#address = length >= 9 ? reader.u64() : reader.u32();
        break;
      case LNE.define_file: {
        const name = reader.cString();
        this.header.files.push(joinPath(this.header.folders.at(reader.uleb()) ?? '', name));
        break;
      }
      case LNE.set_discriminator:
        this.#discriminator = reader.uleb();
        this.#lineHasDiscriminator ||= this.#discriminator !== 0;
        break;
      default:
        break;
    }
    reader.seek(end);
  }

  #emit(): void {
    const last = this.#rows.at(-1);
    if (this.#isWanted(last)) {
      this.#rows.push({
        address: this.#address,
        file: this.#file,
        line: this.#line,
        column: this.#column,
        isStmt: this.#isStmt,
        prologueEnd: this.#prologueEnd,
      });
    }
    this.#prologueEnd = false;
    this.#discriminator = 0;
  }

  #isWanted(last: LineRow | undefined): boolean {
    if (this.#line === 0) return false; // what the compiler made belongs to the line before it
    if (last === undefined) return true;
    if (last.file === this.#file) return last.line !== this.#line || !this.#lineHasDiscriminator || this.#prologueEnd;
    if (last.address !== this.#address) return true;
    const sameAddress = this.#rows.findLastIndex(({ address }) => address !== this.#address) + 1;
    if (!this.#isStmt && this.#rows.slice(sameAddress).some(({ isStmt }) => isStmt)) return false;
    this.#rows = this.#rows.filter(({ file }, index) => index < sameAddress || file !== last.file);
    return true;
  }

  #endSequence(): void {
    const rows = this.#rows;
    if (rows.length > 0) {
      const end = { address: this.#address, file: 0, line: 0, column: 0, isStmt: true, prologueEnd: false };
      // Assemblers may go back inside a sequence; lookups need order. The sort is stable.
      if (rows.some((row, index) => index > 0 && row.address < rows[index - 1].address)) {
        rows.sort((left, right) => left.address - right.address);
      }
      this.#sequences.push({ start: rows[0].address, end: this.#address, rows: [...rows, end] });
    }
    this.#rows = [];
    this.#address = 0;
    this.#file = 1;
    this.#line = 1;
    this.#column = 0;
    this.#isStmt = this.header.defaultIsStmt;
    this.#lineHasDiscriminator = false;
    this.#discriminator = 0;
    this.#prologueEnd = false;
  }
}
