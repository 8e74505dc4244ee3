// x87-unit.ts: the x87 register stack, control and status, living in an FXSAVE image.
//
//   image  +0 FCW  +2 FSW  +4 abridged tags (bit = physical register, 1: not empty)  +32 + 16·n ST(n), ten bytes
//   FSW    0–5 exceptions · 6 SF · 7 ES · 8 C0 · 9 C1 · 10 C2 · 11–13 TOP · 14 C3 · 15 B
//   FCW    0–5 masks · 8–9 precision · 10–11 rounding
//
// The image keeps ST(0) first, so a push or a pop turns all eight round.
// Quirk: x87 exceptions set their status bits but never raise #MF, whatever FCW unmasks; the pointers to the last
// instruction and operand are not kept.
// Truth: Intel SDM vol. 1, chapter 8; 10.5.1 (the image).

import { readExtended, writeExtended } from './extended-conversion';
import { INDEFINITE, INVALID, type Real, type Rounding } from './extended-real';

const CONTROL = 0;
const STATUS = 2;
const TAGS = 4;
const REGISTERS = 32;
const SLOT = 16;
const ALL = 8 * SLOT;

export const STACK_FAULT = 0x40;
const ERROR_SUMMARY = 0x80;
const BUSY = 0x8000;
export const C0 = 0x100;
export const C1 = 0x200;
export const C2 = 0x400;
export const C3 = 0x4000;
export const CONDITIONS = C0 | C1 | C2 | C3;

/** FCW after FNINIT: everything masked, 64 bits, to nearest. */
const INITIAL_CONTROL = 0x37f;
const PRECISION_BITS = [24, 64, 53, 64];

export class X87Unit {
  constructor(
    /** All memory, for operands. */
    readonly memory: DataView,
    /** Where the image lies in it. */
    private readonly image: number,
  ) {}

  get control(): number {
    return this.memory.getUint16(this.image + CONTROL, true);
  }

  set control(value: number) {
    this.memory.setUint16(this.image + CONTROL, value | 0x40, true);
    this.summarise();
  }

  get status(): number {
    return this.memory.getUint16(this.image + STATUS, true);
  }

  set status(value: number) {
    this.memory.setUint16(this.image + STATUS, value, true);
  }

  get tags(): number {
    return this.memory.getUint8(this.image + TAGS);
  }

  set tags(value: number) {
    this.memory.setUint8(this.image + TAGS, value);
  }

  get top(): number {
    return (this.status >> 11) & 7;
  }

  private set top(value: number) {
    this.status = (this.status & ~0x3800) | ((value & 7) << 11);
  }

  /** As FCW says. */
  rounding(): Rounding {
    const { control } = this;
    return { bits: PRECISION_BITS[(control >> 8) & 3], mode: (control >> 10) & 3, exceptions: 0, roundedUp: false };
  }

  /** Adds an operation's exceptions to the status, and C1. */
  settle(rounding: Rounding): void {
    const c1 = rounding.roundedUp ? C1 : 0;
    this.status = (this.status & ~C1) | c1;
    this.addExceptions(rounding);
  }

  addExceptions({ exceptions }: Rounding): void {
    this.status |= exceptions;
    this.summarise();
  }

  /** ES and B follow the unmasked exceptions. */
  summarise(): void {
    const unmasked = this.status & ~this.control & 0x3f;
    this.status = (this.status & ~(ERROR_SUMMARY | BUSY)) | (unmasked === 0 ? 0 : ERROR_SUMMARY | BUSY);
  }

  setConditions(bits: number, mask = CONDITIONS): void {
    this.status = (this.status & ~mask) | bits;
  }

  isEmpty(index: number): boolean {
    return (this.tags & this.tagBit(index)) === 0;
  }

  private tagBit(index: number): number {
    return 1 << ((this.top + index) & 7);
  }

  /** Where ST(index) lies. */
  at(index: number): number {
    return this.image + REGISTERS + SLOT * index;
  }

  /** The register's value; an empty one is the indefinite, and a stack fault. */
  read(index: number): Real {
    if (!this.isEmpty(index)) return readExtended(this.memory, this.at(index));
    this.stackFault(0);
    return INDEFINITE;
  }

  /** Whether registers hold something; if not, a stack fault. */
  requireFull(...indices: readonly number[]): boolean {
    if (indices.every((index) => !this.isEmpty(index))) return true;
    this.stackFault(0);
    return false;
  }

  /** `c1`: C1 for an overflow, 0 for an underflow. */
  private stackFault(c1: number): void {
    this.status = (this.status & ~C1) | INVALID | STACK_FAULT | c1;
    this.summarise();
  }

  write(index: number, value: Real): void {
    writeExtended(this.memory, this.at(index), value);
    this.tags |= this.tagBit(index);
  }

  free(index: number): void {
    this.tags &= ~this.tagBit(index);
  }

  push(value: Real): void {
    const full = !this.isEmpty(7);
    this.turn(-1);
    if (full) this.stackFault(C1);
    this.write(0, full ? INDEFINITE : value);
  }

  pop(): void {
    this.free(0);
    this.turn(1);
  }

  /** Adds to TOP; ST(n) becomes what ST(n + by) was. */
  turn(by: 1 | -1): void {
    const { buffer, byteOffset } = this.memory;
    const registers = new Uint8Array(buffer, byteOffset + this.image + REGISTERS, ALL);
    const old = registers.slice();
    for (let n = 0; n < 8; n++) {
      const from = ((n + by) & 7) * SLOT;
      registers.set(old.subarray(from, from + 10), n * SLOT);
    }
    this.top = this.top + by;
  }

  initialise(): void {
    const { top } = this;
    this.memory.setUint16(this.image + CONTROL, INITIAL_CONTROL, true);
    for (let n = 0; n < top; n++) this.turn(-1); // physical registers stay where they are
    this.status = 0;
    this.tags = 0;
  }
}
