// host.ts: what the emulated kernel asks of the machine it runs on: files, a terminal, a clock.
//
// Filled by adapter/host for Node, by tests with what they like. All calls are synchronous and throw ErrnoError.
// Nothing here decides what a guest may do; path-policy.ts does, before these are called.

/** stat(2)'s facts. Times in ns since 1970. */
export interface FileStat {
  readonly device: bigint;
  readonly inode: bigint;
  /** S_IFMT bits and permissions. */
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: bigint;
  readonly sizeBytes: bigint;
  readonly blockBytes: number;
  readonly blocks512: bigint;
  readonly accessedNs: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

export interface HostFile {
  /** Empty at the end of the file. */
  read(position: number, maxBytes: number): Uint8Array;
  write(position: number, bytes: Uint8Array): number;
  stat(): FileStat;
  truncate(lengthBytes: number): void;
  sync(): void;
  close(): void;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly inode: bigint;
  /** DT_ value. */
  readonly type: number;
}

export interface FileSystemFacts {
  readonly type: bigint;
  readonly blockBytes: bigint;
  readonly blocks: bigint;
  readonly freeBlocks: bigint;
  readonly files: bigint;
  readonly freeFiles: bigint;
}

export interface HostFiles {
  /** `flags` are Linux's O_ bits. */
  open(path: string, flags: number, mode: number): HostFile;
  stat(path: string, followLink: boolean): FileStat;
  /** Links resolved, for the policy; the file itself need not exist, its directory must. */
  realPath(path: string): string;
  readLink(path: string): string;
  list(path: string): readonly DirectoryEntry[];
  /** `mode` bits 4 read, 2 write, 1 execute; throws EACCES. */
  access(path: string, mode: number): void;
  makeDirectory(path: string, mode: number): void;
  removeDirectory(path: string): void;
  unlink(path: string): void;
  rename(from: string, to: string): void;
  link(existing: string, path: string): void;
  symlink(target: string, path: string): void;
  chmod(path: string, mode: number): void;
  truncate(path: string, lengthBytes: number): void;
  setTimes(path: string, accessedNs: bigint, modifiedNs: bigint): void;
  fileSystem(path: string): FileSystemFacts;
}

/** Bytes that arrive when they like: a terminal's or a pipe's. */
export interface HostInput {
  /** Up to so many bytes; undefined: none yet; empty: the end. */
  take(maxBytes: number): Uint8Array | undefined;
  /** Bytes that `take` would give now. */
  readonly available: number;
  readonly ended: boolean;
  /** Called when bytes or the end have come. Set by the kernel. */
  onReadable: () => void;
  /** Set by the kernel: whether a guest sleeps until bytes come. */
  awaited: () => boolean;
}

export type StandardInput =
  | { readonly kind: 'stream'; readonly input: HostInput; readonly device: StreamDevice }
  | { readonly kind: 'file'; readonly file: HostFile; readonly path: string };

/** What fstat says a stream is; a C library buffers by it. */
export type StreamDevice = 'terminal' | 'pipe' | 'file';

export interface HostOutput {
  readonly device: StreamDevice;
  /** How many were taken; throws ErrnoError (EPIPE …). */
  write(bytes: Uint8Array): number;
}

export interface HostTerminal {
  readonly stdin: StandardInput;
  readonly stdout: HostOutput;
  readonly stderr: HostOutput;
  size(): { readonly rows: number; readonly columns: number };
}

export interface HostIdentity {
  readonly uid: number;
  readonly gid: number;
  readonly hostName: string;
}

export interface KernelHost {
  readonly files: HostFiles;
  readonly terminal: HostTerminal;
  readonly identity: HostIdentity;
  /** ns since 1970 at which the emulated machine was switched on; time then follows the instruction count. */
  readonly startTimeNs: bigint;
}
