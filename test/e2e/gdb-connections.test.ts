// The server's sockets, without a gdb: who may connect, what is left of one that went, and lines of noise.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { compile } from './support/compiled';

const adapter = path.resolve(__dirname, '../../dist/adapter.js');

class Server {
  said = '';
  private constructor(
    readonly process: ChildProcess,
    private readonly exited: Promise<unknown>,
  ) {}

  static async start(args: readonly string[]): Promise<Server> {
    const child = spawn(process.execPath, [adapter, 'gdbserver', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const server = new Server(child, once(child, 'exit'));
    child.stderr.on('data', (bytes: Buffer) => (server.said += bytes.toString()));
    await server.says(/Listening on port \d+/);
    return server;
  }

  get port(): number {
    return Number(/Listening on port (\d+)/.exec(this.said)?.[1]);
  }

  async says(text: RegExp): Promise<void> {
    while (!text.test(this.said)) {
      assert.equal(this.process.exitCode, null, `the server ended: ${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async ends(): Promise<void> {
    await this.exited;
  }
}

/** Sends packets by hand; `closed` when the other side has gone. */
class Client {
  private text = '';
  readonly closed: Promise<unknown>;

  private constructor(readonly socket: net.Socket) {
    socket.on('data', (bytes) => (this.text += bytes.toString('latin1')));
    socket.on('error', () => socket.destroy());
    this.closed = new Promise((resolve) => socket.on('close', resolve));
  }

  static async connect(server: Server): Promise<Client> {
    const socket = net.connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    return new Client(socket);
  }

  send(packet: string): void {
    const sum = Buffer.from(packet, 'latin1').reduce((total, byte) => (total + byte) & 0xff, 0);
    this.socket.write(`$${packet}#${sum.toString(16).padStart(2, '0')}`, 'latin1');
  }

  /** The next reply's text, acknowledged. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /\$([^#]*)#../.exec(this.text);
      if (match !== null) {
        this.text = this.text.slice(match.index + match[0].length);
        this.socket.write('+');
        return match[1];
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  ask(packet: string): Promise<string> {
    this.send(packet);
    return this.reply();
  }
}

describe('connections to the gdbserver', () => {
  const servers: Server[] = [];
  const serve = async (...args: readonly string[]): Promise<Server> => {
    const server = await Server.start([...args.slice(0, -1), ':0', args.at(-1) ?? '']);
    servers.push(server);
    return server;
  };
  afterEach(() => {
    for (const server of servers.splice(0)) server.process.kill();
  });

  it('one at a time; the next one finds the program where the last one left it, without its breakpoints', async () => {
    const server = await serve(compile('spin', ['-g', '-O0']).program);
    const first = await Client.connect(server);
    assert.match(await first.ask('?'), /^T05/);
    const second = await Client.connect(server);
    second.send('?');
    const stack = Buffer.from(await first.ask('p7'), 'hex').readBigUInt64LE();
    assert.equal(await first.ask(`Z2,${stack.toString(16)},8`), 'OK');
    first.send('vCont;c');
    first.socket.destroy();
    assert.match(await second.reply(), /^T02/);
    assert.match(server.said, /will reopen the connection/);
    const slots = await second.ask(`qRcmd,${Buffer.from('slots').toString('hex')}`);
    assert.match(Buffer.from(slots, 'hex').toString(), /^0 of 4 slots used/m);
    second.send('k');
    await server.ends();
  });

  it('with --once the first is the last, and the program ends with it', async () => {
    const server = await serve('--once', compile('spin', ['-g', '-O0']).program);
    const first = await Client.connect(server);
    assert.match(await first.ask('?'), /^T05/);
    const late = net.connect(server.port, '127.0.0.1');
    const why = await new Promise((resolve) => {
      late.on('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code);
      });
    });
    assert.equal(why, 'ECONNREFUSED');
    first.send('vCont;c');
    first.socket.end();
    await server.ends();
  });

  it('noise, wrong checksums, a packet without an end and one too long are survived', async () => {
    const server = await serve('--once', compile('counter', ['-g', '-O0']).program);
    const client = await Client.connect(server);
    client.socket.write('\0GET / HTTP/1.1\r\n\r\n$?#00$m0,1#zz++--$', 'latin1');
    client.socket.write('x'.repeat(200_000));
    assert.match(await client.ask('?'), /^T05/);
    client.socket.write('$vCont;');
    client.socket.write(Buffer.from('24033f23', 'hex'));
    client.socket.write('00');
    assert.match(await client.ask('?'), /^T05/);
    assert.equal(await client.ask('D'), 'OK');
    await client.closed;
    await server.ends();
    assert.match(server.said, /Child exited with status 3/);
  });
});
