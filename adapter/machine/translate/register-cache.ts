// register-cache.ts: guest registers in WebAssembly locals.
//
// A region loads the registers that it uses on entry and writes those that it changed where it leaves or calls. Which
// ones is known only when the region is finished, so those places are marks.

import { assert } from '../../util/assert';
import { AT, XMM } from '../layout';
import type { Code, Local } from '../wasm/code';
import { I64, OP, V128 } from '../wasm/opcodes.table';
import { SIMD } from '../wasm/simd.table';

interface Slot {
  readonly local: Local;
  written: boolean;
}

/** Where a region keeps the guest's registers. */
export interface RegisterAccess {
  /** Pushes all 64 bits. */
  getGpr(index: number): void;
  /** Pops an i64. */
  setGpr(index: number): void;
  getXmm(index: number): void;
  setXmm(index: number): void;
  /** The instruction that begins may write these general registers (a mask): a promise that is checked. */
  allowWrites(registers: number): void;
  /** After something else may have changed the state area. */
  markReload(): void;
  /** Before something else looks at the state area. */
  markSpill(): void;
}

/** Leaves the registers in the state area: small code, for regions that run seldom. */
export class RegistersInMemory implements RegisterAccess {
  private value: Local | undefined;
  private vector: Local | undefined;

  constructor(private readonly code: Code) {}

  getGpr(index: number): void {
    this.code.i32(0);
    this.code.memory(OP.i64Load, AT.gpr + 8 * index);
  }

  setGpr(index: number): void {
    this.value ??= this.code.newLocal(I64);
    this.code.set(this.value);
    this.code.i32(0);
    this.code.get(this.value);
    this.code.memory(OP.i64Store, AT.gpr + 8 * index);
  }

  getXmm(index: number): void {
    this.code.i32(0);
    this.code.simdMemory(SIMD.v128Load, XMM + 16 * index);
  }

  setXmm(index: number): void {
    this.vector ??= this.code.newLocal(V128);
    this.code.set(this.vector);
    this.code.i32(0);
    this.code.get(this.vector);
    this.code.simdMemory(SIMD.v128Store, XMM + 16 * index);
  }

  allowWrites(): void {
    // Nobody relies on it here.
  }

  markReload(): void {
    // Always there.
  }

  markSpill(): void {
    // Always there.
  }
}

export class RegisterCache implements RegisterAccess {
  private readonly gprs: (Slot | undefined)[] = new Array<Slot | undefined>(16).fill(undefined);
  private readonly xmms: (Slot | undefined)[] = new Array<Slot | undefined>(16).fill(undefined);

  private writable = 0xffff;

  constructor(private readonly code: Code) {}

  allowWrites(registers: number): void {
    this.writable = registers;
  }

  private gprSlot(index: number): Slot {
    let slot = this.gprs[index];
    if (slot === undefined) {
      slot = { local: this.code.newLocal(I64), written: false };
      this.gprs[index] = slot;
    }
    return slot;
  }

  private xmmSlot(index: number): Slot {
    let slot = this.xmms[index];
    if (slot === undefined) {
      slot = { local: this.code.newLocal(V128), written: false };
      this.xmms[index] = slot;
    }
    return slot;
  }

  getGpr(index: number): void {
    this.code.get(this.gprSlot(index).local);
  }

  setGpr(index: number): void {
    assert(((this.writable >> index) & 1) === 1, 'an instruction writes the registers that it is known to', index);
    const slot = this.gprSlot(index);
    slot.written = true;
    this.code.set(slot.local);
  }

  getXmm(index: number): void {
    this.code.get(this.xmmSlot(index).local);
  }

  setXmm(index: number): void {
    const slot = this.xmmSlot(index);
    slot.written = true;
    this.code.set(slot.local);
  }

  /** Emits loads of every register that the region uses. */
  markReload(): void {
    this.code.mark((code) => {
      this.gprs.forEach((slot, index) => {
        if (slot === undefined) return;
        code.i32(0);
        code.memory(OP.i64Load, AT.gpr + 8 * index);
        code.set(slot.local);
      });
      this.xmms.forEach((slot, index) => {
        if (slot === undefined) return;
        code.i32(0);
        code.simdMemory(SIMD.v128Load, XMM + 16 * index);
        code.set(slot.local);
      });
    });
  }

  /** Emits stores of every register that the region changes. */
  markSpill(): void {
    this.code.mark((code) => {
      this.gprs.forEach((slot, index) => {
        if (slot?.written !== true) return;
        code.i32(0);
        code.get(slot.local);
        code.memory(OP.i64Store, AT.gpr + 8 * index);
      });
      this.xmms.forEach((slot, index) => {
        if (slot?.written !== true) return;
        code.i32(0);
        code.get(slot.local);
        code.simdMemory(SIMD.v128Store, XMM + 16 * index);
      });
    });
  }
}
