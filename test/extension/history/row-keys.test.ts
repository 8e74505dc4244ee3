// row-keys.test.ts: the keys of the history's table.

import * as assert from 'node:assert';
import { rowAfter } from '../../../extension/history/row-keys';

describe('the keys of a table', () => {
  it('go to the neighbour, a page on, and to the ends', () => {
    assert.strictEqual(rowAfter('ArrowDown', 3, 20), 4);
    assert.strictEqual(rowAfter('ArrowUp', 3, 20), 2);
    assert.strictEqual(rowAfter('PageDown', 3, 20), 13);
    assert.strictEqual(rowAfter('PageUp', 13, 20), 3);
    assert.strictEqual(rowAfter('Home', 3, 20), 0);
    assert.strictEqual(rowAfter('End', 3, 20), 19);
  });

  it('stay within the rows', () => {
    assert.strictEqual(rowAfter('ArrowUp', 0, 20), 0);
    assert.strictEqual(rowAfter('PageDown', 15, 20), 19);
    assert.strictEqual(rowAfter('ArrowDown', 0, 0), undefined);
  });

  it('leave the other keys to others', () => {
    for (const key of ['Tab', 'Enter', 'a', ' ', 'ArrowLeft']) assert.strictEqual(rowAfter(key, 3, 20), undefined);
  });
});
