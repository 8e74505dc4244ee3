// condition.ts: is the condition of a breakpoint true here?
//
// An expression of the program's language; a mistake in it is told, never thrown, and never hides the stop.

import type { EvaluationContext, ProgramSymbols, Value } from '../symbols/program-symbols';
import { strip } from '../symbols/types/strip';
import { UserError } from '../util/user-error';

export type Truth =
  { readonly kind: 'true' } | { readonly kind: 'false' } | { readonly kind: 'error'; readonly why: string };

export function evaluateCondition(symbols: ProgramSymbols, text: string, context: EvaluationContext): Truth {
  try {
    const value = symbols.evaluate(text, context);
    if (value.error !== undefined) return { kind: 'error', why: value.error };
    return { kind: isTrue(value) ? 'true' : 'false' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'error', why: error.message };
  }
}

/** C's truth: not zero. */
function isTrue(value: Value): boolean {
  const type = strip(value.type);
  const { bytes } = value;
  if (type.encoding === 'float') return floatOf(bytes) !== 0;
  if (value.bitSize === undefined) return bytes.some((byte) => byte !== 0);
  let bits = 0n;
  for (const [index, byte] of bytes.entries()) bits |= BigInt(byte) << BigInt(8 * index);
  return ((bits >> BigInt(value.bitOffset ?? 0)) & ((1n << BigInt(value.bitSize)) - 1n)) !== 0n;
}

function floatOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 4) return view.getFloat32(0, true);
  if (bytes.length === 8) return view.getFloat64(0, true);
  return bytes.some((byte) => byte !== 0) ? 1 : 0;
}
