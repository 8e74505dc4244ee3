// hexdump.test.ts: bytes as text, and a selection in that text as bytes.

import * as assert from 'node:assert';
import { columnOf, hexdump, selectedRange, spansOf, windowAround } from '../../../extension/memory/hexdump';

describe('the memory text', () => {
  const window = { address: 0x404050n, lengthBytes: 32 };
  const bytes = Uint8Array.from({ length: 24 }, (_, index) => 0x40 + index);
  const text = hexdump(window, bytes);

  it('has sixteen bytes a line, and says what cannot be read', () => {
    assert.deepStrictEqual(text.split('\n'), [
      '0x0000000000404050  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  |@ABCDEFGHIJKLMNO|',
      '0x0000000000404060  50 51 52 53 54 55 56 57  -- -- -- -- -- -- -- --  |PQRSTUVW        |',
      '',
    ]);
  });

  it('knows where each byte stands', () => {
    const line = text.split('\n')[0];
    for (let index = 0; index < 16; index++) {
      assert.strictEqual(line.slice(columnOf(index), columnOf(index) + 2), (0x40 + index).toString(16));
    }
    assert.deepStrictEqual(spansOf(window, 0x40405en, 4), [
      { line: 0, start: columnOf(14), end: columnOf(15) + 2 },
      { line: 1, start: columnOf(0), end: columnOf(1) + 2 },
    ]);
  });

  it('shows whole lines around a range, and none before the first address', () => {
    assert.deepStrictEqual(windowAround(0x404054n, 4), { address: 0x403fd0n, lengthBytes: 272 });
    assert.strictEqual(windowAround(8n, 1).address, 0n);
  });

  it('reads a selection as bytes', () => {
    const select = (from: [number, number], to: [number, number]) =>
      selectedRange(text, { line: from[0], column: from[1] }, { line: to[0], column: to[1] });
    assert.deepStrictEqual(select([0, columnOf(4)], [0, columnOf(7) + 2]), { address: 0x404054n, lengthBytes: 4 });
    assert.deepStrictEqual(select([0, columnOf(3)], [0, columnOf(3)]), { address: 0x404053n, lengthBytes: 1 });
    assert.deepStrictEqual(select([0, columnOf(14)], [1, columnOf(1) + 2]), { address: 0x40405en, lengthBytes: 4 });
    assert.strictEqual(select([2, 0], [2, 0]), undefined);
  });
});
