// evaluate.ts: the tree of an expression → its value, in a context.
//
// Pure but for the context's `write`. Everything that goes wrong is a UserError of expression-errors.ts.

import type { TypeInfo, Value } from '../program-symbols';
import {
  arrayOf,
  CHAR,
  DOUBLE,
  FLOAT,
  INT,
  INT128,
  LONG,
  LONG_DOUBLE,
  LONG_LONG,
  UNSIGNED_INT,
  UNSIGNED_INT128,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
} from '../types/base-types';
import { floatFormatOf, floatToNumber, parseFloatText } from '../types/floats';
import { isFloat, isInteger, isPointer, isStruct, sizeOf, strip } from '../types/strip';
import { arithmetic, compare, conditionalType, negate } from './arithmetic';
import { assign } from './assign';
import { cast } from './cast';
import { convert, isTrue, truth } from './conversions';
import { entryWithText } from './contents-places';
import * as errors from './expression-errors';
import { evaluateDollar, evaluateName } from './names';
import type { Evaluation, Operand, Place, Scalar } from './operand';
import { isScalarLike, load, scalar, toValue, typeOnly, wordsOf } from './operand';
import { addressOfOperand, dereference, elementOf, memberOf, memoryPlace, repeated, settle, sliceOf } from './places';
import { resolveType, typeOfBase } from './resolve-type';
import { comparesText, sameText } from './text-comparison';
import type { Expression, TypeName } from './syntax-tree';

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** The value of a tree without mistakes. */
export const evaluateTree = (evaluation: Evaluation, tree: Expression): Value =>
  toValue(evaluation, operandOf(evaluation, tree), tree);

/** What a part of the expression comes to, read only as far as needed. */
export function operandOf(evaluation: Evaluation, node: Expression): Operand {
  switch (node.kind) {
    case 'integer':
      return integerLiteral(node);
    case 'float':
      return floatLiteral(node);
    case 'character':
      return { ...characterScalar(node), promotesToInt: true };
    case 'string':
      return stringLiteral(node);
    case 'name':
      return evaluateName(evaluation, node);
    case 'dollar':
      return evaluateDollar(evaluation, node);
    case 'member':
      return memberOf(evaluation, operandOf(evaluation, node.object), node);
    case 'index':
      return evaluateIndex(evaluation, node);
    case 'slice':
      return evaluateSlice(evaluation, node);
    case 'call':
      throw errors.noCalls(wordsOf(evaluation, node.callee), node);
    case 'unary':
      return evaluateUnary(evaluation, node);
    case 'binary':
      return evaluateBinary(evaluation, node);
    case 'conditional':
      return evaluateConditional(evaluation, node);
    case 'assign':
      return evaluateAssign(evaluation, node);
    case 'step':
      return evaluateStep(evaluation, node);
    case 'cast':
      return cast(evaluation, operandOf(evaluation, node.operand), resolve(evaluation, node.type), node);
    case 'at':
      return evaluateAt(evaluation, node);
    case 'sizeofType':
      return sizeOfType(resolve(evaluation, node.type), node.alignment);
    case 'sizeofValue':
      return sizeOfValue(evaluation, node);
    case 'missing':
      throw errors.badSyntax(evaluation.text, node, 'A value is missing');
  }
}

const resolve = (evaluation: Evaluation, type: TypeName): TypeInfo => resolveType(type, evaluation.context.scope);

const number = (evaluation: Evaluation, node: Expression): Scalar =>
  load(evaluation, operandOf(evaluation, node), node);

const WIDE_CHARACTER: TypeInfo = { kind: 'typedef', name: 'wchar_t', sizeBytes: 4, target: INT };

const characterScalar = (node: Node<'character'>): Scalar =>
  node.wide ? scalar(WIDE_CHARACTER, BigInt(node.code)) : scalar(CHAR, BigInt.asIntN(8, BigInt(node.code)));

