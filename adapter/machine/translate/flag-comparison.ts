// flag-comparison.ts: a condition as a comparison of the two numbers that the flags follow from.
//
// `which` is a condition's number without its lowest bit, which negates it.
// Truth: flag-kind.ts; Intel SDM vol. 1, appendix B.

import type { Code, Local } from '../wasm/code';
import { OP } from '../wasm/opcodes.table';
import { CF, KIND_ADD, KIND_FLOAT, KIND_LOGIC, KIND_MIXED, KIND_SUB, OF, PF, SF, ZF } from './flag-kind';

const OVERFLOW = 0;
export const BELOW = 1;
const EQUAL = 2;
const BELOW_EQUAL = 3;
const SIGN = 4;
const PARITY = 5;
const LESS = 6;
const LESS_EQUAL = 7;

/** Flags of a kind known while translating, with their numbers A and B in locals. */
export class FlagComparison {
  constructor(
    private readonly code: Code,
    private readonly kind: number,
    private readonly a: Local,
    private readonly b: Local,
  ) {}

  /** Pushes the condition as i32 0 or 1. False: nothing was pushed, only the flag word tells it. */
  push(which: number, negated: boolean): boolean {
    switch (this.kind >> 2) {
      case KIND_SUB:
        return this.ofSub(which, negated);
      case KIND_LOGIC:
        return this.ofLogic(which, negated);
      case KIND_ADD:
        return this.ofAdd(which, negated);
      case KIND_MIXED:
        return this.ofMixed(which, negated);
      case KIND_FLOAT:
        return this.ofFloat(which, negated);
      default:
        return false;
    }
  }

  private get wide(): boolean {
    return (this.kind & 3) === 3;
  }

  /** Pushes a number zero- or sign-extended from the operand's size. */
  private number(local: Local, signed: boolean): void {
    this.code.get(local);
    this.extendTop(signed);
  }

  /** Extends the i64 on the stack from the operand's size to the comparison's width. */
  private extendTop(signed: boolean): void {
    const { code } = this;
    if (this.wide) return;
    code.op(OP.i32WrapI64);
    const bytes = 1 << (this.kind & 3);
    if (bytes === 4) return;
    if (signed) code.op(bytes === 1 ? OP.i32Extend8S : OP.i32Extend16S);
    else {
      code.i32(bytes === 1 ? 0xff : 0xffff);
      code.op(OP.i32And);
    }
  }

  private compareNumbers(opcode: number, signed: boolean): void {
    this.number(this.a, signed);
    this.number(this.b, signed);
    this.code.compare(opcode, this.wide);
  }

  private compareWithZero(opcode: number): void {
    this.number(this.a, true);
    this.code.constant(0, this.wide);
    this.code.compare(opcode, this.wide);
  }

  private ofSub(which: number, negated: boolean): boolean {
    const { code } = this;
    switch (which) {
      case BELOW:
        this.compareNumbers(negated ? OP.i32GeU : OP.i32LtU, false);
        return true;
      case EQUAL:
        this.compareNumbers(negated ? OP.i32Ne : OP.i32Eq, false);
        return true;
      case BELOW_EQUAL:
        this.compareNumbers(negated ? OP.i32GtU : OP.i32LeU, false);
        return true;
      case SIGN:
        code.get(this.a);
        code.get(this.b);
        code.op(OP.i64Sub);
        this.extendTop(true);
        code.constant(0, this.wide);
        code.compare(negated ? OP.i32GeS : OP.i32LtS, this.wide);
        return true;
      case LESS:
        this.compareNumbers(negated ? OP.i32GeS : OP.i32LtS, true);
        return true;
      case LESS_EQUAL:
        this.compareNumbers(negated ? OP.i32GtS : OP.i32LeS, true);
        return true;
      case PARITY:
        code.get(this.a);
        code.get(this.b);
        code.op(OP.i64Sub);
        this.parityOfTop(negated);
        return true;
      default:
        return false;
    }
  }

  /** Replaces the i64 on the stack by PF (negated: its opposite). */
  private parityOfTop(negated: boolean): void {
    const { code } = this;
    code.op(OP.i32WrapI64);
    code.i32(0xff);
    code.op(OP.i32And);
    code.op(OP.i32Popcnt);
    code.i32(1);
    code.op(OP.i32And);
    if (!negated) code.op(OP.i32Eqz);
  }

