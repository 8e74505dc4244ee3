// number-tree.ts: an expression over numbers → a tree that a machine can compute (judging/number-code.ts), for what is
// decided millions of times.
//
// The expression is walked once: types are settled, names are bound by whoever asks (`PartBinder`), every conversion of
// C's is in the tree. Computing it gives the same as evaluate.ts; what would not exactly be so (arithmetic of 128 bits, long double,
// text, calls, …) makes no tree at all.
// Truth: C17 6.3.1, 6.5; conversions.ts, arithmetic.ts, cast.ts.

import type { NumberCode, NumberComparison, NumberOperator } from '../../judging/number-code';
import type { TypeInfo } from '../program-symbols';
import { INT, LONG, UNSIGNED_LONG } from '../types/base-types';
import { isFloat, isInteger, isPointer, isSigned, sizeOf, strip } from '../types/strip';
import { baseOffset, castsPlace } from './cast';
import { commonType, promotedType } from './conversions';
import { converted, truthOf } from './number-conversion';
import { constant, isSameNumber, mayFail, numberPart, numberTypeOf, operation, typeScalar } from './number-part';
import type { NumberPart, Part } from './number-part';
import { addressPart, elementPart, memberPart, numberOf, pointeePart, strideOf } from './number-places';
import { isWide, wideComparison } from './number-wide';
import type { BinaryOperator, Expression, TypeName } from './syntax-tree';
import { comparesText } from './text-comparison';

/** What the compiler itself does not know. */
export interface PartBinder {
  /** Names, `$…`, and all whose place is known at once. Undefined: not that way. */
  part(node: Expression): Part | undefined;
  typeNamed(type: TypeName): TypeInfo | undefined;
}

/** i32, 0 or 1. Undefined: this expression needs the evaluator. */
export function truthTree(tree: Expression, bind: PartBinder): NumberCode | undefined {
  const part = partIn(tree, bind);
  // Of an array alone it would be that of what it holds.
  if (part === undefined || (part.kind === 'place' && !isUsable(part.type))) return undefined;
  const number = numberOf(part);
  return number === undefined ? undefined : truthOf(number);
}

function numberIn(node: Expression, bind: PartBinder): NumberPart | undefined {
  const part = partIn(node, bind);
  return part === undefined ? undefined : numberOf(part);
}

function partIn(node: Expression, bind: PartBinder): Part | undefined {
  switch (node.kind) {
    case 'unary':
      return node.operator === '*' || node.operator === '&'
        ? (bind.part(node) ?? pointed(node.operator, partIn(node.operand, bind)))
        : unary(node.operator, numberIn(node.operand, bind));
    case 'binary':
      return comparesText(node) ? bind.part(node) : binary(node, bind);
    case 'conditional':
      return conditional(node, bind);
    case 'member':
      return bind.part(node) ?? within(node, partIn(node.object, bind));
    case 'index':
      return bind.part(node) ?? indexed(node, bind);
    case 'cast':
      return cast(node, bind);
    default:
      return bind.part(node);
  }
}

function pointed(operator: '*' | '&', operand: Part | undefined): Part | undefined {
  if (operand === undefined) return undefined;
  return operator === '*' ? pointeePart(operand) : addressPart(operand);
}

function within({ name }: Extract<Expression, { kind: 'member' }>, object: Part | undefined): Part | undefined {
  return object === undefined ? undefined : memberPart(object, name);
}

function indexed(node: Extract<Expression, { kind: 'index' }>, bind: PartBinder): Part | undefined {
  const object = partIn(node.object, bind);
  const index = partIn(node.index, bind);
  return object === undefined || index === undefined ? undefined : elementPart(object, index);
}

function cast(node: Extract<Expression, { kind: 'cast' }>, bind: PartBinder): Part | undefined {
  const operand = partIn(node.operand, bind);
  const type = bind.typeNamed(node.type);
  if (operand === undefined || type === undefined) return undefined;
  if (operand.kind === 'place' && castsPlace(operand.type, strip(type))) return { ...operand, type };
  const from = numberOf(operand);
  if (from === undefined || numberTypeOf(type) === undefined) return undefined;
  if ((isPointer(type) && isFloat(from.type)) || (isFloat(type) && isPointer(from.type))) return undefined;
  if (baseOffset(from.type, type) !== 0) return undefined;
  const code = converted(from, type);
  return code === undefined ? undefined : numberPart(type, code);
}