/** The first of C's types that the literal fits (C17 6.4.4.1). */
function integerLiteral(node: Node<'integer'>): Scalar {
  const { value, suffix, decimal } = node;
  const fits = (bits: number): boolean => value < 1n << BigInt(bits);
  const types: readonly (readonly [TypeInfo, number, boolean])[] = [
    [INT, 31, !suffix.unsigned && !suffix.long],
    [UNSIGNED_INT, 32, (suffix.unsigned || !decimal) && !suffix.long],
    [suffix.longLong ? LONG_LONG : LONG, 63, !suffix.unsigned],
    [suffix.longLong ? UNSIGNED_LONG_LONG : UNSIGNED_LONG, 64, true],
    [INT128, 127, true],
  ];
  const type = types.find(([, bits, allowed]) => allowed && fits(bits))?.[0] ?? UNSIGNED_INT128;
  return scalar(type, BigInt.asUintN(128, value));
}

function floatLiteral(node: Node<'float'>): Scalar {
  const type = node.precision === 'float' ? FLOAT : node.precision === 'double' ? DOUBLE : LONG_DOUBLE;
  const format = floatFormatOf(type);
  const bytes = format === undefined ? undefined : parseFloatText(node.text, format, type.sizeBytes);
  return scalar(type, format === undefined || bytes === undefined ? NaN : floatToNumber(bytes, format));
}

function stringLiteral(node: Node<'string'>): Place {
  const bytes = Uint8Array.from([...node.bytes, 0]);
  return { kind: 'place', type: arrayOf(CHAR, bytes.length), location: { kind: 'value', bytes } };
}

function evaluateIndex(evaluation: Evaluation, node: Node<'index'>): Operand {
  const object = operandOf(evaluation, node.object);
  const byText = node.index.kind === 'string' ? entryWithText(evaluation, object, node.index.bytes, node) : undefined;
  if (byText !== undefined) return byText;
  const index = load(evaluation, operandOf(evaluation, node.index), node.index);
  // C's `3[array]`.
  if (isPointer(index.type) && isInteger(object.type)) {
    const position = integerOf(evaluation, load(evaluation, object, node.object), node.object);
    return elementOf(evaluation, index, position, node);
  }
  return elementOf(evaluation, object, integerOf(evaluation, index, node.index), node);
}

function integerOf(evaluation: Evaluation, operand: Scalar, node: Expression): bigint {
  if (typeof operand.value === 'bigint' && !isPointer(operand.type)) return operand.value;
  throw errors.badOperand('[ ]', `${wordsOf(evaluation, node)} (${operand.type.name})`, node);
}

function evaluateSlice(evaluation: Evaluation, node: Node<'slice'>): Operand {
  const object = operandOf(evaluation, node.object);
  const end = (side: Expression | undefined): bigint | undefined =>
    side === undefined ? undefined : integerOf(evaluation, number(evaluation, side), side);
  return sliceOf(evaluation, object, { from: end(node.from), to: end(node.to) }, node);
}

function evaluateUnary(evaluation: Evaluation, node: Node<'unary'>): Operand {
  const operand = operandOf(evaluation, node.operand);
  switch (node.operator) {
    case '*':
      return settle(evaluation, dereference(evaluation, operand, node.operand), node);
    case '&':
      return addressOfOperand(evaluation, operand, node.operand);
    case '!':
      return truth(!isTrue(load(evaluation, operand, node.operand)));
    case '-':
    case '+':
    case '~':
      return negate(node.operator, load(evaluation, operand, node.operand), node);
  }
}

function evaluateBinary(evaluation: Evaluation, node: Node<'binary'>): Operand {
  const { operator } = node;
  switch (operator) {
    case ',':
      operandOf(evaluation, node.left);
      return operandOf(evaluation, node.right);
    case '&&':
      return truth(isTrue(number(evaluation, node.left)) && isTrue(number(evaluation, node.right)));
    case '||':
      return truth(isTrue(number(evaluation, node.left)) || isTrue(number(evaluation, node.right)));
    case '@':
      return repeated(evaluation, operandOf(evaluation, node.left), number(evaluation, node.right), node);
    case '==':
    case '!=':
      if (comparesText(node)) {
        const same = sameText(evaluation, operandOf(evaluation, node.left), operandOf(evaluation, node.right), node);
        return truth(same === (operator === '=='));
      }
      return compare(operator, number(evaluation, node.left), number(evaluation, node.right));
    case '<':
    case '>':
    case '<=':
    case '>=':
      return compare(operator, number(evaluation, node.left), number(evaluation, node.right));
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '<<':
    case '>>':
    case '&':
    case '^':
    case '|': {
      const left = number(evaluation, node.left);
      const right = number(evaluation, node.right);
      return arithmetic(operator, left, right, { span: node, rightText: wordsOf(evaluation, node.right) });
    }
  }
}

