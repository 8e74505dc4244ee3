// number-function.ts: a condition's tree → a WebAssembly function that decides it.
//
// (place of the condition's record) → 0 not met, 1 met, 2 no result: it divides by zero, or reads what is not mapped.
// Registers are read in the state area. Truth of the trees: judging/number-code.ts.

import type { NumberCode, NumberPlace, NumberType } from '../../judging/number-code';
import { arithmeticOf, comparisonOf, conversionOf, DIVISIONS, loadOf } from './number-operations.table';
import { AT, MAX_LIMIT, PAGE_MAPPED, PAGE_SHIFT, PAGE_TABLE, RECORD } from '../layout';
import { Code, type FunctionBody, type Local } from '../wasm/code';
import { encodeModule } from '../wasm/module';
import { F32, F64, I32, I64, OP, OP_FC, type ValueType } from '../wasm/opcodes.table';

export const NOT_MET = 0;
export const MET = 1;
export const NO_RESULT = 2;

/** The only parameter. */
const CONDITION = 0;
const LONGEST_LOAD = 8;

const VALUE_TYPES: Readonly<Record<NumberType, ValueType>> = { i32: I32, i64: I64, f32: F32, f64: F64 };

/** A module whose `f0` is the function. */
export function encodeNumberFunction(truth: NumberCode): Uint8Array {
  return encodeModule({
    types: [{ parameters: [I32], results: [I32] }],
    table: false,
    functionImports: [],
    functions: [{ type: 0, body: emitNumberFunction(truth) }],
  });
}

export function emitNumberFunction(truth: NumberCode): FunctionBody {
  const emitter = new NumberEmitter();
  emitter.push(truth);
  emitter.code.op(OP.end);
  return emitter.code.finish();
}

class NumberEmitter {
  readonly code = new Code(1);

  push(code: NumberCode): void {
    const out = this.code;
    switch (code.kind) {
      case 'constant':
        this.constant(code.type, code.value);
        return;
      case 'load':
        this.load(code);
        return;
      case 'hits':
        out.get(CONDITION);
        out.memory(OP.i64Load, RECORD.hitsBefore);
        out.get(CONDITION);
        out.memory(OP.i64Load, RECORD.hits);
        out.op(OP.i64Add);
        out.i64(1);
        out.op(OP.i64Add);
        return;
      case 'thread':
        out.i32(0);
        out.memory(OP.i64Load, AT.thread);
        return;
      case 'arithmetic':
        this.arithmetic(code);
        return;
      case 'comparison':
        this.push(code.left);
        this.push(code.right);
        out.op(comparisonOf(code.operator, code.type, code.signed));
        return;
      case 'conversion':
        this.push(code.value);
        if (code.from === 'f64' && code.to === 'i64') this.truncate();
        else out.op(conversionOf(code.from, code.to, code.signed));
        return;
      case 'bounded':
        this.bounded(code);
        return;
      case 'both':
        this.branch(I32, code.left, code.right, ZERO);
        return;
      case 'either':
        this.branch(I32, code.left, ONE, code.right);
        return;
      case 'choice':
        this.branch(VALUE_TYPES[code.type], code.test, code.yes, code.no);
    }
  }

  private branch(type: ValueType, test: NumberCode, yes: NumberCode, no: NumberCode): void {
    this.push(test);
    this.code.if(type);
    this.push(yes);
    this.code.else();
    this.push(no);
    this.code.end();
  }

  private constant(type: NumberType, value: number | bigint): void {
    const { code } = this;
    switch (type) {
      case 'i32':
        code.i32(Number(BigInt.asIntN(32, BigInt(value))));
        return;
      case 'i64':
        code.i64(BigInt.asIntN(64, BigInt(value)));
        return;
      case 'f32':
        code.f32(Number(value));
        return;
      case 'f64':
        code.f64(Number(value));
    }
  }

  /** Takes an i32 from the stack: where it is not 0 there is no result. */
  private failIf(): void {
    const { code } = this;
    code.coldIf();
    code.i32(NO_RESULT);
    code.op(OP.return);
    code.end();
  }

  private load({ type, bytes, signed, from }: Extract<NumberCode, { kind: 'load' }>): void {
    const offset = this.pushPlace(from, bytes);
    this.code.memory(loadOf(type, bytes, signed), offset);
  }