const isUsable = (type: TypeInfo): boolean => numberTypeOf(type) !== undefined;

const flag = (code: NumberCode): NumberPart => numberPart(INT, code);

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
      return numberPart(type, value);
    case '-': {
      // −0.0 is not 0 − 0.0.
      const sides = isFloat(type)
        ? ({ operator: 'mul', left: value, right: constant(number, -1) } as const)
        : ({ operator: 'sub', left: constant(number, number === 'i64' ? 0n : 0), right: value } as const);
      return numberPart(type, { kind: 'arithmetic', type: number, signed, ...sides });
    }
    case '~': {
      if (isFloat(type)) return undefined;
      const right = constant(number, -1n);
      return numberPart(type, { kind: 'arithmetic', operator: 'xor', type: number, signed, left: value, right });
    }
  }
}

function not(truth: NumberCode): NumberCode {
  return { kind: 'comparison', operator: 'eq', type: 'i32', signed: false, left: truth, right: constant('i32', 0) };
}

function binary(node: Extract<Expression, { kind: 'binary' }>, bind: PartBinder): NumberPart | undefined {
  const [one, other] = [partIn(node.left, bind), partIn(node.right, bind)];
  if (one === undefined || other === undefined) return undefined;
  const { operator } = node;
  if (isWide(one.type) || isWide(other.type)) return wide(operator, one, other);
  const [left, right] = [numberOf(one), numberOf(other)];
  if (left === undefined || right === undefined) return undefined;
  if (!isUsable(left.type) || !isUsable(right.type)) return undefined;
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
      return isPointer(left.type) && isPointer(right.type)
        ? undefined
        : shift(operator, unpointed(left), unpointed(right));
    case ',':
    case '@':
      return undefined;
  }
}

function wide(operator: BinaryOperator, left: Part, right: Part): NumberPart | undefined {
  if (!isComparison(operator)) return undefined;
  const code = wideComparison(COMPARISONS[operator], left, right);
  return code === undefined ? undefined : flag(code);
}

const COMPARISONS = { '<': 'lt', '>': 'gt', '<=': 'le', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const;
const isComparison = (operator: BinaryOperator): operator is keyof typeof COMPARISONS => operator in COMPARISONS;

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
  if (isPointer(left.type) || isPointer(right.type)) return onPointers(operator, left, right);
  const type = commonType(typeScalar(left), typeScalar(right));
  if (isFloat(type) && !OF_FLOATS.has(operator)) return undefined;
  const number = numberTypeOf(type);
  const [a, b] = [converted(left, type), converted(right, type)];
  if (number === undefined || a === undefined || b === undefined) return undefined;
  const code = { kind: 'arithmetic', operator: OPERATORS[operator], type: number, signed: isSigned(type) } as const;
  return numberPart(type, { ...code, left: a, right: b });
}

/** As arithmetic.ts has it: masks of one address are taken as of a number. */
function onPointers(operator: Arithmetic, left: NumberPart, right: NumberPart): NumberPart | undefined {
  const both = isPointer(left.type) && isPointer(right.type);
  if (isFloat(left.type) || isFloat(right.type)) return undefined;
  switch (operator) {
    case '-':
      if (both) return distance(left, right);
      return isPointer(left.type) ? moved(left, right, 'sub') : undefined;
    case '+':
      if (both) return undefined;
      return isPointer(left.type) ? moved(left, right, 'add') : moved(right, left, 'add');
    case '%':
    case '&':
    case '|':
    case '^':
      return both ? undefined : arithmetic(operator, unpointed(left), unpointed(right));
    case '*':
    case '/':
      return undefined;
  }
}

const unpointed = (part: NumberPart): NumberPart =>
  isPointer(part.type) ? numberPart(UNSIGNED_LONG, part.code) : part;

