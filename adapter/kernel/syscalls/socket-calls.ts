// socket-calls.ts: sockets within the emulated machine: socketpair, UNIX sockets, TCP and UDP on its loopback.
//
// Truth: socket(2), bind(2), listen(2), accept(2), connect(2), shutdown(2), getsockopt(2), socket(7).

import { Errno, ErrnoError } from '../abi/errno.table';
import { O_CLOEXEC, O_NONBLOCK } from '../abi/file-constants';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { AF_INET, AF_INET6, AF_UNIX, loopback, SocketAddress } from '../files/sockets/socket-address';
import type { SocketFamily } from '../files/sockets/socket-address';
import { CAPACITY, Socket, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } from '../files/sockets/socket';
import type { SocketKind } from '../files/sockets/socket';
import { SocketSpace } from '../files/sockets/socket-space';
import { blockOn, type Outcome } from '../process/blocking';
import type { KernelContext } from '../process/kernel-context';
import type { Call, Handler } from './call';

const TYPE_MASK = 0xf;
const SOL_SOCKET = 1;
const SO = {
  error: 4,
  type: 3,
  sendBuffer: 7,
  receiveBuffer: 8,
  peerCredentials: 17,
  listens: 30,
  protocol: 38,
  domain: 39,
};
const MAX_ADDRESS = 128;
const UCRED_BYTES = 12;

const spaces = new WeakMap<KernelContext, SocketSpace<Socket>>();

function spaceOf(kernel: KernelContext): SocketSpace<Socket> {
  const known = spaces.get(kernel) ?? new SocketSpace<Socket>();
  spaces.set(kernel, known);
  return known;
}

/** The socket behind a descriptor. */
export function socketAt(call: Call, index = 0): Socket {
  const file = call.process.files.get(call.int(index));
  if (!(file instanceof Socket)) throw new ErrnoError('ENOTSOCK');
  return file;
}

function kindOf(call: Call): SocketKind {
  const family = call.int(0);
  const type = call.int(1) & TYPE_MASK;
  if (family !== AF_UNIX && family !== AF_INET && family !== AF_INET6) throw new ErrnoError('EAFNOSUPPORT');
  const known = type === SOCK_STREAM || type === SOCK_DGRAM || (type === SOCK_SEQPACKET && family === AF_UNIX);
  if (!known) throw new ErrnoError(type === SOCK_SEQPACKET ? 'ESOCKTNOSUPPORT' : 'EPROTONOSUPPORT');
  return { family, type, protocol: call.int(2) };
}

function create(call: Call, kind: SocketKind, flags: number): Socket {
  const { kernel, process } = call;
  return new Socket(kind, flags & O_NONBLOCK, spaceOf(kernel), kernel.takeInode(), process.pid);
}

/** SOCK_CLOEXEC and SOCK_NONBLOCK have the values of O_CLOEXEC and O_NONBLOCK. */
const closesOnExec = (flags: number): boolean => (flags & O_CLOEXEC) !== 0;

function socket(call: Call): number {
  const flags = call.int(1);
  return call.process.files.add(create(call, kindOf(call), flags), closesOnExec(flags));
}

function socketpair(call: Call): number {
  const kind = kindOf(call);
  if (kind.family !== AF_UNIX) throw new ErrnoError('EOPNOTSUPP');
  const flags = call.int(1);
  call.user.require(call.pointer(3), 8, 'write');
  const [one, two] = [create(call, kind, flags), create(call, kind, flags)];
  one.join(two);
  const fds = [one, two].map((each) => call.process.files.add(each, closesOnExec(flags)));
  call.user.write(call.pointer(3), new StructWriter(8).u32(fds[0]).u32(fds[1]).bytes);
  return 0;
}

/** An address that the program names. */
export function addressArgument(call: Call, pointer: bigint, lengthBytes: number, family: SocketFamily): SocketAddress {
  if (lengthBytes < 2 || lengthBytes > MAX_ADDRESS) throw new ErrnoError('EINVAL');
  const address = new SocketAddress(call.user.read(pointer, lengthBytes));
  if (address.family !== family) throw new ErrnoError(family === AF_UNIX ? 'EINVAL' : 'EAFNOSUPPORT');
  return address;
}

/** Cut to the room there is; the length told is the whole. */
export function giveAddress(call: Call, address: SocketAddress, pointer: bigint, lengthPointer: bigint): void {
  if (pointer === 0n) return;
  const room = call.user.readU32(lengthPointer);
  if (room > 0x7fffffff) throw new ErrnoError('EINVAL');
  call.user.write(pointer, address.bytes.subarray(0, room));
  call.user.write(lengthPointer, new StructWriter(4).u32(address.bytes.length).bytes);
}

function bind(call: Call): number {
  const own = socketAt(call);
  if (own.local !== undefined) throw new ErrnoError('EINVAL');
  const address = addressArgument(call, call.pointer(1), call.int(2), own.family);
  if (own.family !== AF_UNIX && !address.isLocal) throw new ErrnoError('EADDRNOTAVAIL');
  own.space.bind(own, address);
  return 0;
}

function listen(call: Call): number {
  const own = socketAt(call);
  if (!own.isConnectionBased) throw new ErrnoError('EOPNOTSUPP');
  if (own.isConnected || (own.family === AF_UNIX && own.local === undefined)) throw new ErrnoError('EINVAL');
  own.space.bindAny(own);
  own.waiting ??= [];
  own.backlog = Math.max(call.int(1), 0);
  return 0;
}

