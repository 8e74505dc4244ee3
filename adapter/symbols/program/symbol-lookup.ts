// symbol-lookup.ts: .symtab and .dynsym of one image, by address and by name. Link-time addresses.
//
// Of several names for one place the plainest wins: global before local, fewest underscores in front.

import type { ElfFile } from '../elf/elf-file';
import type { ElfSymbol } from '../elf/symbol-table';
import { SHN } from '../elf/elf-constants.table';
import { UserError } from '../../util/user-error';

export interface PlacedSymbol {
  readonly name: string;
  readonly low: number;
  /** Of a symbol without size: where the next one starts. */
  readonly high: number;
  readonly isFunction: boolean;
  readonly symbol: ElfSymbol;
}

export class SymbolLookup {
  readonly #placed: readonly PlacedSymbol[];
  readonly #data: ReadonlyMap<string, readonly ElfSymbol[]>;
  readonly #functions: ReadonlyMap<string, readonly PlacedSymbol[]>;

  constructor(elf: ElfFile, isCode: (address: number) => boolean) {
    const symbols = readSymbols(elf);
    this.#placed = place(symbols, isCode);
    const functions = new Map<string, PlacedSymbol[]>();
    for (const { name, symbol } of symbols) {
      if (!isFunction(symbol)) continue;
      const at = this.placedAt(symbol.value);
      if (at && at.low === symbol.value) add(functions, name, { ...at, name, symbol });
    }
    this.#functions = functions;
    const data = new Map<string, ElfSymbol[]>();
    for (const { name, symbol } of symbols) if (isData(symbol)) add(data, name, { ...symbol, name });
    this.#data = data;
  }

  /** The symbol whose bytes hold the address. */
  placedAt(address: number): PlacedSymbol | undefined {
    let low = 0;
    let high = this.#placed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#placed[middle].low <= address) low = middle + 1;
      else high = middle;
    }
    const found = low > 0 ? this.#placed[low - 1] : undefined;
    return found && address < found.high ? found : undefined;
  }

  functionsNamed(name: string): readonly PlacedSymbol[] {
    return this.#functions.get(name) ?? [];
  }

  dataNamed(name: string): readonly ElfSymbol[] {
    return this.#data.get(name) ?? [];
  }

  get functionNames(): Iterable<string> {
    return this.#functions.keys();
  }

  get dataNames(): Iterable<string> {
    return this.#data.keys();
  }
}

interface NamedSymbol {
  /** Without its version (`stdout@GLIBC_2.2.5`). */
  readonly name: string;
  readonly symbol: ElfSymbol;
}

function readSymbols(elf: ElfFile): NamedSymbol[] {
  try {
    return elf
      .symbols()
      .filter(({ defined, name }) => defined && name !== '')
      .map((symbol) => ({ name: symbol.name.replace(/@.*$/, ''), symbol }));
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

const isFunction = ({ type }: ElfSymbol): boolean => type === 'function' || type === 'indirectFunction';
const isData = ({ type, sectionIndex }: ElfSymbol): boolean =>
  type === 'tls' || (type === 'object' && sectionIndex !== SHN.ABS);

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function place(symbols: readonly NamedSymbol[], isCode: (address: number) => boolean): PlacedSymbol[] {
  const wanted = symbols.filter(
    ({ symbol }) =>
      (isFunction(symbol) || symbol.type === 'object' || (symbol.type === 'none' && isCode(symbol.value))) &&
      symbol.sectionIndex !== SHN.ABS,
  );
  wanted.sort((left, right) => left.symbol.value - right.symbol.value || plainness(left) - plainness(right));
  const best = wanted.filter(({ symbol }, index) => index === 0 || wanted[index - 1].symbol.value !== symbol.value);
  return best.map(({ name, symbol }, index) => {
    const next = index + 1 < best.length ? best[index + 1].symbol.value : symbol.value + 1;
    const high = symbol.sizeBytes > 0 ? symbol.value + symbol.sizeBytes : next;
    return { name, symbol, low: symbol.value, high, isFunction: isFunction(symbol) || isCode(symbol.value) };
  });
}

/** Smaller is plainer. */
function plainness({ name, symbol }: NamedSymbol): number {
  const typed = symbol.type === 'none' ? 1000 : 0;
  const sized = symbol.sizeBytes === 0 ? 500 : 0;
  const local = symbol.binding === 'local' ? 100 : 0;
  return typed + sized + local + (/^_*/.exec(name)?.[0].length ?? 0);
}
