// Arrays whose length the program decides, and what else only a frame or a function knows.

import assert from 'node:assert/strict';
import { compile } from './support/compiled';
import { Person } from './support/session';

describe('arrays whose length the program decides', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  for (const version of ['-gdwarf-4', '-gdwarf-5']) {
    it(`have the length of their frame (${version})`, async () => {
      const compiled = compile('run-time-arrays', [version, '-O0']);
      await person.runTo(compiled, ['filled']);
      const locals = await person.scope('Locals');
      const values = await person.child(locals, 'values');
      assert.equal(values.type, 'int [5]');
      assert.equal(values.value, '[5] {0, 1, 4, 9, 16}');
      assert.equal(values.indexedVariables, 5);
      const elements = await person.children(values.variablesReference);
      assert.deepEqual(
        elements.map(({ value }) => value),
        ['0', '1', '4', '9', '16'],
      );
      assert.equal(await person.evaluate('names'), '[5] {"a", "b", "c", "d", "e"}');
      assert.equal(await person.evaluate('sizeof(values)'), '20');
      await person.continue();
      assert.equal(await person.evaluate('values'), '[3] {0, 1, 4}');
    });
  }

  it('are watched whole, and their elements', async () => {
    const compiled = compile('run-time-arrays', ['-g', '-O0']);
    await person.runTo(compiled, ['fill']);
    await person.client.request('setBreakpoints', { source: { path: compiled.source }, breakpoints: [] });
    const [whole, element] = await person.watch(
      { dataId: await person.idInFrame('values') },
      { dataId: await person.idInFrame('values[3]') },
    );
    assert.equal(whole.verified, true, whole.message);
    assert.equal(element.verified, true, element.message);
    let text = '';
    while (!text.includes('values[3]')) text = String((await person.continue()).description);
    assert.match(text, /→ 9/);
    assert.equal((await person.top()).line, compiled.line('fill'));
  });
});

describe('the console knows', () => {
  let person: Person;

  beforeEach(async () => {
    person = new Person();
    await person.runTo(compile('run-time-arrays', ['-g', '-O0']), ['filled']);
  });
  afterEach(async () => {
    await person.close();
  });

  it('a static by its function, from everywhere', async () => {
    assert.equal(await person.evaluate('squares::calls'), '1');
    const { dataId, description } = await person.info('squares::calls');
    assert.notEqual(dataId, null, description);
  });

  it('every format of structs and arrays', async () => {
    const print = (line: string): Promise<string> => person.evaluate(line, 'repl');
    assert.equal(
      await print('print/x settings'),
      '$1 = {mode = 0x5, level = 0xfffffffd, content = {whole = 0x4030201, parts = {0x1, 0x2, 0x3, 0x4}}}',
    );
    assert.equal(await print('print/d settings.level'), '$2 = -3');
    assert.equal(await print('print/t values'), '$3 = {0, 1, 100, 1001, 10000}');
  });

  it('the parts of members without a type name, and pointers to functions', async () => {
    assert.equal(
      await person.evaluate('ptype struct settings', 'repl'),
      [
        'type = struct settings {',
        '    unsigned int mode : 3;',
        '    int level : 5;',
        '    union {',
        '        int whole;',
        '        unsigned char parts[4];',
        '    } content;',
        '}',
      ].join('\n'),
    );
    assert.equal(await person.evaluate('ptype handlers', 'repl'), 'type = int (*[2])(void)');
  });

  it('what lies at a function', async () => {
    assert.match(await person.evaluate('info symbol squares', 'repl'), /^squares is at 0x[0-9a-f]+\.$/);
  });
});
