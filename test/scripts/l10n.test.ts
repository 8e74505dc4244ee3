// l10n.test.ts: every text that the extension shows can be translated.

import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

interface L10n {
  bundle(): string;
  textsIn(source: string, file?: string): string[];
}
const root = path.resolve(__dirname, '../..');
const l10n = import(pathToFileURL(path.join(root, 'scripts/l10n.mjs')).href) as Promise<L10n>;

describe('l10n/bundle.l10n.json', () => {
  it('has the texts of the sources (else: npm run l10n)', async () => {
    assert.strictEqual(fs.readFileSync(path.join(root, 'l10n/bundle.l10n.json'), 'utf8'), (await l10n).bundle());
  });

  it('takes a text where it is handed over, both forms of a count, and those of tables', async () => {
    const source = `
      t('one'); vscode.l10n.t('two {0}', x); counted(t, n, '1 hit', '{0} hits');
      const TABLE = { a: localised('three') }; t(TABLE[key]); other('not this');`;
    assert.deepStrictEqual((await l10n).textsIn(source), ['one', 'two {0}', '1 hit', '{0} hits', 'three']);
  });

  it('refuses a text that is put together', async () => {
    const script = await l10n;
    assert.throws(() => script.textsIn('t(`a ${b}`)', 'x.ts'), /^Error: x\.ts:1: .*cannot be translated/);
    assert.throws(() => script.textsIn("\nt('a' + b)", 'x.ts'), /x\.ts:2/);
  });
});
