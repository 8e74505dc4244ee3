// One ledger: whatever the client, the same slots, and each holder is told by name.

import assert from 'node:assert/strict';
import type { DebugRegister, DebugRegisterMap } from '../../adapter/protocol/debug-register-map';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('slots that the program itself holds', () => {
  let person: Person;
  let holders: Compiled;

  before(() => {
    holders = compile('holders');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(holders, ['held', 'closed']);
  });
  afterEach(async () => {
    await person.close();
  });

  const map = async (): Promise<DebugRegisterMap> =>
    (await person.client.request('trapline/debugRegisters')) as unknown as DebugRegisterMap;
  const told = ({ state, owner, holder, symbol, cpus }: DebugRegister): unknown[] => [
    state,
    owner,
    holder?.replace(/pid \d+/, 'pid N'),
    symbol,
    cpus,
  ];

  it('are shown with who holds them, and count against the debugger’s', async () => {
    const { threads, slots } = await map();
    assert.deepEqual(threads[0].registers.map(told), [
      ['armed', 'perf', 'perf event of pid N, fd 3', 'first', undefined],
      ['armed', 'perf', 'perf event of pid N, fd 4', 'table[2]', undefined],
      ['armed', 'perf', 'perf event of pid N, fd 5 (CPU 0)', 'pair.high', [0]],
      ['free', undefined, undefined, undefined, undefined],
    ]);
    assert.deepEqual(slots, { total: 4, used: 3, free: 1 });
  });

  it('a refusal names them and changes nothing; the program’s counts stay right', async () => {
    const [mine, yours] = [await person.idOf('mine'), await person.idOf('yours')];
    const answers = await person.watch({ dataId: mine, accessType: 'write' }, { dataId: yours, accessType: 'write' });
    assert.deepEqual(
      answers.map(({ verified }) => verified),
      [true, false],
    );
    const message = (answers[1].message ?? '').replace(/pid \d+/g, 'pid N').replace(/thread \d+ "[^"]+"/, 'thread N');
    assert.equal(
      message,
      'Not armed: `yours` needs 1 of 4 debug registers, and thread N has no slot free. ' +
        'Held by DR0 mine (4 bytes); DR1 first (4 bytes): perf event of pid N, fd 3; ' +
        'DR2 table[2] (4 bytes): perf event of pid N, fd 4; DR3 pair.high (4 bytes): perf event of pid N, fd 5 (CPU 0). ' +
        'Remove one of them: then this is armed. ' +
        'Or extend it: registers beyond the four of x86, which only this emulation has, stop, count or log all the same.',
    );
    assert.equal((await person.continue()).description, 'mine: 0 → 7');
    await person.continue();
    assert.match(person.client.output('stdout'), /^1 1 1\n/);
    // The program has closed one: there is room now.
    const again = await person.watch({ dataId: mine, accessType: 'write' }, { dataId: yours, accessType: 'write' });
    assert.deepEqual(
      again.map(({ verified }) => verified),
      [true, true],
    );
    assert.equal((await person.continue()).description, 'yours: 0 → 8');
  });
});
