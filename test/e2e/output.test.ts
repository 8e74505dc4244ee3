import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { compile, scratch } from './support/compiled';
import { ADAPTER } from './support/dap-client';
import { Person } from './support/session';

describe('the program’s surroundings', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  it('output in whole characters by stream, input from a file, arguments, environment, directory', async () => {
    const input = path.join(scratch(), 'input.txt');
    writeFileSync(input, 'a line\n');
    await person.launch(compile('talk').program, {
      args: ['one', 'two words'],
      env: { TRAPLINE_TEST: 'yes' },
      cwd: scratch(),
      stdin: 'input.txt',
    });
    await person.client.request('configurationDone');
    assert.equal(await person.end(), 0);
    assert.equal(
      person.client.output('stdout'),
      `grüße → 日本\nread a line\ncwd ${scratch()}\narg one\narg two words\nenv yes\n`,
    );
    assert.equal(person.client.output('stderr'), 'to stderr\n');
    assert.doesNotMatch(person.client.output('stdout'), /\ufffd/);
  });

  it('noDebug runs to the end', async () => {
    await person.launch(compile('crash').program, { noDebug: true });
    await person.client.request('configurationDone');
    assert.equal(await person.end(), 139);
  });

  it('capabilities say what is there', async () => {
    const body = await person.client.request('initialize', {});
    for (const name of [
      'supportsConfigurationDoneRequest',
      'supportsDataBreakpoints',
      'supportsDataBreakpointBytes',
      'supportsConditionalBreakpoints',
      'supportsHitConditionalBreakpoints',
      'supportsLogPoints',
      'supportsFunctionBreakpoints',
      'supportsSetVariable',
      'supportsSetExpression',
      'supportsEvaluateForHovers',
      'supportsReadMemoryRequest',
      'supportsWriteMemoryRequest',
      'supportsDisassembleRequest',
      'supportsSteppingGranularity',
      'supportsTerminateRequest',
      'supportsExceptionInfoRequest',
      'supportsValueFormattingOptions',
      'supportsModulesRequest',
      'supportsStepBack',
      'supportsCancelRequest',
    ]) {
      assert.equal(body[name], true, name);
    }
  });
});

describe('dap --server', () => {
  it('serves one session per connection, several at a time', async () => {
    const server = spawn(process.execPath, [ADAPTER, 'dap', '--server=0'], { stdio: 'pipe' });
    try {
      const port = await new Promise<number>((resolve) => {
        server.stdout.on('data', (bytes: Buffer) => {
          resolve(Number(/:(\d+)/.exec(bytes.toString())?.[1]));
        });
      });
      const ask = (command: string): Promise<string> =>
        new Promise((resolve, reject) => {
          const socket = connect(port, '127.0.0.1');
          const text = JSON.stringify({ seq: 1, type: 'request', command, arguments: {} });
          socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
          let answer = '';
          socket.on('error', reject);
          socket.on('data', (bytes: Buffer) => {
            answer += bytes.toString();
            if (answer.includes('"request_seq":1')) socket.end();
          });
          socket.on('close', () => {
            resolve(answer);
          });
        });
      const answers = await Promise.all([ask('initialize'), ask('threads')]);
      assert.match(answers[0], /supportsDataBreakpoints/);
      assert.match(answers[1], /No program has been launched/);
      assert.match(await ask('disconnect'), /"success":true/);
    } finally {
      server.kill();
    }
  });
});
