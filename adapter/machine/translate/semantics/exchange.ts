// exchange.ts: XADD and CMPXCHG: arithmetic that hands the old number on.
//
// Truth: Intel SDM vol. 2.

import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { KIND_ADD, KIND_SUB } from '../flag-kind';
import type { EmitterTable } from './emitter';
import { pushComparison } from './two-operands';

function xadd(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const source = e.operand(1);
  const { bytes } = target;
  const at = e.prepare(target, 'readWrite');
  e.push(target, at);
  const old = e.save(bytes);
  e.push(source, undefined);
  const addend = e.save(bytes);
  code.get(old);
  code.get(addend);
  code.arithmetic(OP.i32Add, bytes === 8);
  const sum = e.save(bytes);
  code.get(sum);
  e.widen(bytes);
  e.flags.setA();
  code.get(addend);
  e.widen(bytes);
  e.flags.setB();
  e.flags.is(KIND_ADD, bytes);
  e.assign(source, undefined, () => {
    code.get(old);
  });
  e.assign(target, at, () => {
    code.get(sum);
  });
}

/** Writes memory even when the comparison fails, as the CPU does. */
function cmpxchg(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const source = e.operand(1);
  const { bytes } = target;
  const wide = bytes === 8;
  const at = e.prepare(target, 'readWrite');
  e.push(target, at);
  const old = e.save(bytes);
  e.getGprBytes(0, bytes);
  const expected = e.save(bytes);
  e.push(source, undefined);
  code.get(old);
  pushComparison(e, expected, old, OP.i32Eq, wide);
  code.op(OP.select);
  const stored = e.save(bytes);
  code.get(expected);
  e.widen(bytes);
  e.flags.setA();
  code.get(old);
  e.widen(bytes);
  e.flags.setB();
  e.flags.is(KIND_SUB, bytes);
  // A 32-bit accumulator keeps its upper half when the comparison succeeds.
  pushComparison(e, expected, old, OP.i32Ne, wide);
  code.if();
  code.get(old);
  e.setGprBytes(0, bytes);
  code.end();
  if (target.kind === 'register' && bytes === 4) {
    pushComparison(e, expected, old, OP.i32Eq, wide);
    code.if();
    e.assign(target, undefined, () => {
      code.get(stored);
    });
    code.end();
    return;
  }
  e.assign(target, at, () => {
    code.get(stored);
  });
}

export const EXCHANGE_EMITTERS: EmitterTable = {
  xadd,
  cmpxchg,
};
