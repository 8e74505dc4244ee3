import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile, scratch } from './support/compiled';
import type { Compiled } from './support/compiled';
import { ADAPTER } from './support/dap-client';
import { Person } from './support/session';

const WHY = / lies in a virtual base, whose place an object has once it is constructed\. Watch it in/;

describe('virtual bases', () => {
  let person: Person;
  let diamond: Compiled;

  before(() => {
    diamond = compile('diamond.cpp');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(diamond, ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  it('are found by each object’s own table: in expressions, as children, through pointers', async () => {
    assert.equal(await person.evaluate('whole.shared'), '1');
    assert.equal(await person.evaluate('&whole.shared == &some->shared'), '1');
    assert.equal(await person.evaluate('&whole.Base == &whole.Right::Base'), '1');
    const offset = async (of: string): Promise<number> =>
      Number(await person.evaluate(`(long)&${of}.shared - (long)&${of}`));
    assert.notEqual(await offset('whole'), await offset('alone'));
    assert.match(await person.evaluate('alone'), /^\{Base = \{.*shared = 1\}, .*left = 2\}$/);
    const { variablesReference } = (await person.client.request('evaluate', {
      expression: 'some',
      context: 'watch',
    })) as { variablesReference: number };
    const base = await person.child(variablesReference, 'Base');
    assert.equal((await person.child(base.variablesReference, 'shared')).value, '1');
  });

  it('are watched, by the object, by this, and where the tree shows them', async () => {
    const { variablesReference } = (await person.client.request('evaluate', {
      expression: 'whole',
      context: 'watch',
    })) as { variablesReference: number };
    const left = await person.child(variablesReference, 'Left');
    const base = await person.child(left.variablesReference, 'Base');
    const { dataId, description } = await person.infoOfChild(base.variablesReference, 'shared');
    assert.ok(dataId, description);
    await person.watch({ dataId, accessType: 'write' });
    assert.match((await person.continue()).description ?? '', /shared: 1 → 11$/);
    assert.equal((await person.top()).line, diamond.line('raise'));
    assert.equal(await person.evaluate('shared'), '11');
    await person.watch();
    await person.watch({ dataId: await person.idOf('whole.shared'), accessType: 'write', condition: 'whole.own == 5' });
    const stop = await person.continue();
    assert.equal(stop.description, 'whole.shared: 11 → 7');
    assert.equal((await person.top()).line, diamond.line('right'));
    assert.equal(await person.toTheEnd(), 0);
  });

  it('lie nowhere before the object is constructed, and in a watch file', async () => {
    const unmade = { expression: '((Both *)room)->shared', context: 'watch' };
    assert.match(await person.client.refused('evaluate', unmade), WHY);
    assert.match(await person.evaluate('*(Both *)room'), /Base = <.*not constructed.*>/);
    const file = path.join(scratch(), 'bases.watch');
    writeFileSync(file, 'never write whole.shared\n');
    const { status, stderr } = spawnSync(process.execPath, [ADAPTER, 'check', file, '--', diamond.program]);
    assert.equal(status, 2);
    assert.match(stderr.toString(), WHY);
  });
});
