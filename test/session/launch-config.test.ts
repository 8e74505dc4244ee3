import assert from 'node:assert/strict';
import path from 'node:path';
import type { HostFiles, PathKind } from '../../adapter/session/engine';
import { readLaunchConfig } from '../../adapter/session/launch-config';
import { UserError } from '../../adapter/util/user-error';

/** An ELF header's first bytes. */
function elf(fields: { bits?: number; data?: number; type?: number; machine?: number } = {}): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, fields.bits ?? 2, fields.data ?? 1, 1]);
  const big = fields.data === 2;
  new DataView(bytes.buffer).setUint16(16, fields.type ?? 3, !big);
  new DataView(bytes.buffer).setUint16(18, fields.machine ?? 62, !big);
  return bytes;
}

function host(files: Readonly<Record<string, Uint8Array | 'directory' | 'unreadable'>>): HostFiles {
  const kindOf = (name: string): PathKind => {
    const entry = Object.hasOwn(files, name) ? files[name] : undefined;
    if (entry === undefined) return 'missing';
    return typeof entry === 'string' ? entry : 'file';
  };
  const read = (name: string): Uint8Array | undefined => {
    const entry = files[name];
    return typeof entry === 'string' ? undefined : entry;
  };
  return {
    kindOf,
    read,
    readStart: (name, length) => read(name)?.subarray(0, length),
    resolve: (base, name) => path.resolve(base, name),
    workingDirectory: '/home',
  };
}

const files = host({
  '/home': 'directory',
  '/home/prog': elf(),
  '/home/sub': 'directory',
  '/home/sub/prog': elf({ type: 2 }),
  '/home/script': new TextEncoder().encode('#!/bin/sh\necho\n'),
  '/home/text': new TextEncoder().encode('hello'),
  '/home/empty': new Uint8Array(0),
  '/home/short': elf().subarray(0, 10),
  '/home/arm': elf({ machine: 183 }),
  '/home/old': elf({ bits: 1, machine: 3 }),
  '/home/x32': elf({ bits: 1 }),
  '/home/big': elf({ data: 2, machine: 22 }),
  '/home/object': elf({ type: 1 }),
  '/home/core': elf({ type: 4 }),
  '/home/secret': 'unreadable',
  '/home/input': new Uint8Array(3),
});

function refusal(raw: Readonly<Record<string, unknown>>): string {
  try {
    readLaunchConfig(raw, files);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

describe('the launch configuration', () => {
  it('needs nothing but a program', () => {
    assert.deepEqual(readLaunchConfig({ program: '/home/prog', type: 'trapline', name: 'x' }, files), {
      program: '/home/prog',
      args: [],
      cwd: '/home',
      env: {},
      stdin: undefined,
      cpus: 2,
      debugRegisters: 4,
      gdbserver: undefined,
      stopOnEntry: false,
      noDebug: false,
    });
  });

  it('sees a relative program and stdin from cwd', () => {
    const config = readLaunchConfig({ program: 'prog', cwd: 'sub', stdin: '../input', args: ['a', 1] }, files);
    assert.equal(config.program, '/home/sub/prog');
    assert.equal(config.stdin, '/home/input');
    assert.deepEqual(config.args, ['a', '1']);
  });

  const refused: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
    ['no program', {}, /names no `program`/],
    ['a program of the wrong type', { program: 5 }, /`program`.*must be a path/],
    ['a missing program', { program: 'nowhere' }, /\/home\/nowhere.*does not exist\. Has it been built\?/],
    ['a directory', { program: 'sub' }, /is a directory/],
    ['an unreadable program', { program: 'secret' }, /cannot be read/],
    ['a script', { program: 'script' }, /is a script.*interpreter/],
    ['a text', { program: 'text' }, /is no ELF executable.*gcc -g/],
    ['an empty file', { program: 'empty' }, /is empty/],
    ['a cut ELF', { program: 'short' }, /is no ELF/],
    ['ARM', { program: 'arm' }, /made for ARM \(64 bits\).*x86-64/],
    ['32 bits', { program: 'old' }, /made for x86 \(32 bits\)/],
    ['x32', { program: 'x32' }, /x32/],
    ['big endian', { program: 'big' }, /S\/390/],
    ['an object file', { program: 'object' }, /object file.*Link/],
    ['a core dump', { program: 'core' }, /core dump/],
    ['a missing cwd', { program: 'prog', cwd: '/no' }, /directory \/no does not exist/],
    ['a file as cwd', { program: 'prog', cwd: '/home/input' }, /no directory/],
    ['missing stdin', { program: 'prog', stdin: 'none' }, /`stdin`: \/home\/none does not exist/],
    ['args as text', { program: 'prog', args: 'a b' }, /`args`.*list/],
    ['env as list', { program: 'prog', env: ['A=1'] }, /`env`.*object/],
    ['an env name', { program: 'prog', env: { 'A=': '1' } }, /no variable's name/],
    ['no CPU', { program: 'prog', cpus: 0 }, /`cpus`.*from 1 to 64/],
    ['no port', { program: 'prog', gdbserver: 70_000 }, /`gdbserver` must be a port/],
    ['half a register', { program: 'prog', debugRegisters: 1.5 }, /`debugRegisters`/],
    ['stopOnEntry as text', { program: 'prog', stopOnEntry: 'yes' }, /`stopOnEntry`.*true or false/],
  ];
  for (const [name, raw, message] of refused) {
    it(`refuses ${name}`, () => {
      assert.match(refusal(raw), message);
    });
  }
});
