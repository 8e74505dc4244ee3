// children.test.ts: values as trees, and the expressions that reach their parts.

import * as assert from 'node:assert';
import type { ChildRange, Value } from '../../../adapter/symbols/program-symbols';
import * as types from '../../../adapter/symbols/types/base-types';
import { childrenOf, countChildren } from '../../../adapter/symbols/types/children';

import { childExpression, childLabel } from '../../../adapter/symbols/types/evaluate-name';
import { formatValue } from '../../../adapter/symbols/types/format-value';
import { evaluateExpression } from '../../../adapter/symbols/expression/compile';
import { int, member, sampleProgram } from '../expression/fake-program';
import { NO_MEMORY, value } from './sample-types';

const program = sampleProgram();
const at = (expression: string): Value => evaluateExpression(expression, program.context);
const rows = (of: Value, range?: ChildRange): string[] =>
  childrenOf(of, program.memory, range).map((child) => `${child.name}: ${formatValue(child.value, program.memory)}`);

describe('children of values', () => {
  it('members of a struct', () => {
    assert.deepStrictEqual(rows(at('point')), ['x: 3', 'y: 4']);
    assert.deepStrictEqual(countChildren(at('point'), program.memory), { named: 2, indexed: 0 });
  });

  it('an anonymous union is a child of its own, with the struct as its expression', () => {
    const overlay = childrenOf(at('node'), program.memory)[4];
    assert.ok(overlay);
    assert.strictEqual(overlay.name, '<anonymous union>');
    assert.strictEqual(childExpression('node', overlay.step), 'node');
    assert.deepStrictEqual(rows(overlay.value), ['bits: 1078530011', 'real: 3.1415927']);
  });

  it('elements, all or a range', () => {
    assert.deepStrictEqual(rows(at('array')), ['[0]: 10', '[1]: 11', '[2]: 12', '[3]: 13', '[4]: 14']);
    assert.deepStrictEqual(rows(at('array'), { start: 3, count: 10 }), ['[3]: 13', '[4]: 14']);
    assert.deepStrictEqual(rows(at('array'), { start: 9, count: 10 }), []);
    assert.deepStrictEqual(rows(at('array'), { start: -1, count: 1 }), ['[0]: 10']);
    assert.deepStrictEqual(rows(at('matrix')), ['[0]: [3] {1, 2, 3}', '[1]: [3] {4, 5, 6}']);
    assert.deepStrictEqual(countChildren(at('array'), program.memory), { named: 0, indexed: 5 });
  });

  it('of a huge array only what is asked for is read', () => {
    const type = types.arrayOf(types.INT, 1 << 28);
    const huge: Value = { type, location: { kind: 'memory', address: 0n }, bytes: new Uint8Array(0) };
    const memory = { read: (address: bigint, lengthBytes: number) => int(Number(address) / 4).slice(0, lengthBytes) };
    const [child] = childrenOf(huge, memory, { start: 200_000_000, count: 1 });
    assert.strictEqual(child.name, '[200000000]');
    assert.strictEqual(formatValue(child.value, memory), '200000000');
    assert.strictEqual(childrenOf(huge, memory).length, 1000);
  });

  it('pointers: to structs the members, to scalars one, to text and nothing none', () => {
    assert.deepStrictEqual(rows(at('p')), ['x: 3', 'y: 4']);
    assert.deepStrictEqual(rows(at('cursor')), ['*: 11']);
    assert.deepStrictEqual(rows(at('&p')), ['*: 0x4040b0']);
    for (const none of ['string', 'nothing', 'anything', 'main_p', 'counter']) {
      assert.deepStrictEqual(rows(at(none)), [], none);
      assert.deepStrictEqual(countChildren(at(none), program.memory), { named: 0, indexed: 0 }, none);
    }
    assert.strictEqual(childLabel('cursor', '*'), '*cursor');
  });

  it('as many as were counted', () => {
    for (const each of ['point', 'node', 'array', 'matrix', 'p', 'cursor', 'string', '*p', '&node', 'counter']) {
      const { named, indexed } = countChildren(at(each), program.memory);
      assert.strictEqual(childrenOf(at(each), program.memory).length, named + indexed, each);
    }
  });

  it('each is what its expression evaluates to', () => {
    for (const parent of [
      'point',
      'node',
      'array',
      'matrix[1]',
      'p',
      '*p',
      'cursor',
      '&p',
      '*&node',
      '(struct point *)anything',
      'array[1..3]',
      '*cursor@2',
    ]) {
      for (const child of childrenOf(at(parent), program.memory)) {
        if (child.step.kind === 'anonymous') continue;
        const expression = childExpression(parent, child.step);
        assert.deepStrictEqual(at(expression), child.value, expression);
      }
    }
  });

  it('members of what lies in a register are parts of it', () => {
    const pair = {
      kind: 'struct',
      name: 'struct pair',
      sizeBytes: 8,
      members: [member('a', types.INT, 0), member('b', types.INT, 4)],
    } as const;
    const held: Value = { type: pair, location: { kind: 'register', dwarfNumber: 0 }, bytes: int(1, 2) };
    const [, b] = childrenOf(held, NO_MEMORY);
    assert.ok(b);
    assert.strictEqual(formatValue(b.value, NO_MEMORY), '2');
  });

  it('a struct without bytes has children that say why', () => {
    const lost: Value = {
      ...at('point'),
      bytes: new Uint8Array(0),
      location: { kind: 'memory', address: 0n },
      error: 'gone',
    };
    assert.deepStrictEqual(rows(lost), ['x: <cannot read memory at 0x0>', 'y: <cannot read memory at 0x4>']);
    assert.deepStrictEqual(childrenOf(value(types.VOID, []), NO_MEMORY), []);
  });
});

