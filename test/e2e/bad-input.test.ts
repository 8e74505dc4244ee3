import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile, scratch } from './support/compiled';
import { Person } from './support/session';

describe('bad input is told, and nothing dies of it', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  async function launchError(configuration: object): Promise<string> {
    await person.client.request('initialize', { adapterID: 'trapline' });
    return person.client.refused('launch', configuration);
  }

  it('a missing program', async () => {
    assert.match(
      await launchError({ program: 'nowhere', cwd: '/tmp' }),
      /\/tmp\/nowhere .*does not exist\. Has it been built\?/,
    );
  });

  it('no program at all', async () => {
    assert.match(await launchError({}), /names no `program`/);
  });

  it('a directory', async () => {
    assert.match(await launchError({ program: scratch() }), /is a directory/);
  });

  it('a text, a script and an object file', async () => {
    const file = (name: string, text: string): string => {
      const written = path.join(scratch(), name);
      writeFileSync(written, text);
      chmodSync(written, 0o755);
      return written;
    };
    assert.match(await launchError({ program: file('text', 'hello') }), /is no ELF executable/);
    assert.match(await person.client.refused('launch', { program: file('script', '#!/bin/sh\n') }), /is a script/);
    const object = path.join(scratch(), 'spin.o');
    execFileSync('gcc', ['-c', '-o', object, 'test/programs/spin.c']);
    assert.match(await person.client.refused('launch', { program: object }), /is an object file.*Link it first/);
    // And after all these a good one.
    await person.client.request('launch', { program: compile('counter').program });
  });

  it('a program for another machine', async () => {
    const bytes = Buffer.alloc(64);
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    bytes.writeUInt16LE(2, 16);
    bytes.writeUInt16LE(183, 18);
    const program = path.join(scratch(), 'arm');
    writeFileSync(program, bytes);
    assert.match(await launchError({ program }), /made for ARM \(64 bits\).*x86-64/);
  });

  it('a damaged ELF', async () => {
    const bytes = Buffer.alloc(64, 0xff);
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    bytes.writeUInt16LE(2, 16);
    bytes.writeUInt16LE(62, 18);
    const program = path.join(scratch(), 'damaged');
    writeFileSync(program, bytes);
    const message = await launchError({ program });
    assert.ok(message.length > 20 && !message.includes('Trapline has a bug'), message);
  });

  it('a breakpoint in a copy of the source, and one below its last line: why they are not set', async () => {
    const { program, source } = compile('counter');
    await person.launch(program);
    const copy = path.join(scratch(), path.basename(source));
    copyFileSync(source, copy);
    const messages: string[] = [];
    for (const [file, line] of [
      [copy, 1],
      [source, 9999],
    ] as const) {
      const body = await person.client.request('setBreakpoints', { source: { path: file }, breakpoints: [{ line }] });
      const [unbound] = body.breakpoints as { verified: boolean; message: string }[];
      assert.equal(unbound.verified, false);
      messages.push(unbound.message);
    }
    assert.equal(
      messages[0],
      `The program was compiled from ${source}: set the breakpoint there, or compile this file.`,
    );
    assert.match(messages[1], /^No code was compiled for line 9999 of counter\.c /);
  });

  it('no debug information: runs, says what is missing, and stops at functions and addresses', async () => {
    const plain = compile('counter', ['-O0']);
    await person.launch(plain.program);
    assert.match(person.client.output('important'), /no debug information.*-g/);
    const body = await person.client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'main' }] });
    assert.equal((body.breakpoints as { verified: boolean }[])[0]?.verified, true);
    const lines = await person.client.request('setBreakpoints', {
      source: { path: plain.source },
      breakpoints: [{ line: 9 }],
    });
    const [unbound] = lines.breakpoints as { verified: boolean; message: string }[];
    assert.equal(unbound.verified, false);
    assert.match(unbound.message, /-g/);
    const stop = await person.begin();
    assert.equal(stop.reason, 'function breakpoint');
    assert.equal((await person.top()).name, 'main');
    // An editor folds what is faint: the program's own frames must not be, or none would be seen.
    const faint = new Map((await person.frames()).map(({ name, presentationHint }) => [name, presentationHint]));
    assert.equal(faint.get('main'), undefined);
    assert.equal([...faint.values()].includes('subtle'), true, 'the C library is faint');
    await person.watch({ dataId: await person.idOf('counter'), accessType: 'write' });
    assert.equal((await person.continue()).description, 'counter: 0x28 → 0x29');
    await person.watch();
    assert.equal(await person.toTheEnd(), 3);
  });

  it('sources that are not on this machine: the frames of the program are in full sight', async () => {
    const copy = path.join(scratch(), 'gone.c');
    copyFileSync(compile('counter').source, copy);
    const program = path.join(scratch(), 'gone');
    execFileSync('gcc', ['-g', '-O0', '-o', program, copy]);
    unlinkSync(copy);
    await person.launch(program);
    await person.client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'main' }] });
    await person.begin();
    const { name, presentationHint, source } = await person.top();
    assert.deepEqual([name, presentationHint, source?.presentationHint], ['main', undefined, undefined]);
    assert.ok(source?.sourceReference, 'the editor asks for a text that says so');
  });

  it('requests that nobody knows, without arguments, with wrong ones, too early', async () => {
    assert.match(await person.client.refused('dance'), /does not know the request `dance`/);
    await person.client.request('initialize', {});
    assert.match(await person.client.refused('threads'), /No program has been launched/);
    await person.client.request('launch', { program: compile('counter').program });
    assert.match(await person.client.refused('setBreakpoints'), /needs `path`/);
    assert.match(await person.client.refused('stackTrace', { threadId: 'one' }), /needs `threadId`/);
    assert.match(await person.client.refused('variables', { variablesReference: 4711 }), /earlier stop/);
    assert.match(await person.client.refused('scopes', { frameId: 4711 }), /earlier stop/);
    assert.match(await person.client.refused('setDataBreakpoints', { breakpoints: 5 }), /needs `breakpoints`/);
    assert.match(await person.client.refused('readMemory', { memoryReference: 'x', count: 1 }), /is no address/);
    assert.match(await person.client.refused('evaluate', { expression: 'counter +' }), /./);
    assert.match(await person.client.refused('attach', { pid: 1 }), /launch/);
  });

  it('damaged messages between good ones', async () => {
    await person.client.request('initialize', {});
    person.client.sendRaw('Content-Length: 9\r\n\r\n{"broken"');
    person.client.sendRaw('what is this\r\n\r\n');
    person.client.sendRaw('Content-Length: 4\r\n\r\nnull');
    person.client.sendRaw('Content-Length: 22\r\n\r\n{"type":"event","a":1}');
    assert.match(await person.client.refused('threads'), /No program/);
    assert.match(person.client.output('console'), /not JSON/);
    assert.match(person.client.stderr.join(''), /not JSON/);
  });

  it('a stream that ends within a message', async () => {
    await person.client.request('initialize', {});
    person.client.sendRaw('Content-Length: 100\r\n\r\n{"seq":');
    person.client.endInput();
    assert.equal(await person.client.exit, 0);
    assert.match(person.client.stderr.join(''), /ended after 7 of 100 bytes/);
  });

  it('an editor that vanishes while the program runs', async () => {
    await person.launch(compile('spin').program);
    await person.client.request('configurationDone');
    person.client.endInput();
    assert.equal(await person.client.exit, 0);
  });
});
