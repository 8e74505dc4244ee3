// gdbserver-verb.ts: `trapline gdbserver`: a real gdb connects with `target remote`.
//
// Takes gdbserver's own command line (--once, --multi, COMM PROGRAM ARGS), so that whoever drives gdbserver can drive
// this. The protocol is wire/gdb-remote's; here are the socket, the files and the engine.

import * as fs from 'node:fs';
import * as net from 'node:net';
import { UserError } from '../util/user-error';
import type { Engine } from '../session/engine';
import type { Target } from '../target/target';
import { GdbStub } from '../wire/gdb-remote/stub';
import type { StubConnection, StubHost } from '../wire/gdb-remote/stub-state';
import { sessionEngine } from './session-engine';

const USAGE = `usage: trapline gdbserver [options] COMM [PROGRAM [ARGS…]]

COMM is :PORT, HOST:PORT, or - for standard input and output.

  --once        end when the first connection closes
  --multi       wait for connections without a program; gdb starts one (target extended-remote)
  --cpus=N      emulated CPUs (2)
  --debug-registers=N  of each thread (4)
`;

interface ServerOptions {
  readonly once: boolean;
  readonly multi: boolean;
  readonly cpus: number;
  readonly debugRegisters: number;
  readonly listen: { readonly host: string; readonly port: number } | 'stdio';
  readonly program: string | undefined;
  readonly args: readonly string[];
}

/** Answers the exit code; runs until the program or the last connection ends. */
export function gdbserverVerb(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(USAGE);
    return Promise.resolve(0);
  }
  const options = parseOptions(argv);
  const host = new ServerHost(options, sessionEngine());
  const first = options.program === undefined ? undefined : host.launch(options.program, options.args);
  if (first !== undefined) {
    process.stderr.write(`Process ${host.program} created; pid = ${first.processId}\n`);
  }
  return options.listen === 'stdio' ? serveStdio(host, first) : serveTcp(host, first, options, options.listen);
}

class ServerHost implements StubHost {
  program = '';

  constructor(
    private readonly options: ServerOptions,
    private readonly engine: Engine,
  ) {}

  readFile(path: string): Uint8Array | undefined {
    try {
      return fs.readFileSync(path);
    } catch {
      return undefined;
    }
  }

  launch(program: string, args: readonly string[]): Target {
    const { cpus, debugRegisters } = this.options;
    const target = this.engine.createTarget({
      program,
      args,
      cwd: process.cwd(),
      env: {},
      stdin: undefined,
      cpus,
      debugRegisters,
    });
    this.program = fs.realpathSync(program);
    return target;
  }
}

function serveStdio(host: ServerHost, first: Target | undefined): Promise<number> {
  return new Promise((resolve) => {
    const stub = connect(host, first, {
      send: (bytes) => process.stdout.write(bytes),
      close: () => {
        resolve(0);
      },
      output: (_stream, bytes) => process.stderr.write(bytes),
    });
    process.stdin.on('data', (bytes: Uint8Array) => {
      stub.receive(bytes);
    });
    process.stdin.on('end', () => {
      resolve(0);
    });
  });
}

function serveTcp(
  host: ServerHost,
  first: Target | undefined,
  options: ServerOptions,
  listen: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    let waiting = first;
    let busy = false;
    const server = net.createServer((socket) => {
      if (busy) {
        socket.destroy(); // One gdb at a time, as with gdbserver.
        return;
      }
      busy = true;
      process.stderr.write(
        `Remote debugging from host ${socket.remoteAddress ?? 'unknown'}, port ${socket.remotePort ?? 0}\n`,
      );
      serveSocket(socket, host, waiting, (what) => {
        busy = false;
        waiting = undefined;
        if (what === 'server' || options.once || !options.multi) server.close();
      });
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(cannotListen(listen.port, error.code ?? error.message));
    });
    server.on('close', () => {
      resolve(0);
    });
    server.listen(listen.port, listen.host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : listen.port;
      process.stderr.write(`Listening on port ${port}\n`);
    });
  });
}

function serveSocket(
  socket: net.Socket,
  host: ServerHost,
  first: Target | undefined,
  closed: (what: 'connection' | 'server') => void,
): void {
  let ended: 'connection' | 'server' = 'connection';
  socket.setNoDelay(true);
  const stub = connect(host, first, {
    send: (bytes) => socket.write(bytes),
    close: (what) => {
      ended = what;
      socket.end();
    },
    output: (stream, bytes) => (stream === 'stdout' ? process.stdout : process.stderr).write(bytes),
  });
  socket.on('data', (bytes) => {
    stub.receive(bytes);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    stub.disconnected();
    closed(ended);
  });
}

function connect(host: StubHost, first: Target | undefined, connection: StubConnection): GdbStub {
  const stub = new GdbStub(host, connection);
  if (first !== undefined) stub.adopt(first);
  return stub;
}

function parseOptions(argv: readonly string[]): ServerOptions {
  const flags = argv.slice(
    0,
    argv.findIndex((word) => !word.startsWith('--')),
  );
  const rest = argv.slice(flags.length);
  const number = (name: string, fallback: number): number => {
    const text = flags.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
    return text === undefined ? fallback : Number(text);
  };
  const comm = rest.at(0);
  if (comm === undefined) throw new UserError('gdbserver-usage', `Where should gdb connect?\n\n${USAGE}`);
  const multi = flags.includes('--multi');
  const program = rest.at(1);
  if (program === undefined && !multi) {
    throw new UserError('gdbserver-usage', `Name the program to debug, or give --multi.\n\n${USAGE}`);
  }
  return {
    once: flags.includes('--once'),
    multi,
    cpus: number('cpus', 2),
    debugRegisters: number('debug-registers', 4),
    listen: parseComm(comm),
    program,
    args: rest.slice(2),
  };
}

function parseComm(text: string): ServerOptions['listen'] {
  if (text === '-' || text === 'stdio') return 'stdio';
  const match = /^(.*):(\d+)$/.exec(text);
  if (match === null || Number(match[2]) > 65535) {
    throw new UserError(
      'gdbserver-comm',
      `"${text}" is not a place to listen. Give :PORT, HOST:PORT, or - for standard input and output.`,
    );
  }
  return { host: match[1] === '' || match[1] === 'localhost' ? '127.0.0.1' : match[1], port: Number(match[2]) };
}

const cannotListen = (port: number, why: string): UserError =>
  new UserError('gdbserver-listen', `Cannot listen on port ${port}: ${why}. Choose another port; 0 takes a free one.`);
