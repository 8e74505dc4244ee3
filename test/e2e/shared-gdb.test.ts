// A gdb beside the editor: both debug one program, each sees its own stops, and the slots are the same ones.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { DebugRegister, DebugRegisterMap } from '../../adapter/protocol/debug-register-map';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

const SETTINGS = ['set confirm off', 'set pagination off', 'set width 0', 'set debuginfod enabled off', 'set sysroot'];

describe('a gdb beside the editor', () => {
  let person: Person;
  let counter: Compiled;

  before(() => {
    counter = compile('counter', ['-g', '-O0']);
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const gdb = async (commands: readonly string[]): Promise<string> => {
    const told = await person.client.event('output', (body) => String(body.output).includes('gdb can connect'));
    const port = /127\.0\.0\.1:(\d+)/.exec(String(told.output))?.[1] ?? '';
    const all = [...SETTINGS, `target remote 127.0.0.1:${port}`, ...commands].flatMap((line) => ['-ex', line]);
    const options = { encoding: 'utf8', timeout: 40_000 } as const;
    return (await promisify(execFile)('gdb', ['-nx', '-batch', ...all, counter.program], options)).stdout;
  };
  const registers = async (): Promise<DebugRegister[]> => {
    const map = (await person.client.request('trapline/debugRegisters')) as unknown as DebugRegisterMap;
    return map.threads[0].registers.filter(({ state }) => state !== 'free');
  };
  const kgdbArmed = async (): Promise<void> => {
    while (!(await registers()).some(({ owner }) => owner === 'kgdb')) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it('each has its own watches and stops, over one ledger; detaching leaves nothing', async () => {
    await person.runTo(counter, ['start'], { gdbserver: 0 });
    await person.watch({ dataId: await person.idOf('total'), accessType: 'write' });
    const commands = [
      'watch counter',
      'continue',
      'print counter',
      'continue',
      'print total',
      'info proc exe',
      'detach',
    ];
    const said = gdb(commands);
    await kgdbArmed();
    assert.deepEqual(
      (await registers()).map(({ holder, symbol }) => `${holder ?? ''}: ${symbol ?? ''}`),
      ['ptrace: total', 'kgdb (all CPUs): counter'],
    );
    assert.equal((await person.continue()).description, 'total: 0 → 41');
    assert.equal((await person.continue()).description, 'total: 41 → 83');
    const text = await said;
    assert.match(text, /Old value = 40\nNew value = 41\n[^]*\$1 = 41\n[^]*Old value = 41\nNew value = 42\n/);
    assert.match(text, /\$2 = 41\n[^]*\nexe = '[^']*counter[^]*detached/);
    assert.deepEqual(
      (await registers()).map(({ owner }) => owner),
      ['ptrace'],
    );
    assert.equal((await person.continue()).description, 'total: 83 → 126');
    assert.equal(await person.toTheEnd(), 3);
  });

  it('both are told of what both watch; a refusal names kgdb; gdb’s kill ends the program', async () => {
    await person.runTo(counter, ['start'], { gdbserver: 0 });
    const names = ['counter', 'total', 'steady', 'message'];
    const said = gdb(['watch counter', 'continue', 'shell sleep 1', 'kill']);
    await kgdbArmed();
    const ids = await Promise.all(names.map((name) => person.idOf(name)));
    const answers = await person.watch(...ids.map((dataId) => ({ dataId, accessType: 'write' as const })));
    assert.deepEqual(
      answers.map(({ verified }) => verified),
      [true, true, true, false],
    );
    assert.match(answers[3].message ?? '', /counter \(4 bytes\): kgdb \(all CPUs\)/);
    // Both watch counter: both are told of its change.
    assert.equal((await person.continue()).description, 'counter: 40 → 41');
    assert.match(await said, /Old value = 40\nNew value = 41\n/);
    await person.client.event('terminated');
  });
});
