// function-catalog.ts: functions by run-time address and by name, over all modules; one object per function.

import { inlinedIn } from '../dwarf/scopes';
import { lastPart, namesMatch, qualifiedName } from '../dwarf/names';
import type { FunctionEntry } from '../dwarf/functions';
import type { Die } from '../dwarf/unit';
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
    return [...new Set(all)].sort((left, right) => rank(left) - rank(right));
  }

  #of(module: ModuleSymbols, entry: FunctionEntry): DebugFunction {
    let known = this.#known.get(entry.die);
    if (!known) this.#known.set(entry.die, (known = new DebugFunction(module, entry)));
    return known;
  }

  #withDebugInfo(module: ModuleSymbols, name: string): FunctionInfo[] {
    const dies = module.index
      .find(lastPart(name), 'function')
      .filter((die) => namesMatch(name, qualifiedName(die) ?? ''));
    const found: FunctionInfo[] = [];
    for (const unit of new Set(dies.map((die) => die.unit))) {
      const origins = new Set(dies.flatMap((die) => (die.unit === unit ? die.chain : [])));
      for (const entry of module.functionsOf(unit).all) {
        if (entry.die.chain.some((die) => origins.has(die))) found.push(this.#of(module, entry));
        for (const scope of inlinedIn(module.scopesOf(entry))) {
          if (scope.ranges.length > 0 && scope.die.chain.some((die) => origins.has(die))) {
            found.push(new InlinedFunction(module, scope));
          }
        }
      }
    }
    return found;
  }
}

const rank = (info: FunctionInfo): number =>
  info instanceof DebugFunction ? 0 : info instanceof SymbolFunction ? 1 : 2;
