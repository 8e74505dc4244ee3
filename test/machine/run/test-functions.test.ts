import assert from 'node:assert/strict';
import { TestFunctions } from '../../../adapter/machine/judge/test-functions';
import type { NumberCode } from '../../../adapter/judging/number-code';

/** As the guest's: 4 GiB. */
const ALL_PAGES = 65536;

describe('the functions that decide conditions', () => {
  const isBelow = (bound: number): NumberCode => ({
    ...{ kind: 'comparison', operator: 'lt', type: 'i32', signed: true },
    left: { kind: 'constant', type: 'i32', value: 3n },
    right: { kind: 'constant', type: 'i32', value: BigInt(bound) },
  });

  it('are made once for all trees that say the same', () => {
    const made: ((record: number) => number)[] = [];
    const tests = new TestFunctions(new WebAssembly.Memory({ initial: ALL_PAGES, maximum: ALL_PAGES }), (run) => {
      made.push(run as (record: number) => number);
      return made.length - 1;
    });
    const first = tests.slotOf(isBelow(5));
    for (let call = 0; call < 1000; call++) assert.equal(tests.slotOf(isBelow(5)), first);
    const other = tests.slotOf(isBelow(2));
    assert.equal(made.length, 2);
    assert.deepEqual([made[first](0), made[other](0)], [1, 0]);
  });
});
