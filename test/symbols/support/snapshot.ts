// snapshot.ts: a stopped process as gdb saw it, and our symbols over the same registers, memory and modules.

import * as zlib from 'node:zlib';
import { createProgramSymbols } from '../../../adapter/symbols/load-symbols';
import { parseElf } from '../../../adapter/symbols/elf/elf-file';
import { PT } from '../../../adapter/symbols/elf/elf-constants.table';
import type { FrameRegisters, MemoryReader, ProgramSymbols } from '../../../adapter/symbols/program-symbols';
import { bytesOf, gdbFacts } from './programs';

export interface GdbVariable {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly lost?: boolean;
  readonly why?: string;
  readonly address?: string;
  readonly value?: string;
  readonly float?: number;
}

export interface GdbFrame {
  readonly pc: string;
  readonly function: string | null;
  readonly path: string | null;
  readonly line: number;
  readonly inlined: boolean;
  readonly rsp: string;
  readonly variables: readonly GdbVariable[];
}

export interface Snapshot {
  readonly registers: readonly string[];
  readonly vectors: readonly string[];
  readonly fsBase: string;
  readonly memory: readonly { readonly address: string; readonly bytes: string }[];
  readonly modules: readonly { readonly path: string; readonly base: string }[];
  /** Decimal, or gdb's reason. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly frames: readonly GdbFrame[];
}

/** Runs the program under gdb up to the places, `limit` times in all; `names` are asked for their addresses. */
export function snapshotsOf(
  program: string,
  places: readonly string[],
  limit: number,
  names: readonly string[] = [],
): readonly Snapshot[] {
  return gdbFacts(program, { stops: places, limit, addresses: names }).stops as readonly Snapshot[];
}

/** gdb's order of registers → DWARF numbers. */
export function registersOf(snapshot: Snapshot): FrameRegisters {
  // rax rdx rcx rbx rsi rdi rbp rsp r8…r15 rip are DWARF's 0…16 in this order.
  return (dwarfNumber) => {
    const text = dwarfNumber < 17 ? snapshot.registers[dwarfNumber] : snapshot.vectors.at(dwarfNumber - 17);
    return text === undefined || dwarfNumber > 32 ? undefined : BigInt(text);
  };
}

export function memoryOf(snapshot: Snapshot): MemoryReader {
  const regions = snapshot.memory.map(({ address, bytes }) => ({
    address: BigInt(address),
    bytes: new Uint8Array(zlib.inflateSync(Buffer.from(bytes, 'base64'))),
  }));
  return {
    read: (address, lengthBytes) => {
      const region = regions.find(({ address: low, bytes }) => address >= low && address < low + BigInt(bytes.length));
      if (!region) return new Uint8Array();
      const start = Number(address - region.address);
      return region.bytes.slice(start, start + lengthBytes);
    },
  };
}

export function symbolsOf(snapshot: Snapshot, program: string): ProgramSymbols {
  const symbols = createProgramSymbols();
  for (const { path, base } of snapshot.modules) {
    const bytes = bytesOf(path);
    const loaded = parseElf(path, bytes).programHeaders.filter(({ type }) => type === PT.LOAD);
    const low = Math.min(...loaded.map(({ virtualAddress }) => virtualAddress - (virtualAddress % 4096)));
    symbols.addModule(path, bytes, BigInt(base) - BigInt(low), path === program);
  }
  return symbols;
}
