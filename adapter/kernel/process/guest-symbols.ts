// guest-symbols.ts: the symbol table of the emulated world: the names in the ELF files that the first process has mapped.
//
// What /proc/kallsyms is to Linux's symbol tracer. Files are read when they are first asked for; what was known stays
// known when the process ends, for traces are read afterwards.

import type { KsymSymbols } from '../clients/ksym/ksym-text';
import { ErrnoError } from '../abi/errno.table';
import { O_RDONLY, PROT_EXEC } from '../abi/file-constants';
import type { ElfSymbol } from '../../symbols/elf/symbol-table';
import { parseElf } from '../../symbols/elf/elf-file';
import { PT } from '../../symbols/elf/elf-constants.table';
import { hex } from '../../util/hex';
import { UserError } from '../../util/user-error';
import type { KernelContext } from './kernel-context';
import { baseName } from '../../util/base-name';

interface SymbolModule {
  /** undefined: the program itself. */
  readonly name: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly bias: number;
  /** In order of address. */
  readonly symbols: readonly ElfSymbol[];
}

const PAGE = 4096;

export class GuestSymbols implements KsymSymbols {
  private modules: readonly SymbolModule[] = [];
  private readonly files = new Map<string, ElfFacts>();

  constructor(private readonly kernel: KernelContext) {}

  addressOf(name: string): bigint | undefined {
    this.update();
    for (const { bias, symbols } of this.modules) {
      const found = symbols.find((symbol) => symbol.name === name);
      if (found !== undefined) return BigInt(bias + found.value);
    }
    return undefined;
  }

  /** `symbol+0xOFF/0xSIZE`, with ` [libc.so.6]` for what is not the program's own; 0 is the kernel itself. */
  describe(address: bigint): string {
    if (address === 0n) return '[kernel]';
    const module = this.moduleAt(Number(address));
    if (module === undefined) return hex(address);
    const link = Number(address) - module.bias;
    const symbol = symbolAt(module.symbols, link);
    if (symbol === undefined) return hex(address);
    const place = `${symbol.name}+${hex(link - symbol.value)}/${hex(symbol.sizeBytes)}`;
    return module.name === undefined ? place : `${place} [${module.name}]`;
  }

  /** All names, for suggestions. */
  names(): readonly string[] {
    this.update();
    return this.modules.flatMap(({ symbols }) => symbols.map(({ name }) => name));
  }

  /** To be called while the task stands: so that the address can still be described when its process is gone. */
  note(address: bigint): void {
    if (address !== 0n) this.moduleAt(Number(address));
  }

  private moduleAt(address: number): SymbolModule | undefined {
    const find = (): SymbolModule | undefined =>
      this.modules.find(({ start, end }) => address >= start && address < end);
    const known = find();
    if (known !== undefined) return known;
    this.update();
    return find();
  }

  private update(): void {
    const process = this.kernel.init;
    if (process === undefined || process.isZombie) return;
    const ranges = new Map<string, { start: number; end: number; code: boolean }>();
    for (const vma of process.memory.vmas.all()) {
      if (vma.file === undefined) continue;
      const range = ranges.get(vma.file.path);
      const code = (vma.prot & PROT_EXEC) !== 0;
      if (range === undefined) ranges.set(vma.file.path, { start: vma.start, end: vma.end, code });
      else Object.assign(range, { end: vma.end, code: range.code || code });
    }
    const modules: SymbolModule[] = [];
    for (const [path, { start, end, code }] of ranges) {
      const facts = code ? this.factsOf(path) : undefined;
      if (facts === undefined) continue;
      const isMain = path === process.executable;
      const name = isMain ? undefined : baseName(path);
      const bias = isMain ? process.bias : start - facts.firstPage;
      modules.push({ name, start, end: Math.max(end, bias + facts.end), bias, symbols: facts.symbols });
    }
    modules.sort((a, b) => Number(a.name !== undefined) - Number(b.name !== undefined));
    if (modules.length > 0) this.modules = modules;
  }

  private factsOf(path: string): ElfFacts | undefined {
    const known = this.files.get(path);
    if (known !== undefined) return known;
    const facts = readFacts(this.kernel, path);
    if (facts !== undefined) this.files.set(path, facts);
    return facts;
  }
}

interface ElfFacts {
  readonly symbols: readonly ElfSymbol[];
  /** Link-time address of the first page, and of the end. */
  readonly firstPage: number;
  readonly end: number;
}

/** undefined: no ELF file, or one that cannot be read. */
function readFacts(kernel: KernelContext, path: string): ElfFacts | undefined {
  try {
    const file = kernel.host.files.open(path, O_RDONLY, 0);
    try {
      const elf = parseElf(path, file.read(0, Number(file.stat().sizeBytes)));
      const loads = elf.programHeaders.filter(({ type }) => type === PT.LOAD);
      const first = Math.min(...loads.map(({ virtualAddress }) => virtualAddress));
      const end = Math.max(...loads.map(({ virtualAddress, memorySizeBytes }) => virtualAddress + memorySizeBytes));
      return { symbols: usable(elf.symbols()), firstPage: first - (first % PAGE), end };
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof ErrnoError || error instanceof UserError) return undefined;
    throw error;
  }
}

/** Defined code and data by address; of several names for one place the plainest first. */
function usable(symbols: readonly ElfSymbol[]): readonly ElfSymbol[] {
  return symbols
    .filter(({ defined, name, type }) => defined && name !== '' && (type === 'object' || type === 'function'))
    .map((symbol) => ({ ...symbol, name: symbol.name.replace(/@.*$/, '') }))
    .sort((a, b) => a.value - b.value || a.name.length - b.name.length);
}

function symbolAt(symbols: readonly ElfSymbol[], link: number): ElfSymbol | undefined {
  return symbols.find(({ value, sizeBytes }) => link >= value && link < value + Math.max(1, sizeBytes));
}
