// parser.test.ts: whatever the text, parsing ends, gives a tree whose spans lie in the text, and tells a mistake once.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { compileExpression, evaluateExpression } from '../../../adapter/symbols/expression/compile';
import { parseExpression } from '../../../adapter/symbols/expression/parser';
import type { Expression, Span } from '../../../adapter/symbols/expression/syntax-tree';
import { UserError } from '../../../adapter/util/user-error';
import { sampleProgram } from './fake-program';

const EXAMPLES = [
  'counter + 1 > 40 && $old == 40 || !(negative & ~3)',
  "'main.c'::hidden * main.c:hidden - ns::value",
  '((struct node *)p)->next->at.x[1..=4][2..]',
  '*(unsigned char (*)[4])&matrix[1][2] = (const char) 0x1fULL',
  'sizeof(struct point *[3]) / sizeof *cursor@5, {int} 0x404010',
  'a ? b ? 1.5e-3f : .5L : "te\\"xt\\n"[0] == L\'\\x41\'',
  '--x-->y++ <<= z.0.1, void_(*)(int), (int (*)(char, ...))f(1, 2)(3)',
];

/** Every node lies within the text and within its parent. */
function checkSpans(node: Expression, within: Span): void {
  assert.ok(node.start >= within.start && node.end <= within.end && node.start <= node.end, JSON.stringify(node.kind));
  for (const part of Object.values(node)) {
    if (typeof part === 'object' && part !== null && 'kind' in part && 'start' in part)
      checkSpans(part as Expression, within);
  }
}

function parsesToTheEnd(text: string): void {
  const { tree, errors } = parseExpression(text);
  checkSpans(tree, { start: 0, end: text.length });
  assert.ok(errors.length <= 1);
  for (const error of errors) {
    assert.ok(error.span.start >= 0 && error.span.end <= text.length && error.message.length > 10);
  }
}

const program = sampleProgram();

/** A value or a UserError, nothing else. */
function evaluatesOrRefuses(text: string): void {
  try {
    evaluateExpression(text, program.writable);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

describe('parsing expressions', () => {
  it('the examples have no mistake but the calls', () => {
    for (const text of EXAMPLES.slice(0, 6)) assert.deepStrictEqual(parseExpression(text).errors, [], text);
  });

  it('every truncation and every missing character of the examples', () => {
    for (const text of EXAMPLES) {
      for (let i = 0; i <= text.length; i++) {
        parsesToTheEnd(text.slice(0, i));
        parsesToTheEnd(text.slice(i));
        parsesToTheEnd(text.slice(0, i) + text.slice(i + 1));
        evaluatesOrRefuses(text.slice(0, i));
        evaluatesOrRefuses(text.slice(i));
      }
    }
  });

  it('any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), parsesToTheEnd), { numRuns: 300 });
  });

  it('any mixture of words', () => {
    const words = [
      'counter',
      'point',
      'p',
      '->',
      '.',
      'x',
      '[',
      ']',
      '(',
      ')',
      '*',
      '&',
      '-',
      '+',
      '++',
      '=',
      '==',
      '?',
      ':',
    ];
    const more = [
      '1',
      '0',
      '2.5',
      '"a"',
      "'b'",
      '..',
      '@',
      ',',
      'struct',
      'int',
      'sizeof',
      '$rax',
      '$old',
      '{',
      '}',
      '<<',
      '%',
      '/',
      'array',
      'node',
      'words',
    ];
    const text = fc.array(fc.constantFrom(...words, ...more), { maxLength: 14 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, (each) => {
        parsesToTheEnd(each);
        evaluatesOrRefuses(each);
      }),
      { numRuns: 3000 },
    );
  });

  it('a compiled expression throws its mistake when it is evaluated, not before', () => {
    const compiled = compileExpression('counter +');
    assert.strictEqual(compiled.errors.length, 1);
    assert.throws(() => compiled.evaluate(program.context), UserError);
    assert.throws(() => compiled.isTrue(program.context), UserError);
  });

  it('a compiled condition says the same each time', () => {
    const { context } = sampleProgram();
    const condition = compileExpression('counter == 41 && array[2] > 11 && p->x != 4');
    for (let i = 0; i < 100; i++) assert.ok(condition.isTrue(context));
  });

  it('a name in parentheses is a cast where it is a type', () => {
    const kind = (text: string, types: readonly string[] = []): string =>
      parseExpression(text, (name) => types.includes(name)).tree.kind;
    assert.strictEqual(kind('(a) - 1'), 'binary');
    assert.strictEqual(kind('(a) - 1', ['a']), 'cast');
    assert.strictEqual(kind('(a) b'), 'cast');
    assert.strictEqual(kind('(a *) b'), 'cast');
    assert.strictEqual(kind('(a) * b'), 'binary');
    assert.strictEqual(kind('(a)(b)'), 'call');
    assert.strictEqual(kind('(a)(b)', ['a']), 'cast');
    assert.strictEqual(kind('(a) ~b'), 'cast');
    assert.strictEqual(kind('(int) - 1'), 'cast');
  });
});
