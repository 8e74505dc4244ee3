// unit.ts: a compilation or type unit and its entries (DIEs), read one at a time when asked for.
//
// Entries are cached by offset, so the same entry is the same object. References across units go through the
// directory (debug-info.ts). Link-time addresses throughout.
// Truth: DWARF 5 sections 2 and 7.5.

import { stepOver, ulebAt, ulebEnd, type Abbreviation, type AbbreviationTable } from './abbreviations';
import type { DebugSections } from './debug-sections';
import { DieTree } from './die-tree';
import { AT, SCOPED_LANGUAGES } from './dwarf-constants.table';
import { badDebugInfo } from './dwarf-errors';
import { exactOf, readForm, sizeOfForm, type AttributeValue, type FormContext } from './forms';
import { folderOf, joinPath } from './source-path';
import type { UnitHeader } from './unit-header';
import { hex } from '../../util/hex';

/** Finds units by what entries of other units name. */
export interface UnitDirectory {
  readonly sections: DebugSections;
  /** The unit of .debug_info that holds the offset. */
  unitContaining(offset: number): Unit | undefined;
  unitOfSignature(signature: bigint): Unit | undefined;
  abbreviations(header: UnitHeader): AbbreviationTable;
}

/** Chains of origins and specifications longer than this are loops in damaged data. */
const MAX_CHAIN = 16;

export class Die {
  constructor(
    readonly unit: Unit,
    readonly offset: number,
    readonly abbreviation: Abbreviation,
    readonly values: readonly AttributeValue[],
  ) {}

  get tag(): number {
    return this.abbreviation.tag;
  }

  get(name: number): AttributeValue | undefined {
    const index = this.abbreviation.names.indexOf(name);
    return index < 0 ? undefined : this.values[index];
  }

  has(name: number): boolean {
    return this.abbreviation.names.includes(name);
  }

  string(name: number): string | undefined {
    const value = this.get(name);
    return value?.kind === 'string' ? value.value : undefined;
  }

  /** A constant, or an offset stored in a constant's form (DWARF 2 and 3). */
  number(name: number): number | undefined {
    const value = this.get(name);
    return value?.kind === 'constant' || value?.kind === 'sectionOffset' ? value.value : undefined;
  }

  exact(name: number): bigint | undefined {
    const value = this.get(name);
    return value?.kind === 'constant' ? exactOf(value) : undefined;
  }

  address(name: number): number | undefined {
    const value = this.get(name);
    return value?.kind === 'address' ? value.value : undefined;
  }

  flag(name: number): boolean {
    const value = this.get(name);
    return value?.kind === 'flag' && value.value;
  }

  reference(name: number): Die | undefined {
    const value = this.get(name);
    if (value?.kind === 'signature') return this.unit.directory.unitOfSignature(value.value)?.typeDie;
    if (value?.kind !== 'reference') return undefined;
    return value.global
      ? this.unit.directory.unitContaining(value.offset)?.die(value.offset)
      : this.unit.die(value.offset);
  }

  /** What this entry is an instance or the definition of. */
  get origin(): Die | undefined {
    return this.reference(AT.abstract_origin) ?? this.reference(AT.specification);
  }

  /** This entry, then what it is an instance or the definition of, and so on. */
  get chain(): readonly Die[] {
    const chain: Die[] = [];
    for (let die = this.origin; die && chain.length < MAX_CHAIN; die = die.origin) chain.push(die);
    return [this, ...chain];
  }

