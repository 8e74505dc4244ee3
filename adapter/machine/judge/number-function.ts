// number-function.ts: a condition's tree → a WebAssembly function that decides it.
//
// (place of the condition's record) → 0 not met, 1 met, 2 no result: it divides by zero, or reads what is not mapped.
// Registers are read in the state area. Truth of the trees: judging/number-code.ts.

import type { NumberCode, NumberComparison, NumberOperator, NumberPlace, NumberType } from '../../judging/number-code';
import { AT, MAX_LIMIT, PAGE_MAPPED, PAGE_SHIFT, PAGE_TABLE, RECORD } from '../layout';
import { Code, type FunctionBody, type Local } from '../wasm/code';
import { encodeModule } from '../wasm/module';
import { F32, F64, I32, I64, OP, type ValueType } from '../wasm/opcodes.table';

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
        out.op(conversionOf(code.from, code.to, code.signed));
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
      case 'before':
        code.get(CONDITION);
        return RECORD.before;
      case 'register':
        code.i32(0);
        return AT.gpr + 8 * place.register;
      case 'relative':
        this.pushRelative(place.register, place.offset, bytes);
        return 0;
    }
  }

  private pushRelative(register: number, offset: bigint, bytes: number): void {
    const { code } = this;
    const address = code.newLocal(I64);
    const at = code.newLocal(I32);
    code.i32(0);
    code.memory(OP.i64Load, AT.gpr + 8 * register);
    code.i64(BigInt.asIntN(64, offset));
    code.op(OP.i64Add);
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

  private arithmetic(code: Extract<NumberCode, { kind: 'arithmetic' }>): void {
    const { operator, type, signed } = code;
    const isDivision = (operator === 'div' || operator === 'rem') && (type === 'i32' || type === 'i64');
    this.push(code.left);
    this.push(code.right);
    if (isDivision) this.division(operator, type, signed);
    else this.code.op(arithmeticOf(operator, type));
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

const DIVISIONS = {
  div: { signed: OP.i32DivS, unsigned: OP.i32DivU },
  rem: { signed: OP.i32RemS, unsigned: OP.i32RemU },
} as const;

const INTEGER_OPERATIONS: Readonly<Record<NumberOperator, number>> = {
  add: OP.i32Add,
  sub: OP.i32Sub,
  mul: OP.i32Mul,
  div: OP.i32DivS,
  rem: OP.i32RemS,
  and: OP.i32And,
  or: OP.i32Or,
  xor: OP.i32Xor,
};

/** Add, subtract, multiply and divide follow each other; f64's are a fixed distance away. */
const FLOAT_OPERATIONS: Readonly<Partial<Record<NumberOperator, number>>> = {
  add: OP.f32Add,
  sub: OP.f32Sub,
  mul: OP.f32Mul,
  div: OP.f32Div,
};
const ARITHMETIC_F64 = OP.f64Add - OP.f32Add;
const COMPARE_F64 = OP.f64Eq - OP.f32Eq;
const COMPARE_I64 = OP.i64Eq - OP.i32Eq;
const ARITHMETIC_I64 = OP.i64Add - OP.i32Add;

function arithmeticOf(operator: NumberOperator, type: NumberType): number {
  if (type === 'i32' || type === 'i64') return INTEGER_OPERATIONS[operator] + (type === 'i64' ? ARITHMETIC_I64 : 0);
  return (FLOAT_OPERATIONS[operator] ?? OP.unreachable) + (type === 'f64' ? ARITHMETIC_F64 : 0);
}

interface ComparisonOperations {
  readonly signed: number;
  readonly unsigned: number;
  readonly float: number;
}

const COMPARISONS: Readonly<Record<NumberComparison, ComparisonOperations>> = {
  eq: { signed: OP.i32Eq, unsigned: OP.i32Eq, float: OP.f32Eq },
  ne: { signed: OP.i32Ne, unsigned: OP.i32Ne, float: OP.f32Ne },
  lt: { signed: OP.i32LtS, unsigned: OP.i32LtU, float: OP.f32Lt },
  gt: { signed: OP.i32GtS, unsigned: OP.i32GtU, float: OP.f32Gt },
  le: { signed: OP.i32LeS, unsigned: OP.i32LeU, float: OP.f32Le },
  ge: { signed: OP.i32GeS, unsigned: OP.i32GeU, float: OP.f32Ge },
};

function comparisonOf(operator: NumberComparison, type: NumberType, signed: boolean): number {
  const operations = COMPARISONS[operator];
  if (type === 'f32' || type === 'f64') return operations.float + (type === 'f64' ? COMPARE_F64 : 0);
  return (signed ? operations.signed : operations.unsigned) + (type === 'i64' ? COMPARE_I64 : 0);
}

function conversionOf(from: NumberType, to: NumberType, signed: boolean): number {
  if (from === 'f32') return OP.f64PromoteF32;
  if (to === 'i64') return signed ? OP.i64ExtendI32S : OP.i64ExtendI32U;
  if (to === 'f32') return signed ? OP.f32ConvertI32S : OP.f32ConvertI32U;
  if (from === 'i32') return signed ? OP.f64ConvertI32S : OP.f64ConvertI32U;
  return signed ? OP.f64ConvertI64S : OP.f64ConvertI64U;
}

function loadOf(type: NumberType, bytes: number, signed: boolean): number {
  switch (type) {
    case 'f32':
      return OP.f32Load;
    case 'f64':
      return OP.f64Load;
    case 'i64':
      return OP.i64Load;
    case 'i32':
      if (bytes === 1) return signed ? OP.i32Load8S : OP.i32Load8U;
      if (bytes === 2) return signed ? OP.i32Load16S : OP.i32Load16U;
      return OP.i32Load;
  }
}
