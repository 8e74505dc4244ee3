// path-calls.ts: files by name: stat, access, links, directories, rename, times.
//
// Truth: stat(2), statx(2), access(2), readlink(2), rename(2), getdents(2), utimensat(2), statfs(2).

import { Errno, ErrnoError } from '../abi/errno.table';
import { AT_EMPTY_PATH, AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, AT_SYMLINK_NOFOLLOW } from '../abi/file-constants';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { MEMORY_DEVICES, memoryDeviceStat, TextFile } from '../files/devices';
import type { FileStat, FileSystemFacts } from '../files/host';
import { DirectoryFile } from '../files/host-file';
import { descriptorNamed, normalizePath, requireWritable, resolvePath } from '../process/paths';
import { procLink, procText } from '../process/proc-files';
import { traceFileStat } from '../process/trace-files';
import { encodeText } from '../mm/user-copy';
import { type Call, type Handler, NS_PER_SECOND } from './call';

const UTIME_NOW = 0x3fffffff;
const UTIME_OMIT = 0x3ffffffe;
const STATX_BASIC_STATS = 0x7ff;

function statOf(call: Call, path: string, followLink: boolean): FileStat {
  const normal = normalizePath(path);
  const device = MEMORY_DEVICES.get(normal);
  if (device !== undefined) return memoryDeviceStat(device);
  const descriptor = followLink ? descriptorNamed(call.task, normal) : undefined;
  if (descriptor !== undefined) return descriptor.stat();
  const trace = traceFileStat(normal);
  if (trace !== undefined) return trace;
  const text = procText(call.kernel, call.task, normal);
  if (text !== undefined) return new TextFile(text.content, 0, normal).stat();
  const link = followLink ? procLink(call.kernel, call.task, normal) : undefined;
  return call.kernel.host.files.stat(link ?? path, followLink);
}

function statAt(call: Call, dirfd: number, pathArgument: number, flags: number): FileStat {
  const path = call.pointer(pathArgument) === 0n ? '' : call.string(pathArgument);
  if (path === '' && (flags & AT_EMPTY_PATH) !== 0) {
    return dirfd === AT_FDCWD ? statOf(call, call.process.fileSystem.cwd, true) : call.process.files.get(dirfd).stat();
  }
  return statOf(call, resolvePath(call.task, dirfd, path), (flags & AT_SYMLINK_NOFOLLOW) === 0);
}

/** struct stat, 144 bytes. */
function encodeStat(stat: FileStat): Uint8Array {
  const writer = new StructWriter(144).u64(stat.device).u64(stat.inode).u64(stat.links);
  writer.u32(stat.mode).u32(stat.uid).u32(stat.gid).u32(0).u64(stat.rdev).u64(stat.sizeBytes);
  writer.u64(stat.blockBytes).u64(stat.blocks512);
  for (const ns of [stat.accessedNs, stat.modifiedNs, stat.changedNs]) {
    writer.u64(ns / NS_PER_SECOND).u64(ns % NS_PER_SECOND);
  }
  return writer.bytes;
}

function major(device: bigint): number {
  return Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n));
}

function minor(device: bigint): number {
  return Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n));
}

/** struct statx, 256 bytes. */
function encodeStatx(stat: FileStat): Uint8Array {
  const writer = new StructWriter(256).u32(STATX_BASIC_STATS).u32(stat.blockBytes).u64(0);
  writer.u32(stat.links).u32(stat.uid).u32(stat.gid).u16(stat.mode).u16(0);
  writer.u64(stat.inode).u64(stat.sizeBytes).u64(stat.blocks512).u64(0);
  for (const ns of [stat.accessedNs, 0n, stat.changedNs, stat.modifiedNs]) {
    writer
      .u64(ns / NS_PER_SECOND)
      .u32(Number(ns % NS_PER_SECOND))
      .u32(0);
  }
  writer.u32(major(stat.rdev)).u32(minor(stat.rdev)).u32(major(stat.device)).u32(minor(stat.device));
  return writer.bytes;
}

function copyStat(call: Call, stat: FileStat, argument: number): number {
  call.user.write(call.pointer(argument), encodeStat(stat));
  return 0;
}

function statx(call: Call): number {
  call.user.write(call.pointer(4), encodeStatx(statAt(call, call.int(0), 1, call.int(2))));
  return 0;
}

function accessAt(call: Call, dirfd: number, path: string, mode: number, flags: number): number {
  if (path === '' && (flags & AT_EMPTY_PATH) !== 0) return 0;
  const absolute = resolvePath(call.task, dirfd, path);
  const normal = normalizePath(absolute);
  if (MEMORY_DEVICES.has(normal) || procText(call.kernel, call.task, normal) !== undefined) return 0;
  const trace = traceFileStat(normal);
  if (trace !== undefined && (mode & 2) !== 0 && (trace.mode & 0o200) === 0) throw new ErrnoError('EACCES');
  if (trace !== undefined) return 0;
  call.kernel.host.files.access(procLink(call.kernel, call.task, normal) ?? absolute, mode & 7);
  if ((mode & 2) !== 0) requireWritable(call.kernel, absolute);
  return 0;
}

