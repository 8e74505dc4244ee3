// run-time-types.ts: arrays whose length the program decides: `int v[n]` as `int [5]`, in one frame of one thread.
//
// A bound is a constant, an expression, or the name of a variable that the compiler made. Where it cannot be computed
// the dimension stays open, as it was. Types without such arrays come back as they are.
// Truth: DWARF 5 sections 2.19 and 5.13.

import { AT, TAG } from '../dwarf/dwarf-constants.table';
import type { AttributeValue } from '../dwarf/forms';
import type { Die } from '../dwarf/unit';
import type { EvaluationContext, TypeInfo } from '../program-symbols';
import { arrayOf, pointerTo, referenceTo } from '../types/base-types';
import { readValue } from '../types/read-value';
import type { ModuleSymbols } from './module-symbols';
import { computedNumber, locateVariable } from './variable-location';

/** Longer chains are loops in damaged data. */
const MAX_DEPTH = 16;
/** What no array on a stack or heap here exceeds; a larger number is that of memory not yet written. */
const MAX_COUNT = 0x7fffffff;

/** The type with the lengths that it has in this frame. */
export function typeInFrame(module: ModuleSymbols, type: TypeInfo, context: EvaluationContext, depth = 0): TypeInfo {
  const entry = module.types.entryOf(type);
  if (entry === undefined || type.target === undefined || depth > MAX_DEPTH) return type;
  switch (type.kind) {
    case 'array':
    case 'pointer':
    case 'reference':
    case 'typedef':
    case 'const':
    case 'volatile':
      break;
    default:
      return type;
  }
  const target = typeInFrame(module, type.target, context, depth + 1);
  if (type.kind === 'array') return arrayInFrame(module, { type, entry, target }, context);
  if (target === type.target) return type;
  if (type.kind === 'pointer') return pointerTo(target);
  // The name of a typedef would hide the length, and no qualifier stands before an array.
  return type.kind === 'reference' ? referenceTo(target) : target;
}

interface ArrayParts {
  readonly type: TypeInfo;
  readonly entry: Die;
  readonly target: TypeInfo;
}

function arrayInFrame(
  module: ModuleSymbols,
  { type, entry, target }: ArrayParts,
  context: EvaluationContext,
): TypeInfo {
  const ranges = entry.children.filter(({ tag }) => tag === TAG.subrange_type);
  const known = type.dimensions ?? [];
  const lengths = known.map((length, index) => length ?? lengthOf(module, ranges[index], context));
  const isSame = target === type.target && lengths.every((length, index) => length === known[index]);
  return isSame ? type : arrayOf(target, ...lengths);
}

function lengthOf(module: ModuleSymbols, range: Die, context: EvaluationContext): number | undefined {
  const count = numberOf(module, range, AT.count, context);
  const upper = count === undefined ? numberOf(module, range, AT.upper_bound, context) : undefined;
  const length = count ?? (upper === undefined ? undefined : upper + 1n);
  return length === undefined || length < 0n || length > MAX_COUNT ? undefined : Number(length);
}

function numberOf(module: ModuleSymbols, range: Die, name: number, context: EvaluationContext): bigint | undefined {
  const value = range.get(name);
  if (value === undefined) return undefined;
  if (value.kind === 'constant') return BigInt(value.value);
  if (value.kind === 'reference') return variableNumber(module, range.reference(name), context);
  return isExpression(value) ? computedNumber(module, range, value, context) : undefined;
}

/** Location lists come as offsets or indices. */
const isExpression = ({ kind }: AttributeValue): boolean =>
  kind === 'expression' || kind === 'block' || kind === 'sectionOffset' || kind === 'listIndex';

function variableNumber(module: ModuleSymbols, die: Die | undefined, context: EvaluationContext): bigint | undefined {
  if (die === undefined) return undefined;
  const type = module.types.ofAttribute(die);
  const { memory, frame } = context;
  const { bytes } = readValue(type, locateVariable(module, die, type, context), {
    memory,
    ...(frame && { registers: frame.registers }),
  });
  if (bytes.length === 0 || bytes.length > 8) return undefined;
  const bits = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(8 * bytes.length, bits);
}
