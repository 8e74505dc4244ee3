// emit-context.ts: what the description of an instruction works with.
//
// An emitter (see semantics.ts) pushes and pops WebAssembly values through this. Values of operands up to four bytes
// are i32, zero-extended; of eight bytes i64; xmm registers v128.
//
// The rule for precise faults: do every `address` (which checks the access) and every `raiseIf` before the first
// change to a register, flag or memory.

import type { ImmediateOperand, Instruction, MemoryOperand, Operand, RegisterOperand } from '../decode/instruction';
import { assert } from '../../util/assert';
import { ACCESS_READ, ACCESS_UNCERTAIN, ACCESS_WRITE } from '../layout';
import type { Code, Local } from '../wasm/code';
import { I32, I64, OP, V128, type ValueType } from '../wasm/opcodes.table';
import { SIMD } from '../wasm/simd.table';
import { pushHighProduct } from '../wasm/wide-product';
import type { ExitReason } from './exit-site';
import type { Flags } from './flags';
import type { HelperName } from './helper-imports';
import type { MemoryAccess } from './memory-access';
import type { RegisterAccess } from './register-cache';

export type AccessMode = 'read' | 'write' | 'readWrite';

/** What EmitContext needs of the region being emitted. */
export interface Region {
  readonly code: Code;
  readonly flags: Flags;
  readonly registers: RegisterAccess;
  readonly memory: MemoryAccess;
  /** Worth fast code; otherwise small code. */
  readonly isHot: boolean;
  callHelper(name: HelperName): void;
  /** Leaves the region at the instruction (before it, or `after` it). Emitted where control ends. */
  leave(reason: ExitReason, options?: LeaveOptions): void;
  /** Takes an i32 from the stack and leaves if it is not 0. */
  leaveIf(reason: ExitReason, options?: LeaveOptions): void;
}

export interface LeaveOptions {
  /** Exception vector. */
  readonly vector?: number;
  /** The instruction has retired: the guest goes on at the next one. */
  readonly after?: boolean;
}

export class EmitContext {
  readonly code: Code;
  readonly flags: Flags;
  /** The instruction being emitted. */
  instruction!: Instruction;
  /** False when nobody can see the flags that this instruction leaves; emitting them anyway is never wrong. */
  flagsWanted = true;

  private readonly temporaries = new Map<ValueType, Local[]>();
  private readonly used = new Map<ValueType, number>();

  constructor(
    private readonly region: Region,
    /** The instruction runs by itself: string instructions do one repetition. */
    readonly alone: boolean,
  ) {
    this.code = region.code;
    this.flags = region.flags;
  }

  begin(instruction: Instruction, flagsWanted: boolean): void {
    this.instruction = instruction;
    this.flagsWanted = flagsWanted;
    this.used.clear();
  }

  // Temporaries --------------------------------------------------------------------------------------------------

  /** A local that is the emitter's own until the instruction ends. Its value at first is anything. */
  temporary(type: ValueType): Local {
    const pool = this.temporaries.get(type) ?? [];
    this.temporaries.set(type, pool);
    const index = this.used.get(type) ?? 0;
    this.used.set(type, index + 1);
    if (index === pool.length) pool.push(this.code.newLocal(type));
    return pool[index];
  }

  /** Moves the top of the stack, a value of an operand of so many bytes, to a new temporary. */
  save(bytes: number): Local {
    const local = this.temporary(bytes === 16 ? V128 : bytes === 8 ? I64 : I32);
    this.code.set(local);
    return local;
  }

  call(name: HelperName): void {
    this.region.callHelper(name);
  }

  /** Pushes the upper half of the product of two i64 locals. */
  pushHighProduct(a: Local, b: Local, isSigned: boolean): void {
    if (this.region.isHot) {
      pushHighProduct(this.code, a, b, isSigned, () => this.temporary(I64));
      return;
    }
    this.code.get(a);
    this.code.get(b);
    this.call(isSigned ? 'multiplyHighSigned' : 'multiplyHighUnsigned');
  }

  // Registers ----------------------------------------------------------------------------------------------------

  /** Pushes all 64 bits. */
  getGpr(index: number): void {
    this.region.registers.getGpr(index);
  }

  /** Pops an i64. */
  setGpr(index: number): void {
    this.region.registers.setGpr(index);
  }