function readlinkAt(call: Call, dirfd: number, path: string, buffer: number): number {
  const size = call.int(buffer + 1);
  if (size <= 0) throw new ErrnoError('EINVAL');
  const absolute = resolvePath(call.task, dirfd, path);
  const normal = normalizePath(absolute);
  const target =
    procLink(call.kernel, call.task, normal) ??
    descriptorNamed(call.task, normal)?.path ??
    call.kernel.host.files.readLink(absolute);
  const bytes = encodeText(target).subarray(0, size);
  call.user.write(call.pointer(buffer), bytes);
  return bytes.length;
}

function getcwd(call: Call): number {
  const bytes = encodeText(`${call.process.fileSystem.cwd}\0`);
  if (bytes.length > call.size(1)) throw new ErrnoError('ERANGE');
  call.user.write(call.pointer(0), bytes);
  return bytes.length;
}

function enterDirectory(call: Call, path: string): number {
  const files = call.kernel.host.files;
  const S_IFMT = 0o170000;
  const S_IFDIR = 0o040000;
  if ((files.stat(path, true).mode & S_IFMT) !== S_IFDIR) throw new ErrnoError('ENOTDIR');
  files.access(path, 1);
  call.process.fileSystem.cwd = files.realPath(path);
  return 0;
}

function fchdir(call: Call): number {
  const file = call.process.files.get(call.int(0));
  if (!file.isDirectory) throw new ErrnoError('ENOTDIR');
  return enterDirectory(call, file.path);
}

/** The path, allowed for writing. */
function target(call: Call, dirfd: number, path: string): string {
  const absolute = resolvePath(call.task, dirfd, path);
  requireWritable(call.kernel, absolute);
  return absolute;
}

function mkdirAt(call: Call, dirfd: number, path: string, mode: number): number {
  call.kernel.host.files.makeDirectory(target(call, dirfd, path), mode & ~call.process.fileSystem.umask & 0o7777);
  return 0;
}

function unlinkAt(call: Call, dirfd: number, path: string, flags: number): number {
  const absolute = target(call, dirfd, path);
  if ((flags & AT_REMOVEDIR) !== 0) call.kernel.host.files.removeDirectory(absolute);
  else call.kernel.host.files.unlink(absolute);
  return 0;
}

function renameAt(call: Call, from: readonly [number, string], to: readonly [number, string], flags: number): number {
  const RENAME_NOREPLACE = 1;
  const source = target(call, ...from);
  const destination = target(call, ...to);
  if ((flags & ~RENAME_NOREPLACE) !== 0) throw new ErrnoError('EINVAL');
  if (flags === RENAME_NOREPLACE && exists(call, destination)) throw new ErrnoError('EEXIST');
  call.kernel.host.files.rename(source, destination);
  return 0;
}

function exists(call: Call, path: string): boolean {
  try {
    call.kernel.host.files.stat(path, false);
    return true;
  } catch (error) {
    if (error instanceof ErrnoError && error.errno === Errno.ENOENT) return false;
    throw error;
  }
}

function symlinkAt(call: Call, targetText: string, dirfd: number, path: string): number {
  call.kernel.host.files.symlink(targetText, target(call, dirfd, path));
  return 0;
}

function linkAt(call: Call, from: readonly [number, string], to: readonly [number, string], flags: number): number {
  const source = resolvePath(call.task, ...from);
  const files = call.kernel.host.files;
  files.link((flags & AT_SYMLINK_FOLLOW) !== 0 ? files.realPath(source) : source, target(call, ...to));
  return 0;
}

function chmodAt(call: Call, dirfd: number, path: string, mode: number): number {
  call.kernel.host.files.chmod(target(call, dirfd, path), mode & 0o7777);
  return 0;
}

function fchmod(call: Call): number {
  const path = call.process.files.get(call.int(0)).path;
  return chmodAt(call, AT_FDCWD, path, call.uint(1));
}

function utimensat(call: Call): number {
  const path = call.pointer(1) === 0n ? call.process.files.get(call.int(0)).path : call.string(1);
  const absolute = target(call, call.pointer(1) === 0n ? AT_FDCWD : call.int(0), path);
  const old = call.kernel.host.files.stat(absolute, true);
  const now = call.kernel.clock.realTimeNs;
  const view = call.pointer(2) === 0n ? undefined : viewOf(call.user.read(call.pointer(2), 32));
  const at = (offset: number, before: bigint): bigint => {
    if (view === undefined) return now;
    const nanoseconds = Number(view.getBigInt64(offset + 8, true));
    if (nanoseconds === UTIME_NOW) return now;
    return nanoseconds === UTIME_OMIT ? before : view.getBigInt64(offset, true) * NS_PER_SECOND + BigInt(nanoseconds);
  };
  call.kernel.host.files.setTimes(absolute, at(0, old.accessedNs), at(16, old.modifiedNs));
  return 0;
}

