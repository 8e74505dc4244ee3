// module-symbols.ts: everything known of one loaded image, by link-time address; each part is read when first asked for.
//
// Owns the image's ELF file, units, line tables, functions, symbols and frame information. Run-time addresses are
// bigint and become link-time numbers here (`toLink`), and nowhere else.

import { UserError } from '../../util/user-error';
import { rangesOf, type AddressRange } from '../dwarf/address-ranges';
import { DebugInfo } from '../dwarf/debug-info';
import { DebugSections } from '../dwarf/debug-sections';
import { AT } from '../dwarf/dwarf-constants.table';
import { DwarfTypes } from '../dwarf/dwarf-types';
import { UnitFunctions, type FunctionEntry } from '../dwarf/functions';
import { LineTable } from '../dwarf/line-table';
import { NameIndex } from '../dwarf/name-index';
import { scopesOf, type Scope } from '../dwarf/scopes';
import type { Die, Unit } from '../dwarf/unit';
import { isExecutable } from '../elf/program-headers';
import { PT } from '../elf/elf-constants.table';
import type { ElfFile } from '../elf/elf-file';
import { CfiTable } from '../unwind/cfi-table';
import { SymbolLookup } from './symbol-lookup';

/** An image in memory. */
export interface ModuleImage {
  readonly elf: ElfFile;
  /** The file with its debug information and symbols, where that is another. */
  readonly debugElf?: ElfFile | undefined;
  readonly bias: bigint;
  readonly isMain: boolean;
}

export class ModuleSymbols {
  readonly info: DebugInfo;
  readonly index: NameIndex;
  readonly types: DwarfTypes;
  readonly cfi: CfiTable;
  /** Lowest and highest link-time address that is loaded. */
  readonly #low: number;
  readonly #high: number;
  readonly #code: readonly { readonly low: number; readonly high: number }[];
  readonly #sections: DebugSections;
  readonly #lines = new Map<Unit, LineTable | undefined>();
  readonly #functions = new Map<Unit, UnitFunctions>();
  readonly #scopes = new Map<Die, Scope>();
  #symbols: SymbolLookup | undefined;
  #unitRanges: readonly { readonly low: number; readonly high: number; readonly unit: Unit }[] | undefined;
  #unitsByPath: ReadonlyMap<string, readonly Unit[]> | undefined;

  readonly path: string;
  readonly bias: bigint;
  readonly isMain: boolean;
  readonly elf: ElfFile;
  readonly #debugElf: ElfFile;

  /** `completeElsewhere` finds a type's full definition in other modules. */
  constructor(
    { elf, debugElf, bias, isMain }: ModuleImage,
    completeElsewhere: (name: string, tag: number, asking: ModuleSymbols) => Die | undefined,
  ) {
    this.path = elf.path;
    this.bias = bias;
    this.isMain = isMain;
    this.elf = elf;
    this.#debugElf = debugElf ?? elf;
    const loaded = elf.programHeaders.filter(({ type }) => type === PT.LOAD);
    const range = (segment: (typeof loaded)[number]): { readonly low: number; readonly high: number } => ({
      low: segment.virtualAddress,
      high: segment.virtualAddress + segment.memorySizeBytes,
    });
    this.#low = Math.min(...loaded.map((segment) => range(segment).low));
    this.#high = Math.max(...loaded.map((segment) => range(segment).high));
    this.#code = loaded.filter(isExecutable).map(range);
    this.#sections = new DebugSections(this.#debugElf);
    this.info = new DebugInfo(this.#sections);
    this.index = new NameIndex(this.info.units, this.#sections.problems);
    this.types = new DwarfTypes((name, tag) => this.definitionOf(name, tag) ?? completeElsewhere(name, tag, this));
    this.cfi = new CfiTable(elf);
  }

  get hasDebugInfo(): boolean {
    return this.info.units.length > 0;
  }

  /** What could not be read of the debug information, as sentences. */
  get problems(): readonly string[] {
    return this.#sections.problems;
  }

  toLink(address: bigint): number {
    return Number(address - this.bias);
  }

  toRunTime(address: number): bigint {
    return BigInt.asUintN(64, BigInt(address) + this.bias);
  }

  contains(address: bigint): boolean {
    const link = this.toLink(address);
    return link >= this.#low && link < this.#high;
  }

  readonly isCode = (link: number): boolean => this.#code.some(({ low, high }) => link >= low && link < high);

  get symbols(): SymbolLookup {
    this.#symbols ??= new SymbolLookup(this.#debugElf, this.isCode);
    return this.#symbols;
  }

  /** The unit whose code holds the address. */
  unitAt(link: number): Unit | undefined {
    this.#unitRanges ??= this.#listRanges();
    const ranges = this.#unitRanges;
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[middle].low <= link) low = middle + 1;
      else high = middle;
    }
    // Ranges of units may overlap a little in odd links; look back over a few.
    for (let index = low - 1; index >= 0 && index >= low - 8; index--) {
      if (link < ranges[index].high) return ranges[index].unit;
    }
    return undefined;
  }

