// memory-access.ts: emits effective addresses and the check that stands before every access.
//
// The fast path costs one byte of a granule table, ORed with the address bits above the limit. Anything that is not 0
// goes to the probe, which says where to access, or 0: leave before the instruction, with exact state.
//
// Accesses that were planned together (access-plan.ts) share the look at the tables; where it says slow, each asks
// for itself.

import type { Instruction, MemoryOperand } from '../decode/instruction';
import {
  ACCESS_BYTES_SHIFT,
  ACCESS_JUDGED,
  ACCESS_WRITE,
  AT,
  GRANULE_SHIFT,
  GUEST_BOTTOM,
  LONGEST_FAST_BYTES,
  READ_TABLE,
  WRITE_TABLE,
} from '../layout';
import type { Code, Local } from '../wasm/code';
import { I32, I64, OP } from '../wasm/opcodes.table';
import type { AccessGroup, AccessPlan, PlannedAccess } from './access-plan';
import type { HelperName } from './helper-imports';
import type { RegisterAccess } from './register-cache';

export interface MemoryAccessOptions {
  readonly limitBits: number;
  /** The instruction runs alone: log every access and find out why it faults. */
  readonly alone: boolean;
  /** Worth code inline; otherwise the check is a call. */
  readonly isHot: boolean;
  /** Emits the exit taken when the access may not go on; an i32 on the stack says so by not being 0. */
  readonly callHelper: (name: HelperName) => void;
  readonly leaveIfRefused: () => void;
  /** A local that is the emitter's until the instruction ends. */
  readonly temporary: (type: typeof I32 | typeof I64) => Local;
}

export class MemoryAccess {
  /** Of the current instruction: its hits are judged right after it. */
  isJudged = false;
  private readonly effective: Local;
  private readonly last: Local;
  private plan: AccessPlan | undefined;
  private instruction: Instruction | undefined;
  private nesting = 0;
  /** Groups whose check stands on the way to the current block, in this order. */
  private readonly open: AccessGroup[] = [];

  constructor(
    private readonly code: Code,
    private readonly registers: RegisterAccess,
    private readonly options: MemoryAccessOptions,
  ) {
    this.effective = code.newLocal(I64);
    this.last = code.newLocal(I64);
  }

  /** Before each instruction: which accesses of its block share checks. */
  begin(instruction: Instruction, plan: AccessPlan | undefined): void {
    this.instruction = instruction;
    this.plan = plan;
    this.nesting = this.code.nesting;
  }

  /** How many shared checks stand on the way to the current block. */
  get openGroups(): number {
    return this.open.length;
  }

  /** The way goes back: checks after the first so many say nothing about what follows. */
  closeGroups(left: number): void {
    for (const group of this.open.splice(left)) group.opened = undefined;
  }

  /** Pushes base + index * scale + displacement + segment base as i64. */
  pushEffectiveAddress(operand: MemoryOperand): void {
    const { code } = this;
    let terms = 0;
    const add = (): void => {
      if (terms++ > 0) code.op(OP.i64Add);
    };
    if (operand.base >= 0) {
      this.registers.getGpr(operand.base);
      add();
    }
    if (operand.index >= 0) {
      this.registers.getGpr(operand.index);
      if (operand.scaleShift > 0) {
        code.i64(operand.scaleShift);
        code.op(OP.i64Shl);
      }
      add();
    }
    if (operand.displacement !== 0 || terms === 0) {
      code.i64(operand.displacement);
      add();
    }
    if (operand.address32) {
      code.op(OP.i32WrapI64);
      code.op(OP.i64ExtendI32U);
    }
    if (operand.segment !== 'none') {
      code.i32(0);
      code.memory(OP.i64Load, operand.segment === 'fs' ? AT.fsBase : AT.gsBase);
      code.op(OP.i64Add);
    }
  }

  /** Takes the address (i64) from the stack; returns the local that holds where to access. */
  check(access: number, bytes: number, operand: MemoryOperand | undefined): Local {
    const { code } = this;
    const at = this.options.temporary(I32);
    const { alone, isHot } = this.options;
    if (alone || !isHot) {
      this.ask(alone ? 'probeAlone' : 'access', access, bytes, at);
      return at;
    }
    code.set(this.effective);
    if (bytes > LONGEST_FAST_BYTES) {
      this.askProbe(access, bytes, at);
      return at;
    }
    const planned = this.plannedAccess(operand, access);
    if (planned !== undefined) return this.checkInGroup(planned, access, bytes, at);
    const table = (access & ACCESS_WRITE) !== 0 ? WRITE_TABLE : READ_TABLE;
    const constant = operand === undefined ? undefined : this.constantAddress(operand);
    if (constant !== undefined) {
      code.i32(constant);
      code.set(at);
      code.i32(0);
      code.memory(OP.i32Load8U, table + (constant >>> GRANULE_SHIFT));
    } else {
      this.checkInline(access, bytes, at, table);
      return at;
    }
    code.coldIf();
    this.askProbe(access, bytes, at);
    code.end();
    return at;
  }

