// errors.test.ts: what a person is told about a mistake in an expression.

import * as assert from 'node:assert';
import { evaluateExpression } from '../../../adapter/symbols/expression/compile';
import { ExpressionError } from '../../../adapter/symbols/expression/expression-errors';
import { sampleProgram } from './fake-program';

const program = sampleProgram();

function mistake(expression: string): ExpressionError {
  try {
    evaluateExpression(expression, program.context);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  return assert.fail(`${expression} has no mistake`);
}

describe('mistakes in expressions', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['countr', 'No variable, function or enumerator `countr` is known. Did you mean `counter`?'],
    [
      'zzz',
      'No variable, function or enumerator `zzz` is known. Is it in scope in this frame? A static of another file is written `file.c:name`.',
    ],
    [
      'other.c:hidden',
      '`other.c` has no variable or function `hidden`. Check both names; the file is written as it was compiled.',
    ],
    ['point.z', '`struct point` has no member `z`. It has `x`, `y`.'],
    [
      'node.rael',
      '`struct node` has no member `rael`. It has `value`, `low`, `signed_bits`, `at`, `bits`, `real`, `next`, `name`.',
    ],
    ['counter / (negative + 7)', 'Division by zero: `(negative + 7)` is 0. Guard it: `d != 0 && n / d > 1`.'],
    [
      '*counter',
      '`counter` is of type `int`, not a pointer, so it points at nothing. Take it without * (or cast it: `*(int *)…`).',
    ],
    ['counter.x', '`counter` is of type `int`, which has no members. Cast it first: `((struct name *)p)->member`.'],
    [
      'counter[1]',
      '`counter` is of type `int`; only arrays and pointers can be indexed. Cast it first: `((int *)p)[i]`.',
    ],
    ['*anything', '`anything` is a `void *`: what it points at has no type. Cast it first: `*(int *)anything`.'],
    ['*nothing', 'Cannot read memory at 0x0 for `*nothing`. A pointer on the way is null: check it first.'],
    [
      'array[100000]',
      'Cannot read memory at 0x465af0 for `array[100000]`. Is a pointer on the way not yet set, or freed?',
    ],
    ['gone + 1', '`gone` has no value here: it was optimized out (no location here). Try another frame or line.'],
    ['&in_register', '`in_register` has no address: it lives in register rbx.'],
    ['point == 1', '`point` is a whole `struct point`, not a number. Use one of its members: `x`, `y`.'],
    ['(struct pont *)p', 'No type `struct pont` is known. Did you mean `struct point`?'],
    [
      'main(1)',
      '`main` cannot be called: functions of the program are not run by expressions. Write what it computes.',
    ],
    ['counter = 42', 'An assignment is not allowed here. Compare with `==`, or assign in the debug console.'],
    ['counter +', 'A value is missing before the end (column 10):\n  counter +\n           ^'],
    ['(counter', '`)` is missing for the `(` in column 1 (column 9):\n  (counter\n          ^'],
    [
      'counter counter',
      'An operator or the end is missing before `counter` (column 9):\n  counter counter\n          ^',
    ],
    ['array[1', '`]` is missing after the index (column 8):\n  array[1\n         ^'],
    ['1 ? 2', '`:` is missing after `?` and its value (column 6):\n  1 ? 2\n       ^'],
    ['point.', "A member's name is missing after `.` (column 7):\n  point.\n        ^"],
    ['"abc', 'This " has no closing " (column 1):\n  "abc\n  ^'],
    ["'ab'", "'ab' is not one character (column 1):\n  'ab'\n  ^"],
    ['0x', '`0x` is no number (column 1):\n  0x\n  ^'],
    ['09', '`09` is no number (column 1):\n  09\n  ^'],
    ['counter;', 'An expression has no `;` (column 8):\n  counter;\n         ^'],
    ['counter # 1', '`#` has no meaning in an expression (column 9):\n  counter # 1\n          ^'],
    ['', 'A value is missing before the end (column 1):\n  \n  ^'],
  ];
  for (const [expression, message] of cases) {
    it(`\`${expression}\``, () => {
      assert.strictEqual(mistake(expression).message, message);
    });
  }

  it('carry their place in the text', () => {
    assert.deepStrictEqual(mistake('1 + countr').span.start, 4);
    assert.deepStrictEqual(mistake('point.zed').span.start, 6);
  });

  it('long text is cut around the place', () => {
    const lines = mistake(`${'1 + '.repeat(60)})`).message.split('\n');
    assert.ok(lines.every((line) => line.length <= 110));
    assert.strictEqual(lines[1]?.charAt(lines[2]?.indexOf('^') ?? 0), ')');
  });

  it('too deep and too long are told, not overflowed', () => {
    assert.match(mistake('('.repeat(5000)).message, /too long|too deep/);
    assert.match(mistake('('.repeat(1000)).message, /too deep/);
    assert.match(mistake('-'.repeat(1000)).message, /too deep/);
    assert.match(mistake(`1${'+1'.repeat(100_000)}`).message, /too long/);
    assert.match(mistake('sizeof '.repeat(500)).message, /too deep/);
    assert.match(mistake(`${'1?'.repeat(400)}1`).message, /too deep|missing/);
    assert.match(mistake(`(int${'(*'.repeat(300)})0`).message, /missing|too deep/);
  });
});
