// emulated-debug-registers.ts: the storage behind DebugRegisters.
//
// DR6 and DR7 keep the bits that the hardware keeps. Conditions beyond the fourth have none there.
// Truth: Intel SDM vol. 3B, 18.2.

import { assert } from '../util/assert';
import { DR6_IDLE, DR7_IDLE } from './debug-registers';
import type { DebugCondition, DebugRegisters, HitFilter, RegisterContents } from './debug-registers';

const HARDWARE_COUNT = 4;
/** B0–B3, BD, BS, BT may be set by software and CPU alike. */
const DR6_WRITABLE = 0xe00fn;
/** Enables, LE, GE, GD, and the condition fields. */
const DR7_WRITABLE = 0xffff23ffn;

const LENGTHS = [1, 2, 8, 4] as const;
const TYPES = [0, 1, 2, 3] as const;

const OFF: DebugCondition = { enabled: false, address: 0n, lengthBytes: 1, type: 0, countOnly: false };

class Contents implements RegisterContents {
  generation = 0;
  control = DR7_IDLE;
  readonly addresses: bigint[];
  readonly extended: DebugCondition[];
  readonly countOnly: boolean[];
  readonly filters: (readonly HitFilter[] | undefined)[];
  readonly counts: number[];

  constructor(count: number) {
    this.addresses = new Array<bigint>(count).fill(0n);
    this.extended = new Array<DebugCondition>(Math.max(0, count - HARDWARE_COUNT)).fill(OFF);
    this.countOnly = new Array<boolean>(count).fill(false);
    this.filters = new Array<readonly HitFilter[] | undefined>(count).fill(undefined);
    this.counts = new Array<number>(count).fill(0);
  }
}

export class EmulatedDebugRegisters implements DebugRegisters {
  private held: Contents;
  private status = DR6_IDLE;

  constructor(readonly count: number) {
    this.held = new Contents(count);
  }

  get generation(): number {
    return this.held.generation;
  }

  get contents(): RegisterContents {
    return this.held;
  }

  exchange(contents: RegisterContents | undefined): RegisterContents {
    const { held } = this;
    assert(contents === undefined || contents instanceof Contents, 'contents come from registers of this kind');
    this.held = contents ?? new Contents(this.count);
    return held;
  }

  readAddress(index: number): bigint {
    return this.held.addresses[index];
  }

  writeAddress(index: number, value: bigint): void {
    this.held.addresses[index] = BigInt.asUintN(64, value);
    if (index >= HARDWARE_COUNT) {
      const condition = this.held.extended[index - HARDWARE_COUNT];
      this.held.extended[index - HARDWARE_COUNT] = { ...condition, address: this.held.addresses[index] };
    }
    this.held.generation++;
  }

  get dr6(): bigint {
    return this.status;
  }

  set dr6(value: bigint) {
    this.status = DR6_IDLE | (value & DR6_WRITABLE);
  }

  get dr7(): bigint {
    return this.held.control;
  }

  set dr7(value: bigint) {
    this.held.control = DR7_IDLE | (value & DR7_WRITABLE);
    this.held.generation++;
  }

  condition(index: number): DebugCondition {
    if (index >= HARDWARE_COUNT) return this.held.extended[index - HARDWARE_COUNT];
    const enables = Number((this.held.control >> BigInt(2 * index)) & 3n);
    const fields = Number((this.held.control >> BigInt(16 + 4 * index)) & 15n);
    return {
      enabled: enables !== 0,
      address: this.held.addresses[index],
      type: TYPES[fields & 3],
      lengthBytes: LENGTHS[fields >> 2],
      countOnly: this.held.countOnly[index],
      filters: this.held.filters[index],
    };
  }

  setCondition(index: number, condition: DebugCondition): void {
    assert(index < this.count, 'the debug register exists', index);
    this.held.addresses[index] = BigInt.asUintN(64, condition.address);
    this.held.countOnly[index] = condition.countOnly;
    this.held.filters[index] = condition.filters;
    this.held.generation++;
    if (index >= HARDWARE_COUNT) {
      this.held.extended[index - HARDWARE_COUNT] = condition;
      return;
    }
    const enableShift = BigInt(2 * index);
    const fieldShift = BigInt(16 + 4 * index);
    const fields = BigInt(condition.type | (LENGTHS.indexOf(condition.lengthBytes) << 2));
    const cleared = this.held.control & ~(3n << enableShift) & ~(15n << fieldShift);
    // Linux enables with the G bit.
    this.held.control = cleared | ((condition.enabled ? 2n : 0n) << enableShift) | (fields << fieldShift);
  }

  readCount(index: number): number {
    return this.held.counts[index];
  }

  addCount(index: number, hits: number): void {
    this.held.counts[index] += hits;
  }
}
