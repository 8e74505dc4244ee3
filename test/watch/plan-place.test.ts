import assert from 'node:assert/strict';
import type { TypeInfo } from '../../adapter/symbols/program-symbols';
import { arrayOf, baseTypeOfWords } from '../../adapter/symbols/types/base-types';
import { planPlace } from '../../adapter/watch/watch-texts';

const CHAR = baseTypeOfWords(['char']);
const LONG = baseTypeOfWords(['long']);
const [char, long] = [CHAR ?? assert.fail('no char'), LONG ?? assert.fail('no long')];

function struct(name: string, members: readonly (readonly [string, TypeInfo])[]): TypeInfo {
  let offsetBytes = 0;
  const placed = members.map(([member, type]) => {
    const at = offsetBytes;
    offsetBytes += type.sizeBytes;
    return { name: member, type, offsetBytes: at };
  });
  return { kind: 'struct', name, sizeBytes: offsetBytes, members: placed };
}

const plan = (type: TypeInfo, slots = 4, label = 'config') =>
  planPlace({ label, address: 0x4000n, lengthBytes: type.sizeBytes, type }, 'write', slots);

describe('what is too wide is refused with a part that fits', () => {
  const cases: readonly (readonly [string, TypeInfo, string])[] = [
    [
      'the first member that does',
      struct('a', [
        ['name', arrayOf(char, 40)],
        ['flags', long],
      ]),
      'config.flags',
    ],
    ['an element', arrayOf(long, 8), 'config[0]'],
    ['a part of the first where no member does', struct('b', [['name', arrayOf(char, 40)]]), 'config.name[0]'],
    ['an element of an element', arrayOf(arrayOf(char, 40), 2), 'config[0][0]'],
  ];
  for (const [name, type, part] of cases) {
    it(name, () => {
      const why = plan(type);
      assert.ok(typeof why === 'string');
      assert.ok(why.includes(`four slots watch at most 32. Try \`${part}\``), why);
    });
  }

  it('which is written so that it is a part of the whole', () => {
    const type = struct('a', [
      ['name', arrayOf(char, 40)],
      ['flags', long],
    ]);
    for (const [label, whole, part] of [
      ['*(char (*)[40])p', arrayOf(char, 40), '(*(char (*)[40])p)[0]'],
      ['*config', type, 'config->flags'],
    ] as const) {
      const why = plan(whole, 4, label);
      assert.ok(typeof why === 'string' && why.includes(`Try \`${part}\``), label);
    }
  });

  it('with more slots it is planned', () => {
    assert.equal(plan(arrayOf(long, 8), 8).length, 8);
  });
});
