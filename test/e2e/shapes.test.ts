import assert from 'node:assert/strict';
import type { WatchView } from '../../adapter/protocol/watches';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('data breakpoints on members, elements and values of every width', () => {
  let person: Person;
  let shapes: Compiled;

  before(() => {
    shapes = compile('shapes');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(shapes, ['member']);
  });
  afterEach(async () => {
    await person.close();
  });

  const cases: readonly (readonly [string, string, string])[] = [
    ['settings.origin.y', 'member', 'settings.origin.y: 2 → 22'],
    ['table[5]', 'element', 'table[5]: 0 → 50'],
    ['byte', 'byte', "byte: 1 '\\001' → -1 '\\377'"],
    ['half', 'half', 'half: 2 → -2'],
    ['word', 'word', 'word: 3 → -3'],
    ['quad', 'quad', 'quad: 4 → -4'],
    ['single', 'single', 'single: 1.5 → 2.5'],
    ['precise', 'precise', 'precise: 2.5 → -0.125'],
    ['settings.level', 'level', 'settings.level: 2 → 9'],
    ['settings.flags', 'flags', 'settings.flags: 1 → 5'],
    ['chosen->x', 'arrow', 'chosen->x: 1 → 11'],
  ];
  for (const [expression, marker, description] of cases) {
    it(expression, async () => {
      const dataId = await person.idInFrame(expression);
      const [answer] = await person.watch({ dataId, accessType: 'write' });
      assert.equal(answer.verified, true, answer.message);
      const stop = await person.continue();
      assert.equal(stop.reason, 'data breakpoint');
      if (expression === 'byte') assert.match(stop.description ?? '', /^byte: 1\b.* → -1\b/);
      else assert.equal(stop.description, description);
      assert.equal((await person.top()).line, shapes.line(marker));
      assert.equal(await person.toTheEnd(), 0);
    });
  }

  it('a member and an element from the Variables view', async () => {
    const globals = await person.scope('Globals');
    const settings = await person.child(globals, 'settings');
    const origin = await person.child(settings.variablesReference, 'origin');
    const member = await person.infoOfChild(origin.variablesReference, 'y');
    assert.equal(member.description, 'settings.origin.y');
    const table = await person.child(globals, 'table');
    const element = await person.infoOfChild(table.variablesReference, '[5]');
    assert.equal(element.description, 'table[5]');
    await person.watch(
      { dataId: member.dataId ?? '', accessType: 'write' },
      { dataId: element.dataId ?? '', accessType: 'write' },
    );
    assert.equal((await person.continue()).description, 'settings.origin.y: 2 → 22');
    assert.equal((await person.continue()).description, 'table[5]: 0 → 50');
    assert.equal(await person.toTheEnd(), 0);
  });

  it('a struct of eight bytes takes one slot, one of twelve two', async () => {
    await person.watch({ dataId: await person.idInFrame('settings.origin'), accessType: 'write' });
    const stop = await person.continue();
    assert.match(stop.description ?? '', /^settings\.origin: \{x = 1, y = 2\} → \{x = 1, y = 22\}$/);
    const number = /0x[0-9a-f]+/.exec(await person.evaluate('&table'))?.[0] ?? '';
    const { dataId } = await person.info(number, { asAddress: true, bytes: 12 });
    const [answer] = await person.watch({ dataId: dataId ?? '', accessType: 'write' });
    assert.match(answer.message ?? '', /DR0, DR1/);
  });

  it('a block that no four slots can hold is refused with what would fit, and can be extended', async () => {
    const info = await person.info('block');
    assert.equal(info.dataId, null);
    assert.match(info.description, /`block` is 64 bytes; four slots watch at most 32\. Try `block\[0\]`/);
    const plan = await person.client.request('trapline/planWatch', { expression: 'block', extend: true });
    assert.equal(plan.text, '64 bytes: 8 slots');
    const watch = await person.client.request('trapline/addWatch', { expression: 'block', extend: true });
    assert.deepEqual([watch.state, watch.slots], ['armed', [0, 1, 2, 3, 4, 5, 6, 7]]);
    assert.match(String(watch.message), /EDR4, EDR5, EDR6, EDR7: no x86 processor has them/);
  });

  it('places that are given by their address are named by what lies there', async () => {
    const nameOf = async (expression: string): Promise<string> => {
      const watch = (await person.client.request('trapline/addWatch', { expression })) as unknown as WatchView;
      await person.client.request('trapline/removeWatch', { id: watch.id });
      return watch.label;
    };
    const addressOf = async (expression: string): Promise<string> =>
      /0x[0-9a-f]+/.exec(await person.evaluate(`&${expression}`))?.[0] ?? '';
    assert.equal(await nameOf(`${await addressOf('table[5]')} + 4`), 'table[5]');
    assert.equal(await nameOf(`${await addressOf('table[5]')} + 8`), 'table[5] … table[6]');
    assert.equal(await nameOf('&table[1] - &table[4]'), 'table[1] … table[3]');
    assert.equal(await nameOf(`${await addressOf('settings.origin.y')} + 2`), 'settings.origin.y');
    assert.equal(await nameOf(`${await addressOf('quad')} + 8`), 'quad');
    const middle = `0x${(BigInt(await addressOf('table[5]')) + 2n).toString(16)}`;
    assert.equal(await nameOf(`${middle} + 2`), 'table[5]+0x2');
  });
});
