// quirks.test.ts: docs/quirks.md is gathered from the comments of the sources.

import * as assert from 'node:assert';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Quirks {
  quirksDocument(): string;
  quirksIn(text: string): string[];
}
const script: string = path.resolve(__dirname, '../../scripts/quirks.mjs');
const quirks = import(pathToFileURL(script).href) as Promise<Quirks>;

describe('docs/quirks.md', () => {
  it('has each quirk of the sources in its section', async () => {
    // Whether the file itself is current, `npm test` and `npm run check` ask: scripts/quirks.mjs --check.
    const document = (await quirks).quirksDocument();
    assert.match(document, /^# Quirks\n/);
    assert.match(document, /\n## adapter\/symbols\/expression\/conversions\.ts\n\n- long double/);
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
