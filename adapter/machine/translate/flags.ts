// flags.ts: emits the arithmetic flags, lazily.
//
// The kind (see flag-kind.ts) is known while translating wherever one path leads here; where paths meet it is DYNAMIC
// and lies in a local. IN_STATE: the state area holds kind, A and B as they are on entry or after a call.

import { AT } from '../layout';
import type { Code, Local } from '../wasm/code';
import { I32, I64, OP } from '../wasm/opcodes.table';
import {
  BASE_DYNAMIC,
  OVER_CARRY,
  baseOf,
  emitOverriddenWord,
  overrideOf,
  replaces,
  withOverride,
} from './flag-override';
import {
  AF,
  CF,
  KIND_ADD,
  KIND_EFLAGS,
  KIND_FLOAT,
  KIND_LOGIC,
  KIND_MIXED,
  KIND_SUB,
  OF,
  PF,
  SF,
  ZF,
  flagKind,
  type FlagOperation,
} from './flag-kind';

export const IN_STATE = -1;
export const DYNAMIC = -2;

/** The parts of a condition: which flag or comparison, and whether it is negated. */
const OVERFLOW = 0;
const BELOW = 1;
const EQUAL = 2;
const BELOW_EQUAL = 3;
const SIGN = 4;
const PARITY = 5;
const LESS = 6;

export class Flags {
  /** May carry an override (flag-override.ts). */
  kind = IN_STATE;
  readonly a: Local;
  readonly b: Local;
  readonly dynamicKind: Local;
  private readonly word: Local;
  private overrideNumbers: { readonly c: Local; readonly d: Local } | undefined;

  constructor(
    private readonly code: Code,
    /** Calls the helper (kind, a, b) → flag word. */
    private readonly callEflags: () => void,
  ) {
    this.a = code.newLocal(I64);
    this.b = code.newLocal(I64);
    this.dynamicKind = code.newLocal(I32);
    this.word = code.newLocal(I32);
  }

  /** Takes A from the stack, as i64; bits above the size do not count. */
  setA(): void {
    this.code.set(this.a);
  }

  setB(): void {
    this.code.set(this.b);
  }

  is(operation: FlagOperation, bytes: number): void {
    this.kind = flagKind(operation, bytes);
  }

  /** Takes the flag word from the stack, as i32. */
  setWord(): void {
    this.code.op(OP.i64ExtendI32U);
    this.code.set(this.a);
    this.kind = flagKind(KIND_EFLAGS, 1);
  }

  /** From now on some flags are others, by C and D (i64), which the functions push. */
  override(over: number, pushC: () => void, pushD: () => void): void {
    const { code } = this;
    if (!replaces(over, overrideOf(this.kind))) this.settle();
    if (this.kind === IN_STATE) this.makeDynamic();
    const base = this.kind === DYNAMIC ? BASE_DYNAMIC : baseOf(this.kind);
    const { c, d } = (this.overrideNumbers ??= { c: code.newLocal(I64), d: code.newLocal(I64) });
    pushC();
    code.set(c);
    pushD();
    code.set(d);
    this.kind = withOverride(over, base);
  }

  /** Works an override out. */
  private settle(): void {
    const { code, kind, word } = this;
    const over = overrideOf(kind);
    if (over === 0 || this.overrideNumbers === undefined) return;
    this.kind = baseOf(kind) === BASE_DYNAMIC ? DYNAMIC : baseOf(kind);
    this.pushWord();
    emitOverriddenWord(code, over, { ...this.overrideNumbers, word }, this.callEflags);
    this.setWord();
  }

  /** Pushes the flag word (arithmetic flags only) as i32. */
  pushWord(): void {
    const { code } = this;
    this.settle();
    if (this.kind === IN_STATE || this.kind === DYNAMIC) {
      this.pushTriple();
      this.callEflags();
      return;
    }
    if (this.kind >> 2 === KIND_EFLAGS) {
      code.get(this.a);
      code.op(OP.i32WrapI64);
      return;
    }
    code.i32(this.kind);
    code.get(this.a);
    code.get(this.b);
    this.callEflags();
  }

  private pushTriple(): void {
    const { code } = this;
    if (this.kind === DYNAMIC) {
      code.get(this.dynamicKind);
      code.get(this.a);
      code.get(this.b);
      return;
    }
    code.i32(0);
    code.memory(OP.i32Load, AT.flagKind);
    code.i32(0);
    code.memory(OP.i64Load, AT.flagA);
    code.i32(0);
    code.memory(OP.i64Load, AT.flagB);
  }

  /** Makes the kind DYNAMIC, for a place where paths meet. */
  makeDynamic(): void {
    const { code } = this;
    this.settle();
    if (this.kind === DYNAMIC) return;
    if (this.kind === IN_STATE) {
      this.pushTriple();
      code.set(this.b);
      code.set(this.a);
    } else {
      code.i32(this.kind);
    }
    code.set(this.dynamicKind);
    this.kind = DYNAMIC;
  }

  /** Writes kind, A and B to the state area. */
  store(): void {
    const { code } = this;
    this.settle();
    if (this.kind === IN_STATE) return;
    code.i32(0);
    if (this.kind === DYNAMIC) code.get(this.dynamicKind);
    else code.i32(this.kind);
    code.memory(OP.i32Store, AT.flagKind);
    this.storeNumbers();
    this.kind = IN_STATE;
  }

