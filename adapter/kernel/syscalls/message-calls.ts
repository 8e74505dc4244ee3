// message-calls.ts: what is sent and received by sockets: sendto, recvfrom, sendmsg, recvmsg and their many forms.
//
//     struct msghdr   name(8) namelen(4) pad(4) iov(8) iovlen(8) control(8) controllen(8) flags(4)
//     struct cmsghdr  len(8) level(4) type(4) data, padded to 8
//
// Of control messages SCM_RIGHTS is known: descriptors travel to another process.
// Truth: send(2), recv(2), cmsg(3), unix(7).

import { Errno, ErrnoError } from '../abi/errno.table';
import { StructWriter, viewOf } from '../abi/struct-writer';
import type { OpenFile } from '../files/open-file';
import { letGo, type Message, type Socket } from '../files/sockets/socket';
import { AF_UNIX, loopback, type SocketAddress } from '../files/sockets/socket-address';
import { blockOn, type Outcome } from '../process/blocking';
import type { Call, Handler } from './call';
import { raisePipeSignal } from './io-calls';
import { addressArgument, giveAddress, receiveDeadline, socketAt } from './socket-calls';

const MSG = { peek: 2, truncated: 0x20, dontWait: 0x40, waitAll: 0x100, noSignal: 0x4000, closeOnExec: 0x40000000 };
const CONTROL_TRUNCATED = 8;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const HEADER_BYTES = 16;
const MAX_VECTORS = 1024;
const MAX_CONTROL = 4096;

interface Segment {
  readonly address: bigint;
  readonly lengthBytes: number;
}

/** What msghdr says. */
interface MessageHeader {
  readonly at: bigint;
  readonly name: bigint;
  readonly nameBytes: number;
  readonly segments: readonly Segment[];
  readonly control: bigint;
  readonly controlBytes: number;
}

function headerAt(call: Call, at: bigint): MessageHeader {
  const view = viewOf(call.user.read(at, 56));
  const count = Number(view.getBigUint64(24, true));
  if (count > MAX_VECTORS) throw new ErrnoError('EMSGSIZE');
  const vectors = viewOf(call.user.read(view.getBigUint64(16, true), count * 16));
  return {
    at,
    name: view.getBigUint64(0, true),
    nameBytes: view.getUint32(8, true),
    segments: Array.from({ length: count }, (_, i) => ({
      address: vectors.getBigUint64(i * 16, true),
      lengthBytes: Number(vectors.getBigUint64(i * 16 + 8, true)),
    })),
    control: view.getBigUint64(32, true),
    controlBytes: Number(view.getBigUint64(40, true)),
  };
}

/** Whom a send reaches; undefined: a datagram that nobody hears. */
function receiverOf(own: Socket, address: SocketAddress | undefined): Socket | undefined {
  if (address === undefined || own.isConnectionBased) return own.target();
  const found = own.space.find(own, address);
  if (found === undefined && own.family === AF_UNIX) throw new ErrnoError('ENOENT');
  return found;
}

function send(
  call: Call,
  bytes: Uint8Array,
  address: SocketAddress | undefined,
  flags: number,
  files: readonly OpenFile[],
): Outcome {
  const own = socketAt(call);
  if (address !== undefined && own.family !== AF_UNIX && !address.isLocal) throw new ErrnoError('ENETUNREACH');
  if (!own.isConnectionBased) own.space.bindAny(own);
  let done = 0;
  const attempt = (): Outcome => {
    do {
      const to = receiverOf(own, address);
      if (to === undefined) return bytes.length;
      const carried = done === 0 ? files : [];
      const count = own.send({ bytes: bytes.subarray(done), from: own.local, files: carried }, to);
      if (count === undefined) {
        if (own.nonBlocking || (flags & MSG.dontWait) !== 0) return done > 0 ? done : -Errno.EAGAIN;
        return blockOn([own.changed, to.changed], guarded, { interrupt: done > 0 ? 'fail' : 'restart' });
      }
      if (done === 0) for (const file of files) file.references++;
      done += count;
    } while (done < bytes.length);
    return done;
  };
  const guarded = (): Outcome => {
    try {
      return attempt();
    } catch (error) {
      const isPipe = error instanceof ErrnoError && error.errno === Errno.EPIPE;
      if (isPipe && (flags & MSG.noSignal) === 0 && own.isConnectionBased) raisePipeSignal(call);
      throw error;
    }
  };
  return guarded();
}

function sendto(call: Call): Outcome {
  const own = socketAt(call);
  const bytes = call.user.read(call.pointer(1), call.size(2));
  const pointer = call.pointer(4);
  const address = pointer === 0n ? undefined : addressArgument(call, pointer, call.int(5), own.family);
  return send(call, bytes, address, call.int(3), []);
}

function sendmsg(call: Call): Outcome {
  const own = socketAt(call);
  const header = headerAt(call, call.pointer(1));
  const { name, nameBytes, segments } = header;
  const parts = segments.map((segment) => call.user.read(segment.address, segment.lengthBytes));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  const address = name === 0n || nameBytes === 0 ? undefined : addressArgument(call, name, nameBytes, own.family);
  return send(call, bytes, address, call.int(2), filesOf(call, header));
}