function distance(left: NumberPart, right: NumberPart): NumberPart | undefined {
  const stride = strideOf(left.type);
  if (stride === undefined) return undefined;
  const bytes = operation('sub', 'i64', left.code, right.code);
  return numberPart(LONG, stride === 1n ? bytes : operation('div', 'i64', bytes, constant('i64', stride), true));
}

function moved(pointer: NumberPart, by: NumberPart, operator: 'add' | 'sub'): NumberPart | undefined {
  const stride = strideOf(pointer.type);
  const count = converted(by, LONG);
  if (stride === undefined || count === undefined) return undefined;
  const bytes = operation('mul', 'i64', count, constant('i64', stride));
  return numberPart(pointer.type, operation(operator, 'i64', pointer.code, bytes));
}

/** By the type's bits or more, or by less than none: what a longer shift would give. */
function shift(operator: '<<' | '>>', left: NumberPart, right: NumberPart): NumberPart | undefined {
  if (isFloat(left.type) || isFloat(right.type)) return undefined;
  const type = promotedType(typeScalar(left));
  const number = sizeOf(type) === 8 ? 'i64' : 'i32';
  const signed = isSigned(type);
  const value = converted(left, type);
  const count = converted(right, LONG);
  if (value === undefined || count === undefined) return undefined;
  const by: NumberCode =
    number === 'i64' ? count : { kind: 'conversion', from: 'i64', to: 'i32', signed: false, value: count };
  const bits = number === 'i64' ? 64 : 32;
  const isLess: NumberCode = {
    ...{ kind: 'comparison', operator: 'lt', type: 'i64', signed: false, left: count },
    right: constant('i64', BigInt(bits)),
  };
  const most = constant(number, BigInt(bits - 1));
  // Computed there too: it may have no result.
  const none = mayFail(value) ? operation('and', number, value, constant(number, 0n)) : constant(number, 0n);
  const beyond = operator === '>>' && signed ? operation('shr', number, value, most, true) : none;
  const yes = operation(operator === '<<' ? 'shl' : 'shr', number, value, by, signed);
  return numberPart(type, { kind: 'choice', type: number, test: isLess, yes, no: beyond });
}

function conditional(node: Extract<Expression, { kind: 'conditional' }>, bind: PartBinder): NumberPart | undefined {
  const condition = numberIn(node.condition, bind);
  const [whenTrue, whenFalse] = [numberIn(node.whenTrue, bind), numberIn(node.whenFalse, bind)];
  if (condition === undefined || whenTrue === undefined || whenFalse === undefined) return undefined;
  if (!isUsable(condition.type)) return undefined;
  const type = chosenType(whenTrue, whenFalse);
  if (type === undefined) return undefined;
  const number = numberTypeOf(type);
  const [yes, no] = [converted(whenTrue, type), converted(whenFalse, type)];
  if (number === undefined || yes === undefined || no === undefined) return undefined;
  return numberPart(type, { kind: 'choice', type: number, test: truthOf(condition), yes, no });
}

/** The evaluator does not know the type of a side that fails: then the other must be what it is anyhow. */
function chosenType(yes: NumberPart, no: NumberPart): TypeInfo | undefined {
  const isEither = isPointer(yes.type) || isPointer(no.type);
  if (isPointer(yes.type) && isPointer(no.type)) {
    return strip(yes.type).name === strip(no.type).name ? yes.type : undefined;
  }
  // Of one enumeration each side is taken as it is: an enumerator as an int, a variable maybe as unsigned.
  if (strip(yes.type).kind === 'enum' && yes.promotesToInt !== no.promotesToInt) return undefined;
  if (mayFail(yes.code) || mayFail(no.code)) {
    if (isEither || !isInteger(yes.type) !== !isInteger(no.type)) return undefined;
    if (!isSameNumber(promotedType(typeScalar(yes)), promotedType(typeScalar(no)))) return undefined;
  }
  if (isEither) return isPointer(yes.type) ? yes.type : no.type;
  return commonType(typeScalar(yes), typeScalar(no));
}