  functionAt(link: number): FunctionEntry | undefined {
    const unit = this.unitAt(link);
    return unit && this.attempt(() => this.functionsOf(unit).at(link), undefined);
  }

  functionsOf(unit: Unit): UnitFunctions {
    let functions = this.#functions.get(unit);
    if (!functions) this.#functions.set(unit, (functions = new UnitFunctions(unit, this.isCode)));
    return functions;
  }

  scopesOf(entry: FunctionEntry): Scope {
    let scope = this.#scopes.get(entry.die);
    if (!scope) this.#scopes.set(entry.die, (scope = scopesOf(entry.die, entry.ranges)));
    return scope;
  }

  /** Undefined where the table is damaged. */
  linesOf(unit: Unit): LineTable | undefined {
    if (!this.#lines.has(unit)) {
      this.#lines.set(
        unit,
        this.attempt(() => new LineTable(unit, this.isCode), undefined),
      );
    }
    return this.#lines.get(unit);
  }

  /** Units by the source files that their line tables name. */
  get unitsByPath(): ReadonlyMap<string, readonly Unit[]> {
    this.#unitsByPath ??= this.#listPaths();
    return this.#unitsByPath;
  }

  /** The full definition of a type. */
  definitionOf(name: string, tag: number): Die | undefined {
    return this.index.find(name, 'type').find((die) => die.tag === tag && !die.flag(AT.declaration));
  }

  /** `fallback` where the debug information is damaged; the reason is kept. */
  attempt<T>(action: () => T, fallback: T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!this.#sections.problems.includes(error.message)) this.#sections.problems.push(error.message);
      return fallback;
    }
  }

  #listRanges(): readonly { readonly low: number; readonly high: number; readonly unit: Unit }[] {
    const ranges = this.info.units.flatMap((unit) =>
      this.attempt(() => this.#rangesOfUnit(unit), []).map(({ low, high }) => ({ low, high, unit })),
    );
    return ranges.filter(({ low }) => this.isCode(low)).sort((left, right) => left.low - right.low);
  }

  /** DWARF 2 cannot say that a unit's code is in several places; then its functions do. */
  #rangesOfUnit(unit: Unit): readonly AddressRange[] {
    if (unit.header.kind === 'type') return [];
    const own = rangesOf(unit.root);
    if (own.length > 0 || unit.root.has(AT.low_pc) || !unit.root.has(AT.stmt_list)) return own;
    return this.functionsOf(unit).all.flatMap((entry) => entry.ranges);
  }

  #listPaths(): ReadonlyMap<string, readonly Unit[]> {
    const byPath = new Map<string, Unit[]>();
    for (const unit of this.info.units) {
      if (unit.header.kind === 'type') continue;
      for (const path of new Set(this.linesOf(unit)?.files ?? [])) {
        // Compilers name their own sources `<built-in>`, `<artificial>`.
        if (path === undefined || path.endsWith('>')) continue;
        const units = byPath.get(path);
        if (units) units.push(unit);
        else byPath.set(path, [unit]);
      }
    }
    return byPath;
  }
}
