// program.ts: tiny static programs for the machine's own tests: compiled by gcc, loaded by hand, two system calls.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { preferHotPaths } from '../../../adapter/host/engine-flags';
import { createMachine } from '../../../adapter/machine/create-machine';
import type { DebugRegisters } from '../../../adapter/machine/debug-registers';
import type { AddressSpace, Exit, MachineOptions, RegisterFile } from '../../../adapter/machine/machine';

preferHotPaths();

const PT_LOAD = 1;
const PAGE = 4096n;
const STACK_TOP = 0x1ff0_0000n;
const STACK_BYTES = 8 << 20;

/** Compiles once per text and flags; the binary stays in the temporary directory. */
export function compile(source: string, suffix: '.c' | '.cpp' | '.s' | '.S', flags: readonly string[]): string {
  const key = createHash('sha256')
    .update(JSON.stringify([source, suffix, flags]))
    .digest('hex')
    .slice(0, 20);
  const output = path.join(os.tmpdir(), `trapline-machine-${key}`);
  if (fs.existsSync(output)) return output;
  const input = `${output}${suffix}`;
  fs.writeFileSync(input, source);
  execFileSync('gcc', [...flags, '-o', `${output}.tmp`, input]);
  fs.renameSync(`${output}.tmp`, output);
  return output;
}

const FREESTANDING = ['-nostdlib', '-static', '-no-pie', '-ffreestanding', '-fno-stack-protector'];

/** Assembly with `_start`; symbols are absolute. */
export function assemble(text: string): string {
  return compile(`.intel_syntax noprefix\n.globl _start\n${text}\n`, '.s', FREESTANDING);
}

export interface LoadedProgram {
  readonly space: AddressSpace;
  readonly registers: RegisterFile;
  readonly debug: DebugRegisters;
  readonly symbols: ReadonlyMap<string, bigint>;
  output: string;
}

export interface Elf {
  readonly entry: bigint;
  readonly segments: readonly { address: bigint; bytes: Uint8Array; memoryBytes: bigint; flags: number }[];
  readonly symbols: ReadonlyMap<string, bigint>;
}

export function readElf(file: string): Elf {
  const bytes = fs.readFileSync(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u64 = (at: number): bigint => view.getBigUint64(at, true);
  const headers = Number(u64(32));
  const segments = Array.from({ length: view.getUint16(56, true) }, (_, n) => headers + n * 56)
    .filter((at) => view.getUint32(at, true) === PT_LOAD)
    .map((at) => {
      const offset = Number(u64(at + 8));
      return {
        address: u64(at + 16),
        bytes: bytes.subarray(offset, offset + Number(u64(at + 32))),
        memoryBytes: u64(at + 40),
        flags: view.getUint32(at + 4, true),
      };
    });
  return { entry: u64(24), segments, symbols: readSymbols(bytes, view) };
}

function readSymbols(bytes: Buffer, view: DataView): ReadonlyMap<string, bigint> {
  const symbols = new Map<string, bigint>();
  const sections = Number(view.getBigUint64(40, true));
  const at = (n: number): number => sections + n * 64;
  for (let n = 0; n < view.getUint16(60, true); n++) {
    if (view.getUint32(at(n) + 4, true) !== 2) continue;
    const names = Number(view.getBigUint64(at(view.getUint32(at(n) + 40, true)) + 24, true));
    const first = Number(view.getBigUint64(at(n) + 24, true));
    const end = first + Number(view.getBigUint64(at(n) + 32, true));
    for (let symbol = first; symbol < end; symbol += 24) {
      const name = names + view.getUint32(symbol, true);
      symbols.set(bytes.toString('latin1', name, bytes.indexOf(0, name)), view.getBigUint64(symbol + 8, true));
    }
  }
  return symbols;
}

export function load(
  file: string,
  args: readonly string[] = [],
  debugRegisters = 4,
  trace?: MachineOptions['trace'],
): LoadedProgram {
  const machine = createMachine({ timestamp: () => 0n, trace });
  const space = machine.createAddressSpace();
  const registers = machine.createRegisterFile();
  const elf = readElf(file);
  for (const segment of elf.segments) {
    const first = segment.address & ~(PAGE - 1n);
    const end = (segment.address + segment.memoryBytes + PAGE - 1n) & ~(PAGE - 1n);
    const { flags } = segment;
    space.map(first, Number(end - first), {
      read: (flags & 4) !== 0,
      write: (flags & 2) !== 0,
      execute: (flags & 1) !== 0,
    });
    space.write(segment.address, segment.bytes);
  }
  space.map(STACK_TOP - BigInt(STACK_BYTES), STACK_BYTES, { read: true, write: true, execute: false });
  registers.rip = elf.entry;
  registers.writeGpr(4, pushArguments(space, [file, ...args]));
  return { space, registers, debug: machine.createDebugRegisters(debugRegisters), symbols: elf.symbols, output: '' };
}

function pushArguments(space: AddressSpace, args: readonly string[]): bigint {
  let at = STACK_TOP - 4096n;
  const pointers = args.map((arg) => {
    const text = new TextEncoder().encode(`${arg}\0`);
    at -= BigInt(text.length);
    space.write(at, text);
    return at;
  });
  at = (at & ~15n) - BigInt(8 * ((pointers.length + 4) & ~1));
  [BigInt(pointers.length), ...pointers, 0n, 0n].forEach((word, n) => {
    space.writeU64(at + BigInt(8 * n), word);
  });
  return at;
}

export interface Finished {
  readonly exit: Exit | { readonly kind: 'exited'; readonly code: number };
  readonly instructions: number;
}

/** Runs until the program exits or something other than a system call happens. `write` and `exit` are served. */
export function run(program: LoadedProgram, maxInstructions = Number.MAX_SAFE_INTEGER): Finished {
  const { space, registers, debug } = program;
  let instructions = 0;
  for (;;) {
    const chunk = Math.min(1 << 30, maxInstructions - instructions);
    const result = space.run(registers, debug, { maxInstructions: chunk });
    instructions += result.instructions;
    const { exit } = result;
    if (exit.kind === 'budget' && instructions < maxInstructions) continue;
    if (exit.kind !== 'syscall') return { exit, instructions };
    const number = Number(registers.readGpr(0));
    if (number === 60 || number === 231) {
      return { exit: { kind: 'exited', code: Number(registers.readGpr(7)) & 0xff }, instructions };
    }
    if (number === 1) {
      const length = Number(registers.readGpr(2));
      program.output += new TextDecoder().decode(space.read(registers.readGpr(6), length));
      registers.writeGpr(0, BigInt(length));
    } else {
      registers.writeGpr(0, -38n);
    }
  }
}
