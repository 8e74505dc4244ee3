// debug-info.ts: all units of an image: the table of contents of its debug information.
//
// Reads unit headers only; a damaged header ends the list, and the reason is kept with the sections' problems.

import { AbbreviationTable } from './abbreviations';
import { AT } from './dwarf-constants.table';
import type { DebugSections } from './debug-sections';
import { Unit, type UnitDirectory } from './unit';
import { readUnitHeader, type UnitHeader } from './unit-header';
import { UserError } from '../../util/user-error';

/** Programs are split as a whole or not at all: the first units tell. */
const MAX_OPENED = 8;

/** gcc 12 names the rest with DWARF 4's GNU attributes and DWARF 5's kind of unit. Only units of code are opened. */
function isSplit(unit: Unit, index: number): boolean {
  if (unit.header.kind === 'skeleton') return true;
  if (unit.header.version > 4 || unit.header.kind !== 'compile' || index > MAX_OPENED) return false;
  try {
    return unit.root.has(AT.GNU_dwo_name) && unit.root.children.length === 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return false;
  }
}

const splitInformation = (path: string): string =>
  `\`${path}\` was compiled with -gsplit-dwarf: its variables and types are in .dwo files, which are not read; lines ` +
  'and functions are known. Compile without -gsplit-dwarf to see the rest.';

export class DebugInfo implements UnitDirectory {
  /** Units of .debug_info in order, then those of .debug_types. */
  readonly units: readonly Unit[];
  readonly #infoUnits: readonly Unit[];
  readonly #bySignature = new Map<bigint, Unit>();
  readonly #tables = new Map<string, AbbreviationTable>();

  constructor(readonly sections: DebugSections) {
    this.#infoUnits = this.#list('.debug_info');
    this.units = [...this.#infoUnits, ...this.#list('.debug_types')];
    const split = this.#infoUnits.find(isSplit);
    if (split !== undefined) sections.problems.push(splitInformation(sections.elf.path));
    for (const unit of this.units) {
      if (unit.header.signature !== undefined) this.#bySignature.set(unit.header.signature, unit);
    }
  }

  unitContaining(offset: number): Unit | undefined {
    let low = 0;
    let high = this.#infoUnits.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const { start, end } = this.#infoUnits[middle].header;
      if (offset < start) high = middle - 1;
      else if (offset >= end) low = middle + 1;
      else return this.#infoUnits[middle];
    }
    return undefined;
  }

  unitOfSignature(signature: bigint): Unit | undefined {
    return this.#bySignature.get(signature);
  }

  abbreviations(header: UnitHeader): AbbreviationTable {
    const { abbreviationOffset, offsetSize, addressSize, version } = header;
    const key = `${abbreviationOffset}:${offsetSize}:${addressSize}:${version}`;
    const known = this.#tables.get(key);
    if (known) return known;
    const { path } = this.sections.elf;
    const sizes = { path, version, addressSize, offsetSize };
    const table = new AbbreviationTable(path, this.sections.reader('.debug_abbrev', abbreviationOffset), sizes);
    this.#tables.set(key, table);
    return table;
  }

  #list(section: '.debug_info' | '.debug_types'): Unit[] {
    const units: Unit[] = [];
    try {
      const reader = this.sections.reader(section);
      while (!reader.atEnd) {
        const header = readUnitHeader(this.sections.elf.path, reader, section === '.debug_types');
        units.push(new Unit(header, section, this));
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.sections.problems.push(error.message);
    }
    return units;
  }
}
