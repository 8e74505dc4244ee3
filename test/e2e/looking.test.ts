import assert from 'node:assert/strict';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { compile } from './support/compiled';
import { Person } from './support/session';

describe('looking at a stopped program', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  it('shows scopes, values, types and children in pages', async () => {
    await person.runTo(compile('shapes'), ['byte']);
    const globals = await person.scope('Globals');
    const all = await person.children(globals);
    assert.equal(all.find(({ name }) => name === 'word')?.value, '3');
    assert.match(all.find(({ name }) => name === 'quad')?.type ?? '', /int64_t|long/);
    const table = all.find(({ name }) => name === 'table');
    assert.equal(table?.indexedVariables, 8);
    const page = await person.children(table.variablesReference, { filter: 'indexed', start: 4, count: 2 });
    assert.deepEqual(
      page.map(({ name, value, evaluateName }) => [name, value, evaluateName]),
      [
        ['[4]', '40', 'table[4]'],
        ['[5]', '50', 'table[5]'],
      ],
    );
    const hex = await person.children(table.variablesReference, { start: 5, count: 1, format: { hex: true } });
    assert.equal(hex[0]?.value, '0x32');
    const settings = all.find(({ name }) => name === 'settings');
    const origin = await person.child(settings?.variablesReference ?? 0, 'origin');
    assert.equal(origin.evaluateName, 'settings.origin');
    const chosen = all.find(({ name }) => name === 'chosen');
    const y = await person.child(chosen?.variablesReference ?? 0, 'y');
    assert.equal(y.evaluateName, 'chosen->y');
    assert.equal(y.value, '22');
  });

  it('shows arguments, locals and registers of each frame', async () => {
    const counter = compile('counter');
    await person.runTo(counter, ['bump']);
    const [inner, outer] = await person.frames();
    assert.deepEqual(
      (await person.children(await person.scope('Arguments', inner.id))).map(({ name, value }) => [name, value]),
      [['by', '1']],
    );
    const locals = await person.children(await person.scope('Locals', outer.id));
    assert.equal(locals.find(({ name }) => name === 'i')?.value, '0');
    const rip = await person.child(await person.scope('Registers', inner.id), 'rip');
    assert.equal(BigInt(rip.value), BigInt(inner.instructionPointerReference ?? '0'));
    const outerRip = await person.child(await person.scope('Registers', outer.id), 'rip');
    assert.notEqual(outerRip.value, rip.value);
  });

  it('changes variables, members and registers, and a watch does not call that a write', async () => {
    const counter = compile('counter');
    await person.runTo(counter, ['bump']);
    const globals = await person.scope('Globals');
    await person.watch({ dataId: await person.idOf('counter'), accessType: 'write' });
    const set = await person.client.request('setVariable', {
      variablesReference: globals,
      name: 'counter',
      value: '100',
    });
    assert.equal(set.value, '100');
    await person.client.request('setExpression', { expression: 'by', value: '5', frameId: (await person.top()).id });
    assert.equal((await person.continue()).description, 'counter: 100 → 105');
    const message = await person.client.refused('setVariable', {
      variablesReference: await person.scope('Globals'),
      name: 'counter',
      value: 'apple',
    });
    assert.match(message, /apple/);
    assert.equal(await person.evaluate('counter = 7', 'repl'), '7');
    assert.equal(await person.evaluate('counter'), '7');
  });

  it('evaluates expressions, and says what is wrong with them', async () => {
    const counter = compile('counter');
    await person.runTo(counter, ['bump']);
    assert.equal(await person.evaluate('counter + by * 2'), '42');
    assert.equal(await person.evaluate('sizeof(total)'), '8');
    const { id } = await person.top();
    const ask = (expression: string) =>
      person.client.refused('evaluate', { expression, frameId: id, context: 'hover' });
    assert.match(await ask('nothing'), /nothing/);
    assert.match(await ask('counter / 0'), /zero/);
    assert.match(await ask('*counter'), /./);
  });

  it('reads and writes memory', async () => {
    const counter = compile('counter');
    await person.runTo(counter, ['bump']);
    const memoryReference = /0x[0-9a-f]+/.exec(await person.evaluate('&counter'))?.[0] ?? '';
    const read = await person.client.request('readMemory', { memoryReference, count: 4 });
    assert.equal(Buffer.from(String(read.data), 'base64').readInt32LE(), 40);
    const data = Buffer.from([9, 0, 0, 0]).toString('base64');
    assert.equal((await person.client.request('writeMemory', { memoryReference, data })).bytesWritten, 4);
    assert.equal(await person.evaluate('counter'), '9');
    const nowhere = await person.client.request('readMemory', { memoryReference: '0x10', count: 16 });
    assert.equal(nowhere.unreadableBytes, 16);
    assert.match(await person.client.refused('writeMemory', { memoryReference: '0x10', data }), /not all mapped/);
  });

  it('disassembles as many lines as asked for, before and after', async () => {
    await person.runTo(compile('counter'), ['bump']);
    const memoryReference = (await person.top()).instructionPointerReference ?? '';
    const body = await person.client.request('disassemble', {
      memoryReference,
      instructionOffset: -3,
      instructionCount: 8,
    });
    const lines = body.instructions as DebugProtocol.DisassembledInstruction[];
    assert.equal(lines.length, 8);
    assert.equal(lines[3]?.address, memoryReference);
    assert.match(lines[0]?.instruction ?? '', /push|mov|endbr64/);
    assert.match(lines.map(({ instruction }) => instruction).join('\n'), /mov|add/);
  });

  it('lists modules and sources', async () => {
    const counter = compile('counter');
    await person.runTo(counter, ['bump']);
    const modules = (await person.client.request('modules')).modules as DebugProtocol.Module[];
    assert.ok(
      modules.some(({ name }) => name.startsWith('libc')),
      JSON.stringify(modules),
    );
    const { sources } = (await person.client.request('loadedSources')) as unknown as {
      sources: DebugProtocol.Source[];
    };
    assert.ok(sources.some(({ path }) => path?.endsWith('/counter.c')));
  });

  it('frames beyond main are there, and a deep stack comes in pages', async () => {
    await person.runTo(compile('recursion'), ['leave']);
    const frames = await person.frames();
    assert.deepEqual(
      frames.slice(0, 6).map(({ name }) => name),
      ['sum', 'sum', 'sum', 'sum', 'sum', 'main'],
    );
    const page = await person.client.request('stackTrace', { threadId: person.thread, startFrame: 4, levels: 2 });
    const names = (page.stackFrames as DebugProtocol.StackFrame[]).map(({ name }) => name);
    assert.deepEqual(names, ['sum', 'main']);
    assert.ok(Number(page.totalFrames) >= 6);
  });

  it('shows floating values that live in SSE registers, and conditions know them', async () => {
    const floats = compile('floats', ['-g', '-O1']);
    await person.runTo(floats, ['mix']);
    assert.equal(await person.evaluate('a'), '1.5');
    assert.equal(await person.evaluate('b'), '1');
    assert.equal((await person.child(await person.scope('Arguments'), 'a')).value, '1.5');
    assert.match(await person.evaluate('$xmm0', 'repl'), /1\.5/);
    assert.match(await person.evaluate('$eflags', 'repl'), /IF/);
    await person.breakAt(floats, []);
    const [answer] = await person.watch({
      dataId: await person.idOf('last'),
      accessType: 'readWrite',
      condition: 'a > 4',
    });
    assert.equal(answer.verified, true, answer.message);
    assert.equal((await person.continue()).description, 'last: 1 (written, unchanged)');
    assert.equal(await person.evaluate('a'), '4.5');
    assert.equal(await person.toTheEnd(), 0);
  });
});
