// arithmetic.ts: C's operators on numbers and addresses.
//
// Signed overflow wraps, as gcc's code does with -fwrapv. A shift by the width or more gives what a longer shift
// would: 0, or -1 for negative numbers to the right.
// Truth: C17 6.5.5 to 6.5.14.

import type { TypeInfo } from '../program-symbols';
import { LONG, VOID } from '../types/base-types';
import { isPointer, sizeOf, strip } from '../types/strip';
import { commonType, convert, convertNumber, promotedType, truth } from './conversions';
import * as errors from './expression-errors';
import type { Scalar } from './operand';
import { scalar } from './operand';
import type { AssignedOperator, Span, UnaryOperator } from './syntax-tree';

export type ComparisonOperator = '<' | '>' | '<=' | '>=' | '==' | '!=';

/** Where an operation stands in the text, for messages. */
export interface OperationPlace {
  readonly span: Span;
  /** The right operand's words. */
  readonly rightText: string;
}

/** Every binary operator that computes from two numbers. */
export function arithmetic(operator: AssignedOperator, left: Scalar, right: Scalar, place: OperationPlace): Scalar {
  if (isPointer(left.type) || isPointer(right.type)) return pointerArithmetic(operator, left, right, place);
  if (operator === '<<' || operator === '>>') return shift(operator, left, right, place);
  const type = commonType(left, right);
  const a = convert(left, type).value;
  const b = convert(right, type).value;
  if (typeof a === 'number' || typeof b === 'number') {
    const result = floating(operator, Number(a), Number(b));
    if (result === undefined) throw errors.badOperands(operator, left.type.name, right.type.name, place.span);
    return scalar(type, convertNumber(result, type));
  }
  return scalar(type, convertNumber(integral(operator, a, b, place), type));
}

function floating(operator: AssignedOperator, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
    case '<<':
    case '>>':
    case '&':
    case '^':
    case '|':
      return undefined;
  }
}

function integral(operator: AssignedOperator, a: bigint, b: bigint, place: OperationPlace): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0n) throw errors.divisionByZero(place.rightText, place.span);
      return operator === '/' ? a / b : a % b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '|':
      return a | b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
  }
}

function shift(operator: '<<' | '>>', left: Scalar, right: Scalar, place: OperationPlace): Scalar {
  const type = promotedType(left);
  const count = right.value;
  const value = convert(left, type).value;
  if (typeof value === 'number' || typeof count === 'number') {
    throw errors.badOperands(operator, left.type.name, right.type.name, place.span);
  }
  const bits = BigInt(sizeOf(type) * 8);
  if (operator === '<<') return scalar(type, count < 0n || count >= bits ? 0n : convertNumber(value << count, type));
  const most = count < 0n || count > bits ? bits : count;
  return scalar(type, value >> most);
}

/** Bytes that `p + 1` moves by: gcc counts void and functions as one. */
function stride(pointer: TypeInfo, place: OperationPlace): bigint {
  const target = strip(strip(pointer).target ?? VOID);
  if (target.kind === 'void' || target.kind === 'function') return 1n;
  if (target.sizeBytes === 0 && (target.members?.length ?? 0) === 0) {
    throw errors.incompleteType(target.name, place.span);
  }
  return BigInt(target.sizeBytes);
}

function pointerArithmetic(operator: AssignedOperator, left: Scalar, right: Scalar, place: OperationPlace): Scalar {
  const { value: a } = left;
  const { value: b } = right;
  const both = isPointer(left.type) && isPointer(right.type);
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    if (operator === '-' && both) return scalar(LONG, distance(a, b, left.type, place));
    if (operator === '-' && isPointer(left.type)) return moved(left, -b, place);
    if (operator === '+' && !both) return isPointer(left.type) ? moved(left, b, place) : moved(right, a, place);
    // Masks of addresses (`p & ~7`) are common in conditions; C wants a cast, a debugger need not.
    if (MASKS.has(operator) && !both) return arithmetic(operator, asNumber(left), asNumber(right), place);
  }
  throw errors.badOperands(operator, left.type.name, right.type.name, place.span);
}

const MASKS: ReadonlySet<AssignedOperator> = new Set(['&', '|', '^', '%', '<<', '>>']);

const UINTPTR: TypeInfo = { kind: 'base', name: 'unsigned long', sizeBytes: 8, encoding: 'unsigned' };

const asNumber = (operand: Scalar): Scalar => (isPointer(operand.type) ? convert(operand, UINTPTR) : operand);

function distance(a: bigint, b: bigint, type: TypeInfo, place: OperationPlace): bigint {
  const size = stride(type, place);
  return BigInt.asIntN(64, a - b) / (size === 0n ? 1n : size);
}

const moved = (pointer: Scalar, count: bigint, place: OperationPlace): Scalar =>
  scalar(pointer.type, convertNumber((pointer.value as bigint) + count * stride(pointer.type, place), pointer.type));

/** `<`, `==`, …: 1 or 0. Addresses compare as unsigned numbers. */
export function compare(operator: ComparisonOperator, left: Scalar, right: Scalar): Scalar {
  const pointers = isPointer(left.type) || isPointer(right.type);
  const type = pointers ? UINTPTR : commonType(left, right);
  const a = convert(left, type).value;
  const b = convert(right, type).value;
  switch (operator) {
    case '<':
      return truth(a < b);
    case '>':
      return truth(a > b);
    case '<=':
      return truth(a <= b);
    case '>=':
      return truth(a >= b);
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
  }
}

/** `-`, `+`, `~`. (`!`, `*`, `&` are no arithmetic.) */
export function negate(operator: Exclude<UnaryOperator, '*' | '&' | '!'>, operand: Scalar, span: Span): Scalar {
  if (isPointer(operand.type)) throw errors.badOperand(operator, operand.type.name, span);
  const type = promotedType(operand);
  const { value } = convert(operand, type);
  if (typeof value === 'number') {
    if (operator === '~') throw errors.badOperand('~', operand.type.name, span);
    return scalar(type, operator === '-' ? -value : value);
  }
  const result = operator === '-' ? -value : operator === '~' ? ~value : value;
  return scalar(type, convertNumber(result, type));
}

/** The type of `c ? a : b` for numbers and addresses. */
export function conditionalType(left: Scalar, right: Scalar): TypeInfo {
  if (isPointer(left.type)) return left.type;
  if (isPointer(right.type)) return right.type;
  return commonType(left, right);
}