describe('expressions of children', () => {
  const cases: readonly (readonly [string, Parameters<typeof childExpression>[1], string])[] = [
    ['p', { kind: 'member', name: 'x', arrow: true }, 'p->x'],
    ['s', { kind: 'member', name: 'x', arrow: false }, 's.x'],
    ['*p', { kind: 'member', name: 'x', arrow: false }, 'p->x'],
    ['**pp', { kind: 'member', name: 'x', arrow: false }, '(**pp).x'],
    ['(T *)q', { kind: 'member', name: 'x', arrow: true }, '((T *)q)->x'],
    ['a + 1', { kind: 'element', index: 2 }, '(a + 1)[2]'],
    ['a[1].b', { kind: 'element', index: 2 }, 'a[1].b[2]'],
    ['p', { kind: 'pointee' }, '*p'],
    ['*pp', { kind: 'pointee' }, '**pp'],
    ['p->next', { kind: 'pointee' }, '*p->next'],
    ['p + 1', { kind: 'pointee' }, '*(p + 1)'],
    ['file.c:name', { kind: 'member', name: 'x', arrow: false }, 'file.c:name.x'],
    ["'file.c'::name", { kind: 'element', index: 0 }, "'file.c'::name[0]"],
    ['ns::v', { kind: 'element', index: 0 }, 'ns::v[0]'],
    ['$xmm0', { kind: 'member', name: 'v4_float', arrow: false }, '$xmm0.v4_float'],
    ['(a)', { kind: 'element', index: 0 }, '(a)[0]'],
    ['p', { kind: 'anonymous', arrow: true }, '*p'],
  ];
  for (const [parent, step, expected] of cases) {
    it(`${parent}, ${step.kind}: ${expected}`, () => {
      assert.strictEqual(childExpression(parent, step), expected);
    });
  }
});

describe('names of made types', () => {
  it('are written as C writes them', () => {
    const code = types.functionOf(types.INT);
    assert.strictEqual(types.pointerTo(code).name, 'int (*)()');
    assert.strictEqual(types.pointerTo(types.arrayOf(types.pointerTo(code), 3)).name, 'int (*(*)[3])()');
    assert.strictEqual(types.arrayOf(types.pointerTo(types.CHAR), 2, 3).name, 'char *[2][3]');
    assert.strictEqual(types.pointerTo(types.arrayOf(types.INT, 4)).name, 'int (*)[4]');
    assert.strictEqual(types.referenceTo(types.pointerTo(types.INT)).name, 'int *&');
    assert.strictEqual(types.arrayOf(types.INT, undefined).name, 'int []');
  });

  it('words in any order make C’s own types', () => {
    const name = (words: string): string | undefined => types.baseTypeOfWords(words.split(' '))?.name;
    assert.strictEqual(name('long unsigned int'), 'unsigned long');
    assert.strictEqual(name('int long long unsigned'), 'unsigned long long');
    assert.strictEqual(name('signed'), 'int');
    assert.strictEqual(name('short signed int'), 'short');
    assert.strictEqual(name('char unsigned'), 'unsigned char');
    assert.strictEqual(name('double long'), 'long double');
    assert.strictEqual(name('unsigned __int128'), 'unsigned __int128');
    for (const none of [
      'unsigned signed',
      'long char',
      'short long',
      'int int',
      'long long long',
      'float int',
      'point',
      '',
    ]) {
      assert.strictEqual(name(none), undefined, none);
    }
  });
});
