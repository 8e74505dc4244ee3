// machine.ts: what the floors above may know of the emulated computer.
//
// An AddressSpace is one WebAssembly memory of 4 GiB: below the limit, guest address = offset; pages above are found by
// a look-up, which only accesses there pay for. It runs one task at a time: load
// its RegisterFile, run so many instructions, get back why it stopped. Deterministic: the same state and budget give
// the same exit. Nothing here knows tasks, files or system calls.
//
// Guest addresses are bigint here and plain numbers inside machine/.

import type { DebugRegisters } from './debug-registers';

export type Access = 'read' | 'write' | 'execute';

export interface Permissions {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
}

/** A task's user-visible registers. Owned by the task; the machine reads and writes it in `run`. */
export interface RegisterFile {
  readGpr(index: number): bigint;
  writeGpr(index: number, value: bigint): void;
  rip: bigint;
  /** All flags exact: CF PF AF ZF SF TF IF DF OF RF …; bit 1 reads 1. */
  rflags: bigint;
  fsBase: bigint;
  gsBase: bigint;
  /** The 512-byte FXSAVE image (64-bit form): x87, MXCSR, XMM0–15. A live view. */
  readonly fxsave: Uint8Array;
  /** Upper halves of YMM0–15, 256 bytes, for the wider machine to come; zero today. */
  readonly ymmHigh: Uint8Array;
  copyFrom(other: RegisterFile): void;
  clone(): RegisterFile;
}

/** One debug condition that an instruction met. */
export interface DebugHit {
  /** Number of the debug register. */
  readonly index: number;
  readonly access: Access;
  /** First byte and size of the instruction's access that overlapped (not of the condition). */
  readonly address: bigint;
  readonly lengthBytes: number;
  /** The condition's own bytes (its aligned block, `lengthBytes` of the condition) before and after; empty for execute. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export type Exit =
  /** `maxInstructions` have retired, or fewer where filters were asked often; rip is the next one. */
  | { readonly kind: 'budget' }
  /**
   * A SYSCALL retired: rip is after it, rcx and r11 are set as the CPU does. The kernel reads rax… Or an INT 80h, the
   * way into 32-bit Linux, which changes no register.
   */
  | { readonly kind: 'syscall'; readonly gate: 'syscall' | 'int80' }
  /**
   * #DB. For data and single step the instruction has retired (trap); for execute it has not (fault; set RF in
   * rflags to pass it). The machine has set the bits in `DebugRegisters.dr6`. `hits` is empty for a pure
   * single step. `instruction` is the address of the instruction that hit.
   */
  | {
      readonly kind: 'debug';
      readonly hits: readonly DebugHit[];
      readonly singleStep: boolean;
      readonly instruction: bigint;
      /** INT1 (icebp): no DR6 bit. */
      readonly icebp: boolean;
    }
  /** INT3 retired: rip is after it. */
  | { readonly kind: 'int3' }
  /** A code stop that the debugger asked for (see `setCodeStops`): rip is at it, nothing has run. */
  | { readonly kind: 'codeStop' }
  /** #PF: the instruction has had no effect; rip is at it. */
  | {
      readonly kind: 'pageFault';
      readonly address: bigint;
      readonly access: Access;
      /** True: mapped, but the permissions forbid it (SEGV_ACCERR); false: not mapped (SEGV_MAPERR). */
      readonly mapped: boolean;
    }
  /** #DE, #UD, #GP, #MF, #XM, …; rip is at the instruction. `text` tells the person: mnemonic and bytes. */
  | {
      readonly kind: 'exception';
      readonly vector: 0 | 4 | 5 | 6 | 13 | 16 | 17 | 19;
      readonly text: string;
      /** True for an instruction that exists on x86 but not here yet; the debug console tells it once. */
      readonly unimplemented: boolean;
    };

export interface RunResult {
  readonly exit: Exit;
  /** Instructions that retired; exact. Each REP iteration that was interrupted does not count until the last. */
  readonly instructions: number;
}

/** One process's memory and its translated code. */
export interface AddressSpace {
  /** Fast guest addresses lie in [0x10000, limit). */
  readonly limit: bigint;

