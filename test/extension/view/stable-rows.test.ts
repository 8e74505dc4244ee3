// stable-rows.test.ts: rows stay the same objects, so that the editor knows which one a command is for.

import * as assert from 'node:assert';
import type { Row } from '../../../extension/view/register-rows';
import { StableRows } from '../../../extension/view/stable-rows';
import { english } from '../../../extension/view/translate';
import { watchRows } from '../../../extension/view/watch-rows';
import { counter } from '../watch/sample';

const other = { ...counter, id: 4, label: 'total' };
const ids = (rows: 'all' | readonly Row[]): 'all' | string[] => (rows === 'all' ? rows : rows.map(({ id }) => id));

describe('the rows of the view, from one state to the next', () => {
  let rows: StableRows;

  beforeEach(() => {
    rows = new StableRows();
    assert.strictEqual(rows.update(watchRows([counter, other], english)), 'all');
  });

  it('stay the same objects, and only those that look different are drawn again', () => {
    const [first, second] = rows.roots[0].children;
    const drawn = rows.update(watchRows([{ ...counter, hits: 13, matches: 13 }, other], english));
    assert.deepStrictEqual(ids(drawn), ['watch/3']);
    assert.strictEqual(rows.roots[0].children[0], first);
    assert.strictEqual(rows.roots[0].children[1], second);
    assert.match(first.description, /13 hits/);
  });

  it('are not drawn again where nothing has changed', () => {
    assert.deepStrictEqual(rows.update(watchRows([counter, other], english)), []);
  });

  it('are drawn from the parent where one comes or goes', () => {
    assert.deepStrictEqual(ids(rows.update(watchRows([other], english))), ['watches']);
    assert.deepStrictEqual(
      rows.roots[0].children.map(({ label }) => label),
      ['total'],
    );
    assert.strictEqual(rows.update([]), 'all');
  });

  it('forget what is no longer said', () => {
    rows.update(watchRows([{ ...counter, address: undefined, state: 'pending' }, other], english));
    assert.strictEqual('address' in rows.roots[0].children[0], false);
  });

  it('are new objects where they come back', () => {
    const [first] = rows.roots[0].children;
    rows.update(watchRows([other], english));
    rows.update(watchRows([counter, other], english));
    assert.notStrictEqual(rows.roots[0].children[0], first);
  });
});
