// `finish` in the debug console tells what the function has given back, as the real gdb does on the same program.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { compile } from './support/compiled';
import { Person } from './support/session';

const returned = compile('returned', ['-g', '-O0']);
/** All that are called, in the order of the calls. */
const functions = [...readFileSync(returned.source, 'utf8').matchAll(/(\w+)\((?:void|int n)\) \{ /g)].map(
  ([, name]) => name,
);
/** gdb reads the x87's register, of which nothing is told here; it looks for 16 bytes in memory, where they are not. */
const OTHERWISE = new Map([
  ['longest', ''],
  ['huge', String(5n * 2n ** 64n + 7n)],
]);

function inGdb(): ReadonlyMap<string, string> {
  const each = functions.flatMap((name) => ['continue', `echo @@${name}\\n`, 'finish']);
  const breaks = functions.map((name) => `break ${name}`);
  const commands = ['set debuginfod enabled off', 'set width 0', ...breaks, 'run', ...each.slice(1)];
  const args = ['-nx', '-batch', ...commands.flatMap((command) => ['-ex', command]), returned.program];
  const { stdout } = spawnSync('gdb', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return new Map(
    stdout
      .split('@@')
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), valueIn(text)]),
  );
}

/** Pointers are written without their type here. */
const valueIn = (text: string): string =>
  (/^Value returned is \$\d+ = (.*)$/m.exec(text)?.[1] ?? '')
    .replace(/\+0x4>/, '+4>')
    .replace(/^\(int \*\) /, '')
    .replace(/0x[0-9a-f]+/g, '0x…');

describe('finish', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const type = async (expression: string): Promise<string> => {
    const { result } = await person.client.request('evaluate', { expression, context: 'repl' });
    return String(result);
  };
  const begin = async (...names: string[]): Promise<void> => {
    await person.launch(returned.program);
    await person.client.request('setFunctionBreakpoints', { breakpoints: names.map((name) => ({ name })) });
    await person.begin();
  };
  const finish = async (): Promise<string> => {
    const before = person.client.output('console').length;
    await type('finish');
    assert.equal((await person.stop()).reason, 'step');
    return person.client.output('console').slice(before);
  };

  it('tells values of each kind as gdb tells them', async () => {
    const truth = inGdb();
    assert.equal(truth.size, functions.length);
    await begin(...functions);
    for (const [at, name] of functions.entries()) {
      if (at > 0) await person.continue();
      assert.equal((await person.top()).name.replace(/\(.*/, ''), name);
      const told = valueIn(await finish());
      assert.equal(told, OTHERWISE.get(name) ?? truth.get(name), name);
    }
  });

  it('keeps the value, and tells none where something else stops the program, or nothing is given back', async () => {
    await begin('plain', 'nothing');
    assert.match(await finish(), /^Value returned is \$1 = 42$/m);
    assert.equal(await type('print $ + 1'), '$2 = 43');
    await person.continue();
    await type('watch numbers[0]');
    const before = person.client.output('console').length;
    await type('finish');
    assert.equal((await person.stop()).description, 'numbers[0]: 1 → 2');
    assert.equal(await finish(), '');
    assert.doesNotMatch(person.client.output('console').slice(before), /Value returned/);
  });
});
