// `trapline record` and `trapline report` from outside.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile, scratch } from './support/compiled';

const adapter = path.resolve(__dirname, '../../dist/adapter.js');

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

const trapline = (...words: string[]): Ended =>
  spawnSync(process.execPath, [adapter, ...words], { encoding: 'utf8', timeout: 60_000, input: '' });

interface Row {
  readonly event: string;
  readonly hits: number;
  readonly file?: string;
  readonly line?: number;
  readonly symbol: string;
  readonly thread: number;
  readonly stacks: readonly { readonly hits: number; readonly frames: readonly { readonly function?: string }[] }[];
}

let count = 0;

function recorded(words: readonly string[], program: readonly string[]): { file: string; rows: Row[]; stderr: string } {
  count += 1;
  const file = path.join(scratch(), `record-${count}.data`);
  const { status, stderr } = trapline('record', '-o', file, ...words, '--', ...program);
  assert.equal(status, 0, stderr);
  const rows = trapline('report', '--json', file).stdout.trim().split('\n');
  return { file, stderr, rows: rows.filter((row) => row !== '').map((row) => JSON.parse(row) as Row) };
}

describe('trapline record and report', function () {
  this.timeout(60_000);

  it('tells each access by line and thread, as many as the real kernel counts', () => {
    const counted = compile('counted');
    const native = execFileSync(counted.program, ['self', 'threads'], { encoding: 'utf8' }).trim().split('\n');
    const { rows, stderr } = recorded(['-e', 'mem:counter:w:u,mem:corner.y:w:u'], [counted.program, 'threads']);
    const ofCounter = rows.filter(({ event }) => event === 'mem:counter:w:u');
    assert.equal(ofCounter.length, 4, 'a row for each thread');
    for (const row of ofCounter) assert.deepEqual([row.line, row.symbol], [counted.line('counter'), 'step']);
    assert.equal(new Set(ofCounter.map(({ thread }) => thread)).size, 4);
    assert.equal(
      ofCounter.reduce((sum, { hits }) => sum + hits, 0),
      Number(native[0]),
    );
    const ofCorner = rows.filter(({ event }) => event.includes('corner'));
    assert.equal(
      ofCorner.reduce((sum, { hits }) => sum + hits, 0),
      Number(native[3]),
    );
    assert.match(stderr, /2,668 hits of 2 events in 4 threads, .* Look at it with: trapline report /);
  });

  it('with who called, by unwind information', () => {
    const { program } = compile('counted', ['-g', '-O2', '-pthread']);
    const { rows } = recorded(['-g', '-e', 'mem:counter:w'], [program]);
    const functions = new Set(
      rows.flatMap(({ stacks }) => stacks.map(({ frames }) => frames.map((f) => f.function).join())),
    );
    for (const chain of functions) assert.match(chain, /^step,work,(run,)?main,/);
  });

  it('samples every Nth, and still counts all', () => {
    const { program } = compile('counted');
    const { rows, file } = recorded(['-c', '100', '-e', 'mem:counter:w'], [program]);
    assert.equal(rows[0].hits, 5);
    assert.match(trapline('report', file).stdout, /500 hits, every 100th recorded/);
  });

  it('what a system call writes is told as the kernel’s, on behalf of the program', () => {
    const filled = compile('filled');
    const { rows } = recorded(['-g', '-e', 'mem:filled:w'], [filled.program]);
    assert.equal(rows.length, 1);
    assert.match(rows[0].symbol, /^\[kernel\] read\(\) ← fill$/);
    assert.equal(rows[0].line, filled.line('read'));
    const user = recorded(['-e', 'mem:filled:w:u'], [filled.program]);
    assert.deepEqual(user.rows, []);
  });

  it('a recording that was cut off, a foreign file, none', () => {
    const { program } = compile('counted');
    const { file } = recorded(['-e', 'mem:counter:w'], [program]);
    const cut = path.join(scratch(), 'cut.data');
    writeFileSync(cut, readFileSync(file).subarray(0, 5000));
    const refused = (name: string): string => {
      const { status, stderr } = trapline('report', '-i', name);
      assert.equal(status, 2);
      return stderr;
    };
    assert.match(refused(cut), /cut\.data was cut off before its end/);
    assert.match(refused(program), /is no recording of Trapline's/);
    assert.match(refused('/nowhere.data'), /there is no such file\. Make a recording first/);
  });

  it('one event too many is refused before anything runs', () => {
    const { program } = compile('counted');
    const events = ['counter', 'total', 'corner.x', 'corner.y', 'untouched'].map((name) => `mem:${name}:w`);
    const file = path.join(scratch(), 'never.data');
    const { status, stderr, stdout } = trapline('record', '-o', file, '-e', events.join(), '--', program, 'self');
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /mem:untouched:w found no free debug register/);
    assert.equal(existsSync(file), false);
  });
});
