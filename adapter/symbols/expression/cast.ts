// cast.ts: `(type)operand`: numbers, addresses, and places seen as another type.

import type { TypeInfo } from '../program-symbols';
import { VOID } from '../types/base-types';
import { baseClassOffset } from '../types/find-member';
import { partOf } from '../types/read-value';
import { isFloat, isInteger, isPointer, isStruct, sizeOf, strip } from '../types/strip';
import { convert } from './conversions';
import * as errors from './expression-errors';
import type { Evaluation, Operand } from './operand';
import { isScalarLike, load, scalar } from './operand';
import type { Expression } from './syntax-tree';

type CastNode = Extract<Expression, { kind: 'cast' }>;

/** `(type)operand`. */
export function cast(evaluation: Evaluation, operand: Operand, type: TypeInfo, node: CastNode): Operand {
  const to = strip(type);
  if (to.kind === 'void') return scalar(VOID, 0n);
  if (to.kind === 'reference' && to.target !== undefined && operand.kind === 'place') {
    const offset = baseClassOffset(operand.type, to.target) ?? 0;
    return { kind: 'place', type: to.target, ...partOf(operand, offset, to.target) };
  }
  if (operand.kind === 'place' && castsPlace(operand.type, to)) return { ...operand, type };
  const isNumber = isInteger(to) || isFloat(to) || isPointer(to);
  if (!isNumber || !isScalarLike(operand)) throw errors.badCast(operand.type.name, type.name, node);
  const from = load(evaluation, operand, node.operand);
  if ((isPointer(to) && typeof from.value === 'number') || (isFloat(to) && isPointer(from.type))) {
    throw errors.badCast(operand.type.name, type.name, node);
  }
  return scalar(type, toBase(convert(from, type).value, from.type, to));
}

/** Symbols without a type take the cast's; structs, and arrays of the same size, are seen as the other. */
export function castsPlace(placed: TypeInfo, to: TypeInfo): boolean {
  const from = strip(placed);
  if (from.kind === 'unknown') return true;
  if (isStruct(to)) return isStruct(from) && (sizeOf(from) === sizeOf(to) || from.name === to.name);
  return to.kind === 'array' && sizeOf(from) === sizeOf(to);
}

function toBase(address: bigint | number, from: TypeInfo, to: TypeInfo): bigint | number {
  const offset = baseOffset(from, to);
  return typeof address === 'number' || address === 0n ? address : address + BigInt(offset);
}

/** In C++ a pointer to a class becomes one to its base class, which may lie so much further on. */
export function baseOffset(from: TypeInfo, to: TypeInfo): number {
  const [derived, base] = [strip(from).target, strip(to).target];
  if (!isPointer(from) || !isPointer(to) || derived === undefined || base === undefined) return 0;
  return isStruct(derived) && isStruct(base) ? (baseClassOffset(derived, base) ?? 0) : 0;
}