  /** Pushes the low bytes: i64 for eight, otherwise i32 zero-extended. */
  getGprBytes(index: number, bytes: number): void {
    this.getGpr(index);
    if (bytes === 8) return;
    this.code.op(OP.i32WrapI64);
    this.zeroExtend(bytes);
  }

  /** Pops a value of so many bytes; four zero the upper half, one and two keep the rest. Junk above is dropped. */
  setGprBytes(index: number, bytes: number): void {
    const { code } = this;
    if (bytes === 8) {
      this.setGpr(index);
      return;
    }
    if (bytes === 4) {
      code.op(OP.i64ExtendI32U);
      this.setGpr(index);
      return;
    }
    this.zeroExtend(bytes);
    code.op(OP.i64ExtendI32U);
    this.getGpr(index);
    code.i64(bytes === 1 ? -0x100 : -0x10000);
    code.op(OP.i64And);
    code.op(OP.i64Or);
    this.setGpr(index);
  }

  private setGprHigh(index: number): void {
    const { code } = this;
    this.zeroExtend(1);
    code.op(OP.i64ExtendI32U);
    code.i64(8);
    code.op(OP.i64Shl);
    this.getGpr(index);
    code.i64(-0xff01);
    code.op(OP.i64And);
    code.op(OP.i64Or);
    this.setGpr(index);
  }

  getXmm(index: number): void {
    this.region.registers.getXmm(index);
  }

  setXmm(index: number): void {
    this.region.registers.setXmm(index);
  }

  /** Writes all registers that the region holds to the state area, for a helper that reads them there. */
  spillRegisters(): void {
    this.region.registers.markSpill();
  }

  /** Takes all registers from the state area, after a helper that wrote them there. */
  reloadRegisters(): void {
    this.region.registers.markReload();
  }

  // Values -------------------------------------------------------------------------------------------------------

  /** Clears what lies above the operand's size in the i32 on the stack. */
  zeroExtend(bytes: number): void {
    if (bytes >= 4) return;
    this.code.i32(bytes === 1 ? 0xff : 0xffff);
    this.code.op(OP.i32And);
  }

  /** Sign-extends the i32 on the stack from the operand's size; nothing for four and eight bytes. */
  signExtend(bytes: number): void {
    if (bytes >= 4) return;
    this.code.op(bytes === 1 ? OP.i32Extend8S : OP.i32Extend16S);
  }

  /** Makes an i64 of the value of so many bytes on the stack. */
  widen(bytes: number): void {
    if (bytes < 8) this.code.op(OP.i64ExtendI32U);
  }

  pushImmediate(operand: ImmediateOperand, bytes: number): void {
    const { value } = operand;
    if (bytes === 8) {
      this.code.i64(value);
      return;
    }
    const low = Number(BigInt.asIntN(32, BigInt(value)));
    this.code.i32(bytes === 4 ? low : low & (bytes === 1 ? 0xff : 0xffff));
  }

  getRegister(operand: RegisterOperand): void {
    if (operand.file === 'gpr8High') {
      this.getGpr(operand.index);
      this.code.op(OP.i32WrapI64);
      this.code.i32(8);
      this.code.op(OP.i32ShrU);
      this.zeroExtend(1);
    } else if (operand.file === 'xmm') {
      this.getXmm(operand.index);
    } else {
      assert(operand.file === 'gpr', 'a register operand here is general or xmm', this.instruction);
      this.getGprBytes(operand.index, operand.bytes);
    }
  }

  setRegister(operand: RegisterOperand): void {
    if (operand.file === 'gpr8High') this.setGprHigh(operand.index);
    else if (operand.file === 'xmm') this.setXmm(operand.index);
    else this.setGprBytes(operand.index, operand.bytes);
  }

  // Memory -------------------------------------------------------------------------------------------------------

  /** Pushes the effective address (with the segment's base) as i64. */
  pushEffectiveAddress(operand: MemoryOperand): void {
    this.region.memory.pushEffectiveAddress(operand);
  }

  /**
   * Checks the access that the operand means, and leaves if it may not go on. Returns a local (i32) that says where in
   * the WebAssembly memory it is. `uncertain`: the instruction has further accesses, or may fault after this one.
   */
  address(operand: MemoryOperand, mode: AccessMode, bytes: number = operand.bytes, uncertain = false): Local {
    this.pushEffectiveAddress(operand);
    return this.region.memory.check(accessMask(mode, uncertain), bytes, operand);
  }

