import assert from 'node:assert/strict';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('a writer inside the C library', () => {
  let person: Person;
  let copies: Compiled;

  before(() => {
    copies = compile('copies', ['-g', '-O0', '-fno-builtin']);
  });
  beforeEach(async () => {
    person = new Person();
    await person.runTo(copies, ['start']);
  });
  afterEach(async () => {
    await person.close();
  });

  it('memcpy is named, and the stack leads back to the program', async () => {
    await person.watch({ dataId: await person.idOf('numbers[2]'), accessType: 'write' });
    const stop = await person.continue();
    assert.equal(stop.description, 'numbers[2]: 3 → 7');
    assert.match(
      stop.text ?? '',
      new RegExp(`in \\S*mem\\S*, called from main at copies\\.c:${copies.line('memcpy')}$`),
    );
    const frames = await person.frames();
    assert.match(frames[0]?.name ?? '', /mem(cpy|move)/);
    assert.equal(frames[0]?.presentationHint, 'subtle');
    const own = frames.find(({ name }) => name === 'main');
    assert.equal(own?.line, copies.line('memcpy'));
    assert.equal(await person.toTheEnd(), 0);
  });

  it('strcpy and memset are seen at the bytes they touch', async () => {
    await person.watch({ dataId: await person.idOf('name[0]'), accessType: 'write' });
    const first = await person.continue();
    assert.match(first.description ?? '', /^name\[0\]: .*'b'.* → .*'a'/);
    assert.equal((await person.frames()).find(({ name }) => name === 'main')?.line, copies.line('strcpy'));
    const second = await person.continue();
    assert.match(second.description ?? '', /'a'.* → .*'z'/);
    assert.equal((await person.frames()).find(({ name }) => name === 'main')?.line, copies.line('memset'));
  });
});
