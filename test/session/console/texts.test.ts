import assert from 'node:assert/strict';
import { debugRegistersText } from '../../../adapter/session/console/debug-registers-text';
import { ExamineMemory } from '../../../adapter/session/console/examine-memory';
import { parseNumbers } from '../../../adapter/session/console/number-list';
import { formatScalar } from '../../../adapter/session/console/scalar-format';
import { textTable } from '../../../adapter/session/console/text-table';

describe('texts of the debug console', () => {
  it('stand in columns; those without anything are left out', () => {
    const rows = [
      ['2', 'counter', '', '10'],
      ['12', 'x', '', '7'],
    ];
    assert.deepEqual(textTable(['Num', 'What', 'Why', 'Hits'], rows, new Set(['Hits'])), [
      'Num  What     Hits',
      '2    counter    10',
      '12   x           7',
    ]);
  });

  it('name breakpoints by numbers and ranges', () => {
    assert.deepEqual(parseNumbers(' 2 5-7, 6'), [2, 5, 6, 7]);
    assert.deepEqual(parseNumbers(''), []);
    for (const wrong of ['x', '-2', '2-', '1.5', '7-5', '1-99999999'])
      assert.throws(() => parseNumbers(wrong), /write|number/, wrong);
  });

  it('write numbers in every format', () => {
    const bytes = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
    const style = { padded: false, symbolize: () => undefined };
    const written = (letter: string): string => formatScalar(bytes, { ...style, letter });
    assert.deepEqual(Array.from('xduotza').map(written), [
      '0xffffffff',
      '-1',
      '4294967295',
      '037777777777',
      '1'.repeat(32),
      '0xffffffff',
      '0xffffffff',
    ]);
    assert.equal(formatScalar(Uint8Array.of(104), { ...style, letter: 'c' }), "104 'h'");
    assert.equal(formatScalar(Uint8Array.of(0, 0, 0xc0, 0x3f), { ...style, letter: 'f' }), '1.5');
    assert.equal(formatScalar(Uint8Array.of(40, 0), { ...style, letter: 'x', padded: true }), '0x0028');
  });

  it('remember letter and unit of `x`', () => {
    const memory = new ExamineMemory();
    assert.deepEqual(memory.wish(''), { count: 1, letter: 'x', unitBytes: 4 });
    assert.deepEqual(memory.wish('3dg'), { count: 3, letter: 'd', unitBytes: 8 });
    assert.deepEqual(memory.wish('2'), { count: 2, letter: 'd', unitBytes: 8 });
    assert.deepEqual(memory.wish('c'), { count: 1, letter: 'c', unitBytes: 1 });
    assert.throws(() => memory.wish('q'), /`q` is no letter/);
    assert.throws(() => memory.wish('0x'), /1 to 4096/);
  });

  it('decode DR7 and DR6', () => {
    const free = { index: 1, state: 'free' as const };
    const armed = {
      index: 0,
      state: 'armed' as const,
      address: '0x10',
      lengthBytes: 8 as const,
      access: 'write' as const,
    };
    const text = debugRegistersText({
      threads: [{ id: 7, name: 'w', registers: [armed, free], dr6: '0xffff0ff1', dr7: '0x90402' }],
      cpus: [{ id: 0, registers: [free], dr6: '0xffff0ff0', dr7: '0x400' }],
      slots: { total: 4, used: 1, free: 3 },
    });
    assert.match(text, /^thread 7 "w"\n/);
    assert.match(text, /DR6 {2}0xffff0ff1 {2}B0\n/);
    assert.match(text, /DR7 {2}0x90402 {2}G0 write 8\n/);
    assert.match(text, /CPU 0\n {2}all 1 free\n1 of 4 debug registers used/);
  });
});
