// engine.ts: what a session needs from outside: the host's files and clock, and the makers of its lower floors.
//
// Filled by adapter/host/ (or by a browser's worker one day); the session itself uses no Node built-in.

import type { ProgramSymbols } from '../symbols/program-symbols';
import type { Target } from '../target/target';

export type PathKind = 'file' | 'directory' | 'missing' | 'unreadable';

export interface HostFiles {
  kindOf(path: string): PathKind;
  /** The whole file; undefined where it cannot be read. */
  read(path: string): Uint8Array | undefined;
  /** The first bytes, for a look at what a file is; undefined where it cannot be read. */
  readStart(path: string, lengthBytes: number): Uint8Array | undefined;
  /** Joins and normalizes; an absolute `path` wins over `base`. */
  resolve(base: string, path: string): string;
  /** The adapter's own working directory. */
  readonly workingDirectory: string;
}

export interface HostClock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls once after so many milliseconds; the result cancels. */
  after(delayMs: number, call: () => void): () => void;
}

/** A launch configuration after validation. */
export interface ProgramLaunch {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Added to the adapter's own environment; null removes a variable. */
  readonly env: Readonly<Record<string, string | null>>;
  /** Absolute path of a file; undefined: standard input is at its end. */
  readonly stdin: string | undefined;
  readonly cpus: number;
  readonly debugRegisters: number;
  /** A port on which a gdb may connect to the same program; 0: any free one. */
  readonly gdbserver?: number | undefined;
  /** Time passes as it does outside; left out, as the program's instructions do. */
  readonly hostTime?: boolean;
  /** What comes from outside is kept, so that the program can be run again: `Target.time`. One process is followed. */
  readonly recorded?: boolean;
  /** The program sees its debugger as parent and tracer. */
  readonly debuggerShown?: boolean;
}

export interface DisassembledInstruction {
  readonly lengthBytes: number;
  /** Mnemonic and operands; undefined: these bytes are no instruction. */
  readonly text: string | undefined;
}

export interface Engine {
  readonly files: HostFiles;
  readonly clock: HostClock;
  /** Loads the program, does not run it. Throws UserError. */
  createTarget(launch: ProgramLaunch): Target;
  createSymbols(): ProgramSymbols;
  /** Do data breakpoints fire here? Undefined: they do; else a sentence of what went wrong. */
  canaryTrouble(): string | undefined;
  /** The instruction at the start of `bytes` (at least 15 of them, fewer at the end of memory). */
  disassemble(bytes: Uint8Array, address: bigint): DisassembledInstruction;
}
