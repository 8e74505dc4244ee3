import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WatchView } from '../../adapter/protocol/watches';
import { compile, scratch } from './support/compiled';
import type { Compiled } from './support/compiled';
import { ADAPTER } from './support/dap-client';
import { Person } from './support/session';

describe('values of C++’s standard library', () => {
  let person: Person;
  let library: Compiled;

  before(() => {
    library = compile('library.cpp', ['-g', '-O0', '-std=c++17']);
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(library, ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  const add = async (spec: object): Promise<WatchView> => {
    const frameId = (await person.top()).id;
    const view = (await person.client.request('trapline/addWatch', { frameId, ...spec })) as unknown as WatchView;
    assert.equal(view.state, 'armed', view.message);
    return view;
  };
  const stopsAt = async (marker: string, description: string): Promise<void> => {
    assert.equal((await person.continue()).description, description);
    assert.equal((await person.top()).line, library.line(marker));
  };

  it('are shown as what they hold', async () => {
    const shown: readonly (readonly [string, string | RegExp])[] = [
      ['word', '"hello"'],
      ['sentence', '"a sentence that is longer than what fits"'],
      ['numbers', '[4] {1, 2, 3, 4}'],
      ['words', '[2] {"one", "two"}'],
      ['names', '[2] {1 = "one", 7 = "seven"}'],
      ['counts', '[1] {"key" = 7}'],
      ['sorted', '[3] {4, 5, 6}'],
      ['chain', '[2] {8, 9}'],
      ['both', '[3] {3, 4, 5}'],
      ['sole', /^@0x[0-9a-f]+: \{id = 4, price = 5\}$/],
      ['shared', /^@0x[0-9a-f]+: \{_vptr\.Base = .*, own = 1\}$/],
      ['empty', '0x0'],
      ['some', '4'],
      ['none', 'nullopt'],
      ['either', '2.5'],
      ['pair', `[2] {1, 120 'x'}`],
      ['atom', '9'],
    ];
    for (const [name, text] of shown) {
      const value = (await person.child(await person.scope('Locals'), name)).value;
      if (typeof text === 'string') assert.equal(value, text, name);
      else assert.match(value, text, name);
    }
  });

  it('are opened, indexed and followed as in the program', async () => {
    assert.equal(await person.evaluate('numbers[1] + both[2]'), '7');
    assert.equal(await person.evaluate('words[1][0]'), "116 't'");
    assert.equal(await person.evaluate('names[7]'), '"seven"');
    assert.equal(await person.evaluate('sole->price + (*sole).id + shared->own'), '10');
    assert.match(
      await person.client.refused('evaluate', { expression: 'numbers[4]', frameId: (await person.top()).id }),
      /`numbers` holds 4 elements now, and none at 4/,
    );
    const numbers = await person.child(await person.scope('Locals'), 'numbers');
    assert.deepEqual([numbers.namedVariables, numbers.indexedVariables], [1, 4]);
    const element = (await person.children(numbers.variablesReference, { filter: 'indexed', start: 1, count: 1 }))[0];
    assert.deepEqual([element.name, element.value, element.evaluateName], ['[1]', '2', 'numbers[1]']);
    const raw = await person.child(numbers.variablesReference, '<raw>');
    assert.match(raw.value, /_M_start/);
    const names = await person.child(await person.scope('Locals'), 'names');
    await person.client.request('setVariable', {
      variablesReference: (await person.child(await person.scope('Locals'), 'some')).variablesReference,
      name: 'value',
      value: '40',
    });
    assert.equal((await person.child(await person.scope('Locals'), 'some')).value, '40');
    assert.equal((await person.infoOfChild(names.variablesReference, '[7]')).description.slice(0, 8), 'names[7]');
  });

  it('can be watched: elements, entries, what a smart pointer owns', async () => {
    await add({ expression: 'numbers[1]' });
    await add({ expression: 'names[7]._M_local_buf[0]' });
    await add({ expression: 'sole->price' });
    await add({ expression: 'shared->own' });
    await stopsAt('element', 'numbers[1]: 2 → 20');
    await stopsAt('name', "names[7]._M_local_buf[0]: 115 's' → 83 'S'");
    await stopsAt('sole', 'sole->price: 5 → 6');
    await stopsAt('shared', 'shared->own: 1 → 3');
  });

  it('an element that is watched through the vector takes a slot for the vector’s pointer', async () => {
    const view = await add({ expression: 'numbers[1]', through: true });
    assert.equal(view.slots.length, 2);
    await stopsAt('element', 'numbers[1]: 2 → 20');
  });
});

describe('elements of a vector that holds none yet', () => {
  let vectors: Compiled;

  before(() => {
    vectors = compile('vectors.cpp', ['-g', '-O0', '-std=c++17']);
  });

  it('wait for it, and follow it where it moves', async () => {
    const person = new Person();
    try {
      await person.runTo(vectors, ['start']);
      const add = async (expression: string): Promise<WatchView> => {
        const spec = { expression, through: true };
        return (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
      };
      assert.equal((await add('numbers[1]')).state, 'pending');
      assert.equal((await add('*owner')).state, 'pending');
      for (const [marker, change] of [
        ['element', 'numbers[1]: 2 → 20'],
        ['owned', '*owner: 4 → 5'],
        ['moved', 'numbers[1]: 20 → 21'],
      ]) {
        assert.equal((await person.continue()).description, change);
        assert.equal((await person.top()).line, vectors.line(marker));
      }
      assert.equal(await person.toTheEnd(), 0);
    } finally {
      await person.close();
    }
  });

  it('can be written in a watch file', () => {
    const file = path.join(scratch(), 'vectors.watch');
    writeFileSync(file, 'count change numbers[1]\nnever change *owner\n');
    const { stdout, stderr, status } = spawnSync(process.execPath, [ADAPTER, 'check', file, '--', vectors.program], {
      encoding: 'utf8',
    });
    assert.equal(status, 1, stdout + stderr);
    assert.match(stdout + stderr, /\*owner: 4 → 5/);
  });
});

describe('old and new of a value that is too long to be shown whole', () => {
  let person: Person;
  let library: Compiled;

  before(() => {
    library = compile('library.cpp', ['-g', '-O0', '-std=c++17', '-DWIDE']);
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(library, ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  it('are those of the part that changed, in the stop, the log, the views and the history', async () => {
    await person.client.request('setExpression', { expression: 'order.numbers[1]', value: '-1234567890123456789' });
    await person.client.request('setExpression', { expression: 'order.numbers[2]', value: '-1234567890123456789' });
    await person.client.request('setExpression', { expression: 'order.numbers[0]', value: '-1234567890123456789' });
    const spec = { expression: 'order', frameId: (await person.top()).id };
    const { id } = (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
    assert.equal((await person.continue()).description, 'order.item.price: 0 → 5');
    const views = (await person.client.request('trapline/watches')) as unknown as { watches?: WatchView[] };
    const all = Array.isArray(views) ? (views as WatchView[]) : (views.watches ?? []);
    assert.deepEqual(
      all.map(({ oldValue, newValue }) => [oldValue, newValue]),
      [['item.price = 0', 'item.price = 5']],
    );
    await person.client.request('trapline/changeWatch', { id, mode: 'log', logMessage: 'order {$old} to {$new}' });
    await person.toTheEnd();
    assert.match(person.client.output('console'), /^order numbers\[0\] = -1234567890123456789 to numbers\[0\] = 1$/m);
    const history = (await person.client.request('trapline/watchHistory', { id })) as unknown as {
      entries: { oldValue: string; newValue: string }[];
    };
    assert.deepEqual(
      history.entries.map(({ oldValue, newValue }) => `${oldValue} → ${newValue}`),
      ['item.price = 0 → item.price = 5', 'numbers[0] = -1234567890123456789 → numbers[0] = 1'],
    );
  });
});
