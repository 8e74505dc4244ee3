// samples.test.ts: the prebuilt sample is that of the source beside it.

import * as assert from 'node:assert';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

const samples = path.resolve(__dirname, '../../samples');

describe('the prebuilt sample', () => {
  it('was built from the source that ships with it (else: npm run prebuilt)', () => {
    const lines = fs.readFileSync(path.join(samples, 'SHA256SUMS'), 'utf8').trim().split('\n');
    assert.deepStrictEqual(lines.map((line) => line.split('  ')[1]).sort(), ['prebuilt/race', 'race.c']);
    for (const line of lines) {
      const [sum, name] = line.split('  ');
      const bytes = fs.readFileSync(path.join(samples, name));
      assert.strictEqual(crypto.createHash('sha256').update(bytes).digest('hex'), sum, name);
    }
  });

  it('is an ELF program for x86-64 of less than 1 MB', () => {
    const bytes = fs.readFileSync(path.join(samples, 'prebuilt/race'));
    assert.deepStrictEqual([...bytes.subarray(0, 5)], [0x7f, 0x45, 0x4c, 0x46, 2]);
    assert.strictEqual(bytes.readUInt16LE(18), 62);
    assert.ok(bytes.length < 1_000_000, `${bytes.length} bytes`);
  });
});
