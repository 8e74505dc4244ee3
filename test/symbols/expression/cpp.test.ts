// cpp.test.ts: what C++ and Rust add: scoped and template names, base classes, references, tuples.

import * as assert from 'node:assert';
import { evaluateExpression } from '../../../adapter/symbols/expression/compile';
import { tokenize } from '../../../adapter/symbols/expression/lexer';
import type { TypeInfo } from '../../../adapter/symbols/program-symbols';
import { INT, pointerTo } from '../../../adapter/symbols/types/base-types';
import { formatValue } from '../../../adapter/symbols/types/format-value';
import { FakeProgram, int, long, member } from './fake-program';

const FIRST: TypeInfo = { kind: 'class', name: 'First', sizeBytes: 4, members: [member('a', INT, 0)] };
const SECOND: TypeInfo = { kind: 'class', name: 'Second', sizeBytes: 4, members: [member('b', INT, 0)] };
const BOTH: TypeInfo = {
  kind: 'class',
  name: 'Both',
  sizeBytes: 12,
  members: [member('', FIRST, 0), member('', SECOND, 4), member('c', INT, 8)],
};
const BOX: TypeInfo = { kind: 'struct', name: 'ns::Box<int>', sizeBytes: 4, members: [member('value', INT, 0)] };
const TUPLE: TypeInfo = {
  kind: 'struct',
  name: '(i32, i32)',
  sizeBytes: 8,
  members: [member('__0', INT, 0), member('__1', INT, 4)],
};

function program(): FakeProgram {
  const made = new FakeProgram();
  const both = made.add('both', BOTH, int(1, 2, 3));
  made.add('this', pointerTo(BOTH), long(both));
  made.add('box', BOX, int(42));
  made.add('ns::Box<int>::made', INT, int(3));
  made.add('tuple', TUPLE, int(8, 9));
  for (const type of [FIRST, SECOND, BOTH, BOX]) made.addType(type.name, type);
  made.addType('std::pair<int, std::pair<int, char> >', BOX);
  return made;
}

const made = program();
const shown = (expression: string): string => {
  const value = evaluateExpression(expression, made.context);
  return `(${value.type.name}) ${formatValue(value, made.memory)}`;
};

describe('expressions of C++ and Rust', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a + b + c', '(int) 6'],
    ['Second::b', '(int) 2'],
    ['this->Second::b', '(int) 2'],
    ['both.First.a', '(int) 1'],
    ['*(Second *)this', '(Second) {b = 2}'],
    ['((Second *)this)->b', '(int) 2'],
    ['(long)(Second *)this - (long)this', '(long) 4'],
    ['(Second *)0 == 0', '(int) 1'],
    ['((Second &)both).b', '(int) 2'],
    ['(int &)both', '(int) 1'],
    ['ns::Box<int>::made', '(int) 3'],
    ['ns::(anonymous namespace)::Box<int>::made', '(int) 3'],
    ['(anonymous namespace)::tuple.0 + 1', '(int) 9'],
    ['((ns::Box<int>*)&box)->value', '(int) 42'],
    ['sizeof(ns::Box< int >)', '(unsigned long) 4'],
    ['sizeof(std::pair<int,std::pair<int,char>>)', '(unsigned long) 4'],
    ['tuple.0 + tuple.1', '(int) 17'],
    ['(&tuple).1', '(int) 9'],
    ['a<b', '(int) 1'],
    ['a<b>c', '(int) 0'],
    ['(a<b)', '(int) 1'],
    ['a<b && b>a', '(int) 1'],
    ['a < b > (c)', '(int) 0'],
  ];
  for (const [expression, expected] of cases) {
    it(`${expression} is ${expected}`, () => {
      assert.strictEqual(shown(expression), expected);
    });
  }

  it('template names are one word only where they can be nothing else', () => {
    const words = (text: string): string[] =>
      tokenize(text).flatMap((token) => (token.kind === 'name' ? [token.name] : []));
    assert.deepStrictEqual(words('A<int>::b'), ['A<int>::b']);
    assert.deepStrictEqual(words('A<B<int> >::c::D<char>::e'), ['A<B<int> >::c::D<char>::e']);
    assert.deepStrictEqual(words('(A<B<int>>*)p'), ['A<B<int> >', 'p']);
    assert.deepStrictEqual(words('a<b>c'), ['a', 'b', 'c']);
    assert.deepStrictEqual(words('a<b>*c'), ['a', 'b', 'c']);
    assert.deepStrictEqual(words('a<1+b>::c'), ['a', 'b', '::c']);
  });
});
