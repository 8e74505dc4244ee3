import assert from 'node:assert/strict';
import path from 'node:path';
import { compile, scratch } from './support/compiled';
import { Person } from './support/session';

describe('shared libraries with debug information', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  function build() {
    const library = compile('greeter-library', ['-g', '-O0', '-fPIC', '-shared', '-Wl,-soname,greeter-library']);
    const flags = ['-g', '-O0', library.program, `-Wl,-rpath,${scratch()}`];
    return { library, program: compile('greeter', flags) };
  }

  it('breakpoints in them wait, bind when the library comes, and stop', async () => {
    const { library, program } = build();
    await person.launch(program.program, { env: { LD_PRELOAD: library.program } });
    const [pending] = await person.breakAt(library, ['greet']);
    assert.equal(pending.verified, false);
    assert.equal(pending.reason, 'pending');
    const stop = await person.begin();
    assert.equal(stop.reason, 'breakpoint');
    assert.deepEqual(stop.hitBreakpointIds, [pending.id]);
    const frames = await person.frames();
    assert.deepEqual(
      frames.slice(0, 2).map(({ name, line }) => [name, line]),
      [
        ['greet', library.line('greet')],
        ['main', program.line('call')],
      ],
    );
    assert.equal(frames[0].moduleId, library.program);
    const bound = person.client.events('breakpoint').at(0)?.body as { breakpoint: { verified: boolean; line: number } };
    assert.equal(bound.breakpoint.verified, true);
    assert.equal(bound.breakpoint.line, library.line('greet'));
    const dataId = await person.idOf('greetings');
    await person.close();

    // And its variable, from the first instruction of the next session on.
    person = new Person();
    await person.launch(program.program, { env: { LD_PRELOAD: library.program } });
    const [waiting] = await person.watch({ dataId, accessType: 'write' });
    assert.equal(waiting.verified, false);
    assert.equal(waiting.reason, 'pending');
    const written = await person.begin();
    assert.equal(written.description, 'greetings: 1 → 3');
    assert.deepEqual(written.hitBreakpointIds, [waiting.id]);
    assert.equal(path.basename((await person.top()).source?.path ?? ''), 'greeter-library.c');
  });

  it('a watch waits for a library, ends with it, and comes back with it', async () => {
    const library = compile('plugin', ['-g', '-O0', '-shared', '-fPIC']);
    const plugged = compile('plugged', ['-g', '-O0', '-ldl']);
    await person.launch(plugged.program, { args: [library.program] });
    const spec = { expression: 'plugin_count', access: 'write', origin: 'file' };
    await assert.rejects(person.client.request('trapline/addWatch', spec), /No variable.*plugin_count/);
    const added = await person.client.request('trapline/addWatch', { ...spec, mayCome: true });
    assert.equal(added.state, 'pending');
    await person.breakAt(plugged, ['closed']);
    let stop = await person.begin();
    for (const change of ['1 → 2', '1 → 3', '1 → 4']) {
      assert.equal(stop.description, `plugin_count: ${change}`);
      assert.equal((await person.top()).line, library.line('run'));
      stop = await person.continue();
      assert.equal(stop.reason, 'breakpoint');
      const told = person.client.events('breakpoint').at(-1)?.body as { breakpoint: { message: string } };
      assert.match(told.breakpoint.message, /`plugin_count` is gone: its memory was unmapped by munmap/);
      assert.match(told.breakpoint.message, /Armed again when its module is loaded again/);
      if (change !== '1 → 4') stop = await person.continue();
    }
    assert.equal(await person.toTheEnd(), 0);
  });

  it('stepIn enters their functions through the jump table', async () => {
    const { library, program } = build();
    await person.runTo(program, ['call'], { env: { LD_PRELOAD: library.program } });
    await person.step('stepIn');
    assert.equal((await person.top()).name, 'greet');
    assert.equal((await person.top()).line, library.line('greet'));
    await person.step('stepOut');
    assert.equal((await person.top()).name, 'main');
  });
});