  storeNumbers(): void {
    const { code } = this;
    code.i32(0);
    code.get(this.a);
    code.memory(OP.i64Store, AT.flagA);
    code.i32(0);
    code.get(this.b);
    code.memory(OP.i64Store, AT.flagB);
  }

  /** Writes the numbers of overrides, where the region has any, for where code is left. */
  storeOverride(): void {
    const { code, overrideNumbers } = this;
    if (overrideNumbers === undefined) return;
    code.i32(0);
    code.get(overrideNumbers.c);
    code.memory(OP.i64Store, AT.flagC);
    code.i32(0);
    code.get(overrideNumbers.d);
    code.memory(OP.i64Store, AT.flagD);
  }

  /** Pushes condition 0…15 as i32 0 or 1. */
  condition(conditionCode: number): void {
    const which = conditionCode >> 1;
    const negated = (conditionCode & 1) === 1;
    if (which === BELOW && this.pushOverriddenCarry(negated)) return;
    this.settle();
    const operation = this.kind < 0 ? KIND_EFLAGS : this.kind >> 2;
    const done =
      (operation === KIND_SUB && this.conditionOfSub(which, negated)) ||
      (operation === KIND_LOGIC && this.conditionOfLogic(which, negated)) ||
      (operation === KIND_ADD && this.conditionOfAdd(which, negated)) ||
      (operation === KIND_MIXED && this.conditionOfMixed(which, negated)) ||
      (operation === KIND_FLOAT && this.conditionOfFloat(which, negated));
    if (!done) this.conditionOfWord(which, negated);
  }

  private pushOverriddenCarry(negated: boolean): boolean {
    const { code, overrideNumbers } = this;
    if (overrideOf(this.kind) !== OVER_CARRY || overrideNumbers === undefined) return false;
    code.get(overrideNumbers.c);
    code.op(OP.i32WrapI64);
    code.i32(1);
    code.op(OP.i32And);
    if (negated) code.op(OP.i32Eqz);
    return true;
  }

  /** Pushes CF as i32 0 or 1. */
  carry(): void {
    this.condition(2);
  }

  private get wide(): boolean {
    return (this.kind & 3) === 3;
  }

  /** Pushes a number zero- or sign-extended from the operand's size. */
  private number(local: Local, signed: boolean): void {
    const { code } = this;
    code.get(local);
    this.extendTop(signed, true);
  }

  /** Extends the top of the stack (i64 where `fromLong`) to the comparison's width. */
  private extendTop(signed: boolean, fromLong: boolean): void {
    const { code } = this;
    if (this.wide) return;
    if (fromLong) code.op(OP.i32WrapI64);
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

  private conditionOfSub(which: number, negated: boolean): boolean {
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
        this.extendTop(true, true);
        code.constant(0, this.wide);
        code.compare(negated ? OP.i32GeS : OP.i32LtS, this.wide);
        return true;
      case LESS:
        this.compareNumbers(negated ? OP.i32GeS : OP.i32LtS, true);
        return true;
      case LESS + 1:
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

  private conditionOfLogic(which: number, negated: boolean): boolean {
    switch (which) {
      case OVERFLOW:
      case BELOW:
        this.code.i32(negated ? 1 : 0);
        return true;
      case EQUAL:
      case BELOW_EQUAL:
        this.compareWithZero(negated ? OP.i32Ne : OP.i32Eq);
        return true;
      case SIGN:
      case LESS:
        this.compareWithZero(negated ? OP.i32GeS : OP.i32LtS);
        return true;
      case PARITY:
        this.code.get(this.a);
        this.parityOfTop(negated);
        return true;
      default:
        this.compareWithZero(negated ? OP.i32GtS : OP.i32LeS);
        return true;
    }
  }

  private conditionOfAdd(which: number, negated: boolean): boolean {
    if (which === BELOW) {
      this.compareNumbers(negated ? OP.i32GeU : OP.i32LtU, false);
      return true;
    }
    return this.conditionOfResult(which, negated);
  }

  /** Conditions that need the result in A only. */
  private conditionOfResult(which: number, negated: boolean): boolean {
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

  private conditionOfMixed(which: number, negated: boolean): boolean {
    if (which !== BELOW && which !== OVERFLOW) return this.conditionOfResult(which, negated);
    const { code } = this;
    code.get(this.b);
    code.op(OP.i32WrapI64);
    code.i32(which === BELOW ? CF : OF);
    code.op(OP.i32And);
    code.i32(0);
    code.op(negated ? OP.i32Eq : OP.i32Ne);
    return true;
  }

  private conditionOfFloat(which: number, negated: boolean): boolean {
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
      case LESS + 1:
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

  private conditionOfWord(which: number, negated: boolean): void {
    const { code } = this;
    this.pushWord();
    if (which === LESS || which === LESS + 1) {
      // SF ≠ OF: bring OF (bit 11) to SF's place (bit 7).
      code.tee(this.word);
      code.get(this.word);
      code.i32(4);
      code.op(OP.i32ShrU);
      code.op(OP.i32Xor);
      code.i32(SF);
      code.op(OP.i32And);
      if (which !== LESS) {
        code.get(this.word);
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
}

const WORD_MASKS: readonly number[] = [OF, CF, ZF, CF | ZF, SF, PF];

/** Flags that B of a MIXED kind may hold. */
export const MIXED_FLAGS = CF | AF | OF;
