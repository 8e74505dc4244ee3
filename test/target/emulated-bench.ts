// emulated-bench.ts: a program of test/programs/ on an emulated target, and what is seen of it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeHost } from '../../adapter/host/launch';
import { fileInput } from '../../adapter/host/node-terminal';
import type { KernelHost } from '../../adapter/kernel/files/host';
import { createMachine } from '../../adapter/machine/create-machine';
import type { EmulatedTargetParts } from '../../adapter/target/emulated/emulated-target';
import type { HostLoop } from '../../adapter/target/emulated/slice-loop';

export interface BuiltProgram {
  readonly program: string;
  readonly directory: string;
  address(symbol: string): bigint;
}

/** Not position-independent, so that link-time addresses are run-time ones. The directory is gone at the end. */
export function buildProgram(name: string): BuiltProgram {
  const directory = mkdtempSync(path.join(tmpdir(), 'trapline-bench-'));
  process.on('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const program = path.join(directory, name);
  const source = path.resolve('test/programs', `${name}.c`);
  execFileSync('gcc', ['-g', '-O0', '-no-pie', '-pthread', '-o', program, source]);
  const symbols = new Map(
    execFileSync('nm', [program], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(' '))
      .filter((words) => words.length === 3)
      .map(([address, , symbol]) => [symbol, BigInt(`0x${address}`)] as const),
  );
  return { program, directory, address: (symbol) => symbols.get(symbol) ?? assert.fail(`no symbol ${symbol}`) };
}

export const nodeLoop: HostLoop = {
  now: () => performance.now(),
  soon: (callback) => setImmediate(callback),
  after: (delayMs, callback) => setTimeout(callback, delayMs),
};

/** The host that all runs of a comparison share: the clock at the start is the same. */
export function benchHost(): KernelHost {
  const none = { device: 'pipe' as const, write: (bytes: Uint8Array) => bytes.length };
  return nodeHost({ stdin: fileInput('/dev/null'), stdout: none, stderr: none, size: () => ({ rows: 1, columns: 1 }) });
}

export function benchParts(
  built: BuiltProgram,
  host: KernelHost,
  more: { readonly args?: readonly string[]; readonly stdin?: string; readonly loop?: HostLoop } = {},
): EmulatedTargetParts {
  return {
    createMachine,
    host,
    options: { cpus: 2, debugRegisters: 4, writableRoots: ['/tmp', built.directory] },
    stdin: fileInput(more.stdin ?? '/dev/null'),
    launch: { path: built.program, argv: [built.program, ...(more.args ?? [])], environment: [], cwd: '/tmp' },
    loop: more.loop ?? nodeLoop,
  };
}
