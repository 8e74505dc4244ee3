// thread-registers.ts: a thread's registers by DWARF number.
//
// A thread that sleeps in a system call looks as a tracer on Linux finds it: with the call broken off and a restart code
// in rax. Only when a register is written is its sleep really broken.
// Truth: x86-64 psABI, figure 3.36 (DWARF register number mapping).

import { type Block, RESTART_CODES, type WakeReason } from '../../kernel/process/blocking';
import type { RegisterFile } from '../../machine/machine';
import { assert } from '../../util/assert';
import type { ThreadRegisters } from '../target';

/** DWARF 0…15 → the number that instructions encode. */
const GPR_OF_DWARF = [0, 2, 1, 3, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15] as const;
const DWARF_RAX = 0;
const DWARF_RIP = 16;
const NO_CALL = (1n << 64n) - 1n;
const XMM_OFFSET = 160;
const XMM_BYTES = 16;

/** What of a thread this needs. */
export interface RegisterOwner {
  readonly registers: RegisterFile;
  /** orig_rax. */
  originalRax: bigint;
  /** Before it runs on, a call that was broken off is to be restarted or ended. */
  callInterrupted: boolean;
  readonly block: Block | undefined;
  readonly wakeReason: WakeReason | undefined;
}

export class EmulatedRegisters implements ThreadRegisters {
  private readonly file: RegisterFile;

  /** `wake` breaks the sleep of the thread. `atCall`: it stands where a call begins or ends. */
  constructor(
    private readonly owner: RegisterOwner,
    private readonly wake: () => void,
    private readonly atCall = false,
  ) {
    this.file = owner.registers;
  }

  get callNumber(): bigint {
    return this.atCall || this.sleeps || this.owner.callInterrupted
      ? BigInt.asUintN(64, this.owner.originalRax)
      : NO_CALL;
  }

  set callNumber(value: bigint) {
    if (this.callNumber === BigInt.asUintN(64, value)) return;
    this.wakeFirst();
    this.owner.originalRax = BigInt.asUintN(64, value);
    if (this.atCall) return;
    if (this.owner.originalRax !== NO_CALL) this.owner.callInterrupted = true;
  }

  read(dwarfNumber: number): bigint {
    if (dwarfNumber === DWARF_RIP) return this.file.rip;
    const { block } = this.owner;
    if (dwarfNumber === DWARF_RAX && block !== undefined && this.sleeps) {
      return BigInt.asUintN(64, BigInt(-RESTART_CODES[block.interrupt]));
    }
    return this.file.readGpr(gpr(dwarfNumber));
  }

  write(dwarfNumber: number, value: bigint): void {
    const wrapped = BigInt.asUintN(64, value);
    if (this.read(dwarfNumber) === wrapped) return;
    this.wakeFirst();
    if (dwarfNumber === DWARF_RIP) this.file.rip = wrapped;
    else this.file.writeGpr(gpr(dwarfNumber), wrapped);
  }

  readXmm(index: number): Uint8Array {
    return this.file.fxsave.slice(XMM_OFFSET + index * XMM_BYTES, XMM_OFFSET + (index + 1) * XMM_BYTES);
  }

  writeXmm(index: number, bytes: Uint8Array): void {
    assert(bytes.length === XMM_BYTES, 'an XMM register has 16 bytes', bytes.length);
    this.file.fxsave.set(bytes, XMM_OFFSET + index * XMM_BYTES);
  }

  private get sleeps(): boolean {
    return this.owner.block !== undefined && this.owner.wakeReason === undefined;
  }

  private wakeFirst(): void {
    if (this.sleeps) this.wake();
  }

  get rflags(): bigint {
    return this.file.rflags;
  }

  set rflags(value: bigint) {
    this.file.rflags = value;
  }

  get fsBase(): bigint {
    return this.file.fsBase;
  }

  get gsBase(): bigint {
    return this.file.gsBase;
  }

  get fxsave(): Uint8Array {
    return this.file.fxsave;
  }
}

function gpr(dwarfNumber: number): number {
  const index = GPR_OF_DWARF.at(dwarfNumber);
  assert(dwarfNumber >= 0 && index !== undefined, 'a general register has a DWARF number from 0 to 15', dwarfNumber);
  return index;
}