function getdents64(call: Call): number {
  const file = call.process.files.get(call.int(0));
  const room = call.uint(2);
  if (!(file instanceof DirectoryFile)) throw new ErrnoError('ENOTDIR');
  const entries = file.entries();
  const writer = new StructWriter(room);
  let used = 0;
  while (file.position < entries.length) {
    const entry = entries[file.position];
    const name = encodeText(entry.name);
    const length = Math.ceil((19 + name.length + 1) / 8) * 8;
    if (used + length > room) {
      if (used === 0) throw new ErrnoError('EINVAL');
      break;
    }
    file.position++;
    writer.at(used).u64(entry.inode).u64(file.position).u16(length).u8(entry.type).put(name);
    used += length;
  }
  call.user.write(call.pointer(1), writer.bytes.subarray(0, used));
  return used;
}

function copyFileSystem(call: Call, facts: FileSystemFacts): number {
  const writer = new StructWriter(120).u64(facts.type).u64(facts.blockBytes).u64(facts.blocks);
  writer.u64(facts.freeBlocks).u64(facts.freeBlocks).u64(facts.files).u64(facts.freeFiles).u64(0);
  writer.u64(255).u64(facts.blockBytes);
  call.user.write(call.pointer(1), writer.bytes);
  return 0;
}

function truncate(call: Call): number {
  if (call.offset(1) < 0) throw new ErrnoError('EINVAL');
  call.kernel.host.files.truncate(target(call, AT_FDCWD, call.string(0)), call.offset(1));
  return 0;
}

function umask(call: Call): number {
  const old = call.process.fileSystem.umask;
  call.process.fileSystem.umask = call.uint(0) & 0o777;
  return old;
}

const cwd = (path: string): readonly [number, string] => [AT_FDCWD, path];

export const PATH_CALLS: Readonly<Record<string, Handler>> = {
  stat: (call) => copyStat(call, statAt(call, AT_FDCWD, 0, 0), 1),
  lstat: (call) => copyStat(call, statAt(call, AT_FDCWD, 0, AT_SYMLINK_NOFOLLOW), 1),
  fstat: (call) => copyStat(call, call.process.files.get(call.int(0)).stat(), 1),
  newfstatat: (call) => copyStat(call, statAt(call, call.int(0), 1, call.int(3)), 2),
  statx,
  access: (call) => accessAt(call, AT_FDCWD, call.string(0), call.int(1), 0),
  faccessat: (call) => accessAt(call, call.int(0), call.string(1), call.int(2), 0),
  faccessat2: (call) => accessAt(call, call.int(0), call.string(1), call.int(2), call.int(3)),
  readlink: (call) => readlinkAt(call, AT_FDCWD, call.string(0), 1),
  readlinkat: (call) => readlinkAt(call, call.int(0), call.string(1), 2),
  getcwd,
  chdir: (call) => enterDirectory(call, resolvePath(call.task, AT_FDCWD, call.string(0))),
  fchdir,
  mkdir: (call) => mkdirAt(call, AT_FDCWD, call.string(0), call.uint(1)),
  mkdirat: (call) => mkdirAt(call, call.int(0), call.string(1), call.uint(2)),
  rmdir: (call) => unlinkAt(call, AT_FDCWD, call.string(0), AT_REMOVEDIR),
  unlink: (call) => unlinkAt(call, AT_FDCWD, call.string(0), 0),
  unlinkat: (call) => unlinkAt(call, call.int(0), call.string(1), call.int(2)),
  rename: (call) => renameAt(call, cwd(call.string(0)), cwd(call.string(1)), 0),
  renameat: (call) => renameAt(call, [call.int(0), call.string(1)], [call.int(2), call.string(3)], 0),
  renameat2: (call) => renameAt(call, [call.int(0), call.string(1)], [call.int(2), call.string(3)], call.uint(4)),
  symlink: (call) => symlinkAt(call, call.string(0), AT_FDCWD, call.string(1)),
  symlinkat: (call) => symlinkAt(call, call.string(0), call.int(1), call.string(2)),
  link: (call) => linkAt(call, cwd(call.string(0)), cwd(call.string(1)), 0),
  linkat: (call) => linkAt(call, [call.int(0), call.string(1)], [call.int(2), call.string(3)], call.int(4)),
  chmod: (call) => chmodAt(call, AT_FDCWD, call.string(0), call.uint(1)),
  fchmod,
  fchmodat: (call) => chmodAt(call, call.int(0), call.string(1), call.uint(2)),
  chown: () => 0,
  fchown: () => 0,
  lchown: () => 0,
  fchownat: () => 0,
  utimensat,
  getdents64,
  statfs: (call) =>
    copyFileSystem(call, call.kernel.host.files.fileSystem(resolvePath(call.task, AT_FDCWD, call.string(0)))),
  fstatfs: (call) => copyFileSystem(call, call.kernel.host.files.fileSystem(call.process.files.get(call.int(0)).path)),
  truncate,
  umask,
};
