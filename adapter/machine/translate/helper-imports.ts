// helper-imports.ts: the helpers of translated code, and the two ways to call them.
//
// Their bodies are in helpers/. Fast code imports them. Code that runs seldom finds them in a table of their own: an engine makes
// an adapter for each imported function's type with its slowest compiler, which costs a small module more than all else.

import { AT } from '../layout';
import { Code, type FunctionBody } from '../wasm/code';
import { I32, I64, OP, type ValueType } from '../wasm/opcodes.table';

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
  /** (number of a registered semantic function, argument) for what is not worth WebAssembly. */
  { name: 'service', parameters: [I32, I32], results: [I32] },
  /** (address of an instruction that is done, instructions left before it) → 1: leave, some hit is to be told. */
  { name: 'judge', parameters: [I32, I32], results: [I32] },
] as const satisfies readonly HelperSignature[];

export type HelperName = (typeof HELPERS)[number]['name'];

/** The region type is type 0 of a module, the helpers' types follow in their order. */
export const REGION_TYPE = 0;

export interface HelperCalls {
  call(code: Code, name: HelperName): void;
  /** The helper takes this function's place on the stack. */
  tailCall(code: Code, name: HelperName): void;
}

function helperIndex(name: HelperName): number {
  return HELPERS.findIndex((helper) => helper.name === name);
}

/**
 * What stands in arms that are seldom taken. Each module of fast code has a function of its own that calls it: an engine
 * may fetch an imported function's address before the branch, at a cost to the way that is always taken.
 */
const SLOW_ARMS = ['probe', 'access'] as const satisfies readonly HelperName[];

/** Those functions of a module; each leaves its result in the state area, too. */
export function slowArms(): readonly { readonly type: number; readonly body: FunctionBody }[] {
  return SLOW_ARMS.map((name) => {
    const helper = helperIndex(name);
    const code = new Code(2);
    const place = code.newLocal(I32);
    code.get(0);
    code.get(1);
    code.call(helper);
    code.set(place);
    code.i32(0);
    code.get(place);
    code.memory(OP.i32Store, AT.place);
    code.get(place);
    code.op(OP.end);
    return { type: 1 + helper, body: code.finish() };
  });
}

/** Helper n is function n of the module; `firstSlowArm` is the index of the first of slowArms(). */
export function importedHelpers(firstSlowArm: number): HelperCalls {
  return {
    call(code, name) {
      const arm = SLOW_ARMS.findIndex((slow) => slow === name);
      code.call(arm < 0 ? helperIndex(name) : firstSlowArm + arm);
    },
    tailCall(code, name) {
      code.op(OP.returnCall);
      code.unsigned(helperIndex(name));
    },
  };
}

export const tabledHelpers: HelperCalls = {
  call(code, name) {
    const helper = helperIndex(name);
    code.i32(helper);
    code.callIndirect(1 + helper);
  },
  tailCall(code, name) {
    const helper = helperIndex(name);
    code.i32(helper);
    code.op(OP.returnCallIndirect);
    code.unsigned(1 + helper);
    code.unsigned(0);
  },
};
