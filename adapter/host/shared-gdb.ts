// shared-gdb.ts: the launch attribute `gdbserver`: a gdb connects to the program that the editor debugs.
//
// Listens on this machine alone, one gdb at a time, for as long as the program lives. A gdb that goes away leaves
// nothing behind.

import * as fs from 'node:fs';
import * as net from 'node:net';
import type { SharedTarget } from '../target/shared/shared-target';
import { UserError } from '../util/user-error';
import { GdbStub } from '../wire/gdb-remote/stub';
import type { StubHost } from '../wire/gdb-remote/stub-state';

/** `port` 0: any free one. Where it listens, or why it cannot, is told as a notice of the program. */
export function listenForGdb(shared: SharedTarget, program: string, args: readonly string[], port: number): void {
  const host = stubHost(program, args);
  const server = net.createServer((socket) => {
    serve(socket, shared, host);
  });
  server.on('error', (error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'the port is in use' : error.message;
    shared.notice(`gdb cannot connect on port ${port}: ${why}. Choose another \`gdbserver\`; 0 takes a free one.`);
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    shared.notice(`gdb can connect: target remote 127.0.0.1:${bound}`);
  });
  // The editor's session decides how long all this lives.
  server.unref();
  shared.onGone(() => server.close());
}

function serve(socket: net.Socket, shared: SharedTarget, host: StubHost): void {
  const seat = shared.guest();
  if (seat === undefined) {
    socket.destroy();
    return;
  }
  const ignore = (): void => undefined;
  const stub = new GdbStub(host, {
    output: ignore,
    notice: (text) => {
      shared.notice(text);
    },
    detached: ignore,
    ended: ignore,
  });
  socket.setNoDelay(true);
  stub.adopt(seat);
  stub.connected({
    send: (bytes) => socket.write(bytes),
    close: () => {
      socket.destroySoon();
    },
  });
  socket.on('data', (bytes) => {
    stub.receive(bytes);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    stub.disconnected();
    seat.leave();
  });
}

function stubHost(program: string, args: readonly string[]): StubHost {
  return {
    program: fs.realpathSync(program),
    args,
    disabledPackets: new Set(),
    readFile: (path) => {
      try {
        return fs.readFileSync(path);
      } catch {
        return undefined;
      }
    },
    launch: () => {
      throw new UserError(
        'gdb-launch',
        'The editor starts the program here; gdb can watch it. Use the editor to restart.',
      );
    },
  };
}
