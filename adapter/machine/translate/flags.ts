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
import { BELOW, FlagComparison, testFlagWord } from './flag-comparison';
import { KIND_EFLAGS, flagKind, type FlagOperation } from './flag-kind';

export const IN_STATE = -1;
export const DYNAMIC = -2;

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
    const comparison = this.kind < 0 ? undefined : new FlagComparison(this.code, this.kind, this.a, this.b);
    if (comparison?.push(which, negated) === true) return;
    this.pushWord();
    testFlagWord(this.code, this.word, which, negated);
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
}
