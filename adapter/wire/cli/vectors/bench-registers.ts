// bench-registers.ts: the registers of the bench CPU: plain values, nothing translated.
//
// The bench replays recorded operations on the breakpoint layer alone; these stand in for the machine's.

import { DR6_IDLE, DR7_IDLE, type DebugCondition, type DebugRegisters } from '../../../machine/debug-registers';
import type { RegisterFile } from '../../../machine/machine';

const U64 = 64;
const ARCHITECTURAL_REGISTERS = 4;
const DR7_WRITABLE = 0xffff2bffn;
const LENGTHS = [1, 2, 8, 4] as const;
const TYPES = [0, 1, 2, 3] as const;

export class BenchRegisters implements RegisterFile {
  private readonly general = new Array<bigint>(16).fill(0n);
  rip = 0n;
  rflags = 2n;
  fsBase = 0n;
  gsBase = 0n;
  readonly fxsave = new Uint8Array(512);
  readonly ymmHigh = new Uint8Array(256);

  readGpr(index: number): bigint {
    return this.general[index];
  }

  writeGpr(index: number, value: bigint): void {
    this.general[index] = BigInt.asUintN(U64, value);
  }

  copyFrom(other: RegisterFile): void {
    for (let index = 0; index < this.general.length; index += 1) this.general[index] = other.readGpr(index);
    this.rip = other.rip;
    this.rflags = other.rflags;
    this.fsBase = other.fsBase;
    this.gsBase = other.gsBase;
    this.fxsave.set(other.fxsave);
    this.ymmHigh.set(other.ymmHigh);
  }

  clone(): BenchRegisters {
    const copy = new BenchRegisters();
    copy.copyFrom(this);
    return copy;
  }
}

export class BenchDebugRegisters implements DebugRegisters {
  generation = 0;
  private readonly addresses: bigint[];
  private readonly counts: number[];
  private readonly countOnly: boolean[];
  private readonly extended = new Map<number, DebugCondition>();
  private status = DR6_IDLE;
  private control = DR7_IDLE;

  constructor(readonly count: number) {
    this.addresses = new Array<bigint>(count).fill(0n);
    this.counts = new Array<number>(count).fill(0);
    this.countOnly = new Array<boolean>(count).fill(false);
  }

  get dr6(): bigint {
    return this.status;
  }

  set dr6(value: bigint) {
    this.status = value;
  }

  get dr7(): bigint {
    return this.control;
  }

  set dr7(value: bigint) {
    this.generation += 1;
    this.control = (value & DR7_WRITABLE) | DR7_IDLE;
  }

  readAddress(index: number): bigint {
    return this.addresses[index];
  }

  writeAddress(index: number, value: bigint): void {
    this.generation += 1;
    this.addresses[index] = value;
  }

  condition(index: number): DebugCondition {
    const extended = this.extended.get(index);
    if (extended !== undefined) return extended;
    const nibble = Number((this.control >> BigInt(16 + 4 * index)) & 0xfn);
    return {
      enabled: ((this.control >> BigInt(2 * index)) & 3n) !== 0n,
      address: this.addresses[index],
      lengthBytes: LENGTHS[nibble >> 2],
      type: TYPES[nibble & 3],
      countOnly: this.countOnly[index],
    };
  }

  setCondition(index: number, condition: DebugCondition): void {
    this.generation += 1;
    if (index < ARCHITECTURAL_REGISTERS) this.countOnly[index] = condition.countOnly;
    else this.extended.set(index, condition);
  }

  readCount(index: number): number {
    return this.counts[index];
  }

  addCount(index: number, hits: number): void {
    this.counts[index] += hits;
  }
}
