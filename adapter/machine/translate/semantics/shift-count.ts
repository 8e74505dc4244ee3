// shift-count.ts: the counts of shifts and rotates.
//
// They are taken modulo 32 (64 for eight-byte operands). A count of 0 leaves the flags alone, yet writes the operand;
// where the count is in cl, which flags there are is therefore decided at run time.
// Quirk: OF after counts other than 1 is undefined; it is computed as for 1.
// Truth: Intel SDM vol. 2 (SAL/SAR/SHL/SHR, RCL/RCR/ROL/ROR).

import type { Operand } from '../../decode/instruction';
import type { Local } from '../../wasm/code';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';

function countMask(bytes: number): number {
  return bytes === 8 ? 63 : 31;
}

/** The count where it is known while translating. */
export function constantCount(operand: Operand, bytes: number): number | undefined {
  return operand.kind === 'immediate' ? Number(operand.value) & countMask(bytes) : undefined;
}

/** cl, masked, in a new i32 local. */
export function pushClCount(e: EmitContext, bytes: number): Local {
  const { code } = e;
  e.getGpr(1);
  code.op(OP.i32WrapI64);
  code.i32(countMask(bytes));
  code.op(OP.i32And);
  return e.save(4);
}

/** By 0 the operand's own value is written back: a store that debug registers see, the clearing of an upper half. */
export function shiftByZero(e: EmitContext, target: Operand, at: Local | undefined): void {
  if (at === undefined && target.bytes !== 4) return;
  e.push(target, at);
  const value = e.save(target.bytes);
  e.assign(target, at, () => {
    e.code.get(value);
  });
}

/** The override by a number of so many bytes, unless the count (i32; undefined: it is not) is 0. */
export function overrideUnlessZero(
  e: EmitContext,
  over: number,
  c: Local,
  bytes: number,
  count: Local | undefined,
): void {
  const { code } = e;
  e.flags.override(
    over,
    () => {
      code.get(c);
      e.widen(bytes);
    },
    () => {
      if (count === undefined) {
        code.i64(1);
        return;
      }
      code.get(count);
      code.op(OP.i64ExtendI32U);
    },
  );
}
