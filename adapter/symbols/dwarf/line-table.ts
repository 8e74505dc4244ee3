// line-table.ts: the line table of one unit, asked by address or by line. Link-time addresses.
//
// The row that holds at an address is the last one at or below it; where that is no statement, one at the same
// address that is. The same choices as gdb's, which the tests compare.

import { UserError } from '../../util/user-error';
import { readLineHeader, type LineHeader } from './line-header';
import { runLineProgram, type LineRow, type LineSequence } from './line-program';
import type { Unit } from './unit';

export interface LinePlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** Of the row, and of the next one behind it. */
  readonly start: number;
  readonly end: number;
  readonly isStmt: boolean;
}

export class LineTable {
  readonly header: LineHeader | undefined;
  readonly #unit: Unit;
  readonly #isCode: (address: number) => boolean;
  #sequences: readonly LineSequence[] | undefined;

  /** `isCode` tells addresses that the program maps from those of code the linker dropped. */
  constructor(unit: Unit, isCode: (address: number) => boolean) {
    this.#unit = unit;
    this.#isCode = isCode;
    this.header = readLineHeader(unit);
  }

  /** Paths by file number. */
  get files(): readonly (string | undefined)[] {
    return this.header?.files ?? [];
  }

  path(file: number): string | undefined {
    return this.files.at(file);
  }

  get sequences(): readonly LineSequence[] {
    this.#sequences ??= this.#run();
    return this.#sequences;
  }

  placeAt(address: number): LinePlace | undefined {
    const sequence = this.#sequenceAt(address);
    if (!sequence) return undefined;
    const index = bestRow(sequence.rows, address);
    const row = sequence.rows[index];
    const path = this.path(row.file);
    if (row.line === 0 || path === undefined) return undefined;
    const { line, column, isStmt } = row;
    return { path, line, column, isStmt, start: row.address, end: addressAfter(sequence, row.address) };
  }

  /** Addresses around `address` that belong to the same line; what follows and is no statement belongs to it. */
  rangeAt(address: number): { readonly start: number; readonly end: number } | undefined {
    const sequence = this.#sequenceAt(address);
    if (!sequence) return undefined;
    const { rows } = sequence;
    const { line, file, address: own } = rows[bestRow(rows, address)];
    const isSame = (row: LineRow): boolean => row.line === line && row.file === file;
    let start = own;
    for (let at = firstRowAt(rows, start) - 1; at >= 0; at = firstRowAt(rows, start) - 1) {
      const before = rows[bestRow(rows, rows[at].address)];
      if (!isSame(before)) break;
      start = before.address;
    }
    let end = addressAfter(sequence, own);
    while (end < sequence.end) {
      const next = rows[bestRow(rows, end)];
      if (!isSame(next) && next.isStmt) break;
      end = addressAfter(sequence, end);
    }
    return { start, end };
  }

  /** Statement rows of the files whose path is wanted, all lines. */
  *statements(isWanted: (path: string) => boolean): Generator<LineRow> {
    const wanted = new Set(this.files.flatMap((path, file) => (path !== undefined && isWanted(path) ? [file] : [])));
    if (wanted.size === 0) return;
    for (const { rows } of this.sequences) {
      for (const row of rows) if (row.isStmt && row.line > 0 && wanted.has(row.file)) yield row;
    }
  }

  /** First row in (low, high) that ends a prologue. */
  prologueEnd(low: number, high: number): number | undefined {
    const rows = this.#sequenceAt(low)?.rows ?? [];
    return rows.find((row) => row.prologueEnd && row.address >= low && row.address < high)?.address;
  }

  #sequenceAt(address: number): LineSequence | undefined {
    const { sequences } = this;
    let low = 0;
    let high = sequences.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (address < sequences[middle].start) high = middle - 1;
      else if (address >= sequences[middle].end) low = middle + 1;
      else return sequences[middle];
    }
    return undefined;
  }

  #run(): readonly LineSequence[] {
    if (!this.header) return [];
    const { programStart, programEnd } = this.header;
    try {
      const reader = this.#unit.sections.reader('.debug_line', programStart, programEnd);
      return runLineProgram(reader, this.header)
        .filter(({ start }) => this.#isCode(start))
        .sort((left, right) => left.start - right.start);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#unit.sections.problems.push(error.message);
      return [];
    }
  }
}

/** Number of the last row at or below the address. */
function lastRowAt(rows: readonly LineRow[], address: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rows[middle].address <= address) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Number of the first row at this address. */
function firstRowAt(rows: readonly LineRow[], address: number): number {
  let index = lastRowAt(rows, address);
  while (index > 0 && rows[index - 1].address === address) index--;
  return index;
}

/** The next address at which a row stands. */
function addressAfter(sequence: LineSequence, address: number): number {
  const next = lastRowAt(sequence.rows, address) + 1;
  return next < sequence.rows.length ? sequence.rows[next].address : sequence.end;
}

/** The row that holds at an address inside the sequence. */
function bestRow(rows: readonly LineRow[], address: number): number {
  const last = lastRowAt(rows, address);
  let best = last;
  while (best > 0 && !rows[best].isStmt && rows[best - 1].address === rows[best].address) best--;
  return rows[best].isStmt ? best : last;
}
