// program-lines.ts: from a source line to the addresses where a breakpoint on it goes.
//
// 1. The line, or the next one in the file that has code.
// 2. Of its statements, per block (lexical or inlined) the first: the line's later pieces are the same visit. Code that
//    was moved away as unlikely counts only where the block has no other.
// 3. One that lies in a function's prologue moves behind it.
// Truth: gdb's `break file:line`, which the tests compare.

import type { FunctionEntry } from '../dwarf/functions';
import { chainAt } from '../dwarf/scopes';
import { matchingPaths } from '../dwarf/source-path';
import type { LineRow } from '../dwarf/line-program';
import type { ModuleSymbols } from './module-symbols';
import { afterPrologue } from './prologue';

export interface LineAddresses {
  readonly line: number;
  /** Run-time, sorted. */
  readonly addresses: readonly bigint[];
}

interface Row {
  readonly module: ModuleSymbols;
  readonly row: LineRow;
}

export function addressesOfLine(modules: readonly ModuleSymbols[], path: string, line: number): LineAddresses {
  const rows = modules.flatMap((module) => rowsOfPath(module, path));
  const found = rows.reduce((best, { row }) => (row.line >= line && row.line < best ? row.line : best), Infinity);
  if (!Number.isFinite(found)) return { line, addresses: [] };
  const addresses = new Set<bigint>();
  for (const module of modules) {
    const wanted = rows.filter((entry) => entry.module === module && entry.row.line === found);
    for (const address of addressesIn(module, wanted)) addresses.add(address);
  }
  return { line: found, addresses: [...addresses].sort((left, right) => (left < right ? -1 : 1)) };
}

function rowsOfPath(module: ModuleSymbols, path: string): Row[] {
  const paths = new Set(matchingPaths(path, module.unitsByPath.keys()));
  const units = new Set([...paths].flatMap((known) => module.unitsByPath.get(known) ?? []));
  return [...units].flatMap((unit) => {
    const lines = module.linesOf(unit);
    return lines ? [...lines.statements((file) => paths.has(file))].map((row) => ({ module, row })) : [];
  });
}

function addressesIn(module: ModuleSymbols, rows: readonly Row[]): bigint[] {
  const blocks = new Set<unknown>();
  const addresses: bigint[] = [];
  const placed = rows.map(({ row: { address } }) => ({ address, entry: module.functionAt(address) }));
  const rank = ({ address, entry }: (typeof placed)[number]): number =>
    entry && !isInEntryRange(entry, address) ? 1 : 0;
  placed.sort((left, right) => rank(left) - rank(right) || left.address - right.address);
  for (const { address, entry } of placed) {
    // Code outside of every function is a block of its own, per address.
    const block = entry ? module.attempt(() => chainAt(module.scopesOf(entry), address).at(-1), undefined) : address;
    if (blocks.has(block)) continue;
    blocks.add(block);
    addresses.push(module.toRunTime(entry ? behindPrologue(module, entry, address) : address));
  }
  return addresses;
}

/** Compilers move unlikely code out of the function's main range; the line's likely code is what is meant. */
const isInEntryRange = ({ ranges }: FunctionEntry, address: number): boolean =>
  address >= ranges[0].low && address < ranges[0].high;

function behindPrologue(module: ModuleSymbols, entry: FunctionEntry, address: number): number {
  if (!isInEntryRange(entry, address)) return address;
  return Math.max(
    address,
    module.attempt(() => afterPrologue(module, entry), entry.ranges[0].low),
  );
}
