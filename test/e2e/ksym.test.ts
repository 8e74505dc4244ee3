// `trapline ksym` from outside: trace lines, profile, refusals.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { compile } from './support/compiled';

const adapter = path.resolve(__dirname, '../../dist/adapter.js');

function ksym(...words: string[]): {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
} {
  return spawnSync(process.execPath, [adapter, 'ksym', ...words], { encoding: 'utf8', timeout: 60_000, input: '' });
}

describe('trapline ksym', function () {
  this.timeout(60_000);

  it('traces symbols on all threads, and counts their accesses', () => {
    const { program } = compile('counted');
    const { stderr, status } = ksym('counter:-w-', 'total:rw-', '-n', '40', '--', program, 'threads');
    assert.equal(status, 0);
    assert.match(stderr, /^# 5960 earlier lines were dropped \(--lines=40\)$/m);
    const lines = stderr.split('\n').filter((line) => /-100\d +\[00/.test(line));
    assert.equal(lines.length, 40);
    for (const line of lines) {
      assert.match(
        line,
        /^ *counted\S*-100[1-4] {2}\[00[01]\] (counter\+0x0\/0x4 W {2}|total\+0x0\/0x8 RW )step\+0x[0-9a-f]+\//,
      );
    }
    assert.match(stderr, /^ {2}RW +total +4000$/m);
    assert.match(stderr, /^ {2}W +counter +2000$/m);
  });

  it('tests itself', () => {
    const { stdout, status } = ksym('--self-test', '--', compile('counted').program);
    assert.deepEqual([stdout, status], ['Testing tracer ksym_tracer: PASSED\n', 0]);
    assert.equal(ksym('--self-test', '--debug-registers=0', '--', compile('counted').program).status, 1);
  });

  it('says what is wrong with a filter', () => {
    const { program } = compile('counted');
    const refused = (...filters: string[]): string => {
      const { stderr, status } = ksym(...filters, '--', program);
      assert.equal(status, 2);
      return stderr;
    };
    assert.match(refused('cuonter:rw-'), /have a symbol cuonter\. Did you mean counter/);
    assert.match(refused('counter:rw'), /three characters.*counter:rw-/);
    assert.match(refused('counter:r--'), /x86 cannot watch reads alone: write rw-/);
    assert.match(refused('counter:--x'), /watches data; for execution see trapline stat -e mem:FUNCTION:x/);
    assert.match(refused('counter'), /"counter" is no filter/);
    assert.match(refused(), /needs a symbol/);
    assert.match(
      refused('counter:rw-', 'total:rw-', 'text:rw-', 'pair:rw-', 'corner:rw-'),
      /no debug register is free/,
    );
  });
});
