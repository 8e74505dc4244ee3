// `trapline run` from outside: streams, exit codes and signals pass through.

import * as assert from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import * as path from 'node:path';

const main = path.resolve(__dirname, '../../adapter/main.ts');
const command = (...args: string[]): string[] => ['--import', 'tsx', main, 'run', ...args];

function run(args: readonly string[], input = ''): ReturnType<typeof spawnSync> & { stdout: string; stderr: string } {
  return spawnSync(process.execPath, command(...args), { input, encoding: 'utf8', timeout: 60_000 });
}

describe('trapline run', function () {
  this.timeout(60_000);

  it('passes input, output, errors, environment, working directory and the exit code', () => {
    const script = 'read word; echo "$word $GREETING"; pwd; echo problem >&2; exit 7';
    const result = run(['--env=GREETING=hello', '--cwd=/tmp', '--', '/bin/sh', '-c', script], 'first\nsecond\n');
    assert.strictEqual(result.stdout, 'first hello\n/tmp\n');
    assert.strictEqual(result.stderr, 'problem\n');
    assert.strictEqual(result.status, 7);
  });

  it('dies by the signal that killed the program', () => {
    assert.strictEqual(run(['--', '/bin/sh', '-c', 'kill -TERM $$']).signal, 'SIGTERM');
  });

  it('passes signals from outside on', async () => {
    const child = spawn(
      process.execPath,
      command('--', '/bin/sh', '-c', 'trap "echo caught; exit 3" INT; echo ready; read x'),
    );
    let output = '';
    const code = await new Promise<number | null>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (chunk.toString().includes('ready')) child.kill('SIGINT');
      });
      child.on('exit', resolve);
    });
    assert.deepStrictEqual([output, code], ['ready\ncaught\n', 3]);
  });

  it('says what is wrong, and exits with 2', () => {
    const result = run(['--', '/nowhere/program']);
    assert.deepStrictEqual([result.status, result.stdout], [2, '']);
    assert.match(result.stderr, /^trapline: There is no program at \/nowhere\/program\./);
  });

  it('tells statistics where asked', () => {
    assert.match(run(['--stats', '--', '/bin/true']).stderr, /^trapline: \d+ instructions in [\d.]+ s/);
  });
});