/** The files that SCM_RIGHTS names. */
function filesOf(call: Call, { control, controlBytes }: MessageHeader): OpenFile[] {
  if (control === 0n || controlBytes < HEADER_BYTES) return [];
  if (controlBytes > MAX_CONTROL) throw new ErrnoError('ENOBUFS');
  const view = viewOf(call.user.read(control, controlBytes));
  const files: OpenFile[] = [];
  for (let at = 0; at + HEADER_BYTES <= controlBytes;) {
    const length = Number(view.getBigUint64(at, true));
    if (length < HEADER_BYTES || at + length > controlBytes) throw new ErrnoError('EINVAL');
    if (view.getInt32(at + 8, true) === SOL_SOCKET && view.getInt32(at + 12, true) === SCM_RIGHTS) {
      for (let fd = at + HEADER_BYTES; fd + 4 <= at + length; fd += 4) {
        files.push(call.process.files.get(view.getInt32(fd, true)));
      }
    }
    at += (length + 7) & ~7;
  }
  return files;
}

type Received = Message & { readonly whole: number };

/** Waits for a message (with MSG_WAITALL for so many bytes), then `give`s it. */
function receive(
  call: Call,
  own: Socket,
  maxBytes: number,
  flags: number,
  give: (message: Received) => number,
): Outcome {
  const peek = (flags & MSG.peek) !== 0;
  const waitsForAll = (flags & MSG.waitAll) !== 0 && own.isStream && !peek;
  const deadlineNs = receiveDeadline(call, own);
  const isPatient = !own.nonBlocking && (flags & MSG.dontWait) === 0;
  const attempt = (): Outcome => {
    const short = waitsForAll && isPatient && !own.atEnd && (own.receive(maxBytes, true)?.bytes.length ?? 0) < maxBytes;
    const message = short ? undefined : own.receive(maxBytes, peek);
    if (message !== undefined) return give(message);
    if (!isPatient) return -Errno.EAGAIN;
    return blockOn([own.changed], (reason) => (reason === 'timeout' ? -Errno.EAGAIN : attempt()), {
      ...(deadlineNs === undefined ? {} : { deadlineNs }),
    });
  };
  return attempt();
}

const senderOf = (own: Socket, message: Received): SocketAddress => message.from ?? loopback(own.family, 0);

function recvfrom(call: Call): Outcome {
  const own = socketAt(call);
  const flags = call.int(3);
  return receive(call, own, call.size(2), flags, (message) => {
    call.user.write(call.pointer(1), message.bytes);
    if (!own.isConnectionBased) giveAddress(call, senderOf(own, message), call.pointer(4), call.pointer(5));
    if ((flags & MSG.peek) === 0) message.files.forEach(letGo);
    return lengthTold(message, flags);
  });
}

/** With MSG_TRUNC, how long the message was. */
const lengthTold = (message: Received, flags: number): number =>
  (flags & MSG.truncated) === 0 ? message.bytes.length : message.whole;

function recvmsg(call: Call): Outcome {
  const own = socketAt(call);
  const flags = call.int(2);
  const header = headerAt(call, call.pointer(1));
  const room = header.segments.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
  return receive(call, own, room, flags, (message) => {
    scatter(call, header.segments, message.bytes);
    const cut = message.whole > message.bytes.length ? MSG.truncated : 0;
    const control = giveFiles(call, header, message.files, flags);
    const from = senderOf(own, message).bytes;
    const wantsName = header.name !== 0n && !own.isConnectionBased;
    if (wantsName) call.user.write(header.name, from.subarray(0, header.nameBytes));
    call.user.write(header.at + 8n, new StructWriter(4).u32(wantsName ? from.length : 0).bytes);
    call.user.writeU64(header.at + 40n, BigInt(control.lengthBytes));
    call.user.write(header.at + 48n, new StructWriter(4).u32(cut | control.flags).bytes);
    return lengthTold(message, flags);
  });
}

function scatter(call: Call, segments: readonly Segment[], bytes: Uint8Array): void {
  let at = 0;
  for (const { address, lengthBytes } of segments) {
    const part = bytes.subarray(at, at + lengthBytes);
    call.user.write(address, part);
    at += part.length;
  }
}

/** Descriptors for the files that came; those without room are closed. */
function giveFiles(
  call: Call,
  { control, controlBytes }: MessageHeader,
  files: readonly OpenFile[],
  flags: number,
): { readonly lengthBytes: number; readonly flags: number } {
  if (files.length === 0 || (flags & MSG.peek) !== 0) return { lengthBytes: 0, flags: 0 };
  const room = control === 0n ? 0 : Math.max(Math.floor((controlBytes - HEADER_BYTES) / 4), 0);
  const taken = files.slice(0, room);
  const fds = taken.map((file) => call.process.files.add(file, (flags & MSG.closeOnExec) !== 0));
  files.forEach(letGo);
  const cut = taken.length < files.length ? CONTROL_TRUNCATED : 0;
  if (fds.length === 0) return { lengthBytes: 0, flags: cut };
  const length = HEADER_BYTES + fds.length * 4;
  const writer = new StructWriter(length).u64(length).u32(SOL_SOCKET).u32(SCM_RIGHTS);
  for (const fd of fds) writer.u32(fd);
  call.user.write(control, writer.bytes);
  return { lengthBytes: Math.min((length + 7) & ~7, controlBytes), flags: cut };
}

export const MESSAGE_CALLS: Readonly<Record<string, Handler>> = { sendto, recvfrom, sendmsg, recvmsg };
