// control-registers.test.ts: DR6 and DR7 as words. Truth: SDM vol. 3B, 18.2.3 and 18.2.4.

import * as assert from 'node:assert';
import fc from 'fast-check';
import {
  decodeDr7,
  explainDr6,
  explainDr7,
  registerValue,
  summariseDr6,
  summariseDr7,
} from '../../../extension/view/control-registers';
import { english } from '../../../extension/view/translate';

const dr6 = (text: string): string => summariseDr6(text, english);
const dr7 = (text: string): string => summariseDr7(text, english);

describe('DR6 as words', () => {
  it('says that nothing was hit after reset', () => {
    assert.strictEqual(dr6('0xffff0ff0'), 'no hit');
    assert.strictEqual(dr6('0x0'), 'no hit');
  });

  it('names each register that was hit', () => {
    assert.strictEqual(dr6('0xffff0ff5'), 'DR0 was hit, DR2 was hit');
  });

  it('names the other causes', () => {
    assert.strictEqual(dr6('0xffff4ff1'), 'DR0 was hit, single step');
    assert.strictEqual(dr6('0xffff2ff0'), 'debug register access');
    assert.strictEqual(dr6('0xffff8ff0'), 'task switch');
  });

  it('is not read where the text is no number', () => {
    assert.strictEqual(dr6('?'), 'not readable');
    assert.strictEqual(dr7(''), 'not readable');
    assert.strictEqual(explainDr6('?', english), '**DR6** `?`');
    assert.strictEqual(explainDr7('?', english), '**DR7** `?`');
  });

  it('is explained bit by bit', () => {
    const text = explainDr6('0xffff4ff2', english);
    assert.match(text, /\| B1 \| 1 \| 1 \| the condition of DR1 was met \|/);
    assert.match(text, /\| BS \| 14 \| 1 \| single step \|/);
  });
});

describe('DR7 as words', () => {
  it('describes what is enabled, locally or globally', () => {
    assert.strictEqual(dr7('0x000d0101'), 'DR0 write 4 bytes');
    assert.strictEqual(dr7('0x000d0002'), 'DR0 write 4 bytes');
  });

  it('knows each access and each length', () => {
    assert.strictEqual(dr7('0x00000401'), 'DR0 execute');
    assert.strictEqual(dr7('0x00010401'), 'DR0 write 1 byte');
    assert.strictEqual(dr7('0x00070401'), 'DR0 read or write 2 bytes');
    assert.strictEqual(dr7('0x00090401'), 'DR0 write 8 bytes');
    assert.strictEqual(dr7('0x00020401'), 'DR0 I/O 1 byte');
  });

  it('lists several in order', () => {
    assert.strictEqual(dr7('0xd0090441'), 'DR0 write 8 bytes, DR3 write 4 bytes');
  });

  it('says so when nothing is enabled, whatever the fields hold', () => {
    assert.strictEqual(dr7('0xffff0400'), 'nothing enabled');
  });

  it('is explained field by field', () => {
    const text = explainDr7('0x000d0101', english);
    assert.match(text, /\| L0 G0 \| 0, 1 \| 1 0 \| enabled \|/);
    assert.match(text, /\| R\/W0 LEN0 \| 16–19 \| `1101` \| write 4 bytes \|/);
    assert.match(text, /\| LE \| 8 \| 1 \|/);
  });

  it('decodes what was encoded, for every value of the fields', () => {
    const slot = fc.record({ local: fc.boolean(), global: fc.boolean(), rw: fc.nat(3), len: fc.nat(3) });
    fc.assert(
      fc.property(fc.tuple(slot, slot, slot, slot), (slots) => {
        const value = slots.reduce(
          (sum, { local, global, rw, len }, n) =>
            sum + (Number(local) << (2 * n)) + (Number(global) << (2 * n + 1)) + (rw + 4 * len) * 2 ** (16 + 4 * n),
          0,
        );
        const decoded = decodeDr7(registerValue(`0x${value.toString(16)}`) ?? -1);
        assert.deepStrictEqual(
          decoded.map(({ local, global, access, lengthBytes }) => [local, global, access, lengthBytes]),
          slots.map(({ local, global, rw, len }) => [
            local,
            global,
            ['execute', 'write', 'I/O', 'read or write'][rw],
            [1, 2, 8, 4][len],
          ]),
        );
      }),
    );
  });
});
