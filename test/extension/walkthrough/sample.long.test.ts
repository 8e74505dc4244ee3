// sample.long.test.ts: the walkthrough's program is there, with a C compiler and without.

import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { lineWith, prepareSample } from '../../../extension/walkthrough/sample';

const samples = path.resolve(__dirname, '../../../samples');
const canCompile = process.platform === 'linux' && process.arch === 'x64';
const isProgram = (file: string): boolean => fs.readFileSync(file).subarray(1, 4).toString('latin1') === 'ELF';

describe('the sample of the walkthrough', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-walkthrough-'));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it('is compiled where there is a C compiler', async () => {
    const sample = await prepareSample(samples, path.join(folder, 'new'), process.env.PATH ?? '');
    assert.strictEqual(sample.compiler, canCompile ? 'gcc' : undefined);
    assert.ok(isProgram(sample.program));
    assert.strictEqual(fs.existsSync(sample.watchFile), true);
  });

  it('is the prebuilt program where there is none', async () => {
    const sample = await prepareSample(samples, folder, '');
    assert.strictEqual(sample.compiler, undefined);
    assert.strictEqual(sample.program, path.join(folder, 'prebuilt/race'));
    fs.accessSync(sample.program, fs.constants.X_OK);
    assert.strictEqual(sample.source, path.join(folder, 'race.c'));
  });

  it('is the prebuilt program where the compiler fails', async () => {
    const tools = path.join(folder, 'tools');
    fs.mkdirSync(tools);
    fs.writeFileSync(path.join(tools, 'gcc'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const sample = await prepareSample(samples, folder, `${tools}${path.delimiter}/usr/bin${path.delimiter}/bin`);
    assert.strictEqual(sample.program, path.join(folder, 'prebuilt/race'));
  });

  it('stays as the person has changed it', async () => {
    const { source } = await prepareSample(samples, folder, '');
    fs.appendFileSync(source, '/* mine */\n');
    await prepareSample(samples, folder, '');
    assert.match(fs.readFileSync(source, 'utf8'), /mine/);
  });

  it('has the lines that the steps lead to', async () => {
    const { source } = await prepareSample(samples, folder, '');
    assert.ok(lineWith(source, 'account.balance += amount') > 1);
    assert.ok(lineWith(source, 'int main(void)') > 1);
    assert.strictEqual(lineWith(source, 'no such line'), 1);
  });
});
