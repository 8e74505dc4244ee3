// vectors.test.ts: a real kernel's recorded answers, every one of them exactly.
//
// test/vectors/*.jsonl were recorded on Linux 6.18 (two CPUs, four debug registers).

import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseVectors, runVectorsVerb } from '../../../adapter/wire/cli/vectors';
import { runVector, VectorServer } from '../../../adapter/wire/cli/vectors/vector-server';
import { UserError } from '../../../adapter/util/user-error';

const folder = path.resolve(__dirname, '../../vectors');

describe('vectors', () => {
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    describe(file, () => {
      for (const vector of parseVectors(fs.readFileSync(path.join(folder, file), 'utf8'), file)) {
        it(`${String(vector.id)} ${vector.theme}`, () => {
          const difference = runVector(vector);
          if (difference === undefined) return;
          const { position, got } = difference;
          assert.strictEqual(got, vector.out[position], `operation ${position + 1}: ${vector.ops[position]}`);
        });
      }
    });
  }

  function run(text: string): { code: number; lines: string[] } {
    const lines: string[] = [];
    const code = runVectorsVerb(['v.jsonl'], { readText: () => text, writeLine: (line) => lines.push(line) });
    return { code, lines };
  }

  it('tells the first difference, and how many passed', () => {
    const good = '{"id":1,"theme":"t","ops":["new"],"out":["ok w=0"]}';
    const bad = '{"id":2,"theme":"t","ops":["new","drs 0"],"out":["ok w=0","nonsense"]}';
    const { code, lines } = run(`${good}\n${bad}\n`);
    assert.strictEqual(code, 1);
    assert.deepStrictEqual(lines, [
      'vector 2 (t), operation 2: drs 0\n  expected: nonsense\n  got:      ok 0 0 0 0 ffff0ff0 0',
      '1 passed, 1 failed',
    ]);
  });

  it('says what is wrong with a file, wherever it is cut off', () => {
    const whole = '{"id":1,"theme":"t","ops":["new"],"out":["ok w=0"]}';
    for (let length = 1; length < whole.length; length += 1) {
      assert.throws(() => run(whole.slice(0, length)), UserError);
    }
    assert.throws(() => run('{"ops":["new"],"out":[]}'), /1 operations, but 0 answers/);
  });

  it('answers nonsense as the recording server does', () => {
    const server = new VectorServer();
    for (const [line, answer] of [
      ['fly', 'err=badop'],
      ['touch 0 st1 b', 'err=noworker'],
      ['new', 'ok w=0'],
      ['touch 0 fly b', 'err=badinsn'],
      ['touch 0 st1 zz', 'err=badaddr'],
      ['read 3', 'err=noevent'],
      ['open 0 0 -1 -1 0 wings=2', 'err=badkey'],
      ['open 64 0 -1 -1 0', 'err=badevent'],
      ['records 0', 'err=noevent'],
    ]) {
      assert.strictEqual(server.execute(line), answer, line);
    }
  });
});
