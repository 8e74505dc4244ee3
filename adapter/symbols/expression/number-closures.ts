// number-closures.ts: an expression over numbers → a JavaScript function, for what is decided millions of times.
//
// The tree is walked once: types are settled, names are bound by whoever asks (`LeafBinder`), and what is left is a
// closure that reads bytes and compares. Gives the same as evaluate.ts; what it cannot give exactly so (128 bits, long
// double, text, calls, …) is not compiled at all.
//
// Integers up to four bytes are JavaScript numbers, longer ones bigints. Comparing a long one with something small
// needs no bigint: the nearest double is on the same side of every number below 2^53.
// Truth: C17 6.3.1, 6.5; conversions.ts, arithmetic.ts.

import type { TypeInfo } from '../program-symbols';
import { INT, UNSIGNED_LONG } from '../types/base-types';
import { isFloat, isInteger, isPointer, isSigned, sizeOf } from '../types/strip';
import { commonType, promotedType } from './conversions';
import { scalar } from './operand';
import type { Scalar } from './operand';
import type { BinaryOperator, Expression } from './syntax-tree';
import { comparesText } from './text-comparison';

/** How a part of the expression is had at a hit. */
export type Leaf =
  /** Integers up to four bytes (as C would hold them), and floats. */
  | { readonly kind: 'number'; readonly type: TypeInfo; readonly promotesToInt?: boolean; readonly get: () => number }
  /** Eight bytes. `nearest`: the nearest double. */
  | { readonly kind: 'wide'; readonly type: TypeInfo; readonly get: () => bigint; readonly nearest: () => number }
  | {
      readonly kind: 'constant';
      readonly type: TypeInfo;
      readonly promotesToInt?: boolean;
      readonly value: bigint | number;
    };

/** What the compiler itself does not know: names, members, `$…`. Undefined: not that way. */
export type LeafBinder = (node: Expression) => Leaf | undefined;

/** Thrown by a closure where C has no result (division by zero): the evaluator tells it in words. */
export class NoResult extends Error {}

/** Undefined: this expression needs the evaluator. */
export function compileTruth(tree: Expression, bind: LeafBinder): (() => boolean) | undefined {
  const part = partOf(tree, bind);
  return part === undefined ? undefined : truthOf(part);
}

/** A leaf, or a computation: the same shapes. */
type Part = Leaf;

const SAFE = Number.MAX_SAFE_INTEGER;

