// number-tree.ts: an expression over numbers → a tree that a machine can compute (judging/number-code.ts), for what is
// decided millions of times.
//
// The expression is walked once: types are settled, names are bound by whoever asks (`LeafBinder`), every conversion of
// C's is in the tree. Computing it gives the same as evaluate.ts; what would not exactly be so (128 bits, long double,
// text, calls, …) makes no tree at all.
// Truth: C17 6.3.1, 6.5; conversions.ts, arithmetic.ts.

import type { NumberCode, NumberComparison, NumberOperator, NumberType } from '../../judging/number-code';
import type { TypeInfo } from '../program-symbols';
import { INT, UNSIGNED_LONG } from '../types/base-types';
import { isFloat, isInteger, isPointer, isSigned, sizeOf } from '../types/strip';
import { commonType, promotedType } from './conversions';
import { scalar } from './operand';
import type { Scalar } from './operand';
import type { BinaryOperator, Expression } from './syntax-tree';
import { comparesText } from './text-comparison';

/** A part of the expression: its type in C, and how it is had. Integers of less than four bytes are extended to i32. */
export interface NumberPart {
  readonly type: TypeInfo;
  readonly promotesToInt?: boolean;
  readonly code: NumberCode;
}

/** What the compiler itself does not know: names, members, `$…`. Undefined: not that way. */
export type LeafBinder = (node: Expression) => NumberPart | undefined;

/** i32, 0 or 1. Undefined: this expression needs the evaluator. */
export function truthTree(tree: Expression, bind: LeafBinder): NumberCode | undefined {
  const part = partOf(tree, bind);
  return part === undefined ? undefined : truthOf(part);
}

/** In what a value of the type is computed; undefined where it is no number of up to eight bytes. */
export function numberTypeOf(type: TypeInfo): NumberType | undefined {
  const size = sizeOf(type);
  if (isFloat(type)) return size === 4 ? 'f32' : size === 8 ? 'f64' : undefined;
  if ((!isInteger(type) && !isPointer(type)) || size > 8) return undefined;
  return size === 8 ? 'i64' : 'i32';
}

const SAFE = Number.MAX_SAFE_INTEGER;

function partOf(node: Expression, bind: LeafBinder): NumberPart | undefined {
  switch (node.kind) {
    case 'unary':
      if (node.operator === '*' || node.operator === '&') return bind(node);
      return unary(node.operator, partOf(node.operand, bind));
    case 'binary':
      return comparesText(node) ? bind(node) : binary(node, bind);
    case 'conditional':
      return conditional(node, bind);
    default:
      return bind(node);
  }
}

function typeScalar({ type, promotesToInt }: NumberPart): Scalar {
  const typed = scalar(type, 0n);
  return promotesToInt === true ? { ...typed, promotesToInt: true } : typed;
}

const isUsable = (type: TypeInfo): boolean => numberTypeOf(type) !== undefined;

function constant(type: NumberType, value: number | bigint): NumberCode {
  return { kind: 'constant', type, value };
}

function truthOf({ type, code }: NumberPart): NumberCode {
  const own = numberTypeOf(type) ?? 'i32';
  const right = constant(own, own === 'i64' ? 0n : 0);
  return { kind: 'comparison', operator: 'ne', type: own, signed: false, left: code, right };
}

const flag = (code: NumberCode): NumberPart => ({ type: INT, code });

/** The part's value in that type. Undefined where it could be rounded twice. */
function converted({ type: own, code }: NumberPart, type: TypeInfo): NumberCode | undefined {
  const from = numberTypeOf(own);
  const to = numberTypeOf(type);
  if (from === undefined || to === undefined) return undefined;
  if (code.kind === 'constant') return convertedConstant(code.value, type, to);
  if (from === to) return code;
  if (WIDER[from].has(to)) return { kind: 'conversion', from, to, signed: isSigned(own), value: code };
  return undefined;
}

/** Conversions that round at most once. */
const WIDER: Readonly<Record<NumberType, ReadonlySet<NumberType>>> = {
  i32: new Set<NumberType>(['i64', 'f32', 'f64']),
  i64: new Set<NumberType>(['f64']),
  f32: new Set<NumberType>(['f64']),
  f64: new Set<NumberType>(),
};

function convertedConstant(value: number | bigint, type: TypeInfo, to: NumberType): NumberCode | undefined {
  switch (to) {
    case 'f32':
      if (typeof value === 'bigint' && Math.abs(Number(value)) > SAFE) return undefined;
      return constant(to, Math.fround(Number(value)));
    case 'f64':
      return constant(to, Number(value));
    case 'i32':
    case 'i64': {
      if (typeof value === 'number' && !Number.isInteger(value)) return undefined;
      const bits = to === 'i32' ? 32 : 64;
      return constant(to, isSigned(type) ? BigInt.asIntN(bits, BigInt(value)) : BigInt.asUintN(bits, BigInt(value)));
    }
  }
}

// Operators ----------------------------------------------------------------------------------------------------------

