// functions.ts: the functions of one unit that have code, found by address. Link-time addresses.

import { rangesOf, type AddressRange } from './address-ranges';
import type { Abbreviation } from './abbreviations';
import { AT, TAG } from './dwarf-constants.table';
import type { Die, Unit } from './unit';

export interface FunctionEntry {
  readonly die: Die;
  /** The first is the one that is entered. */
  readonly ranges: readonly AddressRange[];
}

export class UnitFunctions {
  readonly #pieces: { readonly low: number; readonly high: number; readonly entry: FunctionEntry }[] = [];
  readonly all: readonly FunctionEntry[];

  /** `isCode` tells addresses that the program maps from those of code the linker dropped. */
  constructor(unit: Unit, isCode: (address: number) => boolean) {
    const { tree } = unit;
    const all: FunctionEntry[] = [];
    for (let index = 0; index < tree.count; index++) {
      if (tree.tag(index) !== TAG.subprogram) continue;
      if (!hasCode(unit.abbreviationAt(index))) continue;
      const entry = functionEntry(unit.dieByIndex(index), isCode);
      if (!entry) continue;
      all.push(entry);
      for (const { low, high } of entry.ranges) this.#pieces.push({ low, high, entry });
    }
    this.all = all;
    this.#pieces.sort((left, right) => left.low - right.low || right.high - left.high);
  }

  at(address: number): FunctionEntry | undefined {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pieces[middle].low <= address) low = middle + 1;
      else high = middle;
    }
    const piece = this.#pieces.at(low - 1);
    return low > 0 && piece && address < piece.high ? piece.entry : undefined;
  }
}

const hasCode = ({ names }: Abbreviation): boolean => names.includes(AT.low_pc) || names.includes(AT.ranges);

/** The function of an entry, if it has code that the program maps. */
export function functionEntry(die: Die, isCode: (address: number) => boolean): FunctionEntry | undefined {
  const ranges = hasCode(die.abbreviation) ? entryFirst(die, rangesOf(die)).filter(({ low }) => isCode(low)) : [];
  return ranges.length === 0 ? undefined : { die, ranges };
}

function entryFirst(die: Die, ranges: readonly AddressRange[]): AddressRange[] {
  const entry = die.address(AT.entry_pc) ?? die.address(AT.low_pc);
  if (entry === undefined || !die.has(AT.ranges)) return [...ranges];
  const isEntry = ({ low, high }: AddressRange): boolean => entry >= low && entry < high;
  return [...ranges.filter(isEntry), ...ranges.filter((range) => !isEntry(range))];
}
