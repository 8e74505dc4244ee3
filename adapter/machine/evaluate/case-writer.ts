// case-writer.ts: writes the evaluator's cases: how an operation finds its operands and leaves its result.
//
// `sp` is 48 below the topmost operand, so that offsets reach four operands and the next free slot.

import type { Code, Label } from '../wasm/code';
import { F32, F64, I32, I64, OP, V128, type ValueType } from '../wasm/opcodes.table';
import { SIMD } from '../wasm/simd.table';
import { FIRST_OPERAND, SLOT_SHIFT } from './micro-code';
import type { Effect } from './operations.table';

export const SLOT = 1 << SLOT_SHIFT;
/** Offsets from `sp`. */
export const FREE = FIRST_OPERAND;
export const TOP = FREE - SLOT;

export const OPERAND_LOADS: Readonly<Record<number, number>> = {
  [I32]: OP.i32Load,
  [I64]: OP.i64Load,
  [F32]: OP.f32Load,
  [F64]: OP.f64Load,
};
const OPERAND_STORES: Readonly<Record<number, number>> = {
  [I32]: OP.i32Store,
  [I64]: OP.i64Store,
  [F32]: OP.f32Store,
  [F64]: OP.f64Store,
};

/** Writes the cases of an operation: what all of them need. */
export class CaseWriter {
  constructor(
    readonly code: Code,
    readonly pc: number,
    readonly sp: number,
  ) {}

  /** Pushes the operand so many below the top. */
  operand(below: number, type: ValueType): void {
    this.code.get(this.sp);
    this.load(type, TOP - SLOT * below);
  }

  load(type: ValueType, offset: number): void {
    if (type === V128) this.code.simdMemory(SIMD.v128Load, offset);
    else this.code.memory(OPERAND_LOADS[type], offset);
  }

  /** Pops the value, then the address pushed before it. */
  store(type: ValueType, offset: number): void {
    if (type === V128) this.code.simdMemory(SIMD.v128Store, offset);
    else this.code.memory(OPERAND_STORES[type], offset);
  }

  add(local: number, bytes: number): void {
    if (bytes === 0) return;
    const { code } = this;
    code.get(local);
    code.i32(bytes);
    code.op(OP.i32Add);
    code.set(local);
  }

  /** The operand stack grows (or shrinks) by so many. */
  moveStack(slots: number): void {
    this.add(this.sp, SLOT * slots);
  }

  /** Pushes what the operation's own operand says. */
  immediate(opcode: number, at = 0): void {
    this.code.get(this.pc);
    this.code.memory(opcode, at);
  }

  /** Replaces the operands by the result of `emit`, which finds them on WebAssembly's stack. */
  apply({ takes, leaves }: Effect, emit: () => void): void {
    const { code } = this;
    if (leaves !== undefined) code.get(this.sp);
    takes.forEach((type, n) => {
      this.operand(takes.length - 1 - n, type);
    });
    emit();
    if (leaves !== undefined) this.store(leaves, TOP - SLOT * (takes.length - 1));
    this.moveStack((leaves === undefined ? 0 : 1) - takes.length);
  }
}

/** The jump to the case of the byte at `pc`, and the cases. Control never falls out of it. */
export function emitCases(w: CaseWriter, cases: ReadonlyMap<number, () => void>, again: Label | undefined): void {
  const { code, pc } = w;
  const otherwise = code.block();
  const numbers = [...cases.keys()];
  const labels = new Map(numbers.map((number) => [number, code.block()]));
  w.immediate(OP.i32Load8U);
  w.add(pc, 1);
  code.brTable(
    Array.from({ length: 256 }, (_, number) => labels.get(number) ?? otherwise),
    otherwise,
  );
  for (const number of numbers.reverse()) {
    code.end();
    cases.get(number)?.();
    if (again !== undefined) code.br(again);
  }
  code.end();
  code.op(OP.unreachable);
}
