// socket.ts: one socket: its mailbox, its peer, who waits to be accepted.
//
// A stream's mailbox is bytes in pieces, that of the other types messages. A connected pair knows each other; what one
// sends lies in the other's mailbox at once, since everything happens on one machine.
// Truth: socket(7), unix(7), tcp(7), udp(7).

import { ErrnoError } from '../../abi/errno.table';
import { O_RDWR, POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM, S_IFSOCK } from '../../abi/file-constants';
import { StructWriter } from '../../abi/struct-writer';
import type { FileStat } from '../host';
import { OpenFile, syntheticStat, type IoctlAnswer } from '../open-file';
import { AF_UNIX, loopback, type SocketAddress, type SocketFamily } from './socket-address';
import type { SocketSpace } from './socket-space';

export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_SEQPACKET = 5;

const POLLRDHUP = 0x2000;
const FIONREAD = 0x541b;
/** Linux's default of net.core.wmem_default. */
export const CAPACITY = 212_992;

/** What lies in a mailbox. The files are held (their references are counted) until they are taken. */
export interface Message {
  readonly bytes: Uint8Array;
  readonly from: SocketAddress | undefined;
  readonly files: readonly OpenFile[];
}

export interface SocketKind {
  readonly family: SocketFamily;
  readonly type: number;
  readonly protocol: number;
}

export class Socket extends OpenFile {
  local: SocketAddress | undefined;
  remote: SocketAddress | undefined;
  peer: Socket | undefined;
  /** Connections not yet accepted; undefined: does not listen. */
  waiting: Socket[] | undefined;
  backlog = 0;
  isConnected = false;
  readonly options = new Map<string, Uint8Array>();
  private readonly mailbox: Message[] = [];
  private stored = 0;
  private readingEnded = false;
  private writingEnded = false;

  constructor(
    readonly kind: SocketKind,
    flags: number,
    readonly space: SocketSpace<Socket>,
    private readonly inode: number,
    /** The process that made it, for SO_PEERCRED. */
    readonly pid: number,
  ) {
    super(flags | O_RDWR, `socket:[${inode}]`);
  }

  get family(): SocketFamily {
    return this.kind.family;
  }

  get isStream(): boolean {
    return this.kind.type === SOCK_STREAM;
  }

  /** Has peers, and an end: streams and SOCK_SEQPACKET. */
  get isConnectionBased(): boolean {
    return this.kind.type !== SOCK_DGRAM;
  }

  override stat(): FileStat {
    return syntheticStat(S_IFSOCK | 0o777, this.inode);
  }

  /** Two sockets that talk to each other. */
  join(peer: Socket): void {
    this.peer = peer;
    peer.peer = this;
    this.isConnected = peer.isConnected = true;
    this.remote = peer.local;
    peer.remote = this.local;
  }

  /** The message is whole, or undefined: the mailbox is full. Of a stream, what fits. */
  send(message: Message, to: Socket): number | undefined {
    if (this.writingEnded || to.readingEnded) throw new ErrnoError('EPIPE');
    const room = CAPACITY - to.stored;
    const { bytes } = message;
    if (bytes.length > CAPACITY && !this.isStream) throw new ErrnoError('EMSGSIZE');
    if (room <= 0 || (!this.isStream && bytes.length > room)) return undefined;
    const part = bytes.slice(0, room);
    if (part.length > 0 || !this.isStream) to.mailbox.push({ ...message, bytes: part });
    to.stored += part.length;
    to.changed.wakeAll();
    return part.length;
  }

  /** undefined: nothing is there yet. Streams join pieces up to one that carries files. */
  receive(maxBytes: number, peek: boolean): (Message & { readonly whole: number }) | undefined {
    const first = this.mailbox.at(0);
    if (first === undefined) return this.nothing();
    if (!this.isStream) {
      if (!peek) this.drop(first.bytes.length);
      return { ...first, bytes: first.bytes.subarray(0, maxBytes), whole: first.bytes.length };
    }
    return this.receiveBytes(first, maxBytes, peek);
  }

  private receiveBytes(first: Message, maxBytes: number, peek: boolean): Message & { readonly whole: number } {
    const joined = new Uint8Array(Math.min(maxBytes, this.stored));
    let total = 0;
    for (const [index, { bytes, files }] of this.mailbox.entries()) {
      if (total >= maxBytes || (index > 0 && files.length > 0)) break;
      const part = bytes.subarray(0, maxBytes - total);
      joined.set(part, total);
      total += part.length;
    }
    if (!peek) this.drop(total);
    return { bytes: joined.subarray(0, total), from: first.from, files: first.files, whole: total };
  }