  /** Two branches that are hardly ever taken cost less than one on what both say. */
  private checkInline(access: number, bytes: number, at: Local, table: number): void {
    const { code } = this;
    const fast = code.block();
    const slow = code.block();
    code.get(this.effective);
    code.op(OP.i32WrapI64);
    code.set(at);
    code.get(this.effective);
    code.i64(2 ** this.options.limitBits);
    code.op(OP.i64GeU);
    code.coldBrIf(slow);
    code.get(at);
    code.i32(GRANULE_SHIFT);
    code.op(OP.i32ShrU);
    code.memory(OP.i32Load8U, table);
    code.coldBrIf(slow);
    code.br(fast);
    code.end();
    this.askProbe(access, bytes, at);
    code.end();
  }

  private plannedAccess(operand: MemoryOperand | undefined, access: number): PlannedAccess | undefined {
    const key = operand ?? this.instruction;
    const planned = key === undefined ? undefined : this.plan?.get(key);
    if (planned === undefined || planned.group.accesses < 2) return undefined;
    const { group } = planned;
    if ((access & ACCESS_WRITE) !== 0 && !group.writes) return undefined;
    // What is checked on one way through an instruction only says nothing to those after it.
    return group.opened === undefined && this.code.nesting > this.nesting ? undefined : planned;
  }

  /** Takes the address from `effective`. */
  private checkInGroup({ group, offset }: PlannedAccess, access: number, bytes: number, at: Local): Local {
    const { code } = this;
    const opened = group.opened ?? this.openGroup(group, offset);
    if (group.opened === undefined) this.open.push(group);
    group.opened = opened;
    code.get(opened.at);
    code.i32(offset - group.first);
    code.op(OP.i32Add);
    code.set(at);
    code.get(opened.slow);
    code.i64(0);
    code.op(OP.i64Ne);
    code.coldIf();
    code.get(this.effective);
    this.ask('access', access, bytes, at);
    // Another value than was just tested: V8 would carry along which way was taken, in place of what is tested next.
    code.i64(1);
    code.set(opened.slow);
    code.end();
    return at;
  }

  /** Looks at the granules of the first and the last start; the access at `offset` is at `effective`. */
  private openGroup(group: AccessGroup, offset: number): { readonly slow: Local; readonly at: Local } {
    const { code, last } = this;
    const slow = code.newLocal(I64);
    const at = code.newLocal(I32);
    const table = group.writes ? WRITE_TABLE : READ_TABLE;
    code.get(this.effective);
    code.op(OP.i32WrapI64);
    code.i32(group.first - offset);
    code.op(OP.i32Add);
    code.tee(at);
    code.i32(GRANULE_SHIFT);
    code.op(OP.i32ShrU);
    code.memory(OP.i64Load8U, table);
    code.get(this.effective);
    code.i64(group.last - offset);
    code.op(OP.i64Add);
    code.set(last);
    if (group.last !== group.first) {
      code.get(last);
      code.op(OP.i32WrapI64);
      code.i32(GRANULE_SHIFT);
      code.op(OP.i32ShrU);
      code.memory(OP.i64Load8U, table);
      code.op(OP.i64Or);
    }
    code.get(last);
    code.i64(this.options.limitBits);
    code.op(OP.i64ShrU);
    code.op(OP.i64Or);
    code.set(slow);
    return { slow, at };
  }

  private askProbe(access: number, bytes: number, at: Local): void {
    this.code.get(this.effective);
    this.ask('probe', access, bytes, at);
  }

  /** Takes the address from the stack. */
  private ask(probe: 'probe' | 'probeAlone' | 'access', access: number, bytes: number, at: Local): void {
    const { code } = this;
    code.i32(access | (this.isJudged ? ACCESS_JUDGED : 0) | (bytes << ACCESS_BYTES_SHIFT));
    this.options.callHelper(probe);
    if (!this.options.isHot) code.tee(at);
    code.op(OP.i32Eqz);
    this.options.leaveIfRefused();
    if (!this.options.isHot) return;
    // V8 knows of a load, not of a call's result, that its upper half is clear: else each access clears it anew.
    code.i32(0);
    code.memory(OP.i32Load, AT.place);
    code.set(at);
  }

  /** An address known while translating and below the limit. */
  private constantAddress(operand: MemoryOperand): number | undefined {
    const { base, index, segment, displacement } = operand;
    const known = base < 0 && index < 0 && segment === 'none';
    const inside = displacement >= GUEST_BOTTOM && displacement < 2 ** this.options.limitBits;
    return known && inside ? displacement : undefined;
  }
}
