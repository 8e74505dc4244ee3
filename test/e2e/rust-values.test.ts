import assert from 'node:assert/strict';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('values of Rust', () => {
  let person: Person;
  let enums: Compiled;

  before(() => {
    enums = compile('enums.s', []);
  });
  beforeEach(async () => {
    person = new Person();
    await person.launch(enums.program);
    await person.client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'ready' }] });
    await person.begin();
  });
  afterEach(async () => {
    await person.close();
  });

  it('are shown as they are written, enums by the variant that they are', async () => {
    const caller = (await person.frames())[1];
    const locals = await person.scope('Locals', caller.id);
    const shown: readonly (readonly [string, string | RegExp])[] = [
      ['pair', '(1, "two", 2.5)'],
      ['bytes', '[3] {1, 2, 3}'],
      ['tail', '[3] {1, 2, 3}'],
      ['none', 'None'],
      ['deep', 'Some(None)'],
      ['letter', "Some(120 'x')"],
      ['failed', 'Err("bad")'],
      ['level', 'High'],
      ['unit', '()'],
      ['shared', '7'],
      ['link', /^Some\(@0x[0-9a-f]+: 9\)$/],
      ['account', '{id = 1, name = "bob", shape = Circle(1.5), limit = None}'],
    ];
    for (const [name, text] of shown) {
      const { value } = await person.child(locals, name);
      if (typeof text === 'string') assert.equal(value, text, name);
      else assert.match(value, text, name);
    }
  });

  it('have the types that Rust writes', async () => {
    const caller = (await person.frames())[1];
    const locals = await person.scope('Locals', caller.id);
    const types = new Map((await person.children(locals)).map(({ name, type }) => [name, type]));
    assert.deepEqual(
      ['bytes', 'tail', 'pair', 'letter', 'deep', 'unit'].map((name) => types.get(name)),
      [
        '[u8; 3]',
        '&[u8]',
        '(i32, &str, f32)',
        ...['char', 'core::option::Option<bool>'].map((of) => `core::option::Option<${of}>`),
        '()',
      ],
    );
  });

  it('Rust’s libraries, which are compiled into the program, are faint, and the program is not', async () => {
    for (let line = 31; line < 36; line++) await person.step('next');
    await person.step('stepIn');
    const frames = await person.frames();
    const ready = frames.findIndex(({ name }) => name.endsWith('ready'));
    assert.ok(ready > 0, 'it has stepped into a library');
    for (const { source, presentationHint } of frames.slice(0, ready)) {
      assert.match(source?.path ?? '', /^\/rustc\/.*\.rs$/);
      assert.deepEqual([presentationHint, source?.presentationHint], ['subtle', 'deemphasize']);
    }
    assert.deepEqual([frames[ready].presentationHint, frames[ready].source?.presentationHint], [undefined, undefined]);
  });

  it('an enum has only its own variant beneath', async () => {
    const account = await person.child(await person.scope('Arguments'), 'account');
    const shape = await person.child(account.variablesReference, 'shape');
    const [variant, ...others] = await person.children(shape.variablesReference);
    assert.deepEqual([variant.name, variant.value, others.length], ['Circle', '(1.5)', 0]);
    const [payload] = await person.children(variant.variablesReference);
    assert.equal(payload.evaluateName, 'account->shape.Circle.__0');
    assert.equal(await person.evaluate('account->shape.Circle.__0 + 1'), '2.5');
    assert.equal((await person.child(account.variablesReference, 'limit')).variablesReference, 0);
  });

  it('tell the variants before and after', async () => {
    const wishes = ['account->limit', 'account->shape', '*link'];
    const ids = [];
    for (const wish of wishes) ids.push(await person.idInFrame(wish));
    const answers = await person.watch(...ids.map((dataId) => ({ dataId, accessType: 'write' as const })));
    for (const { verified, message } of answers) assert.equal(verified, true, message);
    // One instruction writes which variant it is, another what it holds.
    assert.equal((await person.continue()).description, 'account->limit: None → Some(0)');
    assert.equal((await person.continue()).description, 'account->limit: Some(0) → Some(4)');
    assert.equal((await person.continue()).description, 'account->limit: Some(4) → None');
    const words: string[] = [];
    for (;;) {
      const { description = '' } = await person.continue();
      words.push(description);
      if (description.startsWith('*link')) break;
    }
    assert.equal(
      words.some((text) => text.startsWith('account->shape: Circle(1.5) → Rect {w = 3')),
      true,
      words.join('\n'),
    );
    assert.equal(
      words.some((text) => text.endsWith(' {w = 3, h = 4} → Empty')),
      true,
      words.join('\n'),
    );
    assert.match(words.at(-1) ?? '', /^\*link: Some\(0x[0-9a-f]+\) → None$/);
  });
});
