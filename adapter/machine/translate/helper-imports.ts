// helper-imports.ts: the functions that every translated module imports, in this order.
//
// Their bodies are in helpers/; `service` is JavaScript's.

import { I32, I64, type ValueType } from '../wasm/opcodes.table';

interface HelperSignature {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** The type of a region: (guest address, instructions left, call depth left) → left << 32 | next guest address or 0. */
export const REGION_SIGNATURE = { parameters: [I32, I32, I32], results: [I64] } as const;

/** Parameters of a region as locals. */
export const ADDRESS = 0;
export const COUNT = 1;
export const DEPTH = 2;

export const HELPERS = [
  /** (guest address, instructions left, depth left): runs the region at the address, translating it if need be. */
  { name: 'go', ...REGION_SIGNATURE },
  /** (address, access mask | bytes << 8) → where to access, or 0: leave before the instruction. */
  { name: 'probe', parameters: [I64, I32], results: [I32] },
  /** The whole check, for code that runs seldom: the granule tables first, then `probe`. */
  { name: 'access', parameters: [I64, I32], results: [I32] },
  /** The same for an instruction that runs alone: logs the access; 0: it faults. */
  { name: 'probeAlone', parameters: [I64, I32], results: [I32] },
  /** (kind, A, B) → the arithmetic flags. */
  { name: 'eflags', parameters: [I32, I64, I64], results: [I32] },
  /** Upper halves of 64 × 64-bit products. */
  { name: 'multiplyHighUnsigned', parameters: [I64, I64], results: [I64] },
  { name: 'multiplyHighSigned', parameters: [I64, I64], results: [I64] },
  /** (high, low, divisor) → quotient, the remainder in the state area; the quotient must fit. */
  { name: 'divide128', parameters: [I64, I64, I64], results: [I64] },
  /** (destination, source, bytes) → bytes copied at once (0: do it one by one). Ascending addresses. */
  { name: 'bulkCopy', parameters: [I64, I64, I64], results: [I64] },
  /** (destination, pattern, bytes, element bytes) → bytes filled at once. */
  { name: 'bulkFill', parameters: [I64, I64, I64, I32], results: [I64] },
  /** JavaScript: (number of a registered semantic function, argument) for what is not worth WebAssembly. */
  { name: 'service', parameters: [I32, I32], results: [I32] },
] as const satisfies readonly HelperSignature[];

export type HelperName = (typeof HELPERS)[number]['name'];

export function helperIndex(name: HelperName): number {
  return HELPERS.findIndex((helper) => helper.name === name);
}