  /**
   * Maps zero-filled pages, replacing what was there. Page-aligned, 4096-byte pages, inside of MAX_LIMIT or at or above
   * HIGH_BOTTOM (layout.ts). False: no room is left for pages up there.
   */
  map(address: bigint, lengthBytes: number, permissions: Permissions): boolean;
  unmap(address: bigint, lengthBytes: number): void;
  protect(address: bigint, lengthBytes: number, permissions: Permissions): void;
  /** What the page holding the address allows; undefined where nothing is mapped. */
  permissionsAt(address: bigint): Permissions | undefined;

  /** Bytes from `address` that may be accessed so before the first page that forbids it; 0…lengthBytes. */
  accessibleBytes(address: bigint, lengthBytes: number, access: Access): number;
  /** Copies out / in, ignoring permissions, not seen by debug conditions. Caller checks with `accessibleBytes`. */
  read(address: bigint, lengthBytes: number): Uint8Array;
  /** Writing over translated code invalidates it. */
  write(address: bigint, bytes: Uint8Array): void;
  readU64(address: bigint): bigint;
  writeU64(address: bigint, value: bigint): void;
  readU32(address: bigint): number;
  writeU32(address: bigint, value: number): void;

  /**
   * Instruction addresses at which every task stops *before* executing, with `codeStop`. Replaces the set. The
   * instruction at the current rip of a `run` is passed over when `skipCodeStopAtStart`.
   */
  setCodeStops(addresses: ReadonlySet<bigint>): void;

  /**
   * Whether rflags are exact at exits in the midst of often-run code too (faults, hits, system calls), for a price in
   * speed. Else they may be older there.
   */
  setExactFlags(exact: boolean): void;

  /** Runs until an exit. `registers` is up to date on return. A TF set in rflags single-steps. */
  run(registers: RegisterFile, debug: DebugRegisters, options: RunOptions): RunResult;

  /** A copy with its own memory (fork): contents, permissions, code stops. */
  fork(): AddressSpace;
  /** Frees what the garbage collector would be slow to free. */
  dispose(): void;
}

export interface RunOptions {
  /** ≥ 1. */
  readonly maxInstructions: number;
  readonly skipCodeStopAtStart?: boolean;
}

/** Bytes that an instruction accessed: `first` … one before `end`. */
export interface TracedAccess {
  readonly first: bigint;
  readonly end: bigint;
  readonly reads: boolean;
  readonly writes: boolean;
}

/** One instruction, or one portion of a repeated one, that has just retired. */
export interface TracedInstruction {
  readonly address: bigint;
  /** After it. */
  readonly stackPointer: bigint;
  readonly accesses: readonly TracedAccess[];
  /** Those of the CPU that ran it. */
  readonly debug: DebugRegisters;
  /** Copies memory out as it is now. */
  readonly read: (address: bigint, lengthBytes: number) => Uint8Array;
}

/** What CPUID, RDTSC and RDTSCP may show; the kernel fills it. */
export interface MachineOptions {
  /** The time-stamp counter as a run begins: a function of the instruction count, never of the clock. */
  readonly timestamp: () => bigint;
  /** Entries after which a region is translated anew, larger and faster; 0: at once. By default, what is measured best. */
  readonly hotEntries?: number;
  /** How often code is evaluated before it is worth a module; 0: never. For tests; the guest cannot tell. */
  readonly evaluatedEntries?: number;
  /**
   * Told of each instruction: every one then runs alone, a hundred times slower, and retires the same. The full trace,
   * which asks no debug register.
   */
  readonly trace?: (instruction: TracedInstruction) => void;
}

/** Made by machine/create-machine.ts: `createMachine(options)`. */
export interface Machine {
  createAddressSpace(): AddressSpace;
  createRegisterFile(): RegisterFile;
  /** `count` conditions: 4 as on x86. */
  createDebugRegisters(count: number): DebugRegisters;
}
