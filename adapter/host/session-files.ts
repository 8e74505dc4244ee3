// session-files.ts: the host's files and clock as a debug session asks for them.

import * as fs from 'node:fs';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { HostClock, HostFiles, PathKind } from '../session/engine';

function kindOf(name: string): PathKind {
  const stat = fs.statSync(name, { throwIfNoEntry: false });
  if (stat === undefined) return 'missing';
  if (stat.isDirectory()) return 'directory';
  return isReadable(name) ? 'file' : 'unreadable';
}

function isReadable(name: string): boolean {
  try {
    fs.accessSync(name, fs.constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** What an error of the file system's turns into. */
function attempt<T, U>(action: () => T, otherwise: U): T | U {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return otherwise;
    throw error;
  }
}

function readStart(name: string, lengthBytes: number): Uint8Array {
  const file = fs.openSync(name, 'r');
  try {
    const bytes = new Uint8Array(lengthBytes);
    return bytes.subarray(0, fs.readSync(file, bytes, 0, lengthBytes, 0));
  } finally {
    fs.closeSync(file);
  }
}

export const sessionFiles: HostFiles = {
  kindOf: (name) => attempt(() => kindOf(name), 'missing'),
  read: (name) => attempt(() => fs.readFileSync(name), undefined),
  readStart: (name, lengthBytes) => attempt(() => readStart(name, lengthBytes), undefined),
  resolve: (base, name) => path.resolve(base, name),
  workingDirectory: process.cwd(),
};

export const sessionClock: HostClock = {
  now: () => performance.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
