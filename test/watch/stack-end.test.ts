// stack-end.test.ts: up to where a stack pointer says that a frame has been left.

import assert from 'node:assert/strict';
import { STACK_REACH, stackEndOf } from '../../adapter/watch/stack-end';

const CFA = 0x7000_0000n;

function endOf(...frames: readonly (readonly [cfa: bigint, isBottom?: boolean])[]): bigint {
  const registers = (): undefined => undefined;
  const code = { pc: 0x40_1000n, lookupPc: 0x40_1000n, registers, inlined: false };
  return stackEndOf(frames.map(([cfa, isBottom]) => ({ ...code, cfa, isBottom })));
}

describe('the end of a frame’s stack', () => {
  it('lies just above the outermost caller, however far that is', () => {
    const far = CFA + 2n * STACK_REACH;
    for (const outermost of [CFA + 0x100n, far]) {
      const end = endOf([CFA], [CFA + 0x40n], [outermost, true]);
      assert.ok(end > outermost && end < outermost + 0x100n, end.toString(16));
    }
  });

  it('leaves room for the return of one that nobody called', () => {
    assert.ok(endOf([CFA, true]) > CFA);
  });

  it('is where a handler has a stack of its own, below what it has interrupted or above', () => {
    assert.ok(endOf([CFA], [CFA - 0x5000n], [CFA - 0x4000n, true]) < CFA + 0x100n);
    assert.ok(endOf([CFA], [CFA + 0x5000n], [CFA + 0x6000n, true]) > CFA + 0x6000n);
  });

  it('is guessed where callers are not found', () => {
    assert.equal(endOf([CFA], [CFA + 0x40n]), CFA + STACK_REACH);
    assert.equal(endOf([CFA], [CFA + 4n * STACK_REACH]), CFA + 4n * STACK_REACH);
  });
});