  /** The same for an address (i64) on the stack. */
  addressOfTop(mode: AccessMode, bytes: number, uncertain = false): Local {
    return this.region.memory.check(accessMask(mode, uncertain), bytes, undefined);
  }

  /** Pushes what lies there: 1, 2, 4 bytes as i32 zero-extended, 8 as i64, 16 as v128. */
  load(at: Local, bytes: number, offset = 0): void {
    this.code.get(at);
    if (bytes === 16) this.code.simdMemory(SIMD.v128Load, offset);
    else this.code.memory(LOADS[bytes], offset);
  }

  /** The same with one and two bytes sign-extended. */
  loadSigned(at: Local, bytes: number): void {
    if (bytes > 2) {
      this.load(at, bytes);
      return;
    }
    this.code.get(at);
    this.code.memory(bytes === 1 ? OP.i32Load8S : OP.i32Load16S);
  }

  /** Stores what `push` pushes. */
  store(at: Local, bytes: number, push: () => void, offset = 0): void {
    this.code.get(at);
    push();
    if (bytes === 16) this.code.simdMemory(SIMD.v128Store, offset);
    else this.code.memory(STORES[bytes], offset);
  }

  // Operands -----------------------------------------------------------------------------------------------------

  /** Checks the operand's access if it is in memory; give the result to `push` and `assign`. */
  prepare(operand: Operand, mode: AccessMode, bytes: number = operand.bytes, uncertain = false): Local | undefined {
    return operand.kind === 'memory' ? this.address(operand, mode, bytes, uncertain) : undefined;
  }

  /** Pushes a prepared operand's value. */
  push(operand: Operand, at: Local | undefined, bytes: number = operand.bytes): void {
    if (at !== undefined) this.load(at, bytes);
    else if (operand.kind === 'register') this.getRegister(operand);
    else if (operand.kind === 'immediate') this.pushImmediate(operand, bytes);
  }

  /** Pushes a register's or immediate's value for what looks at no more than its low bytes: above them is junk. */
  pushRough(operand: Operand, bytes: number): void {
    if (operand.kind === 'register' && operand.file === 'gpr' && bytes < 4) {
      this.getGpr(operand.index);
      this.code.op(OP.i32WrapI64);
    } else this.push(operand, undefined, bytes);
  }

  /** Stores what `pushValue` pushes to a prepared operand. */
  assign(operand: Operand, at: Local | undefined, pushValue: () => void): void {
    if (at !== undefined) {
      this.store(at, operand.bytes, pushValue);
      return;
    }
    pushValue();
    assert(operand.kind === 'register', 'a destination is a register or memory', this.instruction);
    this.setRegister(operand);
  }

  /** Prepares and pushes an operand that is only read. */
  pushOperand(operand: Operand, bytes: number = operand.bytes, uncertain = false): void {
    this.push(operand, this.prepare(operand, 'read', bytes, uncertain), bytes);
  }

  /** The memory operand among the operands, or undefined. */
  get memoryOperand(): MemoryOperand | undefined {
    return this.instruction.operands.find((operand) => operand.kind === 'memory');
  }

  operand(index: number): Operand {
    const operand = this.instruction.operands.at(index);
    assert(operand !== undefined, 'the instruction has this operand', this.instruction);
    return operand;
  }

  // Leaving ------------------------------------------------------------------------------------------------------

  /** Pops an i32; raises the exception, before the instruction, if it is not 0. */
  raiseIf(vector: number): void {
    this.region.leaveIf('exception', { vector });
  }

  raise(vector: number): void {
    this.region.leave('exception', { vector });
  }

  leave(reason: ExitReason, options?: LeaveOptions): void {
    this.region.leave(reason, options);
  }

  leaveIf(reason: ExitReason, options?: LeaveOptions): void {
    this.region.leaveIf(reason, options);
  }
}

const LOADS: Readonly<Record<number, number>> = {
  1: OP.i32Load8U,
  2: OP.i32Load16U,
  4: OP.i32Load,
  8: OP.i64Load,
};

const STORES: Readonly<Record<number, number>> = {
  1: OP.i32Store8,
  2: OP.i32Store16,
  4: OP.i32Store,
  8: OP.i64Store,
};

function accessMask(mode: AccessMode, uncertain: boolean): number {
  const mask = mode === 'read' ? ACCESS_READ : mode === 'write' ? ACCESS_WRITE : ACCESS_READ | ACCESS_WRITE;
  return uncertain ? mask | ACCESS_UNCERTAIN : mask;
}
