import assert from 'node:assert/strict';
import type { WatchView } from '../../adapter/protocol/watches';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('data breakpoints in C++', () => {
  let person: Person;
  let shop: Compiled;

  before(() => {
    shop = compile('shop.cpp');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(shop, ['selling']);
  });
  afterEach(async () => {
    await person.close();
  });

  const add = async (spec: object): Promise<WatchView> => {
    const frameId = (await person.frames())[0].id;
    const view = (await person.client.request('trapline/addWatch', { frameId, ...spec })) as unknown as WatchView;
    assert.equal(view.state, 'armed', view.message);
    return view;
  };
  const stopsAt = async (marker: string, description: string): Promise<void> => {
    assert.equal((await person.continue()).description, description);
    assert.equal((await person.top()).line, shop.line(marker));
  };

  it('members through references, what a reference names, and elements of vectors', async () => {
    await add({ expression: 'shop.counter.total' });
    await add({ expression: 'price' });
    await stopsAt('total', 'shop.counter.total: 0 → 2');
    await stopsAt('price', 'price: 2 → 20');
    const again = new Person();
    await again.runTo(shop, ['selling']);
    const frameId = (await again.frames())[0].id;
    const expression = 'shop.prices._M_impl._M_start[1]';
    const view = (await again.client.request('trapline/addWatch', { frameId, expression })) as unknown as WatchView;
    assert.equal(view.state, 'armed', view.message);
    assert.equal((await again.continue()).description, `${expression}: 2 → 20`);
    await again.close();
  });

  it('a member of this, in a method', async () => {
    await person.breakAt(shop, ['total']);
    assert.equal((await person.continue()).reason, 'breakpoint');
    await person.breakAt(shop, []);
    await add({ expression: 'this->total' });
    await stopsAt('total', 'this->total: 0 → 2');
  });

  it('characters of a string on the heap', async () => {
    await add({ expression: 'shop.name._M_dataplus._M_p[2]' });
    await stopsAt('name', "shop.name._M_dataplus._M_p[2]: 110 'n' → 78 'N'");
  });

  it('members of an object end with its delete', async () => {
    const { id } = await add({ expression: 'shop.counter.total' });
    await stopsAt('total', 'shop.counter.total: 0 → 2');
    await stopsAt('total', 'shop.counter.total: 2 → 3');
    assert.equal(await person.toTheEnd(), 0);
    const words = person.client.events('breakpoint').map(({ body }) => JSON.stringify(body));
    const own = words.filter((text) => text.includes(`"id":${id},`)).at(-1) ?? '';
    assert.match(own, new RegExp(`its heap block was freed by thread .* in main at shop\\.cpp:${shop.line('delete')}`));
  });
});

describe('what C++ lets a variable be', () => {
  let person: Person;
  let kinds: Compiled;

  before(() => {
    kinds = compile('kinds.cpp');
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(kinds, ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  const watchChild = async (reference: number, name: string): Promise<void> => {
    const { dataId, description } = await person.infoOfChild(reference, name);
    const [answer] = await person.watch({ dataId: dataId ?? description, accessType: 'write' });
    assert.equal(answer.verified, true, answer.message);
  };
  const stopsAt = async (marker: string, description: string): Promise<void> => {
    assert.equal((await person.continue()).description, description);
    assert.equal((await person.top()).line, kinds.line(marker));
  };

  it('a reference in Variables is what it refers to, to watch and to set', async () => {
    const globals = await person.scope('Globals');
    await person.client.request('setVariable', { variablesReference: globals, name: 'alias', value: '10' });
    assert.equal(await person.evaluate('target'), '10');
    await watchChild(globals, 'alias');
    await stopsAt('alias', 'alias: 10 → 11');
  });

  it('a reference in a member is followed', async () => {
    const { variablesReference } = await person.child(await person.scope('Globals'), 'whole');
    await watchChild(variablesReference, 'link');
    await stopsAt('alias', 'whole.link: 10 → 11');
    await stopsAt('raise', 'whole.link: 11 → 16');
    await stopsAt('link', 'whole.link: 16 → 30');
  });

  it('a parameter that refers to something else outlives its call', async () => {
    await person.breakAt(kinds, ['raise']);
    assert.equal((await person.continue()).reason, 'breakpoint');
    await watchChild(await person.scope('Arguments'), 'by');
    await stopsAt('raise', 'by: 11 → 16');
    await stopsAt('link', 'by: 16 → 30');
  });

  it('a member of this, named alone, lives as long as its object', async () => {
    await person.breakAt(kinds, ['grow']);
    assert.equal((await person.continue()).reason, 'breakpoint');
    await person.watch({ dataId: await person.idInFrame('own'), accessType: 'write' });
    await stopsAt('grow', 'own: 3 → 4');
    await stopsAt('own', 'own: 4 → 9');
  });

  it('a member in the padding of a base class is named; library functions have their own names', async () => {
    const padded = compile('padded.cpp');
    await person.close();
    person = new Person();
    await person.runTo(padded, ['start']);
    const ids = [await person.idInFrame('whole'), await person.idInFrame('word._M_string_length')];
    await person.watch(...ids.map((dataId) => ({ dataId, accessType: 'write' as const })));
    const extra = await person.continue();
    assert.match(extra.description ?? '', /^whole(\.extra)?: .*3/);
    assert.match(extra.text ?? '', /^whole\.extra \(byte \d+\) written by/);
    const length = await person.continue();
    assert.match(length.text ?? '', /in std::__cxx11::basic_string<.*>::_M_append, called from main at/);
  });

  it('members of a template’s base class, and what an anonymous namespace hides, come back by their ids', async () => {
    const globals = await person.scope('Globals');
    const base = await person.child((await person.child(globals, 'whole')).variablesReference, 'Base<int>');
    const held = await person.infoOfChild(base.variablesReference, 'held');
    const hidden = await person.infoOfChild(globals, '(anonymous namespace)::hidden');
    assert.equal(await person.evaluate('(anonymous namespace)::hidden + 1'), '3');
    assert.deepEqual([held.canPersist, hidden.canPersist], [true, true]);
    await person.close();
    person = new Person();
    await person.runTo(kinds, ['start']);
    const within = await person.idOf('shop::(anonymous namespace)::within');
    await person.watch(...[held.dataId ?? '', hidden.dataId ?? '', within].map((dataId) => ({ dataId })));
    await stopsAt('held', '(whole.Base<int>).held: 1 → 4');
    await stopsAt('hidden', 'hidden: 2 → 5');
    await stopsAt('within', 'shop::(anonymous namespace)::within: 7 → 8');
  });
});
