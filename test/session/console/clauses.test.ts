import assert from 'node:assert/strict';
import { parseClauses } from '../../../adapter/session/console/clauses';
import { UserError } from '../../../adapter/util/user-error';

describe('what follows `watch`', () => {
  it('is an expression alone', () => {
    assert.deepEqual(parseClauses('cfg->flags'), { location: false, expression: 'cfg->flags' });
    assert.deepEqual(parseClauses('-location *(int *)p'), { location: true, expression: '*(int *)p' });
    assert.deepEqual(parseClauses('-l x'), { location: true, expression: 'x' });
    assert.deepEqual(parseClauses('-limit'), { location: false, expression: '-limit' });
  });

  it('has clauses in any order', () => {
    const wanted = { location: false, expression: 'a[i + 1]', condition: '$new > 1 && b', thread: '2' };
    assert.deepEqual(parseClauses('a[i + 1] if $new > 1 && b thread 2'), wanted);
    assert.deepEqual(parseClauses('a[i + 1] thread 2 if $new > 1 && b'), wanted);
    assert.equal(parseClauses('x when (y)').condition, '(y)');
    assert.equal(parseClauses('x if(y)').condition, '(y)');
    assert.equal(parseClauses('x thread "the worker"').thread, '"the worker"');
  });

  it('may name variables that are called like a clause', () => {
    assert.deepEqual(parseClauses('thread'), { location: false, expression: 'thread' });
    assert.deepEqual(parseClauses('a + thread'), { location: false, expression: 'a + thread' });
    assert.deepEqual(parseClauses('every every 3'), { location: false, expression: 'every', every: 3 });
    assert.equal(parseClauses('x if thread == 2').condition, 'thread == 2');
    assert.equal(parseClauses('f[(a thread)]').expression, 'f[(a thread)]');
    assert.equal(parseClauses('x if s == "if thread"').condition, 's == "if thread"');
  });

  it('ends with the template of `log`', () => {
    const clauses = parseClauses('stats.total every 1000 "{$old}\\t\\"{$new}\\""');
    assert.deepEqual(clauses, {
      location: false,
      expression: 'stats.total',
      every: 1000,
      template: '{$old}\t"{$new}"',
    });
    assert.equal(parseClauses('x, "text"').template, 'text');
    assert.equal(parseClauses('x if s == "text"').template, undefined);
  });

  it('is refused with a reason and an example', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /watch counter/],
      ['-l', /watch counter/],
      ['x mask 0xff', /debug registers compare whole addresses/],
      ['x task 1', /Ada/],
      ['x if', /Nothing follows `if`/],
      ['x every 0', /from 1 on/],
      ['x every often', /from 1 on/],
      ['x if a if b', /twice/],
      ['x if a when b', /twice/],
    ];
    for (const [text, reason] of cases) {
      assert.throws(
        () => parseClauses(text),
        (error) => error instanceof UserError && reason.test(error.message),
        text,
      );
    }
  });

  it('never fails otherwise, wherever it is cut off', () => {
    const text = '-l a["x"] if (b == \'c\') thread "w" every 3 "{$old} \\" end"';
    for (let end = 0; end <= text.length; end++) {
      try {
        parseClauses(text.slice(0, end));
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
      }
    }
  });
});
