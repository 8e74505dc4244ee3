// variants.ts: which of the variants of a Rust enum a value is.
//
// The discriminant may be a number of its own, or a part of the payload that no other variant can have (a niche: the
// null of an `Option<&T>`); the debug information says both in the same way.

import type { MemberInfo, Value } from '../program-symbols';
import { bytesToUnsigned } from './integers';
import { memberValue, scalarBytes } from './read-value';
import { sizeOf, strip } from './strip';

/** The member of the variant that is; undefined where none is told, or the number is none of them. */
export function activeVariant(value: Value): MemberInfo | undefined {
  const part = strip(value.type).variantPart;
  if (part === undefined) return undefined;
  const { discriminant, variants } = part;
  const other = variants.find(({ discriminantValue }) => discriminantValue === undefined)?.member;
  if (discriminant === undefined) return other ?? variants.at(0)?.member;
  const read = memberValue(value, discriminant, { memory: { read: () => new Uint8Array(0) } });
  if (read.error !== undefined || read.bytes.length === 0) return undefined;
  const number = bytesToUnsigned(scalarBytes(read));
  const bits = 8 * Math.max(1, sizeOf(discriminant.type));
  const isIts = (own: bigint | undefined): boolean => own !== undefined && BigInt.asUintN(bits, own) === number;
  return variants.find(({ discriminantValue }) => isIts(discriminantValue))?.member ?? other;
}
