// socket-space.ts: the machine's own network: names of UNIX sockets, ports of its loopback.
//
// Nothing leaves the machine. IPv4 and IPv6 share their ports.
// Quirk: a UNIX socket's name is free again when its socket is closed, and has no file in the directory.

import { ErrnoError } from '../../abi/errno.table';
import { AF_UNIX, loopback, withPort, type SocketAddress, type SocketFamily } from './socket-address';

const FIRST_FREE_PORT = 32768;
const LAST_PORT = 60999;

/** What a name is given to. */
export interface Nameable {
  readonly family: SocketFamily;
  readonly isStream: boolean;
  local: SocketAddress | undefined;
}

export class SocketSpace<S extends Nameable> {
  private readonly bound = new Map<string, S>();
  private nextPort = FIRST_FREE_PORT;

  /** Gives the socket a name; port 0 asks for a free one. */
  bind(socket: S, wish: SocketAddress): void {
    const isPort = socket.family !== AF_UNIX;
    const address = isPort && wish.port === 0 ? withPort(wish, this.freePort(socket)) : wish;
    const key = keyOf(socket, address);
    const holder = this.bound.get(key);
    if (holder !== undefined && isPort) throw new ErrnoError('EADDRINUSE');
    this.bound.set(key, socket);
    socket.local = address;
  }

  /** A port of its own for a socket that has none. */
  bindAny(socket: S): void {
    if (socket.local === undefined && socket.family !== AF_UNIX) this.bind(socket, loopback(socket.family, 0));
  }

  find(socket: S, address: SocketAddress): S | undefined {
    return this.bound.get(keyOf(socket, address));
  }

  release(socket: S): void {
    if (socket.local === undefined) return;
    const key = keyOf(socket, socket.local);
    if (this.bound.get(key) === socket) this.bound.delete(key);
  }

  private freePort(socket: S): number {
    for (let tries = FIRST_FREE_PORT; tries <= LAST_PORT; tries++) {
      const port = this.nextPort;
      this.nextPort = port === LAST_PORT ? FIRST_FREE_PORT : port + 1;
      if (!this.bound.has(`${socket.isStream ? 'tcp' : 'udp'}:${port}`)) return port;
    }
    throw new ErrnoError('EADDRINUSE');
  }
}

function keyOf(socket: Nameable, address: SocketAddress): string {
  if (socket.family === AF_UNIX) return `unix:${address.name ?? ''}`;
  return `${socket.isStream ? 'tcp' : 'udp'}:${address.port}`;
}