  /** Takes bytes from the front; files went with the first of them. */
  private drop(lengthBytes: number): void {
    let left = lengthBytes;
    do {
      const head = this.mailbox[0];
      if (head.bytes.length > left) {
        this.mailbox[0] = { ...head, bytes: head.bytes.subarray(left), files: [] };
        break;
      }
      left -= head.bytes.length;
      this.mailbox.shift();
    } while (left > 0);
    this.stored -= lengthBytes;
    this.changed.wakeAll();
    this.peer?.changed.wakeAll();
  }

  get atEnd(): boolean {
    return this.readingEnded || (this.isConnectionBased && this.isConnected && this.peer === undefined);
  }

  /** The end, or nothing yet. */
  private nothing(): (Message & { readonly whole: number }) | undefined {
    if (this.atEnd) return { ...NOTHING, whole: 0 };
    if (this.isConnectionBased && !this.isConnected) throw new ErrnoError('ENOTCONN');
    return undefined;
  }

  override read(maxBytes: number): Uint8Array | undefined {
    const message = this.receive(maxBytes, false);
    message?.files.forEach(letGo);
    return message?.bytes;
  }

  override write(bytes: Uint8Array): number | undefined {
    return this.send({ bytes, from: this.local, files: [] }, this.target());
  }

  /** Whom a send without an address reaches. */
  target(): Socket {
    if (this.peer !== undefined) return this.peer;
    if (this.isConnectionBased) {
      throw new ErrnoError(this.isConnected || this.family !== AF_UNIX ? 'EPIPE' : 'ENOTCONN');
    }
    if (this.remote === undefined) throw new ErrnoError(this.family === AF_UNIX ? 'ENOTCONN' : 'EDESTADDRREQ');
    const found = this.space.find(this, this.remote);
    if (found === undefined) throw new ErrnoError('ECONNREFUSED');
    return found;
  }

  override poll(): number {
    if (this.waiting !== undefined) return this.waiting.length > 0 ? POLLIN | POLLRDNORM : 0;
    if (this.isConnectionBased && !this.isConnected) return POLLOUT | POLLHUP;
    const hasInput = this.mailbox.length > 0 || this.atEnd;
    const peerWrites = this.peer !== undefined && !this.peer.writingEnded;
    const isOver = this.isConnectionBased && (!peerWrites || this.readingEnded);
    const hungUp = isOver && (this.peer === undefined || this.writingEnded);
    const room = this.peer === undefined || this.peer.stored < CAPACITY;
    return (
      (hasInput ? POLLIN | POLLRDNORM : 0) |
      (room ? POLLOUT | POLLWRNORM : 0) |
      (isOver ? POLLRDHUP : 0) |
      (hungUp ? POLLHUP : 0)
    );
  }

  override ioctl(request: number, _argument: bigint): IoctlAnswer {
    if (request !== FIONREAD) throw new ErrnoError('ENOTTY');
    const count = this.isStream ? this.stored : (this.mailbox.at(0)?.bytes.length ?? 0);
    return { kind: 'bytes', bytes: new StructWriter(4).u32(count).bytes };
  }

  shutdown(reading: boolean, writing: boolean): void {
    if (!this.isConnected) throw new ErrnoError('ENOTCONN');
    this.readingEnded ||= reading;
    this.writingEnded ||= writing;
    if (this.peer !== undefined) {
      this.peer.readingEnded ||= writing;
      this.peer.changed.wakeAll();
    }
    this.changed.wakeAll();
  }

  override release(): void {
    this.space.release(this);
    for (const { files } of this.mailbox.splice(0)) files.forEach(letGo);
    for (const socket of this.waiting?.splice(0) ?? []) socket.release();
    const { peer } = this;
    this.peer = undefined;
    if (peer?.peer === this) peer.peer = undefined;
    peer?.changed.wakeAll();
    this.changed.wakeAll();
  }

  /** What getsockname tells of a socket without a name. */
  get ownAddress(): SocketAddress {
    return this.local ?? loopback(this.family, 0);
  }
}

const NOTHING: Message = { bytes: new Uint8Array(0), from: undefined, files: [] };

/** A file that was sent and that nobody took. */
export function letGo(file: OpenFile): void {
  file.references--;
  if (file.references === 0) file.release();
}
