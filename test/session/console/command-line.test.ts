import assert from 'node:assert/strict';
import { readCommandLine } from '../../../adapter/session/console/command-line';

describe('a line of the debug console', () => {
  const parts = (text: string) => {
    const line = readCommandLine(text);
    return line === undefined ? undefined : [line.word, line.format, line.rest];
  };

  it('is a word, a format and the rest', () => {
    assert.deepEqual(parts('watch counter'), ['watch', undefined, 'counter']);
    assert.deepEqual(parts('  x/4xw   &table[2]  '), ['x', '4xw', '&table[2]']);
    assert.deepEqual(parts('bt'), ['bt', undefined, '']);
    assert.deepEqual(parts('WATCH -l p->x if $new == 0'), ['watch', undefined, '-l p->x if $new == 0']);
  });

  it('may be a command where an operand follows, for two operands side by side are no expression', () => {
    for (const text of ['p *q', 'p &x', 'p -1', 'p (int)x', 'p !done', 'p .5', 'p ::name', 'p $rip', 'p "a"']) {
      assert.notEqual(readCommandLine(text), undefined, text);
    }
  });

  it('is an expression where only an operator can follow', () => {
    const expressions = ['count = 3', 'count == 3', 'count + 1', 'p * q', 'p & q', 'log->next', 'log ->next', 'x[3]'];
    const more = ['x [3]', 'delete.next', 'count++', 'count ++', 'count += 1', 'p *= 2', 'a ? b : c', 'p, q', 'p && q'];
    for (const text of [...expressions, ...more]) assert.equal(readCommandLine(text), undefined, text);
  });

  it('is a command whatever follows, after -exec', () => {
    assert.deepEqual(readCommandLine('-exec p * q'), { word: 'p', format: undefined, rest: '* q', forced: true });
  });

  it('is none where it does not begin with a word', () => {
    for (const text of ['', '   ', '42', '*p', '(watch)', '$old', '-1'])
      assert.equal(readCommandLine(text), undefined, text);
  });
});