function unary(operator: '-' | '+' | '!' | '~', operand: NumberPart | undefined): NumberPart | undefined {
  if (operand === undefined || !isUsable(operand.type)) return undefined;
  if (operator === '!') return flag(not(truthOf(operand)));
  if (isPointer(operand.type)) return undefined;
  const type = promotedType(typeScalar(operand));
  const number = numberTypeOf(type);
  const value = converted(operand, type);
  if (number === undefined || value === undefined) return undefined;
  const signed = isSigned(type);
  switch (operator) {
    case '+':
      return { type, code: value };
    case '-': {
      // −0.0 is not 0 − 0.0.
      const operation = isFloat(type)
        ? ({ operator: 'mul', left: value, right: constant(number, -1) } as const)
        : ({ operator: 'sub', left: constant(number, number === 'i64' ? 0n : 0), right: value } as const);
      return { type, code: { kind: 'arithmetic', type: number, signed, ...operation } };
    }
    case '~': {
      if (isFloat(type)) return undefined;
      const right = constant(number, -1n);
      return { type, code: { kind: 'arithmetic', operator: 'xor', type: number, signed, left: value, right } };
    }
  }
}

function not(truth: NumberCode): NumberCode {
  return { kind: 'comparison', operator: 'eq', type: 'i32', signed: false, left: truth, right: constant('i32', 0) };
}

function binary(node: Extract<Expression, { kind: 'binary' }>, bind: LeafBinder): NumberPart | undefined {
  const left = partOf(node.left, bind);
  const right = partOf(node.right, bind);
  if (left === undefined || right === undefined) return undefined;
  if (!isUsable(left.type) || !isUsable(right.type)) return undefined;
  const { operator } = node;
  switch (operator) {
    case '&&':
      return flag({ kind: 'both', left: truthOf(left), right: truthOf(right) });
    case '||':
      return flag({ kind: 'either', left: truthOf(left), right: truthOf(right) });
    case '<':
    case '>':
    case '<=':
    case '>=':
    case '==':
    case '!=':
      return comparison(COMPARISONS[operator], left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '&':
    case '^':
    case '|':
      return arithmetic(operator, left, right);
    case '<<':
    case '>>':
    case ',':
    case '@':
      return undefined;
  }
}

const COMPARISONS = { '<': 'lt', '>': 'gt', '<=': 'le', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const;

function comparison(operator: NumberComparison, left: NumberPart, right: NumberPart): NumberPart | undefined {
  const pointers = isPointer(left.type) || isPointer(right.type);
  const type = pointers ? UNSIGNED_LONG : commonType(typeScalar(left), typeScalar(right));
  const number = numberTypeOf(type);
  const [a, b] = [converted(left, type), converted(right, type)];
  if (number === undefined || a === undefined || b === undefined) return undefined;
  return flag({ kind: 'comparison', operator, type: number, signed: isSigned(type), left: a, right: b });
}

type Arithmetic = Extract<BinaryOperator, '+' | '-' | '*' | '/' | '%' | '&' | '^' | '|'>;

const OPERATORS: Readonly<Record<Arithmetic, NumberOperator>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'rem',
  '&': 'and',
  '^': 'xor',
  '|': 'or',
};
const OF_FLOATS: ReadonlySet<Arithmetic> = new Set(['+', '-', '*', '/']);

function arithmetic(operator: Arithmetic, left: NumberPart, right: NumberPart): NumberPart | undefined {
  if (isPointer(left.type) || isPointer(right.type)) return undefined;
  const type = commonType(typeScalar(left), typeScalar(right));
  if (isFloat(type) && !OF_FLOATS.has(operator)) return undefined;
  const number = numberTypeOf(type);
  const [a, b] = [converted(left, type), converted(right, type)];
  if (number === undefined || a === undefined || b === undefined) return undefined;
  const code = { kind: 'arithmetic', operator: OPERATORS[operator], type: number, signed: isSigned(type) } as const;
  return { type, code: { ...code, left: a, right: b } };
}

function conditional(node: Extract<Expression, { kind: 'conditional' }>, bind: LeafBinder): NumberPart | undefined {
  // The evaluator does not know the type of a side that fails.
  if (mayFail(node.whenTrue) || mayFail(node.whenFalse)) return undefined;
  const condition = partOf(node.condition, bind);
  const [whenTrue, whenFalse] = [partOf(node.whenTrue, bind), partOf(node.whenFalse, bind)];
  if (condition === undefined || whenTrue === undefined || whenFalse === undefined) return undefined;
  if (!isUsable(condition.type) || isPointer(whenTrue.type) || isPointer(whenFalse.type)) return undefined;
  const type = commonType(typeScalar(whenTrue), typeScalar(whenFalse));
  const number = numberTypeOf(type);
  const [yes, no] = [converted(whenTrue, type), converted(whenFalse, type)];
  if (number === undefined || yes === undefined || no === undefined) return undefined;
  return { type, code: { kind: 'choice', type: number, test: truthOf(condition), yes, no } };
}

function mayFail(node: Expression): boolean {
  switch (node.kind) {
    case 'binary':
      return node.operator === '/' || node.operator === '%' || mayFail(node.left) || mayFail(node.right);
    case 'unary':
      return mayFail(node.operand);
    case 'conditional':
      return mayFail(node.condition) || mayFail(node.whenTrue) || mayFail(node.whenFalse);
    default:
      return false;
  }
}