  /** Pushes an i32; answers what must be added to it. */
  private pushPlace(place: NumberPlace, bytes: number): number {
    const { code } = this;
    switch (place.kind) {
      case 'memory':
        code.i32(0);
        return place.address;
      case 'at':
        this.pushAddress(place.address, bytes);
        return 0;
      case 'watched':
        code.get(CONDITION);
        for (let part = 0; part < place.part; part++) code.memory(OP.i32Load, RECORD.nextPart);
        return place.offset + (place.when === 'now' ? RECORD.now : RECORD.before);
      case 'register':
        code.i32(0);
        return AT.gpr + 8 * place.register;
    }
  }

  private pushAddress(of: NumberCode, bytes: number): void {
    const { code } = this;
    const address = code.newLocal(I64);
    const at = code.newLocal(I32);
    this.push(of);
    code.tee(address);
    code.i64(MAX_LIMIT - LONGEST_LOAD);
    code.op(OP.i64GtU);
    this.failIf();
    code.get(address);
    code.op(OP.i32WrapI64);
    code.set(at);
    this.failUnlessMapped(at, 0);
    if (bytes > 1) this.failUnlessMapped(at, bytes - 1);
    code.get(at);
  }

  private failUnlessMapped(at: Local, further: number): void {
    const { code } = this;
    code.get(at);
    code.i32(further);
    code.op(OP.i32Add);
    code.i32(PAGE_SHIFT);
    code.op(OP.i32ShrU);
    code.memory(OP.i32Load8U, PAGE_TABLE);
    code.i32(PAGE_MAPPED);
    code.op(OP.i32And);
    code.op(OP.i32Eqz);
    this.failIf();
  }

  /** An f64 → i64, where it fits. */
  private truncate(): void {
    const { code } = this;
    const value = code.newLocal(F64);
    code.tee(value);
    code.op(OP.f64Abs);
    code.f64(2 ** 63);
    code.op(OP.f64Lt);
    code.op(OP.i32Eqz);
    this.failIf();
    code.get(value);
    code.opFc(OP_FC.i64TruncSatF64S);
  }

  private bounded({ least, end, value: of }: Extract<NumberCode, { kind: 'bounded' }>): void {
    const { code } = this;
    const value = code.newLocal(I64);
    this.push(of);
    code.tee(value);
    code.i64(least);
    code.op(OP.i64Sub);
    code.i64(end - least);
    code.op(OP.i64GeU);
    this.failIf();
    code.get(value);
  }

  private arithmetic(code: Extract<NumberCode, { kind: 'arithmetic' }>): void {
    const { operator, type, signed } = code;
    const isDivision = (operator === 'div' || operator === 'rem') && (type === 'i32' || type === 'i64');
    this.push(code.left);
    this.push(code.right);
    if (isDivision) this.division(operator, type, signed);
    else this.code.op(arithmeticOf(operator, type, signed));
  }

  /** The least number divided by −1 wraps around instead of trapping. */
  private division(operator: 'div' | 'rem', type: 'i32' | 'i64', signed: boolean): void {
    const { code } = this;
    const wide = type === 'i64';
    const divisor = code.newLocal(VALUE_TYPES[type]);
    const dividend = code.newLocal(VALUE_TYPES[type]);
    code.set(divisor);
    code.set(dividend);
    code.get(divisor);
    code.op(wide ? OP.i64Eqz : OP.i32Eqz);
    this.failIf();
    const divide = (): void => {
      code.get(dividend);
      code.get(divisor);
      code.arithmetic(DIVISIONS[operator][signed ? 'signed' : 'unsigned'], wide);
    };
    if (operator === 'rem' || !signed) {
      divide();
      return;
    }
    code.get(divisor);
    code.constant(-1, wide);
    code.compare(OP.i32Eq, wide);
    code.if(VALUE_TYPES[type]);
    code.constant(0, wide);
    code.get(dividend);
    code.arithmetic(OP.i32Sub, wide);
    code.else();
    divide();
    code.end();
  }
}

const ZERO: NumberCode = { kind: 'constant', type: 'i32', value: 0 };
const ONE: NumberCode = { kind: 'constant', type: 'i32', value: 1 };
