// program-function.ts: functions as the floors above see them: from debug information, or from the symbol table.
//
// One object per function of a module; what is costly (prologue, declaration) is found when asked for.

import type { AddressRange } from '../dwarf/address-ranges';
import { AT } from '../dwarf/dwarf-constants.table';
import type { FunctionEntry } from '../dwarf/functions';
import { qualifiedName } from '../dwarf/names';
import type { Die } from '../dwarf/unit';
import { demangled } from '../elf/demangle';
import { isAggregate, sizeOf } from '../types/strip';
import type { FunctionInfo, SourceLocation, TypeInfo } from '../program-symbols';
import type { ModuleSymbols } from './module-symbols';
import { afterPrologue, skipFrameSetup } from './prologue';
import type { PlacedSymbol } from './symbol-lookup';

/** Where an entry was declared, by its own or its origin's attributes. */
export function declarationOf(module: ModuleSymbols, die: Die): SourceLocation | undefined {
  const line = die.inherited((entry) => entry.number(AT.decl_line));
  const path = die.inherited((entry) => {
    const file = entry.number(AT.decl_file);
    return file === undefined ? undefined : module.linesOf(entry.unit)?.path(file);
  });
  if (line === undefined || path === undefined) return undefined;
  return { path, line, column: die.inherited((entry) => entry.number(AT.decl_column)) ?? 0 };
}

export class DebugFunction implements FunctionInfo {
  readonly hasDebugInfo = true;
  readonly name: string;
  readonly low: bigint;
  readonly high: bigint;
  #afterPrologue: bigint | undefined;

  constructor(
    readonly module: ModuleSymbols,
    readonly entry: FunctionEntry,
  ) {
    const { low, high } = entry.ranges[0];
    this.name = qualifiedName(entry.die) ?? module.symbols.placedAt(low)?.name ?? '<unnamed function>';
    this.low = module.toRunTime(low);
    this.high = module.toRunTime(high);
  }

  get linkageName(): string | undefined {
    return this.entry.die.inherited((die) => die.string(AT.linkage_name) ?? die.string(AT.MIPS_linkage_name));
  }

  get afterPrologue(): bigint {
    const fallback = this.entry.ranges[0].low;
    this.#afterPrologue ??= this.module.toRunTime(
      this.module.attempt(() => afterPrologue(this.module, this.entry), fallback),
    );
    return this.#afterPrologue;
  }

  get declaration(): SourceLocation | undefined {
    return this.module.attempt(() => declarationOf(this.module, this.entry.die), undefined);
  }

  get result(): TypeInfo | undefined {
    const { die } = this.entry;
    const type = this.module.types.ofAttribute(die);
    const isSmall = isAggregate(type) && sizeOf(type) <= MOST_IN_REGISTERS;
    return isSmall && die.unit.isScoped ? undefined : type;
  }
}

/** Wider results lie in memory in each of the languages. */
const MOST_IN_REGISTERS = 16;

/** A function at one place where it was inlined: begins where its code does there. */
export class InlinedFunction implements FunctionInfo {
  readonly hasDebugInfo = true;
  readonly name: string;
  readonly low: bigint;
  readonly high: bigint;

  constructor(
    readonly module: ModuleSymbols,
    readonly die: Die,
    private readonly ranges: readonly AddressRange[],
  ) {
    const entry = die.address(AT.entry_pc) ?? ranges.at(0)?.low ?? 0;
    const piece = ranges.find(({ low, high }) => entry >= low && entry < high) ?? { low: entry, high: entry };
    this.name = qualifiedName(die) ?? '<unnamed function>';
    this.low = module.toRunTime(entry);
    this.high = module.toRunTime(piece.high);
  }

  get afterPrologue(): bigint {
    return this.low;
  }

  get pieces(): NonNullable<FunctionInfo['pieces']> {
    const { module } = this;
    return this.ranges.map(({ low, high }) => ({ low: module.toRunTime(low), high: module.toRunTime(high) }));
  }

  get declaration(): SourceLocation | undefined {
    return this.module.attempt(() => declarationOf(this.module, this.die), undefined);
  }
}

/** Without debug information: a name and a place. */
export class SymbolFunction implements FunctionInfo {
  readonly hasDebugInfo = false;
  readonly name: string;
  readonly low: bigint;
  readonly high: bigint;

  constructor(
    readonly module: ModuleSymbols,
    readonly placed: PlacedSymbol,
  ) {
    this.name = demangled(placed.name);
    this.low = module.toRunTime(placed.low);
    this.high = module.toRunTime(placed.high);
  }

  get linkageName(): string {
    return this.placed.name;
  }

  get afterPrologue(): bigint {
    return this.module.toRunTime(skipFrameSetup(this.module, this.placed.low, this.placed.high));
  }
}
