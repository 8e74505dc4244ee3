// emulated-cpu.ts: runs the oracle's requests on the emulated machine and answers as the real CPU would.

import type { DebugRegisters } from '../../../adapter/machine/debug-registers';
import type { AddressSpace, Exit, Machine, RegisterFile } from '../../../adapter/machine/machine';
import type { Case } from './case-generator';
import { CODE, CODE_BYTES, DATA, GS_BASE, WINDOW, WINDOW_BYTES } from './real-cpu';
import type { Request, Response } from './real-cpu';

const IF = 0x200n;
const INT3 = 0xcc;
const MOST_STEPS = 100_000;

export type Answer =
  | { readonly kind: 'done'; readonly response: Response }
  /** The machine says that it does not have this instruction yet. */
  | { readonly kind: 'unimplemented' };

export class EmulatedCpu {
  private readonly space: AddressSpace;
  private readonly registers: RegisterFile;
  private readonly debug: DebugRegisters;

  constructor(machine: Machine) {
    this.space = machine.createAddressSpace();
    this.registers = machine.createRegisterFile();
    this.debug = machine.createDebugRegisters(4);
    this.space.map(BigInt(CODE), CODE_BYTES, { read: true, write: true, execute: true });
    this.space.map(BigInt(DATA), 4096, { read: true, write: true, execute: false });
  }

  /** `alone`: one instruction is asked for; otherwise it runs as a part of translated code, up to an INT3 behind it. */
  run({ instruction, request }: Case, alone: boolean): Answer {
    this.prepare(request);
    const after = request.address + instruction.length;
    if (!alone) this.space.write(BigInt(after), Uint8Array.of(INT3));
    const result = this.space.run(this.registers, this.debug, { maxInstructions: alone ? 1 : 1000 });
    if (result.exit.kind === 'exception' && result.exit.unimplemented) return { kind: 'unimplemented' };
    return { kind: 'done', response: this.finish(result.exit, after, result.instructions) };
  }

  /** Runs a sequence in slices of so many instructions (the last size again and again), up to an INT3 behind it. */
  runSequence(request: Request, slices: readonly number[]): Response {
    this.prepare(request);
    const after = request.address + request.code.length;
    this.space.write(BigInt(after), Uint8Array.of(INT3));
    let steps = 0;
    for (let n = 0; ; n++) {
      const maxInstructions = slices[Math.min(n, slices.length - 1)];
      const { exit, instructions } = this.space.run(this.registers, this.debug, { maxInstructions });
      steps += instructions;
      if (exit.kind !== 'budget' || steps > MOST_STEPS) return this.finish(exit, after, steps);
    }
  }

  private prepare(request: Request): void {
    const { registers, space } = this;
    space.write(BigInt(request.address), request.code);
    space.write(BigInt(WINDOW), request.memory);
    request.gpr.forEach((value, index) => {
      registers.writeGpr(index, value);
    });
    registers.rip = BigInt(request.address);
    registers.rflags = request.rflags | IF;
    registers.gsBase = BigInt(GS_BASE);
    registers.fxsave.set(request.fxsave);
  }

  /** An arrival at the INT3 behind the code is a plain end, and its instruction does not count. */
  private finish(exit: Exit, after: number, steps: number): Response {
    const passed = exit.kind === 'int3' && this.registers.rip === BigInt(after + 1);
    if (passed) this.registers.rip = BigInt(after);
    return this.response(passed ? { kind: 'budget' } : exit, passed ? steps - 1 : steps);
  }

  private response(exit: Exit, steps: number): Response {
    const { registers, space } = this;
    return {
      ...describeExit(exit),
      steps,
      gpr: Array.from({ length: 16 }, (_, index) => registers.readGpr(index)),
      rflags: registers.rflags,
      rip: registers.rip,
      fxsave: registers.fxsave.slice(),
      memory: space.read(BigInt(WINDOW), WINDOW_BYTES),
    };
  }
}

const SIGILL = 4;
const SIGTRAP = 5;
const SIGBUS = 7;
const SIGFPE = 8;
const SIGSEGV = 11;
const SIGNALS: Readonly<Record<number, number>> = {
  0: SIGFPE,
  6: SIGILL,
  13: SIGSEGV,
  16: SIGFPE,
  17: SIGBUS,
  19: SIGFPE,
};

function describeExit(exit: Exit): Pick<Response, 'signal' | 'vector' | 'pageFaultError' | 'cr2'> {
  const none = { pageFaultError: 0, cr2: 0n };
  switch (exit.kind) {
    case 'budget':
      return { signal: SIGTRAP, vector: 1, ...none };
    case 'int3':
      return { signal: SIGTRAP, vector: 3, ...none };
    case 'pageFault': {
      // Bits of #PF's error code: present, write, user, instruction fetch. SDM vol. 3, 4.7.
      const access = { read: 0, write: 2, execute: 16 }[exit.access];
      return { signal: SIGSEGV, vector: 14, pageFaultError: 4 | access | (exit.mapped ? 1 : 0), cr2: exit.address };
    }
    case 'exception':
      return { signal: SIGNALS[exit.vector], vector: exit.vector, ...none };
    default:
      return { signal: 0, vector: 0, ...none };
  }
}
