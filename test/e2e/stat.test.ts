// `trapline stat` from outside: its counts are those of the real kernel's perf events on the real CPU.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { compile } from './support/compiled';

const adapter = path.resolve(__dirname, '../../dist/adapter.js');

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function stat(...words: string[]): Ended {
  return spawnSync(process.execPath, [adapter, 'stat', ...words], { encoding: 'utf8', timeout: 60_000, input: '' });
}

/** What `counted self` counts, in its order: four events at a time. */
const EVENTS = [
  ['mem:counter:w:u', 'mem:counter:u', 'mem:total:rw:u', 'mem:corner.y:w:u'],
  ['mem:text[8]/8:w:u', 'mem:pair[1]:u', 'mem:step:x:u', 'mem:untouched:u'],
];

function counts(program: string, args: readonly string[]): number[] {
  return EVENTS.flatMap((events) => {
    const { stderr } = stat('-x,', '-e', events.join(), '--', program, ...args);
    return stderr
      .trim()
      .split('\n')
      .map((line) => Number(line.split(',')[0]));
  });
}

function nativeCounts(program: string, args: readonly string[]): number[] {
  return execFileSync(program, ['self', ...args], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
}

describe('trapline stat', function () {
  this.timeout(60_000);

  it('counts exactly what the real kernel counts on the real CPU', () => {
    const { program } = compile('counted');
    const native = nativeCounts(program, []);
    assert.ok(native.length === 8 && native[0] === 500, native.join());
    assert.deepEqual(counts(program, []), native);
  });

  it('counts in threads that the program starts, as inherited events do', () => {
    const { program } = compile('counted');
    const native = nativeCounts(program, ['threads']);
    assert.deepEqual(counts(program, ['threads']), native);
  });

  it('prints for people, passes output and exit code through, and tells the time', () => {
    const { program } = compile('counted');
    const { stdout, stderr, status } = stat('-e', 'mem:counter:w', '--', program, 'self');
    assert.equal(status, 0);
    assert.equal(stdout.split('\n')[0], '500');
    assert.match(stderr, /Performance counter stats for '.*counted.* self':/);
    assert.match(stderr, / 1,000 {6}mem:counter:w +# writes of 4 bytes at 0x[0-9a-f]+\n/);
    assert.match(stderr, /seconds time elapsed/);
    assert.match(stderr, /seconds emulated/);
  });

  it('one event too many is not counted, and who holds the registers is told; pinned, nothing is run', () => {
    const { program } = compile('counted');
    const events = [...EVENTS[0], 'mem:pair[1]'];
    const flexible = stat('-e', events.join(), '--', program);
    assert.equal(flexible.status, 0);
    assert.match(flexible.stderr, /<not counted> {6}mem:pair\[1\] .*\(0\.00%\)/);
    assert.match(flexible.stderr, /mem:pair\[1\] found no free debug register: of 4 .*perf: writes of 4 bytes at 0x/);
    const pinned = stat('-e', `${EVENTS[0].join()},mem:pair[1]:w:D`, '--', program);
    assert.equal(pinned.status, 2);
    assert.match(pinned.stderr, /is pinned \(:D\), so nothing was run/);
    const more = stat('-x,', '--debug-registers=5', '-e', events.join(), '--', program);
    assert.match(more.stderr, /^250,,mem:pair\[1\],/m);
  });

  it('says what is wrong with a place', () => {
    const { program } = compile('counted');
    const refused = (event: string): string => {
      const { stderr, status } = stat('-e', event, '--', program);
      assert.equal(status, 2);
      return stderr;
    };
    assert.match(
      refused('mem:conter:w'),
      /no variable conter; did you mean counter, corner\?\n {2}mem:conter:w\n {6}\^/,
    );
    assert.match(refused('mem:text:w'), /text is 64 bytes, and one debug register watches 1, 2, 4 or 8/);
    assert.match(refused('mem:step:w'), /step is a function: watch its execution with mem:step:x/);
    assert.match(refused('mem:corner.z:w'), /no member `z`.*`x`, `y`/);
    assert.match(refused('mem:0x404041/4:w'), /no multiple of 4.*take \/1/);
  });

  it('without debug information the symbol table serves, also stripped of types', () => {
    const { program } = compile('counted', ['-O0', '-pthread']);
    assert.match(stat('-x,', '-e', 'mem:counter/4:w:u', '--', program).stderr, /^500,,/);
    assert.match(
      stat('-e', 'mem:conter/4:w:u', '--', program).stderr,
      /no debug information: compile with -g.*counter, corner\?/,
    );
  });

  it('a program that is not there, and one that dies by a signal', () => {
    assert.match(stat('-e', 'mem:0x404040', '--', '/nowhere/program').stderr, /There is no program at \/nowhere/);
    const { program } = compile('crash');
    const { status, stderr } = stat('-e', 'mem:main:x', '--', program);
    assert.equal(status, 128 + 11);
    assert.match(stderr, / 1 {6}mem:main:x/);
  });
});
