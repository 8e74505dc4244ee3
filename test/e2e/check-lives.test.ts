// `trapline check`: variables that are not there from the first instruction on: each thread's own, and libraries'.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { compile } from './support/compiled';

const adapter = path.resolve(__dirname, '../../dist/adapter.js');

describe('trapline check, of variables that come and go', function () {
  this.timeout(60_000);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-lives-'));
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  function check(
    text: string,
    ...words: readonly string[]
  ): { readonly stderr: string; readonly status: number | null } {
    fs.writeFileSync(path.join(folder, 'lives.watch'), text);
    return spawnSync(process.execPath, [adapter, 'check', 'lives.watch', ...words], {
      encoding: 'utf8',
      timeout: 60_000,
      cwd: folder,
      env: { ...process.env, FORCE_COLOR: '' },
    });
  }

  const WAYS: readonly (readonly [string, readonly string[]])[] = [
    ['a position-independent program', ['-g', '-O0', '-pthread', '-fPIE', '-pie']],
    ['a static program', ['-g', '-O0', '-pthread', '-static']],
    ['a static program that is moved', ['-g', '-O0', '-pthread', '-fPIE', '-static-pie']],
  ];
  for (const [what, flags] of WAYS) {
    it(`each thread’s own variable is watched on each thread: ${what}`, () => {
      const { program, line } = compile('each-own', flags);
      const text = [
        'count write own',
        'count change state.total',
        'count write state.depth in thread worker2',
        'count write name bytes 4',
        'never write quiet',
      ].join('\n');
      const { stderr, status } = check(text, '--', program);
      assert.equal(status, 1, stderr);
      // main's first, then 1 + 2 + 3 rounds; each round but the first adds something.
      assert.match(stderr, /count write own: 7 hits/, stderr);
      assert.match(stderr, /count change state\.total: 6 hits, 3 where it held/, stderr);
      assert.match(stderr, /count write state\.depth in thread worker2: 2 hits/, stderr);
      assert.match(stderr, /count write name bytes 4: 3 hits/, stderr);
      assert.match(stderr, /quiet: 0 → 9\n.*written by thread \d+ "worker3" in work at .*:\d+/, stderr);
      assert.ok(stderr.includes(`each-own.c:${line('quiet')}`), stderr);
      assert.match(stderr, /happened, once/);
    });

    it(`what a program’s loader fills in is no access of the program’s: ${what}`, () => {
      const { program } = compile('each-own', flags);
      const { stderr, status } = check('never write first_pointer\nnever access number\n', '--', program);
      assert.match(stderr, /never write first_pointer: never happened/, stderr);
      assert.match(stderr, /number: 4 \(read\)\n.*in main at/, stderr);
      assert.equal(status, 1, stderr);
      const through = check('count read *first_pointer\n', '--', program);
      assert.match(through.stderr, /\*first_pointer: 1 hit/, 'it follows the pointer that the loader has set');
    });
  }

  it('a thread-local place behind a pointer is refused with what can be watched', () => {
    const { program } = compile('each-own');
    const { stderr, status } = check('count write reached->depth\n', '--', program);
    assert.equal(status, 2);
    assert.match(stderr, /each thread's leads elsewhere. Watch the pointer itself/);
  });

  it('what a map holds is refused with the variable that counts it, which can be watched', () => {
    const { program } = compile('containers.cpp', ['-g', '-O0', '-std=c++20']);
    for (const [entry, count, message] of [
      ['scores["anna"]', 'scores._M_t._M_impl._M_node_count', /hits, 1 where it held/],
      ['counts["x"]', 'counts._M_h._M_element_count', /hits?, 0 where it held/],
    ] as const) {
      const refused = check(`never write ${entry}\n`, '--', program);
      assert.equal(refused.status, 2);
      const map = entry.slice(0, entry.indexOf('['));
      assert.ok(refused.stderr.includes(`What \`${map}\` holds has its place when it is there`), refused.stderr);
      assert.ok(refused.stderr.includes(`at a stop where it is. Here, watch \`${count}\``), refused.stderr);
      const counted = check(`count change ${count} when $old > 1\n`, '--', program);
      assert.match(counted.stderr, message);
    }
  });

  it('a library’s variables are watched each time it is loaded, from its first instruction on', () => {
    const library = compile('plugin', ['-g', '-O0', '-shared', '-fPIC']).program;
    const { program } = compile('plugged', ['-g', '-O0', '-ldl']);
    const text = ['count write plugin_count', 'count write started', 'never write plugin_pointer', ''].join('\n');
    const { stderr, status } = check(text, '--', program, library);
    assert.match(stderr, /warning: .*no variable `plugin_count`\. Did you mean `plugin_counts`\? If a shared library/);
    assert.match(stderr, /count write plugin_count: 3 hits/, stderr);
    assert.match(stderr, /count write started: 3 hits/, stderr);
    assert.match(stderr, /never write plugin_pointer: never happened/, stderr);
    assert.equal(status, 0, stderr);
    const without = check(text, '--', program);
    assert.equal(without.status, 2, 'nobody loaded it: nothing is proved');
    assert.match(without.stderr, /plugin_count: never bound: misspelt\? .*Did you mean `plugin_counts`\?/);
    assert.match(without.stderr, /check failed: 3 lines name what nothing that was loaded has\..*--allow-unbound\.\n$/);
    const allowed = check(text, '--allow-unbound', '--', program);
    assert.match(allowed.stderr, /plugin_pointer: never bound .*no variable `plugin_pointer`/);
    assert.match(allowed.stderr, /check passed: none of 1 "never" happened\.\n$/);
    assert.equal(allowed.status, 0, allowed.stderr);
    const own = check('never write plugin_own\n', '--', program, library);
    assert.equal(own.status, 2);
    assert.match(own.stderr, /each thread gets its own at its first use of it/);
  });
});
