// expression-at.test.ts: which expression the cursor is on; `|` marks the cursor.

import * as assert from 'node:assert';
import { expressionAt } from '../../../extension/watch/expression-at';

function at(marked: string): string | undefined {
  const column = marked.indexOf('|');
  return expressionAt(marked.replace('|', ''), column)?.text;
}

describe('the expression under the cursor', () => {
  it('is the chain that leads to the word', () => {
    assert.strictEqual(at('  coun|ter = counter + 1;'), 'counter');
    assert.strictEqual(at('  account->bal|ance += amount;'), 'account->balance');
    assert.strictEqual(at('  acc|ount->balance += amount;'), 'account');
    assert.strictEqual(at('  a.b[i + f[2]].c->d|.e = 1;'), 'a.b[i+f[2]].c->d');
    assert.strictEqual(at('  Queue :: hea|d = 0;'), 'Queue::head');
    assert.strictEqual(at('int |total;'), 'total');
    assert.strictEqual(at('total|'), 'total');
  });

  it('is the element where the cursor is right behind its bracket', () => {
    assert.strictEqual(at('  a[i]| = 9;'), 'a[i]');
    assert.strictEqual(at('  grid[i][j + 1]| = 9;'), 'grid[i][j+1]');
    assert.strictEqual(at('  cfg->limits[k]|.low = 9;'), 'cfg->limits[k]');
    assert.strictEqual(at('  a[next()]| = 9;'), undefined);
    assert.strictEqual(at('  (x)[1]| = 9;'), undefined);
    assert.strictEqual(at('  return[1]|;'), undefined);
    assert.strictEqual(at('  a[|i] = 9;'), 'i');
    assert.strictEqual(at('  |]'), undefined);
  });

  it('is no call, no keyword, no text and no comment', () => {
    for (const text of [
      'cou|nt();',
      'ret|urn x;',
      'puts("coun|ter");',
      'x = 1; // coun|ter',
      '/* coun|ter */',
      'a + |1',
      'println|!("x")',
    ]) {
      assert.strictEqual(at(text), undefined, text);
    }
  });

  it('is found after a text, a comment and a lifetime', () => {
    assert.strictEqual(at('f("a\\"b", tot|al)'), 'total');
    assert.strictEqual(at('/* x */ tot|al = 1'), 'total');
    assert.strictEqual(at("fn f<'a>(tot|al: &'a i32)"), 'total');
    assert.strictEqual(at("if (c == 'x' && tot|al)"), 'total');
  });

  it('never throws, wherever the cursor is', () => {
    const line = 'x = a->b["q]"].c[\']\'] + (*p)->z; // e';
    for (let column = 0; column <= line.length + 1; column++) {
      const found = expressionAt(line, column);
      assert.ok(found === undefined || line.slice(found.start, found.end).replace(/\s+/g, '') === found.text);
    }
  });
});