function evaluateConditional(evaluation: Evaluation, node: Node<'conditional'>): Operand {
  const chosen = isTrue(number(evaluation, node.condition));
  const taken = chosen ? node.whenTrue : node.whenFalse;
  const other = chosen ? node.whenFalse : node.whenTrue;
  const operand = operandOf(evaluation, taken);
  if (!isScalarLike(operand)) return operand;
  const value = load(evaluation, operand, taken);
  // The other side is asked for its type only: it may well be unreadable.
  const rest = typeOf(evaluation, other);
  if (rest === undefined || (!isInteger(rest.type) && !isFloat(rest.type) && !isPointer(rest.type))) return value;
  return asConditional(value, rest);
}

/** Of two enumerators of one type the type is kept, so that the name is shown; it still promotes to int. */
function asConditional(value: Scalar, other: Scalar): Scalar {
  const sameEnum = strip(value.type).kind === 'enum' && strip(value.type).name === strip(other.type).name;
  return sameEnum ? value : convert(value, conditionalType(value, other));
}

/** The type of a part that must not be evaluated; undefined where finding out fails. */
function typeOf(evaluation: Evaluation, node: Expression): Scalar | undefined {
  try {
    return typeOnly(operandOf({ ...evaluation, context: { ...evaluation.context, write: () => undefined } }, node));
  } catch {
    return undefined;
  }
}

function evaluateAssign(evaluation: Evaluation, node: Node<'assign'>): Operand {
  const left = operandOf(evaluation, node.left);
  const right = operandOf(evaluation, node.right);
  if (node.operator === undefined) return assign(evaluation, left, right, node);
  const place = { span: node, rightText: wordsOf(evaluation, node.right) };
  const before = load(evaluation, left, node.left);
  const result = arithmetic(node.operator, before, load(evaluation, right, node.right), place);
  return assign(evaluation, left, result, node);
}

function evaluateStep(evaluation: Evaluation, node: Node<'step'>): Operand {
  const place = operandOf(evaluation, node.operand);
  const before = load(evaluation, place, node.operand);
  const one = scalar(INT, 1n);
  const after = arithmetic(node.operator === '++' ? '+' : '-', before, one, { span: node, rightText: '1' });
  const changed = assign(evaluation, place, after, { left: node.operand, right: node.operand });
  return node.prefix ? changed : before;
}

function evaluateAt(evaluation: Evaluation, node: Node<'at'>): Operand {
  const address = number(evaluation, node.operand).value;
  if (typeof address === 'number') throw errors.badOperand('{type}', 'double', node.operand);
  return memoryPlace(resolve(evaluation, node.type), address);
}

function sizeOfType(type: TypeInfo, alignment: boolean): Scalar {
  return scalar(UNSIGNED_LONG, BigInt(alignment ? alignmentOf(type) : gnuSize(type)));
}

/** gcc counts void and functions as 1. */
function gnuSize(type: TypeInfo): number {
  const { kind } = strip(type);
  return kind === 'void' || kind === 'function' ? 1 : sizeOf(type);
}

function alignmentOf(type: TypeInfo): number {
  const inner = strip(type);
  if (inner.kind === 'array' && inner.target !== undefined) return alignmentOf(inner.target);
  if (isStruct(inner)) return Math.max(1, ...(inner.members ?? []).map((member) => alignmentOf(member.type)));
  return Math.min(Math.max(gnuSize(inner), 1), 16);
}

function sizeOfValue(evaluation: Evaluation, node: Node<'sizeofValue'>): Scalar {
  const { operand } = node;
  const { scope } = evaluation.context;
  const isType = operand.kind === 'name' && operand.file === undefined && scope.variable(operand.name) === undefined;
  const named = isType ? typeOfBase(operand.name, scope) : undefined;
  if (named !== undefined) return sizeOfType(named, false);
  // Evaluated for its type only: nothing is written.
  const quiet: Evaluation = { ...evaluation, context: { ...evaluation.context, write: () => undefined } };
  return sizeOfType(promotedOperandType(operandOf(quiet, operand)), false);
}

/** A character literal is an int to C, shown as a char only. */
const promotedOperandType = (operand: Operand): TypeInfo =>
  operand.kind === 'scalar' && operand.promotesToInt === true ? INT : operand.type;
