// Breakpoints that are typed: the editor is told, takes them over, and both can change them.

import assert from 'node:assert/strict';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('breakpoints in the debug console', () => {
  let person: Person;
  let counter: Compiled;
  let racers: Compiled;

  before(() => {
    counter = compile('counter');
    racers = compile('racers');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const type = (line: string): Promise<string> => person.evaluate(line, 'repl');
  const told = (): unknown[] =>
    person.client.events('breakpoint').map(({ body }) => {
      const { reason, breakpoint } = body as {
        reason: string;
        breakpoint: { id: number; line?: number; source?: { path: string } };
      };
      return [reason, breakpoint.id, breakpoint.source?.path, breakpoint.line];
    });
  const goOn = async (line: string): Promise<readonly [string, number]> => {
    await type(line);
    await person.stop();
    const { name, line: at } = await person.top();
    return [name, at];
  };

  it('are told the editor with their source line, and stop', async () => {
    await person.runTo(counter, ['start']);
    const line = counter.line('bump');
    assert.match(
      await type('break bump'),
      new RegExp(`^Breakpoint 2 at 0x[0-9a-f]+: file .*counter\\.c, line ${line}\\.$`),
    );
    assert.match(await type('b counter.c:25'), /^Breakpoint 3 at 0x[0-9a-f]+: file .*counter\.c, line 25\.$/);
    assert.match(await type('b +3 if counter > 41'), /line 22\.$/);
    assert.deepEqual(told(), [
      ['new', 2, counter.source, line],
      ['new', 3, counter.source, 25],
      ['new', 4, counter.source, 22],
    ]);
    assert.deepEqual(await goOn('c'), ['bump', line]);
    await type('delete 2');
    assert.deepEqual(told().at(-1), ['removed', 2, counter.source, line]);
    assert.deepEqual(await goOn('c'), ['main', 22]);
    assert.equal(await type('p counter'), '$1 = 42');
    await type('clear');
    assert.deepEqual(told().at(-1), ['removed', 4, counter.source, 22]);
    assert.deepEqual(await goOn('c'), ['main', 25]);
    assert.equal(await person.toTheEnd(), 3);
  });

  it('stay while the editor changes its own, and are the editor’s once they are in its list', async () => {
    await person.runTo(counter, ['start']);
    const line = counter.line('total');
    await type(`break ${line} if counter == 42`);
    const set = (...lines: number[]) =>
      person.client.request('setBreakpoints', {
        source: { path: counter.source },
        breakpoints: lines.map((each) => ({ line: each })),
      });
    const ids = async (...lines: number[]): Promise<unknown[]> =>
      ((await set(...lines)).breakpoints as { id: number }[]).map(({ id }) => id);
    assert.deepEqual(await ids(25), [3], 'a list without it leaves it alone');
    // The editor has heard of it: the same breakpoint, with the condition that the editor does not know.
    assert.deepEqual(await ids(25, line), [3, 2]);
    assert.deepEqual(await goOn('c'), ['main', line]);
    assert.equal(await type('p counter'), '$1 = 42');
    assert.deepEqual(await ids(25), [3], 'out of its list it is gone');
    assert.deepEqual(await goOn('c'), ['main', 25]);
    assert.doesNotMatch(await type('info breakpoints'), /^2 /m);
  });

  it('are in VS Code’s list as soon as it is told: out of it, they are gone', async () => {
    await person.client.request('initialize', { adapterID: 'trapline', clientID: 'vscode' });
    await person.client.request('launch', { program: counter.program });
    await person.client.event('initialized');
    await person.breakAt(counter, ['start']);
    await person.begin();
    await type('break bump');
    assert.match(await type('info b'), /^2 /m);
    await person.client.request('setBreakpoints', { source: { path: counter.source }, breakpoints: [{ line: 25 }] });
    assert.doesNotMatch(await type('info b'), /^2 /m);
    assert.deepEqual(await goOn('c'), ['main', 25]);
  });

  it('of a function is the editor’s line', async () => {
    await person.runTo(counter, ['start']);
    await type('break rewrite');
    const line = counter.line('rewrite');
    const { breakpoints } = await person.client.request('setBreakpoints', {
      source: { path: counter.source },
      breakpoints: [{ line }],
    });
    assert.deepEqual(
      (breakpoints as { id: number }[]).map(({ id }) => id),
      [2],
    );
    assert.deepEqual(await goOn('c'), ['rewrite', line]);
    assert.match(await type('info breakpoints'), /^2 .* rewrite at counter\.c:14 +1$/m);
  });

  it('stop once where they are temporary, and the editor is not bothered', async () => {
    await person.runTo(counter, ['start']);
    assert.match(await type('tb bump'), /^Temporary breakpoint 2 at /);
    assert.match(await type('info b'), /^2 +breakpoint +del +y /m);
    assert.deepEqual(await goOn('c'), ['bump', counter.line('bump')]);
    assert.doesNotMatch(await type('info b'), /^2 /m);
    assert.deepEqual(told(), []);
    assert.equal(await person.toTheEnd(), 3);
  });

  it('are switched off, changed and passed over, the editor’s own, too', async () => {
    await person.runTo(counter, ['start', 'total']);
    assert.match(await type('info b'), /^2 +breakpoint +keep +y +\S+ +counter\.c:23 +0$/m);
    assert.equal(await type('disable 2'), '2: counter.c:23 is disabled.');
    const body = person.client.events('breakpoint').at(-1)?.body as { breakpoint: DebugProtocol.Breakpoint };
    const { verified, message } = body.breakpoint;
    assert.deepEqual([verified, message], [false, 'Switched off in the debug console: `enable 2` there.']);
    assert.deepEqual(await goOn('until 25'), ['main', 25], 'it does not stop while it is off');
    await person.close();
    person = new Person();
    await person.runTo(counter, ['start', 'total']);
    assert.equal(await type('condition 2 counter == 42'), '2: counter.c:23 acts only if counter == 42.');
    assert.deepEqual(await goOn('c'), ['main', 23]);
    assert.equal(await type('p counter'), '$1 = 42');
    assert.equal(await type('condition 2'), '2: counter.c:23 has no condition now.');
    assert.equal(await type('ignore 2 1'), '2: counter.c:23 passes over its next hit.');
    assert.equal(await person.toTheEnd(), 3);
  });

  it('pass over so many hits with `continue N`', async () => {
    await person.runTo(counter, ['total']);
    await goOn('c 2');
    assert.equal(await type('p counter'), '$1 = 43');
  });

  it('stop one thread, where they name it', async () => {
    await person.runTo(racers, ['write']);
    const [own] = /\d+/.exec(await type('thread')) ?? [];
    await type('delete 1');
    const others = [...(await type('info threads')).matchAll(/^ +\d+ +(\d+)/gm)].map(([, id]) => id);
    const other = others.at(-1) ?? '';
    await type(`break ${racers.line('write')} thread ${other}`);
    await goOn('c');
    assert.equal(String(person.thread), other);
    assert.notEqual(other, own);
    assert.match(await type('info b'), new RegExp(`stop only in thread ${other}`));
  });

  it('wait for a function that is not there yet, and say what is near', async () => {
    await person.runTo(counter, ['start']);
    assert.match(await type('break bmup'), /^Breakpoint 2 \(bmup\) pending\. .*Did you mean `bump`\?$/);
    assert.match(await type('info b'), /<PENDING> +bmup/);
    assert.deepEqual(told(), [], 'an editor could not show it');
  });

  it('are completed with functions and sources', async () => {
    await person.runTo(counter, ['start']);
    const complete = async (text: string): Promise<unknown> =>
      (
        (await person.client.request('completions', { text, column: text.length + 1 })).targets as { label: string }[]
      ).map(({ label }) => label);
    assert.deepEqual(await complete('break bu'), ['bump']);
    assert.deepEqual(await complete('tb cou'), ['counter.c:']);
  });

  it('and lists are of the file’s own function where several files have one of that name', async () => {
    const twins = compile('twins', ['-g', '-O0', path.resolve('test/programs/twin.c')]);
    await person.runTo(twins, ['start']);
    await type('break twins.c:twin');
    await type('break twin.c:twin');
    await type('clear twin.c:twin');
    assert.deepEqual(await goOn('c'), ['twin', twins.line('twin')]);
    assert.match(await type('list twin.c:twin'), /static long twin\(long n\)/);
    assert.match(await type('list twins.c:twin'), /static int twin\(int n\)/);
    assert.equal(await person.toTheEnd(), 0);
  });
});
