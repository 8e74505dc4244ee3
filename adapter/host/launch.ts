// launch.ts: from what a person asked for to what the kernel is started with: paths, environment, rights, the host.

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { programMissing, workingDirectoryMissing } from '../kernel/exec/exec-errors';
import type { HostTerminal, KernelHost } from '../kernel/files/host';
import type { LaunchRequest } from '../kernel/process/start';
import { nodeFiles } from './node-files';

export interface ProgramWish {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  /** NAME=VALUE, over the host's environment; a name without `=` removes. */
  readonly environment: readonly string[];
}

/** Throws UserError: program or working directory missing. */
export function resolveLaunch(wish: ProgramWish): LaunchRequest {
  const cwd = path.resolve(wish.cwd ?? process.cwd());
  if (!fs.existsSync(cwd) || !fs.statSync(cwd).isDirectory()) throw workingDirectoryMissing(cwd);
  const program = findProgram(wish.program, cwd);
  return {
    path: program,
    argv: [wish.program, ...wish.args],
    environment: mergeEnvironment(wish.environment),
    cwd: fs.realpathSync(cwd),
  };
}

/** A name without a slash is looked up along PATH, as a shell does, unless it lies in the working directory. */
function findProgram(name: string, cwd: string): string {
  if (name.includes('/')) return path.resolve(cwd, name);
  const local = path.join(cwd, name);
  for (const directory of (process.env.PATH ?? '').split(':')) {
    const candidate = path.join(directory === '' ? cwd : directory, name);
    if (isExecutable(candidate)) return candidate;
  }
  if (fs.existsSync(local)) return local;
  throw programMissing(name);
}

function isExecutable(candidate: string): boolean {
  try {
    fs.accessSync(candidate, fs.constants.X_OK);
    return fs.statSync(candidate).isFile();
  } catch {
    return false;
  }
}

function mergeEnvironment(changes: readonly string[]): string[] {
  const merged = new Map<string, string>();
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) merged.set(name, value);
  for (const change of changes) {
    const equals = change.indexOf('=');
    if (equals < 0) merged.delete(change);
    else merged.set(change.slice(0, equals), change.slice(equals + 1));
  }
  return [...merged].map(([name, value]) => `${name}=${value}`);
}

/** Directories below which a guest may write; links resolved. */
export function writableRoots(cwd: string, more: readonly string[]): string[] {
  return [cwd, '/tmp', os.tmpdir(), ...more]
    .map((directory) => path.resolve(cwd, directory))
    .filter((directory) => fs.existsSync(directory))
    .map((directory) => fs.realpathSync(directory));
}

export function nodeHost(terminal: HostTerminal): KernelHost {
  return {
    files: nodeFiles,
    terminal,
    identity: {
      uid: process.getuid?.() ?? 1000,
      gid: process.getgid?.() ?? 1000,
      hostName: os.hostname(),
    },
    startTimeNs: BigInt(Date.now()) * 1_000_000n,
  };
}
