// Watches copied as commands of gdb: the real gdb takes them, and watches the same place.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WatchSpec, WatchView } from '../../adapter/protocol/watches';
import { gdbCommand, perfCommand } from '../../extension/watch/debugger-commands';
import { compile, scratch } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('a watch that is copied as a command', () => {
  let person: Person;
  let counter: Compiled;

  before(() => {
    counter = compile('counter');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const add = async (spec: WatchSpec): Promise<WatchView> =>
    (await person.client.request('trapline/addWatch', { ...spec, extend: true })) as unknown as WatchView;

  /** What gdb says at the line marked start, after each command. */
  function gdbSays(commands: readonly string[]): string {
    const script = path.join(scratch(), 'copied.gdb');
    const setup = ['set confirm off', 'set debuginfod enabled off', `break ${counter.line('start')}`, 'run'];
    writeFileSync(script, `${[...setup, ...commands].join('\n')}\n`);
    const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'pipe'];
    return execFileSync('gdb', ['-nx', '-batch', '-x', script, counter.program], { encoding: 'utf8', stdio });
  }

  it('is taken by gdb, whatever it names and does', async () => {
    const [{ id: mainThread }] = (await person.runTo(counter, ['start']), await person.client.request('threads'))
      .threads as { id: number }[];
    const views = [
      await add({ expression: 'counter', access: 'access', condition: 'steady > 3', threads: { id: mainThread } }),
      await add({ expression: 'counter.c:total', mode: 'count' }),
      await add({ expression: '&steady', mode: 'log', logMessage: '{$new}' }),
      await add({ expression: 'main::rounds', access: 'read' }),
    ];
    const said = gdbSays(views.map((view) => gdbCommand(view, mainThread)));
    const watchpoints = [...said.matchAll(/watchpoint \d+: (?:-location )?(.*)/g)].map(([, what]) => what);
    assert.deepEqual(watchpoints, ['counter', "'counter.c'::total", 'steady', 'rounds']);
  });

  it('has for perf the place where a real process has it', async () => {
    await person.runTo(counter, ['start']);
    const global = perfCommand(await add({ expression: 'counter' }), counter.program, []) ?? '';
    const address = /^setarch -R perf record -g -e mem:(0x[0-9a-f]+)\/4:w -- /.exec(global)?.[1];
    const said = gdbSays(['print/x &counter']);
    assert.equal(/\$1 = (0x[0-9a-f]+)/.exec(said)?.[1], address);
    // A stack has no place in the file.
    assert.equal((await add({ expression: 'main::rounds' })).fileAddress, undefined);
  });
});