  /** An attribute that an instance inherits from its origin. */
  inherited<T>(read: (die: Die) => T | undefined): T | undefined {
    const own = read(this);
    if (own !== undefined || !(this.has(AT.abstract_origin) || this.has(AT.specification))) return own;
    for (const die of this.chain) {
      const value = read(die);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  get name(): string | undefined {
    return this.inherited((die) => die.string(AT.name));
  }

  get children(): readonly Die[] {
    return this.unit.childrenOf(this);
  }

  get parent(): Die | undefined {
    return this.unit.parentOf(this);
  }
}

export class Unit implements FormContext {
  readonly path: string;
  readonly version: number;
  readonly addressSize: number;
  readonly offsetSize: number;
  readonly start: number;
  readonly #dies = new Map<number, Die>();
  #table: AbbreviationTable | undefined;
  #tree: DieTree | undefined;
  #bases: ReadonlyMap<number, number> | undefined;

  /** `section` is .debug_info or .debug_types. */
  constructor(
    readonly header: UnitHeader,
    readonly section: '.debug_info' | '.debug_types',
    readonly directory: UnitDirectory,
  ) {
    this.path = directory.sections.elf.path;
    this.version = header.version;
    this.addressSize = header.addressSize;
    this.offsetSize = header.offsetSize;
    this.start = header.start;
  }

  get sections(): DebugSections {
    return this.directory.sections;
  }

  get bytes(): Uint8Array {
    return this.sections.bytes(this.section);
  }

  get abbreviations(): AbbreviationTable {
    this.#table ??= this.directory.abbreviations(this.header);
    return this.#table;
  }

  get tree(): DieTree {
    const { firstDie, end } = this.header;
    this.#tree ??= new DieTree(this.bytes, firstDie, end, this.abbreviations, this);
    return this.#tree;
  }

  get root(): Die {
    return this.die(this.header.firstDie);
  }

  /** Of type units. */
  get typeDie(): Die | undefined {
    return this.header.typeDie === undefined ? undefined : this.die(this.header.typeDie);
  }

  /** A relative one (reproducible builds: `-ffile-prefix-map=$PWD=.`) counts from the module's own folder. */
  get compilationFolder(): string {
    return joinPath(folderOf(this.path), this.namedFolder);
  }

  /** As it stands in the debug information. */
  get namedFolder(): string {
    return this.root.string(AT.comp_dir) ?? '';
  }

  get producer(): string {
    return this.root.string(AT.producer) ?? '';
  }

  get language(): number {
    return this.root.number(AT.language) ?? 0;
  }

  /** Names are qualified with `::` (C++, Rust, D). */
  get isScoped(): boolean {
    return SCOPED_LANGUAGES.has(this.language);
  }

  /** The entry at an offset of the section. UserError where none can be there. */
  die(offset: number): Die {
    const known = this.#dies.get(offset);
    if (known) return known;
    const { firstDie, end } = this.header;
    if (offset < firstDie || offset >= end) {
      throw badDebugInfo(this.path, `a reference to ${hex(offset)} leads out of its unit`);
    }
    const reader = this.sections.reader(this.section, offset, end);
    const abbreviation = this.abbreviations.get(reader.uleb());
    const values = abbreviation.forms.map((form, index) => readForm(reader, form, abbreviation.implicits[index], this));
    const die = new Die(this, offset, abbreviation, values);
    this.#dies.set(offset, die);
    return die;
  }

  dieByIndex(index: number): Die {
    return this.die(this.tree.offset(index));
  }

  /** Without reading the entry's values. */
  abbreviationAt(index: number): Abbreviation {
    return this.abbreviations.get(ulebAt(this.bytes, this.tree.offset(index)));
  }

  childrenOf(die: Die): readonly Die[] {
    if (!die.abbreviation.hasChildren) return [];
    const index = this.tree.indexOf(die.offset);
    return index < 0 ? [] : this.tree.children(index).map((child) => this.dieByIndex(child));
  }

  parentOf(die: Die): Die | undefined {
    const index = this.tree.indexOf(die.offset);
    const parent = index < 0 ? -1 : this.tree.parent(index);
    return parent < 0 ? undefined : this.dieByIndex(parent);
  }

  stringAt(section: '.debug_str' | '.debug_line_str', offset: number): string {
    return this.sections.string(section, offset);
  }

  indexedString(index: number): string {
    const base = this.base(AT.str_offsets_base) ?? (this.version >= 5 ? this.offsetSize * 2 : 0);
    const reader = this.sections.reader('.debug_str_offsets');
    reader.seek(base + index * this.offsetSize);
    return this.stringAt('.debug_str', reader.unsigned(this.offsetSize));
  }

  indexedAddress(index: number): number {
    const base = this.base(AT.addr_base) ?? this.base(AT.GNU_addr_base) ?? (this.version >= 5 ? 8 : 0);
    const reader = this.sections.reader('.debug_addr');
    reader.seek(base + index * this.addressSize);
    return reader.unsigned(this.addressSize);
  }

  /** A section offset of the unit's first entry, read without its other values: those may need it. */
  base(name: number): number | undefined {
    this.#bases ??= this.#readBases();
    return this.#bases.get(name);
  }

  #readBases(): ReadonlyMap<number, number> {
    const wanted = new Set<number>([
      AT.str_offsets_base,
      AT.addr_base,
      AT.GNU_addr_base,
      AT.rnglists_base,
      AT.loclists_base,
      AT.GNU_ranges_base,
    ]);
    const bases = new Map<number, number>();
    const bytes = this.bytes.subarray(0, this.header.end);
    let at = ulebEnd(bytes, this.header.firstDie);
    const { names, forms } = this.abbreviations.get(ulebAt(bytes, this.header.firstDie));
    names.forEach((name, index) => {
      const size = sizeOfForm(forms[index], this);
      if (wanted.has(name) && (size === 4 || size === 8)) {
        bases.set(name, this.sections.reader(this.section, at, this.header.end).unsigned(size));
      }
      at = stepOver(bytes, at, [size], this);
    });
    return bases;
  }
}
