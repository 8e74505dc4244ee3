// A function's local named where the function is not under way: at the console, by the view's request, by the protocol.

import assert from 'node:assert/strict';
import type { WatchPlan, WatchView } from '../../adapter/protocol/watches';
import { viewOf } from './model/requests';
import { compile } from './support/compiled';
import { Person } from './support/session';

const calls = compile('calls');
const COST = /4 bytes: 1 slot in each call of sum; calls are followed one by one, at most some [\d,]+ a second/;

describe('a local of a function that is not under way', () => {
  let person: Person;

  beforeEach(async () => {
    person = new Person();
    await person.runTo(calls, ['start', 'joined']);
  });
  afterEach(async () => {
    await person.close();
  });

  const type = (line: string): Promise<string> => person.evaluate(line, 'repl');
  const list = async (): Promise<WatchView[]> =>
    (await person.client.request('trapline/watches')) as unknown as WatchView[];

  it('is watched in each call that comes, as the console says at once', async () => {
    const answer = await type('watch sum::partial');
    assert.match(answer, /sum::partial, in each call\n/);
    assert.match(answer, COST);
    assert.match(answer, /Waits for a call of sum/);
    // Two that go down, one that comes back up; what lies below on the stack before is nobody's business.
    const seen: string[] = [];
    for (let stop = await person.continue(); stop.reason === 'data breakpoint'; stop = await person.continue())
      seen.push((stop.description ?? '').replace(/: .* → /, ' = '));
    assert.deepEqual([seen.slice(0, 2), seen.at(-1)], [['sum::partial = 2', 'sum::partial = 1'], 'sum::partial = 3']);
  });

  it('is read, accessed, counted and logged there, too', async () => {
    for (const line of ['rwatch', 'awatch', 'count', 'log']) assert.match(await type(`${line} sum::partial`), COST);
    const [first] = await list();
    await type('delete');
    assert.deepEqual([first.access, first.calls], ['read', { underWay: 0, watched: 0, missed: 0 }]);
    const counted = /(\d+): sum::partial/.exec(await type('count sum::partial'))?.[1];
    await person.continue();
    const { hits, calls: seen } = await viewOf(person, Number(counted));
    assert.deepEqual([hits, seen], [5, { underWay: 0, watched: 3, missed: 0 }]);
  });

  it('is planned, with the cost of each call, and added by the view', async () => {
    const plan = (await person.client.request('trapline/planWatch', {
      expression: 'sum::partial',
    })) as unknown as WatchPlan;
    assert.match(plan.text, COST);
    assert.deepEqual(
      [plan.address, plan.typeName, plan.lengthBytes, plan.slotsNeeded, plan.slotsFree, plan.pieces],
      [undefined, 'int', 4, 1, 4, []],
    );
    const spec = { expression: 'sum::partial', access: 'write', mode: 'count' };
    const { id } = (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
    await person.continue();
    assert.deepEqual((await viewOf(person, id)).calls, { underWay: 0, watched: 3, missed: 0 });
  });

  it('is a data breakpoint that is kept for the next session', async () => {
    const { dataId, description, canPersist } = await person.info('sum::partial');
    assert.deepEqual([description, canPersist], ['sum::partial (in each call of sum; 4 bytes: 1 slot)', true]);
    await person.watch({ dataId: dataId ?? '', accessType: 'write' });
    assert.equal((await person.continue()).reason, 'data breakpoint');
    assert.equal((await person.top()).name, 'sum');
  });

  it('that the function does not have is refused, with those that it has; -l has no place to watch', async () => {
    const { client } = person;
    assert.match(
      await client.refused('trapline/planWatch', { expression: 'sum::parital' }),
      /sum has no variable `parital`\. It has .*`partial`/,
    );
    assert.match(
      await client.refused('evaluate', { expression: 'watch -l sum::partial', context: 'repl' }),
      /No call of sum is under way, so `sum::partial` has no place now/,
    );
  });
});

describe('a local of a function that is under way', () => {
  it('is the innermost call’s alone, until that ends', async () => {
    const person = new Person();
    try {
      await person.runTo(calls, ['sum']);
      assert.match(await person.evaluate('watch sum::partial', 'repl'), /Ends when this call of sum/);
    } finally {
      await person.close();
    }
  });
});
