// text-comparison.ts: `name == "main"` compares text.
//
// Quirk: C would compare addresses, which a debugger's literal does not have; what people mean is strcmp.

import type { Value } from '../program-symbols';
import { readString } from '../types/read-value';
import { isCharacter, isPointer, sizeOf, strip } from '../types/strip';
import * as errors from './expression-errors';
import type { Evaluation, Operand } from './operand';
import { load, readPlace } from './operand';
import type { Expression } from './syntax-tree';

type Comparison = Extract<Expression, { kind: 'binary' }>;

/** Whether one side of an (in)equality is a string literal. */
export const comparesText = (node: Comparison): boolean => node.left.kind === 'string' || node.right.kind === 'string';

/** Whether both texts, up to their NULs, are the same. */
export function sameText(evaluation: Evaluation, left: Operand, right: Operand, node: Comparison): boolean {
  const limit = Math.max(literalLength(node.left), literalLength(node.right)) + 1;
  const a = textOf(evaluation, left, node.left, limit);
  const b = textOf(evaluation, right, node.right, limit);
  if (a === undefined || b === undefined) {
    throw errors.badOperands(node.operator, left.type.name, right.type.name, node);
  }
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

const literalLength = (node: Expression): number => (node.kind === 'string' ? node.bytes.length : 0);

/** At most `limit` bytes of the text; undefined for what holds none. */
function textOf(evaluation: Evaluation, operand: Operand, node: Expression, limit: number): Uint8Array | undefined {
  const type = strip(operand.type);
  const element = type.target;
  if (element === undefined || !isCharacter(element) || sizeOf(element) !== 1) return undefined;
  if (operand.kind === 'place' && type.kind === 'array') return arrayText(readPlace(evaluation, operand, node));
  if (!isPointer(type)) return undefined;
  const { value } = load(evaluation, operand, node);
  if (typeof value !== 'bigint') return undefined;
  const preview = readString(value, evaluation.context.memory, limit);
  if (preview.unreadable) throw errors.unreadable(evaluation.text.slice(node.start, node.end), value, node);
  return preview.bytes;
}

function arrayText(value: Value): Uint8Array {
  const end = value.bytes.indexOf(0);
  return end < 0 ? value.bytes : value.bytes.subarray(0, end);
}
