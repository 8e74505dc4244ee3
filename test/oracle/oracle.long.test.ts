// oracle.test.ts: the server that recorded the vectors, unmodified, as a guest: it must print the recorded lines.
//
// The whole stack at once: its C library, fork, clone, exec, ptrace(2), perf_event_open(2), the translator and the
// emulated debug registers. Every vector runs on a fresh machine, as each was recorded by a fresh server. By default a
// part of them, all themes among it; TRAPLINE_LONG_TESTS runs all.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runEmulated } from '../kernel/emulated-run';

interface Vector {
  readonly id: number;
  readonly theme: string;
  readonly ops: readonly string[];
  readonly out: readonly string[];
}

const vectors = path.resolve(__dirname, '../vectors');
/** Of the public vectors of each theme so many are run by default. */
const OF_EACH_THEME = 1;

function read(name: string): Vector[] {
  const lines = fs.readFileSync(path.join(vectors, name), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Vector);
}

function chosen(all: readonly Vector[]): readonly Vector[] {
  if (process.env['TRAPLINE_LONG_TESTS'] !== undefined) return all;
  const seen = new Map<string, number>();
  return all.filter(({ theme }) => {
    const count = seen.get(theme) ?? 0;
    seen.set(theme, count + 1);
    return count < OF_EACH_THEME;
  });
}

describe('the recording server on the emulated machine', function () {
  this.timeout(600_000);
  let directory: string;
  let oracle: string;

  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-recorder-'));
    oracle = path.join(directory, 'oracle');
    const source = path.join(__dirname, 'oracle.c');
    execFileSync('gcc', ['-O1', '-w', '-static', '-no-pie', '-o', oracle, source]);
  });

  after(() => {
    fs.rmSync(directory, { recursive: true });
  });

  function run(vector: Vector): void {
    const stdin = path.join(directory, 'operations');
    fs.writeFileSync(stdin, `${vector.ops.join('\n')}\n`);
    const { stdout, notices } = runEmulated(oracle, { stdin });
    const expected = vector.out.map((answer, n) => `${vector.ops[n]} → ${answer}`);
    const answers = stdout.trimEnd().split('\n');
    const got = answers.map((answer, n) => `${vector.ops.at(n) ?? '?'} → ${answer}`);
    assert.deepStrictEqual(got, expected, `vector ${vector.id} (${vector.theme})`);
    assert.deepStrictEqual(notices, []);
  }

  for (const name of ['kunit.jsonl', 'public.jsonl']) {
    const some = chosen(read(name));
    for (const theme of new Set(some.map((vector) => vector.theme))) {
      const all = some.filter((vector) => vector.theme === theme);
      it(`${theme}: ${all.length} of ${name}`, () => {
        for (const vector of all) run(vector);
      });
    }
  }
});
