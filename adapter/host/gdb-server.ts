// gdb-server.ts: the sockets of the gdb remote protocol: one gdb at a time, and the next one after it.
//
// As gdbserver: with `once` the first connection is the last; without it, a gdb that goes away leaves the program
// standing for the next one. Says on standard error what gdbserver says there, since those who drive it read that.

import * as net from 'node:net';
import { UserError } from '../util/user-error';
import type { Target } from '../target/target';
import { GdbStub } from '../wire/gdb-remote/stub';
import type { StubEvents, StubHost } from '../wire/gdb-remote/stub-state';
import type { Listen } from './gdbserver-options';
import { hex } from '../util/hex';

export interface ServerParts {
  readonly host: StubHost;
  readonly once: boolean;
  readonly multi: boolean;
  /** A line for the person, without its end. */
  readonly say: (line: string) => void;
  readonly output: StubEvents['output'];
}

export class GdbServer {
  private readonly stub: GdbStub;
  private finish: () => void = () => undefined;
  private released: Target | undefined;
  private closeListener: () => void = () => undefined;

  constructor(private readonly parts: ServerParts) {
    this.stub = new GdbStub(parts.host, {
      output: parts.output,
      notice: parts.say,
      detached: (target) => {
        this.released = target;
      },
      ended: (end) => {
        parts.say(
          end.kind === 'exited'
            ? `\nChild exited with status ${end.code}`
            : `\nChild terminated with signal = ${hex(end.signal.number)} (${end.signal.name})`,
        );
        if (this.released !== undefined) this.finish();
      },
    });
  }

  adopt(target: Target): void {
    this.stub.adopt(target);
  }

  /** Resolves when the server is done. */
  serveStdio(): Promise<void> {
    return new Promise((resolve) => {
      this.finish = resolve;
      this.stub.connected({
        send: (bytes) => process.stdout.write(bytes),
        close: () => {
          this.connectionClosed('server');
        },
      });
      process.stdin.on('data', (bytes: Uint8Array) => {
        this.stub.receive(bytes);
      });
      process.stdin.on('end', () => {
        this.connectionClosed('server');
      });
    });
  }

  /** Resolves when the server is done; rejects with a UserError where it cannot listen. */
  serveTcp(listen: Listen): Promise<void> {
    return new Promise((resolve, reject) => {
      // The first is served. A gdb that comes back may be here before its last connection is known to be gone.
      const sockets: net.Socket[] = [];
      const serveFirst = (): void => {
        const socket = sockets.at(0);
        if (socket === undefined) return;
        this.parts.say(`Remote debugging from host ${socket.remoteAddress ?? ''}, port ${socket.remotePort ?? 0}`);
        this.serveSocket(socket, (what) => {
          sockets.shift();
          if (!this.connectionClosed(what)) return;
          this.parts.say(`Listening on port ${portOf(server, listen)}`);
          serveFirst();
        });
      };
      const server = net.createServer({ pauseOnConnect: true }, (socket) => {
        if (this.parts.once) server.close();
        sockets.push(socket);
        if (sockets.length === 1) serveFirst();
      });
      this.finish = () => {
        server.close();
        for (const socket of sockets.splice(0)) socket.destroy();
        resolve();
      };
      this.closeListener = () => server.close();
      server.on('error', (error: NodeJS.ErrnoException) => {
        reject(cannotListen(listen, error.code ?? error.message));
      });
      server.listen(listen.port, listen.host, () => {
        this.parts.say(`Listening on port ${portOf(server, listen)}`);
      });
    });
  }

  private serveSocket(socket: net.Socket, closed: (what: 'connection' | 'server') => void): void {
    let ended: 'connection' | 'server' = 'connection';
    socket.setNoDelay(true);
    this.stub.connected({
      send: (bytes) => socket.write(bytes),
      close: (what) => {
        ended = what;
        socket.destroySoon();
      },
    });
    socket.on('data', (bytes) => {
      this.stub.receive(bytes);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.stub.disconnected();
      closed(ended);
    });
    socket.resume();
  }

  /** True where the next gdb may come. */
  private connectionClosed(what: 'connection' | 'server'): boolean {
    const { once, multi } = this.parts;
    const over = what === 'server' || once || (!multi && !this.stub.isExtended && !this.stub.hasProgram);
    if (!over) {
      this.parts.say('Remote side has terminated connection.  GDBserver will reopen the connection.');
      return true;
    }
    this.closeListener();
    // A program that gdb let go of runs to its end first.
    if (this.released !== undefined && !this.stub.hasProgram && what !== 'server') return false;
    if (this.stub.hasProgram) this.stub.endProgram();
    this.finish();
    return false;
  }
}

function portOf(server: net.Server, listen: Listen): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : listen.port;
}

const cannotListen = ({ host, port }: Listen, why: string): UserError => {
  const reason = why === 'EADDRINUSE' ? 'Address already in use' : why;
  return new UserError(
    'gdbserver-listen',
    // gdb's test suite reads the first line.
    `Can't bind address: ${reason}.\n${host}:${port} is not free for this; choose another port. 0 takes a free one.`,
  );
};
