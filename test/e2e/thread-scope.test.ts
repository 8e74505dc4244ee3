import assert from 'node:assert/strict';
import type { WatchView } from '../../adapter/protocol/watches';
import { compile } from './support/compiled';
import { Person } from './support/session';

describe('data breakpoints for chosen threads', () => {
  let person: Person;

  beforeEach(async () => {
    person = new Person();
    await person.runTo(compile('named'), ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  const request = async (command: string, args?: object): Promise<WatchView> =>
    (await person.client.request(command, args)) as unknown as WatchView;

  it('by a name that threads take later: pending, armed on each, pending again', async () => {
    const view = await request('trapline/addWatch', { expression: 'shared', threads: { name: 'worker' } });
    assert.equal(view.state, 'pending');
    assert.match(view.message, /^Waits for a thread named "worker"/);
    const first = await person.continue();
    assert.equal(first.description, 'shared: 1 → 2');
    assert.match(first.text ?? '', /thread \d+ "worker"/);
    const [armed] = (await person.client.request('trapline/watches')) as unknown as WatchView[];
    assert.equal(armed.state, 'armed', armed.message);
    assert.match(armed.message, /on threads named "worker"/);
    assert.equal((await person.continue()).description, 'shared: 3 → 4');
    assert.equal(await person.toTheEnd(), 0);
  });

  it('by number: the others pass', async () => {
    const view = await request('trapline/addWatch', { expression: 'shared', threads: { id: person.thread } });
    assert.equal(view.state, 'armed', view.message);
    assert.equal((await person.continue()).description, 'shared: 4 → 5');
    assert.equal(await person.toTheEnd(), 0);
  });
});
