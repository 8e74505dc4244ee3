// number-operations.table.ts: WebAssembly's operations for those of a number tree (judging/number-code.ts).

import type { NumberComparison, NumberOperator, NumberType } from '../../judging/number-code';
import { OP } from '../wasm/opcodes.table';

export const DIVISIONS = {
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
  shl: OP.i32Shl,
  shr: OP.i32ShrS,
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

/** Of all but integers' divisions. */
export function arithmeticOf(operator: NumberOperator, type: NumberType, signed: boolean): number {
  if (type === 'i32' || type === 'i64') {
    const operation = operator === 'shr' && !signed ? OP.i32ShrU : INTEGER_OPERATIONS[operator];
    return operation + (type === 'i64' ? ARITHMETIC_I64 : 0);
  }
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

export function comparisonOf(operator: NumberComparison, type: NumberType, signed: boolean): number {
  const operations = COMPARISONS[operator];
  if (type === 'f32' || type === 'f64') return operations.float + (type === 'f64' ? COMPARE_F64 : 0);
  return (signed ? operations.signed : operations.unsigned) + (type === 'i64' ? COMPARE_I64 : 0);
}

export function conversionOf(from: NumberType, to: NumberType, signed: boolean): number {
  if (from === 'f32') return OP.f64PromoteF32;
  if (from === 'f64') return OP.f32DemoteF64;
  if (to === 'i32') return OP.i32WrapI64;
  if (to === 'i64') return signed ? OP.i64ExtendI32S : OP.i64ExtendI32U;
  if (to === 'f32' && from === 'i64') return signed ? OP.f32ConvertI64S : OP.f32ConvertI64U;
  if (to === 'f32') return signed ? OP.f32ConvertI32S : OP.f32ConvertI32U;
  if (from === 'i32') return signed ? OP.f64ConvertI32S : OP.f64ConvertI32U;
  return signed ? OP.f64ConvertI64S : OP.f64ConvertI64U;
}

const LOADS_I64: Readonly<Record<number, { readonly signed: number; readonly unsigned: number }>> = {
  1: { signed: OP.i64Load8S, unsigned: OP.i64Load8U },
  2: { signed: OP.i64Load16S, unsigned: OP.i64Load16U },
  4: { signed: OP.i64Load32S, unsigned: OP.i64Load32U },
  8: { signed: OP.i64Load, unsigned: OP.i64Load },
};

/** `bytes`: 1, 2, 4 or 8, and no more than the type has. */
export function loadOf(type: NumberType, bytes: number, signed: boolean): number {
  switch (type) {
    case 'f32':
      return OP.f32Load;
    case 'f64':
      return OP.f64Load;
    case 'i64':
      return LOADS_I64[bytes][signed ? 'signed' : 'unsigned'];
    case 'i32':
      if (bytes === 1) return signed ? OP.i32Load8S : OP.i32Load8U;
      if (bytes === 2) return signed ? OP.i32Load16S : OP.i32Load16U;
      return OP.i32Load;
  }
}
