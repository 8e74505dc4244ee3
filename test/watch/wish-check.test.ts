import assert from 'node:assert/strict';
import type { WatchWish } from '../../adapter/watch/watch';
import { wishTrouble } from '../../adapter/watch/wish-check';

const wish = (more: Partial<WatchWish>): WatchWish => ({
  key: 'a',
  access: 'change',
  threads: 'all',
  target: { kind: 'global', expression: 'a', lengthBytes: 4, typeName: 'int' },
  ...more,
});

describe('what is wrong with a wish', () => {
  it('is told before anything is armed', () => {
    const cases: readonly [string, RegExp][] = [
      ['$new >', /`\$new >` cannot be read/],
      ['$nwe > 3', /names \$nwe, which does not exist: there are \$old, \$new/],
      ['$new = 3', /would change the program: write == to compare/],
      ['i++ > 3', /would change the program/],
      ['(1', /cannot be read/],
    ];
    for (const [condition, expected] of cases) assert.match(wishTrouble(wish({ condition })) ?? '', expected);
    assert.match(wishTrouble(wish({ hitCondition: 'often' })) ?? '', /no hit count/);
  });

  it('is nothing where it can be understood, here or there', () => {
    for (const condition of [
      '$new > $old',
      '$writer == "main"',
      'local > 3',
      '$rax == 1',
      '$thread != 2 && a[1].b->c',
    ]) {
      assert.equal(wishTrouble(wish({ condition, hitCondition: '>= 3' })), undefined, condition);
    }
  });
});