  private ofLogic(which: number, negated: boolean): boolean {
    switch (which) {
      case OVERFLOW:
      case BELOW:
        this.code.i32(negated ? 1 : 0);
        return true;
      // Neither CF nor OF is set.
      case BELOW_EQUAL:
        return this.ofResult(EQUAL, negated);
      case LESS:
        return this.ofResult(SIGN, negated);
      case LESS_EQUAL:
        this.compareWithZero(negated ? OP.i32GtS : OP.i32LeS);
        return true;
      default:
        return this.ofResult(which, negated);
    }
  }

  private ofAdd(which: number, negated: boolean): boolean {
    if (which === BELOW) {
      this.compareNumbers(negated ? OP.i32GeU : OP.i32LtU, false);
      return true;
    }
    return this.ofResult(which, negated);
  }

  /** Conditions that need the result in A only. */
  private ofResult(which: number, negated: boolean): boolean {
    switch (which) {
      case EQUAL:
        this.compareWithZero(negated ? OP.i32Ne : OP.i32Eq);
        return true;
      case SIGN:
        this.compareWithZero(negated ? OP.i32GeS : OP.i32LtS);
        return true;
      case PARITY:
        this.code.get(this.a);
        this.parityOfTop(negated);
        return true;
      default:
        return false;
    }
  }

  private ofMixed(which: number, negated: boolean): boolean {
    if (which !== BELOW && which !== OVERFLOW) return this.ofResult(which, negated);
    const { code } = this;
    code.get(this.b);
    code.op(OP.i32WrapI64);
    code.i32(which === BELOW ? CF : OF);
    code.op(OP.i32And);
    code.i32(0);
    code.op(negated ? OP.i32Eq : OP.i32Ne);
    return true;
  }

  private ofFloat(which: number, negated: boolean): boolean {
    const { code } = this;
    switch (which) {
      case BELOW:
        this.compareFloats(this.a, this.b, OP.f64Ge);
        if (!negated) code.op(OP.i32Eqz);
        return true;
      case BELOW_EQUAL:
        this.compareFloats(this.a, this.b, OP.f64Gt);
        if (!negated) code.op(OP.i32Eqz);
        return true;
      case EQUAL:
      case LESS_EQUAL:
        this.compareFloats(this.a, this.b, OP.f64Lt);
        this.compareFloats(this.a, this.b, OP.f64Gt);
        code.op(OP.i32Or);
        if (!negated) code.op(OP.i32Eqz);
        return true;
      case PARITY:
        this.compareFloats(this.a, this.a, OP.f64Ne);
        this.compareFloats(this.b, this.b, OP.f64Ne);
        code.op(OP.i32Or);
        if (negated) code.op(OP.i32Eqz);
        return true;
      default:
        code.i32(negated ? 1 : 0);
        return true;
    }
  }

  private compareFloats(left: Local, right: Local, opcode: number): void {
    const { code } = this;
    for (const local of [left, right]) {
      code.get(local);
      code.op(OP.f64ReinterpretI64);
    }
    code.op(opcode);
  }
}

const WORD_MASKS: readonly number[] = [OF, CF, ZF, CF | ZF, SF, PF];

/** Takes the flag word from the stack (i32) and pushes the condition as i32 0 or 1. `word` is a local for it. */
export function testFlagWord(code: Code, word: Local, which: number, negated: boolean): void {
  if (which === LESS || which === LESS_EQUAL) {
    // SF ≠ OF: bring OF (bit 11) to SF's place (bit 7).
    code.tee(word);
    code.get(word);
    code.i32(4);
    code.op(OP.i32ShrU);
    code.op(OP.i32Xor);
    code.i32(SF);
    code.op(OP.i32And);
    if (which !== LESS) {
      code.get(word);
      code.i32(ZF);
      code.op(OP.i32And);
      code.op(OP.i32Or);
    }
  } else {
    code.i32(WORD_MASKS[which]);
    code.op(OP.i32And);
  }
  code.i32(0);
  code.op(negated ? OP.i32Eq : OP.i32Ne);
}
