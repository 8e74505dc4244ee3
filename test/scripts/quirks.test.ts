// quirks.test.ts: docs/quirks.md holds what the sources say today.

import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Quirks {
  quirksDocument(): string;
  quirksIn(text: string): string[];
}
const script: string = path.resolve(__dirname, '../../scripts/quirks.mjs');
const quirks = import(pathToFileURL(script).href) as Promise<Quirks>;

describe('docs/quirks.md', () => {
  it('is current (else: npm run quirks)', async () => {
    const file = path.resolve(__dirname, '../../docs/quirks.md');
    assert.strictEqual(fs.readFileSync(file, 'utf8'), (await quirks).quirksDocument());
  });

  it('takes a comment from its mark to its end', async () => {
    const text = [
      'a(); // Quirk: after code',
      '// Quirk: one',
      '// line more',
      'b();',
      '/**',
      ' * Text before.',
      ' * Quirk: in a doc comment,',
      ' * two lines.',
      ' *',
      ' * Not this.',
      ' */',
      '/** Quirk: short */',
    ];
    assert.deepStrictEqual((await quirks).quirksIn(text.join('\n')), [
      'after code',
      'one line more',
      'in a doc comment, two lines.',
      'short',
    ]);
  });
});
