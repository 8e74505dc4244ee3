// flag-word.ts: the flag word of a kind and its two numbers, as a WebAssembly function.
//
// Agrees with `flagWord` in translate/flag-kind.ts, which a test holds it to. (kind, A, B) → arithmetic flags.

import {
  AF,
  ARITHMETIC_FLAGS,
  CF,
  KIND_ADD,
  KIND_FLOAT,
  KIND_MIXED,
  KIND_SAR,
  KIND_SHL,
  KIND_SHR,
  KIND_SUB,
  OF,
  PF,
  SF,
  ZF,
} from '../translate/flag-kind';
import { Code, type FunctionBody } from '../wasm/code';
import { I32, I64, OP } from '../wasm/opcodes.table';

const KIND = 0;
const A = 1;
const B = 2;

interface Locals {
  readonly operation: number;
  /** 64 − the operand's bits: numbers are compared at the top of the word. */
  readonly unused: number;
  readonly result: number;
  readonly other: number;
  readonly word: number;
}

export function emitFlagWord(): FunctionBody {
  const code = new Code(3);
  const locals: Locals = {
    operation: code.newLocal(I32),
    unused: code.newLocal(I64),
    result: code.newLocal(I64),
    other: code.newLocal(I64),
    word: code.newLocal(I32),
  };
  code.get(KIND);
  code.i32(2);
  code.op(OP.i32ShrU);
  code.tee(locals.operation);
  code.op(OP.i32Eqz);
  code.if();
  code.get(A);
  code.op(OP.i32WrapI64);
  code.i32(ARITHMETIC_FLAGS);
  code.op(OP.i32And);
  code.op(OP.return);
  code.end();
  forOperation(code, locals, KIND_FLOAT, () => {
    pushFloatFlags(code);
    code.op(OP.return);
  });
  setUnused(code, locals);
  toTop(code, A, locals);
  code.get(A);
  code.set(locals.result);
  forOperation(code, locals, KIND_MIXED, () => {
    code.get(B);
    code.op(OP.i32WrapI64);
    code.i32(CF | AF | OF);
    code.op(OP.i32And);
    code.set(locals.word);
  });
  forOperation(code, locals, KIND_SUB, () => {
    addOrSub(code, locals, true);
  });
  forOperation(code, locals, KIND_ADD, () => {
    addOrSub(code, locals, false);
  });
  forOperation(code, locals, KIND_SHL, () => {
    shiftLeft(code, locals);
  });
  forOperation(code, locals, KIND_SHR, () => {
    shiftRight(code, locals, false);
  });
  forOperation(code, locals, KIND_SAR, () => {
    shiftRight(code, locals, true);
  });
  pushResultFlags(code, locals);
  code.get(locals.word);
  code.op(OP.i32Or);
  code.op(OP.end);
  return code.finish();
}

/** CF: not A ≥ B; ZF: neither A < B nor A > B; PF: one of them is no number. */
function pushFloatFlags(code: Code): void {
  pushFloatComparison(code, A, B, OP.f64Ge);
  code.op(OP.i32Eqz);
  pushFloatComparison(code, A, B, OP.f64Lt);
  pushFloatComparison(code, A, B, OP.f64Gt);
  code.op(OP.i32Or);
  code.op(OP.i32Eqz);
  code.i32(Math.log2(ZF));
  code.op(OP.i32Shl);
  code.op(OP.i32Or);
  pushFloatComparison(code, A, A, OP.f64Ne);
  pushFloatComparison(code, B, B, OP.f64Ne);
  code.op(OP.i32Or);
  code.i32(Math.log2(PF));
  code.op(OP.i32Shl);
  code.op(OP.i32Or);
}

function pushFloatComparison(code: Code, left: number, right: number, opcode: number): void {
  for (const local of [left, right]) {
    code.get(local);
    code.op(OP.f64ReinterpretI64);
  }
  code.op(opcode);
}

/** unused = 64 − (8 << (kind & 3)) */
function setUnused(code: Code, locals: Locals): void {
  code.i64(64);
  code.i64(8);
  code.get(KIND);
  code.i32(3);
  code.op(OP.i32And);
  code.op(OP.i64ExtendI32U);
  code.op(OP.i64Shl);
  code.op(OP.i64Sub);
  code.set(locals.unused);
}

