// registers.ts: a task's registers, and their way into and out of an address space's state area.

import { AT } from './layout';
import type { RegisterFile } from './machine';
import { ARITHMETIC_FLAGS, flagWord } from './translate/flag-kind';
import { BASE_DYNAMIC, baseOf, overriddenWord, overrideOf } from './translate/flag-override';

const GPR_COUNT = 16;
const FXSAVE_BYTES = 512;
const YMM_BYTES = 256;
const ALWAYS_ONE = 2n;
const ARITHMETIC = BigInt(ARITHMETIC_FLAGS);
/** Bits of RFLAGS that exist. */
const RFLAGS_BITS = 0x3f7fd7n;

/** FCW and MXCSR as the CPU has them after reset by the kernel. */
const FCW_DEFAULT = 0x37f;
const MXCSR_DEFAULT = 0x1f80;
const MXCSR_MASK_DEFAULT = 0xffff;

export class TaskRegisters implements RegisterFile {
  readonly gprs = new BigUint64Array(GPR_COUNT);
  rip = 0n;
  rflags = ALWAYS_ONE;
  fsBase = 0n;
  gsBase = 0n;
  readonly fxsave = new Uint8Array(FXSAVE_BYTES);
  readonly ymmHigh = new Uint8Array(YMM_BYTES);

  constructor() {
    const view = new DataView(this.fxsave.buffer);
    view.setUint16(0, FCW_DEFAULT, true);
    view.setUint32(24, MXCSR_DEFAULT, true);
    view.setUint32(28, MXCSR_MASK_DEFAULT, true);
  }

  readGpr(index: number): bigint {
    return this.gprs[index];
  }

  writeGpr(index: number, value: bigint): void {
    this.gprs[index] = BigInt.asUintN(64, value);
  }

  copyFrom(other: RegisterFile): void {
    for (let index = 0; index < GPR_COUNT; index++) this.gprs[index] = other.readGpr(index);
    this.rip = other.rip;
    this.rflags = other.rflags;
    this.fsBase = other.fsBase;
    this.gsBase = other.gsBase;
    this.fxsave.set(other.fxsave);
    this.ymmHigh.set(other.ymmHigh);
  }

  clone(): RegisterFile {
    const copy = new TaskRegisters();
    copy.copyFrom(this);
    return copy;
  }
}

/** The registers of the task that runs, in the state area. */
export class LiveRegisters {
  private readonly gprs: BigUint64Array;
  private readonly fxsave: Uint8Array;

  constructor(private readonly view: DataView<ArrayBuffer>) {
    this.gprs = new BigUint64Array(view.buffer, AT.gpr, GPR_COUNT);
    this.fxsave = new Uint8Array(view.buffer, AT.fxsave, FXSAVE_BYTES);
  }

  load(registers: RegisterFile): void {
    const { view } = this;
    for (let index = 0; index < GPR_COUNT; index++) this.gprs[index] = registers.readGpr(index);
    this.rflags = registers.rflags;
    view.setBigUint64(AT.fsBase, registers.fsBase, true);
    view.setBigUint64(AT.gsBase, registers.gsBase, true);
    this.fxsave.set(registers.fxsave);
  }

  /** Everything but rip, which the machine keeps itself. */
  store(registers: RegisterFile): void {
    const { view } = this;
    for (let index = 0; index < GPR_COUNT; index++) registers.writeGpr(index, this.gprs[index]);
    registers.rflags = this.rflags;
    registers.fsBase = view.getBigUint64(AT.fsBase, true);
    registers.gsBase = view.getBigUint64(AT.gsBase, true);
    registers.fxsave.set(this.fxsave);
  }

  get rflags(): bigint {
    return BigInt(this.flagWord) | BigInt(this.systemFlags) | ALWAYS_ONE;
  }

  set rflags(value: bigint) {
    const { view } = this;
    view.setInt32(AT.flagKind, 0, true);
    view.setBigUint64(AT.flagA, value & ARITHMETIC, true);
    this.systemFlags = Number(value & RFLAGS_BITS & ~ARITHMETIC & ~ALWAYS_ONE);
  }

  get systemFlags(): number {
    return this.view.getInt32(AT.systemFlags, true);
  }

  set systemFlags(value: number) {
    this.view.setInt32(AT.systemFlags, value, true);
  }

  /** The kind of the flags that code was left with; translated code finds no overrides in the state area. */
  set flagKind(kind: number) {
    const { view } = this;
    const over = overrideOf(kind);
    const base = baseOf(kind);
    if (over === 0 || base !== BASE_DYNAMIC) view.setInt32(AT.flagKind, over === 0 ? kind : base, true);
    if (over === 0) return;
    const [c, d] = [view.getBigUint64(AT.flagC, true), view.getBigUint64(AT.flagD, true)];
    const word = overriddenWord(over, this.flagWord, c, d);
    view.setInt32(AT.flagKind, 0, true);
    view.setBigUint64(AT.flagA, BigInt(word), true);
  }

  private get flagWord(): number {
    const { view } = this;
    const kind = view.getInt32(AT.flagKind, true);
    return flagWord(kind, view.getBigUint64(AT.flagA, true), view.getBigUint64(AT.flagB, true));
  }

  gpr(index: number): bigint {
    return this.gprs[index];
  }

  setGpr(index: number, value: bigint): void {
    this.gprs[index] = value;
  }
}
