// The last of the fifteen demands: every way in, editing, and coming back.

import assert from 'node:assert/strict';
import { Demander } from './demand';

describe('demands about entry points', () => {
  let person: Demander;

  beforeEach(async () => {
    person = new Demander();
    await person.start();
  });
  afterEach(async () => {
    await person.close();
  });

  it('demand 15: Variables, Watch, symbol, &expression, address and console lead to the same place', async () => {
    const globals = await person.scope('Globals');
    const frameId = (await person.top()).id;
    const { address = '' } = await person.plan({ expression: 'one' });
    const ids = [
      (await person.infoOfChild(globals, 'one')).dataId ?? '',
      await person.idOf('one', { frameId }),
      await person.idOf('one'),
      await person.idOf('&one'),
      await person.idOf('demands.c:one'),
      await person.idOf(address, { asAddress: true, bytes: 4 }),
    ];
    await person.watch(...ids.map((dataId) => ({ dataId, accessType: 'write' as const })));
    await person.evaluate('watch one', 'repl');
    const views = await person.views();
    assert.equal(views.length, 7);
    assert.deepEqual([...new Set(views.map((view) => `${view.state} ${view.address}`))], [`armed ${address}`]);
    assert.deepEqual(await person.slots(), { total: 4, used: 1, free: 3 });
    assert.equal((await person.continue()).hitBreakpointIds?.length, 7);
  });

  it('demand 15: access and scope are edited in place', async () => {
    const { id } = await person.add({ expression: 'shared' });
    const changed = await person.change({ id, access: 'write', threads: { name: 'right' } });
    assert.deepEqual([changed.id, changed.access, changed.threads], [id, 'write', { name: 'right' }]);
    assert.match(await person.stopsAt('shared', 'shared: 3 → 4'), /"right"/);
    assert.match((await person.change({ id, threads: 'all', access: 'read' })).message, /on every thread/);
  });

  it('demand 15: an id says symbol, offset and type; it is armed before the next program’s first instruction', async () => {
    const dataId = await person.idOf('odd.name[2]');
    assert.match(dataId, /expr=odd\.name\[2\];bytes=1;type=char/);
    await person.close();
    person = new Demander();
    await person.launch(person.program);
    const [back, vanished, changed] = await person.watch(
      { dataId, accessType: 'write' },
      { dataId: 'trapline:1;expr=vanished;bytes=4;type=int;threads=all' },
      { dataId: 'trapline:1;expr=one;bytes=4;type=float;threads=all' },
    );
    assert.equal(back.verified, true, back.message);
    assert.deepEqual([vanished.verified, vanished.reason], [false, 'pending']);
    assert.match(vanished.message ?? '', /`vanished`/);
    assert.match(changed.message ?? '', /Its type has changed: it was float, and is int/);
    await person.client.request('configurationDone');
    assert.equal((await person.stop()).description, 'one: 0 → 1');
    assert.equal((await person.continue()).description, "odd.name[2]: 0 '\\0' → 120 'x'");
  });
});