/** Moves the number's bits to the top of the word, so that sign, order and 0 are those of the word. */
function toTop(code: Code, local: number, locals: Locals): void {
  code.get(local);
  code.get(locals.unused);
  code.op(OP.i64Shl);
  code.set(local);
}

function forOperation(code: Code, locals: Locals, operation: number, body: () => void): void {
  code.get(locals.operation);
  code.i32(operation);
  code.op(OP.i32Eq);
  code.if();
  body();
  code.end();
}

/** SUB: A − B. ADD: A is the sum, B an addend, the other one A − B. */
function addOrSub(code: Code, locals: Locals, isSub: boolean): void {
  toTop(code, B, locals);
  code.get(A);
  code.get(B);
  code.op(OP.i64Sub);
  code.set(locals.other);
  // CF: A below B, for both.
  code.get(A);
  code.get(B);
  code.op(OP.i64LtU);
  // AF: bit 4 of the exclusive or of all three.
  code.get(A);
  code.get(B);
  code.op(OP.i64Xor);
  code.get(locals.other);
  code.op(OP.i64Xor);
  code.get(locals.unused);
  code.op(OP.i64ShrU);
  code.op(OP.i32WrapI64);
  code.i32(AF);
  code.op(OP.i32And);
  code.op(OP.i32Or);
  // OF: sign of (A ^ B) & (A ^ other), for both.
  code.get(A);
  code.get(B);
  code.op(OP.i64Xor);
  code.get(A);
  code.get(locals.other);
  code.op(OP.i64Xor);
  code.op(OP.i64And);
  pushSignAt(code, 11);
  code.op(OP.i32Or);
  code.set(locals.word);
  if (!isSub) return;
  code.get(locals.other);
  code.set(locals.result);
}

/** Replaces the i64 on the stack by its sign, at the bit. */
function pushSignAt(code: Code, bit: number): void {
  code.i64(63);
  code.op(OP.i64ShrU);
  code.op(OP.i32WrapI64);
  code.i32(bit);
  code.op(OP.i32Shl);
}

/** CF is the last bit shifted out at the top; OF = CF ^ the new sign. */
function shiftLeft(code: Code, locals: Locals): void {
  code.get(A);
  code.get(B);
  code.i64(1);
  code.op(OP.i64Sub);
  code.op(OP.i64Shl);
  code.set(locals.other);
  // Counts beyond the operand's size push 0 out.
  code.get(locals.other);
  code.i64(1);
  code.op(OP.i64Shl);
  code.set(locals.result);
  code.get(locals.other);
  pushSignAt(code, 0);
  code.get(locals.other);
  code.get(locals.result);
  code.op(OP.i64Xor);
  pushSignAt(code, 11);
  code.op(OP.i32Or);
  code.set(locals.word);
}

/** CF is the last bit shifted out at the bottom; OF is the old sign for SHR, 0 for SAR. */
function shiftRight(code: Code, locals: Locals, isSigned: boolean): void {
  const opcode = isSigned ? OP.i64ShrS : OP.i64ShrU;
  code.get(A);
  code.get(locals.unused);
  code.op(opcode);
  code.get(B);
  code.i64(1);
  code.op(OP.i64Sub);
  code.op(opcode);
  code.set(locals.other);
  code.get(locals.other);
  code.i64(1);
  code.op(opcode);
  code.get(locals.unused);
  code.op(OP.i64Shl);
  code.set(locals.result);
  code.get(locals.other);
  code.op(OP.i32WrapI64);
  code.i32(CF);
  code.op(OP.i32And);
  if (!isSigned) {
    code.get(A);
    pushSignAt(code, 11);
    code.op(OP.i32Or);
  }
  code.set(locals.word);
}

/** SF, ZF and PF of the result at the top of the word. */
function pushResultFlags(code: Code, locals: Locals): void {
  code.get(locals.result);
  code.op(OP.i64Eqz);
  code.i32(Math.log2(ZF));
  code.op(OP.i32Shl);
  code.get(locals.result);
  pushSignAt(code, Math.log2(SF));
  code.op(OP.i32Or);
  code.get(locals.result);
  code.get(locals.unused);
  code.op(OP.i64ShrU);
  code.i64(0xff);
  code.op(OP.i64And);
  code.op(OP.i64Popcnt);
  code.op(OP.i32WrapI64);
  code.i32(1);
  code.op(OP.i32And);
  code.op(OP.i32Eqz);
  code.i32(Math.log2(PF));
  code.op(OP.i32Shl);
  code.op(OP.i32Or);
}
