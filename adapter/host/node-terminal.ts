// node-terminal.ts: standard input, output and error of a run at the command line.
//
// Input is only taken from the host once a guest asks for it. Output is written at once, synchronously.

import * as fs from 'node:fs';
import * as tty from 'node:tty';
import { ErrnoError, errnoErrorOf } from '../kernel/abi/errno.table';
import type { HostInput, HostOutput, HostTerminal, StandardInput, StreamDevice } from '../kernel/files/host';
import { NodeFile } from './node-files';

const EAGAIN = 11;
/** More than this is not read ahead. */
const READ_AHEAD_BYTES = 1 << 20;

function deviceOf(fd: number): StreamDevice {
  if (tty.isatty(fd)) return 'terminal';
  return fs.fstatSync(fd).isFile() ? 'file' : 'pipe';
}

/** Bytes that arrive by events. */
export class StreamInput implements HostInput {
  private readonly chunks: Uint8Array[] = [];
  private started = false;
  available = 0;
  ended = false;
  onReadable: () => void = () => undefined;
  awaited: () => boolean = () => false;

  /** `start` is called when somebody reads for the first time. */
  constructor(
    private readonly start: (input: StreamInput) => void = () => undefined,
    private readonly onDrained: () => void = () => undefined,
  ) {}

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.chunks.push(bytes);
    this.available += bytes.length;
    this.onReadable();
  }

  end(): void {
    this.ended = true;
    this.onReadable();
  }

  take(maxBytes: number): Uint8Array | undefined {
    if (!this.started) {
      this.started = true;
      this.start(this);
    }
    if (this.available === 0) return this.ended ? new Uint8Array(0) : undefined;
    const head = this.chunks[0];
    const part = head.subarray(0, maxBytes);
    if (part.length === head.length) this.chunks.shift();
    else this.chunks[0] = head.subarray(part.length);
    this.available -= part.length;
    if (this.available < READ_AHEAD_BYTES) this.onDrained();
    return part;
  }
}

export class DescriptorOutput implements HostOutput {
  readonly device: StreamDevice;

  constructor(private readonly fd: number) {
    this.device = deviceOf(fd);
  }

  write(bytes: Uint8Array): number {
    let done = 0;
    while (done < bytes.length) {
      try {
        done += fs.writeSync(this.fd, bytes, done, bytes.length - done);
      } catch (error) {
        const number = error instanceof Error && 'errno' in error ? Math.abs(Number(error.errno)) : 0;
        if (number === 0) throw error;
        if (number !== EAGAIN) throw errnoErrorOf(number);
        pause(1);
      }
    }
    return done;
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** This process's own standard input. */
export function processInput(): StandardInput {
  const device = deviceOf(0);
  const stat = fs.fstatSync(0);
  if (stat.isFile() || (stat.isCharacterDevice() && device !== 'terminal')) {
    return { kind: 'file', file: new NodeFile(0), path: '/dev/stdin' };
  }
  const input = new StreamInput(
    (target) => {
      process.stdin.on('data', (chunk: Uint8Array) => {
        target.push(chunk);
        if (target.available > READ_AHEAD_BYTES) process.stdin.pause();
      });
      process.stdin.on('end', () => {
        target.end();
      });
      process.stdin.on('error', () => {
        target.end();
      });
    },
    () => {
      if (process.stdin.isPaused()) process.stdin.resume();
    },
  );
  return { kind: 'stream', input, device };
}

/** This process's own three streams; `stdin` in place of the first. */
export function processTerminal(stdin?: StandardInput): HostTerminal {
  return {
    stdin: stdin ?? processInput(),
    stdout: new DescriptorOutput(1),
    stderr: new DescriptorOutput(2),
    size: () => ({ rows: process.stdout.rows, columns: process.stdout.columns }),
  };
}

/** For a debugger: output by callback, no input but what a file holds. */
export function callbackOutput(device: StreamDevice, write: (bytes: Uint8Array) => void): HostOutput {
  return {
    device,
    write: (bytes) => {
      write(bytes.slice());
      return bytes.length;
    },
  };
}

/** A file as standard input. Throws ErrnoError where it cannot be opened. */
export function fileInput(path: string): StandardInput {
  try {
    return { kind: 'file', file: new NodeFile(fs.openSync(path, 'r')), path };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new ErrnoError('ENOENT');
    throw error;
  }
}
