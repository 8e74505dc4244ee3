// program-symbols.ts: the symbols of the processes of an emulated kernel, read from the host's files when asked for.
//
// One set for each address space; read anew after a module was mapped or unmapped (`changed`).

import * as fs from 'node:fs';
import type { MemoryMap } from '../kernel/mm/memory-map';
import type { Process, Task } from '../kernel/process/task';
import { Program } from '../symbols/program/program';
import type { FrameRegisters, MemoryReader } from '../symbols/program-symbols';
import { loadedModules } from '../target/emulated/modules';
import { EmulatedRegisters } from '../target/emulated/thread-registers';
import { UserError } from '../util/user-error';

const RIP = 16;

export class KernelSymbols {
  private readonly known = new WeakMap<MemoryMap, { program: Program; modules: string }>();
  private readonly stale = new WeakSet<MemoryMap>();

  /** The process has mapped or unmapped files. */
  changed(process: Process): void {
    this.stale.add(process.memory);
  }

  of(process: Process): Program {
    const known = this.known.get(process.memory);
    if (known !== undefined && !this.stale.has(process.memory)) return known.program;
    this.stale.delete(process.memory);
    const modules = loadedModules(process).filter(({ path }) => path.startsWith('/'));
    const identity = modules.map(({ path, bias }) => `${path}@${bias}`).join('\n');
    if (known?.modules === identity) return known.program;
    const program = new Program(readDebugFile);
    for (const { path, bias, isMain } of modules) addModule(program, path, bias, isMain);
    this.known.set(process.memory, { program, modules: identity });
    return program;
  }
}

function readDebugFile(path: string): Uint8Array | undefined {
  return fs.existsSync(path) ? fs.readFileSync(path) : undefined;
}

/** A module that cannot be read or understood has no symbols. */
function addModule(program: Program, path: string, bias: bigint, isMain: boolean): void {
  try {
    program.addModule(path, fs.readFileSync(path), bias, isMain);
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof Error && 'code' in error)) throw error;
  }
}

/** The process's memory as symbols and expressions read it. */
export function memoryOf(process: Process): MemoryReader {
  return {
    read: (address, lengthBytes) => {
      const { memory } = process;
      const there = memory.mappedBytes(Number(address), lengthBytes);
      return there === 0 ? new Uint8Array(0) : memory.space.read(address, there);
    },
  };
}

/** General registers and rip of a task, by DWARF number. */
export function registersOf(task: Task): FrameRegisters {
  const registers = new EmulatedRegisters(task, () => undefined);
  return (number) => (number >= 0 && number <= RIP ? registers.read(number) : undefined);
}
