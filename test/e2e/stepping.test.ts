import assert from 'node:assert/strict';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('stepping', () => {
  let person: Person;
  let counter: Compiled;
  let recursion: Compiled;

  before(() => {
    counter = compile('counter');
    recursion = compile('recursion');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const line = async (): Promise<number> => (await person.top()).line;

  it('stopOnEntry stops at main’s first line', async () => {
    await person.launch(counter.program, { stopOnEntry: true });
    const stop = await person.begin();
    assert.equal(stop.reason, 'entry');
    assert.equal((await person.top()).name, 'main');
    assert.equal(await line(), counter.line('start'));
  });

  it('next goes over calls, stepIn into them, stepOut behind them', async () => {
    await person.runTo(counter, ['start']);
    const loop = counter.line('start') + 1;
    assert.equal((await person.step('next')).reason, 'step');
    assert.equal(await line(), loop);
    await person.step('next');
    assert.equal(await line(), loop + 1);
    await person.step('stepIn');
    assert.equal((await person.top()).name, 'bump');
    assert.equal(await line(), counter.line('bump'));
    // Nothing is left of the calling line: the next one begins.
    await person.step('stepOut');
    assert.equal((await person.top()).name, 'main');
    assert.equal(await line(), loop + 2);
    await person.step('next');
    assert.equal(await line(), counter.line('total'));
  });

  it('next runs through library functions', async () => {
    await person.runTo(counter, ['print']);
    await person.step('stepIn');
    assert.equal(await line(), counter.line('print') + 1);
    assert.equal((await person.top()).name, 'main');
  });

  it('next in a recursion stays in its own call', async () => {
    await person.runTo(recursion, ['add']);
    await person.client.request('setBreakpoints', { source: { path: recursion.source }, breakpoints: [] });
    const depth = (await person.frames()).length;
    await person.step('next');
    assert.equal(await line(), recursion.line('leave'));
    assert.equal((await person.frames()).length, depth);
    assert.equal(await person.evaluate('n'), '4');
  });

  it('a breakpoint within what is stepped over stops', async () => {
    await person.runTo(recursion, ['add', 'leave']);
    const stop = await person.step('next');
    assert.equal(stop.reason, 'breakpoint');
    assert.equal(await person.evaluate('n'), '3');
  });

  it('by instructions', async () => {
    await person.runTo(counter, ['start']);
    const first = (await person.top()).instructionPointerReference;
    await person.step('next', 'instruction');
    const second = (await person.top()).instructionPointerReference;
    assert.notEqual(first, second);
    assert.equal(Number(second) - Number(first), 7);
  });

  it('after a data breakpoint, next goes to the next line', async () => {
    await person.runTo(counter, ['start']);
    await person.watch({ dataId: await person.idOf('counter'), accessType: 'write' });
    await person.continue();
    assert.equal(await line(), counter.line('bump'));
    await person.step('next');
    assert.equal(await line(), counter.line('bump') + 1);
  });

  it('a data breakpoint within what is stepped over stops', async () => {
    await person.runTo(counter, ['start']);
    await person.watch({ dataId: await person.idOf('counter'), accessType: 'write' });
    await person.step('next');
    await person.step('next');
    const stop = await person.step('next');
    assert.equal(stop.description, 'counter: 40 → 41');
  });

  it('stepping out of main lets the program end', async () => {
    await person.runTo(counter, ['print']);
    await person.client.request('stepOut', { threadId: person.thread });
    assert.equal(await person.end(), 3);
  });
});

describe('breakpoints on lines and functions', () => {
  let person: Person;
  let counter: Compiled;

  before(() => {
    counter = compile('counter');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  it('move to the next line with code, and say so', async () => {
    await person.launch(counter.program);
    const [moved] = await person.breakAt(counter, ['bump']);
    assert.equal(moved.verified, true);
    assert.equal(moved.line, counter.line('bump'));
    const body = await person.client.request('setBreakpoints', {
      source: { path: counter.source },
      breakpoints: [{ line: counter.line('bump') - 2 }, { line: 5000 }],
    });
    const [blank, beyond] = body.breakpoints as { verified: boolean; line?: number; message?: string }[];
    assert.equal(blank.verified, true);
    assert.equal(blank.line, counter.line('bump') - 1);
    assert.equal(beyond.verified, false);
    assert.match(beyond.message ?? '', /No code/);
  });

  it('obey conditions, hit counts and log messages', async () => {
    await person.launch(counter.program);
    await person.client.request('setBreakpoints', {
      source: { path: counter.source },
      breakpoints: [
        { line: counter.line('bump'), logMessage: 'counter is {counter}, next {counter + by}' },
        { line: counter.line('rewrite'), hitCondition: '2' },
        { line: counter.line('total'), condition: 'i == 2' },
      ],
    });
    assert.equal((await person.begin()).reason, 'breakpoint');
    assert.equal((await person.top()).line, counter.line('rewrite'));
    assert.equal(await person.evaluate('counter'), '42');
    await person.continue();
    assert.equal(await person.evaluate('i'), '2');
    assert.match(
      person.client.output('console'),
      /counter is 40, next 41\ncounter is 41, next 42\ncounter is 42, next 43\n/,
    );
    assert.equal(await person.toTheEnd(), 3);
  });

  it('a condition that cannot be evaluated stops and is told once', async () => {
    await person.launch(counter.program);
    await person.client.request('setBreakpoints', {
      source: { path: counter.source },
      breakpoints: [{ line: counter.line('bump'), condition: 'by / 0' }],
    });
    assert.equal((await person.begin()).reason, 'breakpoint');
    await person.continue();
    assert.equal(person.client.output('important').match(/cannot be evaluated/g)?.length, 1);
  });

  it('on functions', async () => {
    await person.launch(counter.program);
    const body = await person.client.request('setFunctionBreakpoints', {
      breakpoints: [{ name: 'rewrite' }, { name: 'nothing' }],
    });
    const [found, missing] = body.breakpoints as { verified: boolean; line?: number; message?: string }[];
    assert.equal(found.verified, true);
    assert.equal(found.line, counter.line('rewrite'));
    assert.equal(missing.verified, false);
    const stop = await person.begin();
    assert.equal(stop.reason, 'function breakpoint');
    assert.equal((await person.top()).line, counter.line('rewrite'));
  });

  it('can be set while the program runs', async () => {
    const spin = compile('spin');
    await person.launch(spin.program);
    await person.client.request('configurationDone');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await person.breakAt(spin, ['turn']);
    assert.equal((await person.stop()).reason, 'breakpoint');
    assert.equal((await person.top()).line, spin.line('turn'));
  });
});
