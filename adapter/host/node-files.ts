// node-files.ts: the host's files through Node's synchronous calls.
//
// Every failure leaves as ErrnoError. Decides nothing about rights: the host's own hold, and the kernel's policy has
// been asked before.

import * as fs from 'node:fs';
import * as path from 'node:path';
import { ErrnoError, errnoErrorOf } from '../kernel/abi/errno.table';
import { O_CREAT, O_EXCL } from '../kernel/abi/file-constants';
import type { DirectoryEntry, FileStat, FileSystemFacts, HostFile, HostFiles } from '../kernel/files/host';

const DT_UNKNOWN = 0;
const DT_FIFO = 1;
const DT_CHR = 2;
const DT_DIR = 4;
const DT_BLK = 6;
const DT_REG = 8;
const DT_LNK = 10;
const DT_SOCK = 12;

/** Node's error → errno. */
function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ErrnoError) throw error;
    const number =
      error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined;
    if (number === undefined) throw error;
    throw errnoErrorOf(Math.abs(number));
  }
}

function toStat(stat: fs.BigIntStats): FileStat {
  return {
    device: stat.dev,
    inode: stat.ino,
    mode: Number(stat.mode),
    links: Number(stat.nlink),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    rdev: stat.rdev,
    sizeBytes: stat.size,
    blockBytes: Number(stat.blksize),
    blocks512: stat.blocks,
    accessedNs: stat.atimeNs,
    modifiedNs: stat.mtimeNs,
    changedNs: stat.ctimeNs,
  };
}

/** A descriptor of ours. `seekable`: positions mean something. */
export class NodeFile implements HostFile {
  private readonly seekable: boolean;

  constructor(private readonly fd: number) {
    this.seekable = fs.fstatSync(fd).isFile();
  }

  read(position: number, maxBytes: number): Uint8Array {
    return attempt(() => {
      const size = this.seekable ? Math.max(0, fs.fstatSync(this.fd).size - position) : 0;
      // Files of /proc say that they are empty; so a page at least is tried.
      const buffer = new Uint8Array(this.seekable ? Math.min(maxBytes, Math.max(size, 65536)) : maxBytes);
      let filled = 0;
      while (filled < buffer.length) {
        const at = this.seekable ? position + filled : null;
        const count = fs.readSync(this.fd, buffer, filled, buffer.length - filled, at);
        if (count === 0) break;
        filled += count;
        if (!this.seekable) break;
      }
      return buffer.subarray(0, filled);
    });
  }

  write(position: number, bytes: Uint8Array): number {
    return attempt(() => fs.writeSync(this.fd, bytes, 0, bytes.length, this.seekable ? position : null));
  }

  stat(): FileStat {
    return attempt(() => toStat(fs.fstatSync(this.fd, { bigint: true })));
  }

  truncate(lengthBytes: number): void {
    attempt(() => {
      fs.ftruncateSync(this.fd, lengthBytes);
    });
  }

  sync(): void {
    attempt(() => {
      fs.fsyncSync(this.fd);
    });
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}

function entryType(entry: fs.Dirent): number {
  if (entry.isFile()) return DT_REG;
  if (entry.isDirectory()) return DT_DIR;
  if (entry.isSymbolicLink()) return DT_LNK;
  if (entry.isCharacterDevice()) return DT_CHR;
  if (entry.isBlockDevice()) return DT_BLK;
  if (entry.isFIFO()) return DT_FIFO;
  return entry.isSocket() ? DT_SOCK : DT_UNKNOWN;
}

function inodeOf(name: string): bigint {
  try {
    return fs.lstatSync(name, { bigint: true }).ino;
  } catch {
    // Gone between listing and looking: any number serves.
    return 1n;
  }
}

/** Resolves links; a last part that does not exist is kept. */
function realPath(name: string): string {
  try {
    return fs.realpathSync.native(name);
  } catch {
    return attempt(() => path.join(fs.realpathSync.native(path.dirname(name)), path.basename(name)));
  }
}

function list(directory: string): DirectoryEntry[] {
  return attempt(() => {
    const dots = ['.', '..'].map((name) => ({ name, inode: inodeOf(path.join(directory, name)), type: DT_DIR }));
    const entries = fs.readdirSync(directory, { withFileTypes: true });
    const rest = entries.map((entry) => ({
      name: entry.name,
      inode: inodeOf(path.join(directory, entry.name)),
      type: entryType(entry),
    }));
    return [...dots, ...rest.sort((a, b) => (a.name < b.name ? -1 : 1))];
  });
}

function fileSystem(name: string): FileSystemFacts {
  return attempt(() => {
    const facts = fs.statfsSync(name, { bigint: true });
    return {
      type: facts.type,
      blockBytes: facts.bsize,
      blocks: facts.blocks,
      freeBlocks: facts.bavail,
      files: facts.files,
      freeFiles: facts.ffree,
    };
  });
}

const NS_PER_SECOND = 1e9;

export const nodeFiles: HostFiles = {
  open: (name, flags, mode) =>
    attempt(() => {
      // O_CREAT without O_EXCL of a name that is there must not change its rights.
      const creates = (flags & (O_CREAT | O_EXCL)) !== 0;
      return new NodeFile(fs.openSync(name, flags, creates ? mode : undefined));
    }),
  stat: (name, followLink) =>
    attempt(() => toStat(followLink ? fs.statSync(name, { bigint: true }) : fs.lstatSync(name, { bigint: true }))),
  realPath,
  readLink: (name) => attempt(() => fs.readlinkSync(name)),
  list,
  access: (name, mode) => {
    attempt(() => {
      fs.accessSync(name, mode);
    });
  },
  makeDirectory: (name, mode) => {
    attempt(() => {
      fs.mkdirSync(name, { mode });
    });
  },
  removeDirectory: (name) => {
    attempt(() => {
      fs.rmdirSync(name);
    });
  },
  unlink: (name) => {
    attempt(() => {
      fs.unlinkSync(name);
    });
  },
  rename: (from, to) => {
    attempt(() => {
      fs.renameSync(from, to);
    });
  },
  link: (existing, name) => {
    attempt(() => {
      fs.linkSync(existing, name);
    });
  },
  symlink: (target, name) => {
    attempt(() => {
      fs.symlinkSync(target, name);
    });
  },
  chmod: (name, mode) => {
    attempt(() => {
      fs.chmodSync(name, mode);
    });
  },
  truncate: (name, lengthBytes) => {
    attempt(() => {
      fs.truncateSync(name, lengthBytes);
    });
  },
  setTimes: (name, accessedNs, modifiedNs) => {
    attempt(() => {
      fs.utimesSync(name, Number(accessedNs) / NS_PER_SECOND, Number(modifiedNs) / NS_PER_SECOND);
    });
  },
  fileSystem,
};
