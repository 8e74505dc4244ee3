// socket-address.ts: struct sockaddr as programs write it, and the name under which others find a socket.
//
//     sockaddr_un    family(2)  path, or NUL and an abstract name
//     sockaddr_in    family(2)  port(2, big-endian)  address(4)  zero(8)
//     sockaddr_in6   family(2)  port(2, big-endian)  flow(4)  address(16)  scope(4)
//
// Truth: unix(7), ip(7), ipv6(7).

import { ErrnoError } from '../../abi/errno.table';

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;

const PORT_AT = 2;
const IN_BYTES = 16;
const IN6_BYTES = 28;

export type SocketFamily = typeof AF_UNIX | typeof AF_INET | typeof AF_INET6;

/** `bytes` is as the program gave it. */
export class SocketAddress {
  constructor(readonly bytes: Uint8Array) {
    const { family } = this;
    const needed = family === AF_INET ? IN_BYTES : family === AF_INET6 ? IN6_BYTES - 4 : 2;
    if (bytes.length < needed) throw new ErrnoError('EINVAL');
  }

  get family(): number {
    return this.bytes.length < 2 ? -1 : this.bytes[0] | (this.bytes[1] << 8);
  }

  get port(): number {
    return (this.bytes[PORT_AT] << 8) | this.bytes[PORT_AT + 1];
  }

  /** 127.0.0.0/8, ::1, and "any": all there is of a network here. */
  get isLocal(): boolean {
    const { bytes } = this;
    if (this.family === AF_INET) return bytes[4] === 127 || bytes.subarray(4, 8).every((byte) => byte === 0);
    const address = bytes.subarray(8, 24);
    const mapped = address[10] === 0xff && address[11] === 0xff && address[12] === 127;
    return mapped || (address.subarray(0, 15).every((byte) => byte === 0) && address[15] <= 1);
  }

  /** Of UNIX sockets: the path, or `@` and the abstract name; undefined for an unnamed one. */
  get name(): string | undefined {
    const path = this.bytes.subarray(2);
    if (path.length === 0) return undefined;
    const isAbstract = path[0] === 0;
    const nul = isAbstract ? -1 : path.indexOf(0);
    const text = Array.from(nul < 0 ? path : path.subarray(0, nul), (byte) => String.fromCharCode(byte)).join('');
    return isAbstract ? `@${text.slice(1)}` : text;
  }
}

/** Loopback with that port. */
export function loopback(family: SocketFamily, port: number): SocketAddress {
  const bytes = new Uint8Array(family === AF_INET6 ? IN6_BYTES : family === AF_INET ? IN_BYTES : 2);
  bytes[0] = family;
  if (family !== AF_UNIX) {
    bytes[PORT_AT] = port >> 8;
    bytes[PORT_AT + 1] = port & 0xff;
  }
  if (family === AF_INET) bytes.set([127, 0, 0, 1], 4);
  if (family === AF_INET6) bytes[23] = 1;
  return new SocketAddress(bytes);
}

/** The address as given, with another port. */
export function withPort(address: SocketAddress, port: number): SocketAddress {
  const bytes = address.bytes.slice();
  bytes[PORT_AT] = port >> 8;
  bytes[PORT_AT + 1] = port & 0xff;
  return new SocketAddress(bytes);
}
