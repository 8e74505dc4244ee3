// thread-registers.ts: a thread's registers by DWARF number.
//
// Truth: x86-64 psABI, figure 3.36 (DWARF register number mapping).

import type { RegisterFile } from '../../machine/machine';
import { assert } from '../../util/assert';
import type { ThreadRegisters } from '../target';

/** DWARF 0…15 → the number that instructions encode. */
const GPR_OF_DWARF = [0, 2, 1, 3, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15] as const;
const DWARF_RIP = 16;
const XMM_OFFSET = 160;
const XMM_BYTES = 16;

export class EmulatedRegisters implements ThreadRegisters {
  constructor(private readonly file: RegisterFile) {}

  read(dwarfNumber: number): bigint {
    if (dwarfNumber === DWARF_RIP) return this.file.rip;
    return this.file.readGpr(gpr(dwarfNumber));
  }

  write(dwarfNumber: number, value: bigint): void {
    const wrapped = BigInt.asUintN(64, value);
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
