// function-catalog.ts: functions by run-time address and by name, over all modules; one object per function.

import { rangesOf } from '../dwarf/address-ranges';
import { AT, TAG } from '../dwarf/dwarf-constants.table';
import { functionNamesMatch, qualifiedName } from '../dwarf/names';
import { lastPart } from '../types/qualified-name';
import { functionEntry, type FunctionEntry } from '../dwarf/functions';
import type { Die, Unit } from '../dwarf/unit';
import type { FunctionInfo } from '../program-symbols';
import type { ModuleSymbols } from './module-symbols';
import { DebugFunction, InlinedFunction, SymbolFunction } from './program-function';

export class FunctionCatalog {
  readonly #known = new Map<Die, DebugFunction>();

  clear(): void {
    this.#known.clear();
  }

  at(module: ModuleSymbols, pc: bigint): FunctionInfo | undefined {
    const link = module.toLink(pc);
    const entry = module.functionAt(link);
    if (entry) return this.#of(module, entry);
    const placed = module.symbols.placedAt(link);
    return placed?.isFunction === true ? new SymbolFunction(module, placed) : undefined;
  }

  /** With code of their own first, then where they were inlined; without debug information by symbol. */
  named(modules: readonly ModuleSymbols[], name: string): readonly FunctionInfo[] {
    const found = modules.flatMap((module) => module.attempt(() => this.#withDebugInfo(module, name), []));
    const lows = new Set(found.map(({ low }) => low));
    const bySymbol = modules.flatMap((module) =>
      module.symbols.functionsNamed(name).map((placed) => {
        const entry = module.functionAt(placed.low);
        return entry ? this.#of(module, entry) : new SymbolFunction(module, placed);
      }),
    );
    const all = [...found, ...bySymbol.filter(({ low }) => !lows.has(low))];
    return [...new Map(all.map((info) => [keyOf(info), info])).values()].sort(
      (left, right) => rank(left) - rank(right),
    );
  }

  /** Of those that have code, each once, by the alphabet. */
  names(modules: readonly ModuleSymbols[]): readonly string[] {
    const all = modules.flatMap((module) => {
      if (!module.hasDebugInfo) return [...module.symbols.functionNames];
      return module.attempt(() => [...module.index.all('function')].flatMap((die) => nameOf(module, die)), []);
    });
    return [...new Set(all)].sort();
  }

  #of(module: ModuleSymbols, entry: FunctionEntry): DebugFunction {
    let known = this.#known.get(entry.die);
    if (!known) this.#known.set(entry.die, (known = new DebugFunction(module, entry)));
    return known;
  }

  #withDebugInfo(module: ModuleSymbols, name: string): FunctionInfo[] {
    const dies = module.index
      .find(lastPart(name), 'function')
      .filter((die) => functionNamesMatch(name, qualifiedName(die) ?? ''));
    const found: FunctionInfo[] = [];
    for (const die of dies) {
      const entry = functionEntry(die, module.isCode);
      if (entry) found.push(this.#of(module, entry));
      found.push(...inlinedCopies(module, die));
    }
    return found;
  }
}

const nameOf = (module: ModuleSymbols, die: Die): readonly string[] => {
  const name = functionEntry(die, module.isCode) === undefined ? undefined : qualifiedName(die);
  return name === undefined ? [] : [name];
};

/** Where the compiler put copies of an inlined function. */
function inlinedCopies(module: ModuleSymbols, origin: Die): InlinedFunction[] {
  // Link-time optimization leaves the origins in units without code, and puts the copies into others.
  const isElsewhere = rangesOf(origin.unit.root).length === 0;
  if (!isElsewhere && !origin.has(AT.inline)) return [];
  const units = isElsewhere ? module.info.units : [origin.unit];
  return units.flatMap((unit) => module.attempt(() => copiesIn(module, unit, origin), []));
}

function copiesIn(module: ModuleSymbols, unit: Unit, origin: Die): InlinedFunction[] {
  const copies: InlinedFunction[] = [];
  for (let index = 0; index < unit.tree.count; index++) {
    if (unit.tree.tag(index) !== TAG.inlined_subroutine) continue;
    const die = unit.dieByIndex(index);
    if (!die.chain.includes(origin)) continue;
    const ranges = rangesOf(die).filter(({ low }) => module.isCode(low));
    if (ranges.length > 0) copies.push(new InlinedFunction(module, die, ranges));
  }
  return copies;
}

/** The same copy may be found through several origins. */
const keyOf = (info: FunctionInfo): unknown => (info instanceof InlinedFunction ? info.die : info);

const rank = (info: FunctionInfo): number =>
  info instanceof DebugFunction ? 0 : info instanceof SymbolFunction ? 1 : 2;