function connect(call: Call): Outcome {
  const own = socketAt(call);
  const address = addressArgument(call, call.pointer(1), call.int(2), own.family);
  if (own.family !== AF_UNIX && !address.isLocal) {
    call.kernel.notice('The program asked for a place in the network; the emulated machine has only its own loopback.');
    throw new ErrnoError('ENETUNREACH');
  }
  if (!own.isConnectionBased) {
    own.space.bindAny(own);
    own.remote = address;
    own.isConnected = true;
    return 0;
  }
  if (own.isConnected) throw new ErrnoError('EISCONN');
  if (own.waiting !== undefined) throw new ErrnoError('EINVAL');
  return connectTo(call, own, address);
}

function connectTo(call: Call, own: Socket, address: SocketAddress): Outcome {
  const listener = own.space.find(own, address);
  if (listener === undefined && own.family === AF_UNIX) throw new ErrnoError('ENOENT');
  if (listener?.waiting === undefined) throw new ErrnoError('ECONNREFUSED');
  if (listener.kind.type !== own.kind.type) throw new ErrnoError('EPROTOTYPE');
  if (listener.waiting.length > listener.backlog) {
    if (own.nonBlocking) return -Errno.EAGAIN;
    return blockOn([listener.changed], () => connectTo(call, own, address));
  }
  own.space.bindAny(own);
  const { kernel } = call;
  const accepted = new Socket(listener.kind, 0, own.space, kernel.takeInode(), listener.pid);
  accepted.local = listener.family === AF_UNIX ? listener.local : loopback(listener.family, listener.ownAddress.port);
  own.join(accepted);
  if (own.family !== AF_UNIX) own.remote = address;
  listener.waiting.push(accepted);
  listener.changed.wakeAll();
  return 0;
}

function accept(call: Call, flags: number): Outcome {
  const listener = socketAt(call);
  const attempt = (): Outcome => {
    if (listener.waiting === undefined) throw new ErrnoError(listener.isConnectionBased ? 'EINVAL' : 'EOPNOTSUPP');
    const next = listener.waiting.shift();
    if (next === undefined) return listener.nonBlocking ? -Errno.EAGAIN : blockOn([listener.changed], attempt);
    next.flags |= flags & O_NONBLOCK;
    listener.changed.wakeAll();
    giveAddress(call, next.remote ?? loopback(next.family, 0), call.pointer(1), call.pointer(2));
    return call.process.files.add(next, closesOnExec(flags));
  };
  return attempt();
}

function getsockname(call: Call): number {
  giveAddress(call, socketAt(call).ownAddress, call.pointer(1), call.pointer(2));
  return 0;
}

function getpeername(call: Call): number {
  const own = socketAt(call);
  if (!own.isConnected) throw new ErrnoError('ENOTCONN');
  giveAddress(call, own.remote ?? loopback(own.family, 0), call.pointer(1), call.pointer(2));
  return 0;
}

function shutdown(call: Call): number {
  const how = call.int(1);
  if (how < 0 || how > 2) throw new ErrnoError('EINVAL');
  socketAt(call).shutdown(how !== 1, how !== 0);
  return 0;
}

function getsockopt(call: Call): number {
  const own = socketAt(call);
  const bytes = optionBytes(call, own, call.int(1), call.int(2));
  const room = Math.min(call.user.readU32(call.pointer(4)), bytes.length);
  call.user.write(call.pointer(3), bytes.subarray(0, room));
  call.user.write(call.pointer(4), new StructWriter(4).u32(room).bytes);
  return 0;
}

function optionBytes(call: Call, own: Socket, level: number, name: number): Uint8Array {
  const number = (value: number): Uint8Array => new StructWriter(4).u32(value).bytes;
  const kept = own.options.get(`${level}:${name}`);
  if (level !== SOL_SOCKET) return kept ?? number(0);
  switch (name) {
    case SO.type:
      return number(own.kind.type);
    case SO.domain:
      return number(own.family);
    case SO.protocol:
      return number(own.kind.protocol);
    case SO.listens:
      return number(own.waiting === undefined ? 0 : 1);
    case SO.error:
      return number(0);
    case SO.sendBuffer:
    case SO.receiveBuffer:
      return number(CAPACITY);
    case SO.peerCredentials: {
      const { uid, gid } = call.process.credentials;
      return new StructWriter(UCRED_BYTES)
        .u32(own.peer?.pid ?? 0)
        .u32(uid)
        .u32(gid).bytes;
    }
    default:
      return kept ?? number(0);
  }
}

/** Kept and told back; of them only the timeouts do anything here. */
function setsockopt(call: Call): number {
  const lengthBytes = call.int(4);
  if (lengthBytes < 0 || lengthBytes > MAX_ADDRESS) throw new ErrnoError('EINVAL');
  socketAt(call).options.set(`${call.int(1)}:${call.int(2)}`, call.user.read(call.pointer(3), lengthBytes));
  return 0;
}

const SO_RCVTIMEO = 20;

/** When a receive gives up, in kernel time. */
export function receiveDeadline(call: Call, own: Socket): bigint | undefined {
  const bytes = own.options.get(`${SOL_SOCKET}:${SO_RCVTIMEO}`);
  if (bytes === undefined || bytes.length < 16) return undefined;
  const view = viewOf(bytes);
  const ns = view.getBigInt64(0, true) * 1_000_000_000n + view.getBigInt64(8, true) * 1000n;
  return ns <= 0n ? undefined : call.kernel.nowNs + ns;
}

export const SOCKET_CALLS: Readonly<Record<string, Handler>> = {
  socket,
  socketpair,
  bind,
  listen,
  connect,
  accept: (call) => accept(call, 0),
  accept4: (call) => accept(call, call.int(3)),
  getsockname,
  getpeername,
  shutdown,
  getsockopt,
  setsockopt,
};
