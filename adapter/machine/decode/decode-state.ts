// decode-state.ts: where a decode stands: the bytes read so far and what the prefixes and modrm said.
//
// One instance is reused for every instruction (the decoder is not reentrant and does not need to be).
// Reading beyond the end yields zeros and is noticed once, at the end, by `overrun`.

import type { MemoryOperand, OperandBytes } from './instruction';

/** The longest instruction that the CPU takes. */
export const MAX_INSTRUCTION_BYTES = 15;

const TWO_32 = 0x1_0000_0000;

export class DecodeState {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  position = 0;
  address = 0;
  end = 0;

  rex = 0;
  operand16 = false;
  address32 = false;
  lock = false;
  /** 0, F3 or F2: the last of them. */
  repeat = 0;
  segment: 'none' | 'fs' | 'gs' = 'none';
  opcode = 0;

  modrm = 0;
  private base = -1;
  private index = -1;
  private scaleShift: 0 | 1 | 2 | 3 = 0;
  private displacement = 0;
  private ripRelative = false;

  begin(bytes: Uint8Array, offset: number, address: number): void {
    this.bytes = bytes;
    this.start = offset;
    this.position = offset;
    this.address = address;
    this.end = bytes.length;
    this.rex = 0;
    this.operand16 = false;
    this.address32 = false;
    this.lock = false;
    this.repeat = 0;
    this.segment = 'none';
    this.modrm = 0;
  }

  /** The bytes ended before the instruction did. */
  get overrun(): boolean {
    return this.position > this.end;
  }

  get length(): number {
    return this.position - this.start;
  }

  get rexW(): boolean {
    return (this.rex & 8) !== 0;
  }

  u8(): number {
    const at = this.position++;
    return at < this.end ? this.bytes[at] : 0;
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  u16(): number {
    const low = this.u8();
    return low | (this.u8() << 8);
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  i32(): number {
    const low = this.u16();
    return low | (this.u16() << 16);
  }

  /** A number where it fits in 53 bits. */
  i64(): number | bigint {
    const low = this.i32() >>> 0;
    const high = this.i32();
    const value = high * TWO_32 + low;
    if (Number.isSafeInteger(value)) return value;
    return (BigInt(high) << 32n) | BigInt(low);
  }

  /** An absolute 64-bit address; beyond 53 bits only its size matters (it is never mapped). */
  u64Address(): number {
    const low = this.i32() >>> 0;
    return (this.i32() >>> 0) * TWO_32 + low;
  }

  /** Reads modrm, SIB and displacement. */
  readModrm(): void {
    this.modrm = this.u8();
    const mod = this.modrm >> 6;
    if (mod === 3) return;
    this.index = -1;
    this.scaleShift = 0;
    this.ripRelative = false;
    let base = this.modrm & 7;
    let absolute = false;
    if (base === 4) {
      const sib = this.u8();
      base = sib & 7;
      const index = ((sib >> 3) & 7) | ((this.rex & 2) << 2);
      if (index !== 4) {
        this.index = index;
        this.scaleShift = SHIFTS[sib >> 6];
      }
      absolute = mod === 0 && base === 5;
    } else {
      this.ripRelative = mod === 0 && base === 5;
    }
    const baseless = absolute || this.ripRelative;
    this.base = baseless ? -1 : base | ((this.rex & 1) << 3);
    this.displacement = mod === 1 ? this.i8() : mod === 2 || baseless ? this.i32() : 0;
  }

  /** The memory operand that modrm gave; RIP-relative ones are resolved with `resolveRipRelative`. */
  memoryOperand(bytes: OperandBytes): MutableMemoryOperand {
    return {
      kind: 'memory',
      base: this.base,
      index: this.index,
      scaleShift: this.scaleShift,
      displacement: this.displacement,
      ripRelative: this.ripRelative,
      segment: this.segment,
      address32: this.address32,
      bytes,
    };
  }

  /** An absolute address of 8 bytes (4 under 67h) in the instruction. */
  offsetOperand(bytes: OperandBytes): MutableMemoryOperand {
    return {
      kind: 'memory',
      base: -1,
      index: -1,
      scaleShift: 0,
      displacement: this.address32 ? this.i32() >>> 0 : this.u64Address(),
      ripRelative: false,
      segment: this.segment,
      address32: this.address32,
      bytes,
    };
  }

  /** To be called when all bytes have been read. */
  resolveRipRelative(operand: MutableMemoryOperand): void {
    if (!operand.ripRelative) return;
    const target = operand.displacement + this.address + this.length;
    operand.displacement = this.address32 ? target >>> 0 : target;
  }
}

export type MutableMemoryOperand = { -readonly [K in keyof MemoryOperand]: MemoryOperand[K] };

const SHIFTS = [0, 1, 2, 3] as const;
