// hit-condition.test.ts: at which hits a breakpoint acts.

import * as assert from 'node:assert';
import fc from 'fast-check';
import {
  actsAmong,
  actsAtHit,
  hitsBeforeNext,
  parseHitCondition,
  printHitCondition,
} from '../../adapter/watch/hit-condition';
import { UserError } from '../../adapter/util/user-error';

/** Of the first ten hits, those at which it acts. */
const acting = (text: string): number[] => {
  const condition = parseHitCondition(text);
  return [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((hit) => actsAtHit(condition, hit));
};

describe('hit conditions', () => {
  it('act at the hits they name', () => {
    assert.deepStrictEqual(acting('5'), [5]);
    assert.deepStrictEqual(acting('== 5'), [5]);
    assert.deepStrictEqual(acting('=5'), [5]);
    assert.deepStrictEqual(acting('>= 8'), [8, 9, 10]);
    assert.deepStrictEqual(acting('>8'), [9, 10]);
    assert.deepStrictEqual(acting('< 3'), [1, 2]);
    assert.deepStrictEqual(acting('<=3'), [1, 2, 3]);
    assert.deepStrictEqual(acting('% 3'), [3, 6, 9]);
    assert.deepStrictEqual(acting('%1').length, 10);
    assert.deepStrictEqual(acting('!= 1').length, 9);
    assert.deepStrictEqual(acting('  '), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('anything else is refused with an example', () => {
    for (const text of ['five', '> ', '5 5', '>> 3', '-1', '1.5', '% 0', '99999999999999999999', '=> 5', '0x5']) {
      assert.throws(() => parseHitCondition(text), UserError, text);
    }
  });

  it('one that could never be met is refused', () => {
    for (const text of ['0', '== 0', '% 0', '<= 0', '< 0', '< 1']) {
      assert.throws(() => parseHitCondition(text), /would never be met, since hits count from 1/, text);
    }
    assert.deepStrictEqual(acting('>= 0').length, 10);
    assert.deepStrictEqual(acting('!= 0').length, 10);
  });

  it('read back as printed', () => {
    const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', '%');
    fc.assert(
      fc.property(operator, fc.integer({ min: 2 }), (each, count) => {
        const condition = parseHitCondition(`${each}${count}`);
        assert.ok(condition);
        assert.deepStrictEqual(parseHitCondition(printHitCondition(condition)), condition);
      }),
    );
  });

  it('any text is a condition or a refusal', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseHitCondition(text);
        } catch (error) {
          assert.ok(error instanceof UserError);
        }
      }),
    );
  });

  it('know how many hits come before the next at which they act, and at how many they acted', () => {
    const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', '%');
    // From 2: "< 1" would never be met and is refused.
    fc.assert(
      fc.property(operator, fc.integer({ min: 2, max: 12 }), fc.nat(20), fc.nat(20), (each, count, first, more) => {
        const condition = parseHitCondition(`${each}${count}`);
        const acts = (hit: number): boolean => actsAtHit(condition, hit);
        const next = Array.from({ length: 30 }, (_, n) => n).find((n) => acts(first + n + 1)) ?? Infinity;
        assert.strictEqual(hitsBeforeNext(condition, first), next);
        const among = Array.from({ length: more }, (_, n) => first + n + 1).filter(acts);
        assert.strictEqual(actsAmong(condition, first, first + more), among.length);
      }),
    );
    assert.strictEqual(hitsBeforeNext(undefined, 3), 0);
    assert.strictEqual(actsAmong(undefined, 3, 9), 6);
  });
});
