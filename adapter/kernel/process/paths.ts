// paths.ts: from a guest's path to a file: descriptors as directories, the kernel's own files, the host's.
//
// Paths are joined, not simplified: the host resolves links and `..`. What lies under /proc/self (or a guest's pid)
// and a few devices are the emulated kernel's own; everything else is the host's, through the policy.

import { ErrnoError } from '../abi/errno.table';
import {
  AT_FDCWD,
  O_ACCMODE,
  O_APPEND,
  O_CREAT,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_PATH,
  O_RDONLY,
  O_TMPFILE,
  O_TRUNC,
  S_IFDIR,
  S_IFMT,
} from '../abi/file-constants';
import { MEMORY_DEVICES, MemoryDeviceFile, TextFile } from '../files/devices';
import { DirectoryFile, PathFile, RegularFile } from '../files/host-file';
import type { OpenFile } from '../files/open-file';
import type { MemoryMap } from '../mm/memory-map';
import { isPrivileged, mayAccess } from './credentials';
import type { KernelContext } from './kernel-context';
import { MemoryFile } from './memory-file';
import { procLink, procText } from './proc-files';
import type { Task } from './task';
import { openTraceFile } from './trace-files';

const PROC_FD = /^\/(?:proc\/(?:self|thread-self|\d+)|dev)\/fd\/(\d+)$/;
const PROC_MEMORY = /^\/proc\/(self|thread-self|\d+)(?:\/task\/\d+)?\/mem$/;
const STANDARD_STREAMS = new Map([
  ['/dev/stdin', 0],
  ['/dev/stdout', 1],
  ['/dev/stderr', 2],
]);

/** The absolute path that (dirfd, path) names. */
export function resolvePath(task: Task, dirfd: number, path: string): string {
  if (path === '') throw new ErrnoError('ENOENT');
  if (path.startsWith('/')) return path;
  const base = dirfd === AT_FDCWD ? task.process.fileSystem.cwd : directoryPath(task, dirfd);
  return base === '/' ? `/${path}` : `${base}/${path}`;
}

function directoryPath(task: Task, dirfd: number): string {
  const file = task.process.files.get(dirfd);
  if (!file.isDirectory) throw new ErrnoError('ENOTDIR');
  return file.path;
}

/** A path without `.`, `..` and double slashes, for comparing with the kernel's own names. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The descriptor that /proc/self/fd/N or /dev/stdin names. */
export function descriptorNamed(task: Task, path: string): OpenFile | undefined {
  const normal = normalizePath(path);
  const number = STANDARD_STREAMS.get(normal) ?? Number(PROC_FD.exec(normal)?.[1] ?? -1);
  return number >= 0 && task.process.files.has(number) ? task.process.files.get(number) : undefined;
}

/** Throws EACCES where the guest may not write. */
export function requireWritable(kernel: KernelContext, path: string): void {
  kernel.policy.requireWritable(kernel.host.files.realPath(path));
}

/** open(2), without a descriptor yet. */
export function openPath(kernel: KernelContext, task: Task, path: string, flags: number, mode: number): OpenFile {
  const own = openOwn(kernel, task, path, flags);
  if (own !== undefined) return own;
  // What /proc/self/exe and its kin lead to is the guest's, not ours.
  const link = procLink(kernel, task, normalizePath(path));
  return openHost(kernel, task, link?.startsWith('/') === true ? link : path, flags, mode);
}

function openOwn(kernel: KernelContext, task: Task, path: string, flags: number): OpenFile | undefined {
  const normal = normalizePath(path);
  const device = MEMORY_DEVICES.get(normal);
  if (device !== undefined) return new MemoryDeviceFile(device, kernel.random, flags, normal);
  const descriptor = descriptorNamed(task, normal);
  if (descriptor !== undefined) return descriptor;
  const memory = memoryNamed(kernel, task, normal);
  if (memory !== undefined) return new MemoryFile(memory, () => task.process.memory, flags, normal);
  if (normal === '/dev/tty') return controllingTerminal(kernel, task);
  const trace = openTraceFile(kernel, normal, flags);
  if (trace !== undefined) return trace;
  const text = procText(kernel, task, normal);
  if (text === undefined) return undefined;
  const writes = (flags & O_ACCMODE) !== O_RDONLY && text.onWrite === undefined;
  if (writes && !isPrivileged(task.process.credentials)) throw new ErrnoError('EACCES');
  return new TextFile(text.content, flags, normal, text.onWrite);
}

/** /proc/PID/mem. */
function memoryNamed(kernel: KernelContext, task: Task, path: string): MemoryMap | undefined {
  const name = PROC_MEMORY.exec(path)?.[1];
  if (name === undefined) return undefined;
  const process = (name === 'self' || name === 'thread-self' ? task : kernel.tasks.get(Number(name)))?.process;
  if (process === undefined) return undefined;
  if (process !== task.process && !mayAccess(task.process.credentials, process)) throw new ErrnoError('EACCES');
  return process.memory;
}

function controllingTerminal(kernel: KernelContext, task: Task): OpenFile {
  for (const fd of [0, 1, 2]) {
    const file = task.process.files.has(fd) ? task.process.files.get(fd) : undefined;
    if (file?.path === '/dev/tty') return file;
  }
  throw new ErrnoError(kernel.init === undefined ? 'ENOENT' : 'ENXIO');
}

function openHost(kernel: KernelContext, task: Task, path: string, flags: number, mode: number): OpenFile {
  const files = kernel.host.files;
  if ((flags & O_PATH) !== 0) {
    files.stat(path, (flags & O_NOFOLLOW) === 0);
    return new PathFile(files, flags, files.realPath(path), (flags & O_NOFOLLOW) === 0);
  }
  if ((flags & O_TMPFILE) === O_TMPFILE) throw new ErrnoError('EOPNOTSUPP');
  const writes = (flags & O_ACCMODE) !== O_RDONLY || (flags & (O_CREAT | O_TRUNC)) !== 0;
  if (writes && !opensExistingForReading(kernel, path, flags)) requireWritable(kernel, path);
  if (isDirectory(kernel, path)) {
    if (writes) throw new ErrnoError('EISDIR');
    return new DirectoryFile(files, flags, files.realPath(path));
  }
  if ((flags & O_DIRECTORY) !== 0) throw new ErrnoError(exists(kernel, path) ? 'ENOTDIR' : 'ENOENT');
  // The position is the kernel's: appending is done there.
  const host = files.open(path, flags & ~O_APPEND, mode & ~task.process.fileSystem.umask);
  return new RegularFile(host, flags & ~(O_CREAT | O_TRUNC), files.realPath(path));
}

/** O_RDONLY | O_CREAT of a file that is there changes nothing. */
function opensExistingForReading(kernel: KernelContext, path: string, flags: number): boolean {
  return (flags & O_ACCMODE) === O_RDONLY && (flags & O_TRUNC) === 0 && exists(kernel, path);
}

function exists(kernel: KernelContext, path: string): boolean {
  try {
    kernel.host.files.stat(path, true);
    return true;
  } catch (error) {
    if (error instanceof ErrnoError) return false;
    throw error;
  }
}

function isDirectory(kernel: KernelContext, path: string): boolean {
  try {
    return (kernel.host.files.stat(path, true).mode & S_IFMT) === S_IFDIR;
  } catch (error) {
    if (error instanceof ErrnoError) return false;
    throw error;
  }
}
