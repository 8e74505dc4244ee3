// Values of C++ that have no plain layout: bits, maps by text, callables, pointers to members; beside gdb where it has them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { WatchView } from '../../adapter/protocol/watches';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('values of C++ without a plain layout', () => {
  let person: Person;
  let containers: Compiled;

  before(() => {
    containers = compile('containers.cpp', ['-g', '-O0', '-std=c++20']);
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(containers, ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  it('are shown as what they are', async () => {
    const shown: readonly (readonly [string, string | RegExp])[] = [
      ['bits', '[3] {true, false, true}'],
      ['bits[2]', 'true'],
      ['scores["anna"]', '1'],
      ['counts["x"]', '1'],
      ['calls', /^0x[0-9a-f]+ <std::_Function_handler<int\(int\), int \(\*\)\(int\)>::_M_invoke>$/],
      ['nothing', 'empty'],
      ['empty', 'empty'],
      ['side', '&Shape::height'],
      ['none', 'NULL'],
      ['scale', /^0x[0-9a-f]+ <Shape::scaled>$/],
      ['dispatched', '&virtual function 0 of Shape'],
      ['fixed', '[4] {1, 2, 3, 4}'],
      ['open', '[3] {1, 2, 3}'],
    ];
    for (const [name, text] of shown) {
      const value = await person.evaluate(name);
      if (typeof text === 'string') assert.equal(value, text, name);
      else assert.match(value, text, name);
    }
    await assert.rejects(person.evaluate('scores["zoe"]'), /holds 2 elements now, and none at "zoe"/);
  });

  it('have the types that gdb writes', async () => {
    const names = ['side', 'none', 'grid', '&grid', '&grid[1]', 'grid[1]', 'raw', '&raw', '*&raw'];
    const args = ['-nx', '-batch', ...names.flatMap((name) => ['-ex', `whatis ${name}`]), containers.program];
    const gdb = execFileSync('gdb', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const ours = [];
    for (const name of names) ours.push(await person.evaluate(`whatis ${name}`, 'repl'));
    assert.deepEqual(ours, gdb.trim().split('\n'));
  });

  it('are watched: an entry by its key stays where it is, one bit is one bit', async () => {
    const answer = await person.evaluate('watch scores["anna"]', 'repl');
    assert.match(answer, /Armed, 0 hits\. DR0 on every thread: 4 bytes at .* 1 of 4 slots used\.$/);
    await person.evaluate('watch bits[1]', 'repl');
    const stop = async (marker: string, description: string): Promise<void> => {
      assert.equal((await person.continue()).description, description);
      const line = (await person.frames()).find(({ source }) => source?.path === containers.source)?.line;
      assert.equal(line, containers.line(marker));
    };
    await stop('anna', 'scores["anna"]: 1 → 5');
    await stop('bit', 'bits[1]: false → true');
    await stop('again', 'scores["anna"]: 5 → 6');
    const views = (await person.client.request('trapline/watches')) as unknown as WatchView[];
    assert.deepEqual(
      views.map(({ matches }) => matches),
      [2, 1],
    );
  });
});
