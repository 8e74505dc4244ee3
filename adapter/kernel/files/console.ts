// console.ts: standard input, output and error, passed through to the host's.
//
// Reading waits for the host: this is the one place where emulated time stands still for real time.

import { ErrnoError } from '../abi/errno.table';
import {
  O_RDONLY,
  O_WRONLY,
  POLLHUP,
  POLLIN,
  POLLOUT,
  POLLRDNORM,
  POLLWRNORM,
  S_IFCHR,
  S_IFIFO,
  S_IFREG,
} from '../abi/file-constants';
import { StructWriter } from '../abi/struct-writer';
import type { FileStat, HostInput, HostOutput, HostTerminal, StreamDevice } from './host';
import { type IoctlAnswer, OpenFile, syntheticStat } from './open-file';

const TCGETS = 0x5401;
const TCSETS = 0x5402;
const TCSETSF = 0x5404;
const TIOCGPGRP = 0x540f;
const TIOCSPGRP = 0x5410;
const TIOCGWINSZ = 0x5413;
const FIONREAD = 0x541b;

const MODE_OF: Readonly<Record<StreamDevice, number>> = {
  terminal: S_IFCHR | 0o620,
  pipe: S_IFIFO | 0o600,
  file: S_IFREG | 0o644,
};

function streamStat(device: StreamDevice, inode: number): FileStat {
  const stat = syntheticStat(MODE_OF[device], inode);
  return device === 'terminal' ? { ...stat, rdev: 0x8800n, blockBytes: 1024 } : stat;
}

/** Settings of a terminal in its usual, cooked state: 60 bytes of struct termios as the kernel has it. */
function cookedTermios(): Uint8Array {
  const writer = new StructWriter(36).u32(0x4500).u32(0x5).u32(0xbf).u32(0x8a3b).u8(0);
  for (const character of [3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0]) writer.u8(character);
  return writer.bytes;
}

function terminalIoctl(terminal: HostTerminal, device: StreamDevice, request: number): IoctlAnswer {
  if (device !== 'terminal') throw new ErrnoError('ENOTTY');
  if (request === TCGETS) return { kind: 'bytes', bytes: cookedTermios() };
  if (request >= TCSETS && request <= TCSETSF) return { kind: 'done', value: 0 };
  if (request === TIOCGPGRP) return { kind: 'bytes', bytes: new StructWriter(4).u32(1).bytes };
  if (request === TIOCSPGRP) return { kind: 'done', value: 0 };
  if (request !== TIOCGWINSZ) throw new ErrnoError('ENOTTY');
  const size = terminal.size();
  return { kind: 'bytes', bytes: new StructWriter(8).u16(size.rows).u16(size.columns).u16(0).u16(0).bytes };
}

export class ConsoleInput extends OpenFile {
  constructor(
    private readonly terminal: HostTerminal,
    private readonly input: HostInput,
    private readonly device: StreamDevice,
  ) {
    super(O_RDONLY, device === 'terminal' ? '/dev/tty' : 'pipe:[0]');
    input.onReadable = () => {
      this.changed.wakeAll();
    };
    input.awaited = () => !this.changed.isEmpty;
  }

  override stat(): FileStat {
    return streamStat(this.device, 3);
  }

  override read(maxBytes: number): Uint8Array | undefined {
    return this.input.take(maxBytes);
  }

  override poll(): number {
    if (this.input.available > 0) return POLLIN | POLLRDNORM;
    if (!this.input.ended) return 0;
    return this.device === 'terminal' ? POLLIN | POLLRDNORM : POLLHUP;
  }

  override ioctl(request: number, _argument: bigint): IoctlAnswer {
    if (request !== FIONREAD) return terminalIoctl(this.terminal, this.device, request);
    return { kind: 'bytes', bytes: new StructWriter(4).u32(this.input.available).bytes };
  }
}

export class ConsoleOutput extends OpenFile {
  constructor(
    private readonly terminal: HostTerminal,
    private readonly output: HostOutput,
    private readonly inode: number,
  ) {
    super(O_WRONLY, output.device === 'terminal' ? '/dev/tty' : `pipe:[${inode}]`);
  }

  override stat(): FileStat {
    return streamStat(this.output.device, this.inode);
  }

  override write(bytes: Uint8Array): number {
    return this.output.write(bytes);
  }

  override poll(): number {
    return POLLOUT | POLLWRNORM;
  }

  override ioctl(request: number, _argument: bigint): IoctlAnswer {
    return terminalIoctl(this.terminal, this.output.device, request);
  }
}