function partOf(node: Expression, bind: LeafBinder): Part | undefined {
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

function typeScalar(part: Part): Scalar {
  const typed = scalar(part.type, 0n);
  return part.kind !== 'wide' && part.promotesToInt === true ? { ...typed, promotesToInt: true } : typed;
}

const number = (type: TypeInfo, get: () => number): Part => ({ kind: 'number', type, get });
const isWide = (type: TypeInfo): boolean => sizeOf(type) === 8 && !isFloat(type);
/** What closures can compute in. */
const isUsable = (type: TypeInfo): boolean =>
  (isFloat(type) || isInteger(type) || isPointer(type)) && sizeOf(type) <= 8;

function truthOf(part: Part): () => boolean {
  if (part.kind === 'constant') {
    const isTrue = Number(part.value) !== 0;
    return () => isTrue;
  }
  const get: () => number = part.kind === 'wide' ? part.nearest : part.get;
  return () => get() !== 0;
}

const flag = (test: () => boolean): Part => number(INT, () => (test() ? 1 : 0));

// Conversions --------------------------------------------------------------------------------------------------------

/** As a double, in that type; undefined where rounding twice could differ. */
function asFloat(part: Part, type: TypeInfo): (() => number) | undefined {
  if (part.kind === 'wide') {
    const { nearest } = part;
    return sizeOf(type) === 8 ? nearest : undefined;
  }
  const single = sizeOf(type) === 4;
  if (part.kind === 'constant') {
    if (typeof part.value === 'bigint' && single && Math.abs(Number(part.value)) > SAFE) return undefined;
    const value = single ? Math.fround(Number(part.value)) : Number(part.value);
    return () => value;
  }
  const { get } = part;
  return single ? () => Math.fround(get()) : get;
}

/** As a 32-bit integer of that type. */
function asShort(part: Part, type: TypeInfo): (() => number) | undefined {
  const signed = isSigned(type);
  if (part.kind === 'wide' || isFloat(part.type)) return undefined;
  if (part.kind === 'constant') {
    const value = signed
      ? Number(BigInt.asIntN(32, BigInt(part.value)))
      : Number(BigInt.asUintN(32, BigInt(part.value)));
    return () => value;
  }
  const { get } = part;
  return signed ? () => get() | 0 : () => get() >>> 0;
}

/** As a 64-bit integer of that type. */
function asLong(part: Part, type: TypeInfo): (() => bigint) | undefined {
  if (isFloat(part.type)) return undefined;
  const wrap = isSigned(type)
    ? (value: bigint) => BigInt.asIntN(64, value)
    : (value: bigint) => BigInt.asUintN(64, value);
  if (part.kind === 'constant') {
    const value = wrap(BigInt(part.value));
    return () => value;
  }
  if (part.kind === 'wide') {
    const { get } = part;
    return isSigned(part.type) === isSigned(type) ? get : () => wrap(get());
  }
  const { get } = part;
  return () => wrap(BigInt(get()));
}

const TWO_64 = 2 ** 64;

/** The nearest double of it as a 64-bit integer of that type, and whether it is always a safe integer. */
function asNearest(part: Part, type: TypeInfo): { readonly get: () => number; readonly isSafe: boolean } | undefined {
  if (isFloat(part.type)) return undefined;
  if (part.kind === 'constant') {
    const whole = asLong(part, type)?.() ?? 0n;
    const value = Number(whole);
    return { get: () => value, isSafe: Math.abs(value) <= SAFE };
  }
  const get = part.kind === 'wide' ? part.nearest : part.get;
  const mayTurn = isSigned(part.type) && !isSigned(type);
  const isShort = part.kind === 'number';
  if (!mayTurn) return { get, isSafe: isShort };
  return {
    get: () => {
      const value = get();
      return value < 0 ? value + TWO_64 : value;
    },
    isSafe: false,
  };
}

// Operators ----------------------------------------------------------------------------------------------------------

function unary(operator: '-' | '+' | '!' | '~', operand: Part | undefined): Part | undefined {
  if (operand === undefined) return undefined;
  if (operator === '!') {
    const test = truthOf(operand);
    return flag(() => !test());
  }
  if (isPointer(operand.type)) return undefined;
  const type = promotedType(typeScalar(operand));
  if (!isUsable(type)) return undefined;
  if (isFloat(type)) {
    const get = asFloat(operand, type);
    if (get === undefined || operator === '~') return undefined;
    return number(type, operator === '-' ? () => -get() : get);
  }
  if (isWide(type)) {
    const get = asLong(operand, type);
    if (get === undefined) return undefined;
    return wide(type, operator === '-' ? () => -get() : operator === '~' ? () => ~get() : get);
  }
  const get = asShort(operand, type);
  if (get === undefined) return undefined;
  return short(type, operator === '-' ? () => -get() : operator === '~' ? () => ~get() : get);
}

/** Wrapped to the type. */
function wide(type: TypeInfo, compute: () => bigint): Part {
  const get = isSigned(type) ? () => BigInt.asIntN(64, compute()) : () => BigInt.asUintN(64, compute());
  return { kind: 'wide', type, get, nearest: () => Number(get()) };
}

function short(type: TypeInfo, compute: () => number): Part {
  return number(type, isSigned(type) ? () => compute() | 0 : () => compute() >>> 0);
}

function binary(node: Extract<Expression, { kind: 'binary' }>, bind: LeafBinder): Part | undefined {
  const left = partOf(node.left, bind);
  const right = partOf(node.right, bind);
  if (left === undefined || right === undefined) return undefined;
  if (!isUsable(left.type) || !isUsable(right.type)) return undefined;
  const { operator } = node;
  switch (operator) {
    case '&&':
    case '||':
      return logical(operator, truthOf(left), truthOf(right));
    case '<':
    case '>':
    case '<=':
    case '>=':
    case '==':
    case '!=':
      return comparison(operator, left, right);
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

function logical(operator: '&&' | '||', left: () => boolean, right: () => boolean): Part {
  return flag(operator === '&&' ? () => left() && right() : () => left() || right());
}

type Comparison = '<' | '>' | '<=' | '>=' | '==' | '!=';

function comparison(operator: Comparison, left: Part, right: Part): Part | undefined {
  const pointers = isPointer(left.type) || isPointer(right.type);
  const type = pointers ? UNSIGNED_LONG : commonType(typeScalar(left), typeScalar(right));
  if (!isUsable(type)) return undefined;
  if (isWide(type)) return wideComparison(operator, left, right, type);
  const convert = isFloat(type) ? asFloat : asShort;
  const a = convert(left, type);
  const b = convert(right, type);
  return a === undefined || b === undefined ? undefined : flag(compare(operator, a, b));
}

function wideComparison(operator: Comparison, left: Part, right: Part, type: TypeInfo): Part | undefined {
  const near = asNearest(left, type);
  const other = asNearest(right, type);
  if (near === undefined || other === undefined) return undefined;
  if (near.isSafe || other.isSafe) return flag(compare(operator, near.get, other.get));
  const a = asLong(left, type);
  const b = asLong(right, type);
  return a === undefined || b === undefined ? undefined : flag(compare(operator, a, b));
}

function compare<T extends number | bigint>(operator: Comparison, a: () => T, b: () => T): () => boolean {
  switch (operator) {
    case '<':
      return () => a() < b();
    case '>':
      return () => a() > b();
    case '<=':
      return () => a() <= b();
    case '>=':
      return () => a() >= b();
    case '==':
      return () => a() === b();
    case '!=':
      return () => a() !== b();
  }
}

type Arithmetic = Extract<BinaryOperator, '+' | '-' | '*' | '/' | '%' | '&' | '^' | '|'>;

function arithmetic(operator: Arithmetic, left: Part, right: Part): Part | undefined {
  if (isPointer(left.type) || isPointer(right.type)) return undefined;
  const type = commonType(typeScalar(left), typeScalar(right));
  if (!isUsable(type)) return undefined;
  if (isFloat(type)) return floating(operator, asFloat(left, type), asFloat(right, type), type);
  if (isWide(type)) return integral(operator, asLong(left, type), asLong(right, type), type);
  return shorter(operator, asShort(left, type), asShort(right, type), type);
}

type Get<T> = (() => T) | undefined;

function floating(operator: Arithmetic, a: Get<number>, b: Get<number>, type: TypeInfo): Part | undefined {
  if (a === undefined || b === undefined) return undefined;
  const round = sizeOf(type) === 4 ? Math.fround : (value: number) => value;
  switch (operator) {
    case '+':
      return number(type, () => round(a() + b()));
    case '-':
      return number(type, () => round(a() - b()));
    case '*':
      return number(type, () => round(a() * b()));
    case '/':
      return number(type, () => round(a() / b()));
    case '%':
    case '&':
    case '^':
    case '|':
      return undefined;
  }
}

function integral(operator: Arithmetic, a: Get<bigint>, b: Get<bigint>, type: TypeInfo): Part | undefined {
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '+':
      return wide(type, () => a() + b());
    case '-':
      return wide(type, () => a() - b());
    case '*':
      return wide(type, () => a() * b());
    case '/':
      return wide(type, () => a() / notZero(b()));
    case '%':
      return wide(type, () => a() % notZero(b()));
    case '&':
      return wide(type, () => a() & b());
    case '^':
      return wide(type, () => a() ^ b());
    case '|':
      return wide(type, () => a() | b());
  }
}

function shorter(operator: Arithmetic, a: Get<number>, b: Get<number>, type: TypeInfo): Part | undefined {
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '+':
      return short(type, () => a() + b());
    case '-':
      return short(type, () => a() - b());
    case '*':
      return short(type, () => Math.imul(a(), b()));
    case '/':
      return short(type, () => Math.trunc(a() / notZero(b())));
    case '%':
      return short(type, () => a() % notZero(b()));
    case '&':
      return short(type, () => a() & b());
    case '^':
      return short(type, () => a() ^ b());
    case '|':
      return short(type, () => a() | b());
  }
}

function notZero<T extends number | bigint>(value: T): T {
  if (Number(value) === 0) throw new NoResult('division by zero');
  return value;
}

function conditional(node: Extract<Expression, { kind: 'conditional' }>, bind: LeafBinder): Part | undefined {
  // The evaluator does not know the type of a side that fails.
  if (mayFail(node.whenTrue) || mayFail(node.whenFalse)) return undefined;
  const condition = partOf(node.condition, bind);
  const [yes, no] = [partOf(node.whenTrue, bind), partOf(node.whenFalse, bind)];
  if (condition === undefined || yes === undefined || no === undefined) return undefined;
  if ([yes, no].some(({ type }) => isPointer(type) || !isUsable(type))) return undefined;
  const type = commonType(typeScalar(yes), typeScalar(no));
  if (!isUsable(type)) return undefined;
  const test = truthOf(condition);
  if (isWide(type)) {
    const [a, b] = [asLong(yes, type), asLong(no, type)];
    return a === undefined || b === undefined ? undefined : wide(type, () => (test() ? a() : b()));
  }
  const convert = isFloat(type) ? asFloat : asShort;
  const [a, b] = [convert(yes, type), convert(no, type)];
  return a === undefined || b === undefined ? undefined : number(type, () => (test() ? a() : b()));
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
