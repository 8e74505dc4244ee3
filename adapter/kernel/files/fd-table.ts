// fd-table.ts: a process's file descriptors.
//
// Lowest free number first, as POSIX says. Counts references on the open files and releases them at zero.

import { ErrnoError } from '../abi/errno.table';
import type { OpenFile } from './open-file';

interface Entry {
  readonly file: OpenFile;
  closeOnExec: boolean;
}

export class FdTable {
  private readonly entries = new Map<number, Entry>();
  /** RLIMIT_NOFILE. */
  limit = 1024;

  get(fd: number): OpenFile {
    const entry = this.entries.get(fd);
    if (entry === undefined) throw new ErrnoError('EBADF');
    return entry.file;
  }

  has(fd: number): boolean {
    return this.entries.has(fd);
  }

  fds(): number[] {
    return [...this.entries.keys()].sort((a, b) => a - b);
  }

  /** Takes a reference; the lowest free number that is at least `from`. */
  add(file: OpenFile, closeOnExec: boolean, from = 0): number {
    let fd = from;
    while (this.entries.has(fd)) fd++;
    if (fd >= this.limit) throw new ErrnoError('EMFILE');
    this.place(fd, file, closeOnExec);
    return fd;
  }

  /** dup2's way: what was there is closed. */
  replace(fd: number, file: OpenFile, closeOnExec: boolean): void {
    if (fd < 0 || fd >= this.limit) throw new ErrnoError('EBADF');
    file.references++;
    if (this.entries.has(fd)) this.close(fd);
    this.entries.set(fd, { file, closeOnExec });
  }

  close(fd: number): void {
    const file = this.get(fd);
    this.entries.delete(fd);
    drop(file);
  }

  closeOnExec(fd: number): boolean {
    this.get(fd);
    return this.entries.get(fd)?.closeOnExec === true;
  }

  setCloseOnExec(fd: number, on: boolean): void {
    const entry = this.entries.get(fd);
    if (entry === undefined) throw new ErrnoError('EBADF');
    entry.closeOnExec = on;
  }

  fork(): FdTable {
    const copy = new FdTable();
    copy.limit = this.limit;
    for (const [fd, entry] of this.entries) copy.place(fd, entry.file, entry.closeOnExec);
    return copy;
  }

  closeAllOnExec(): void {
    for (const [fd, entry] of [...this.entries]) if (entry.closeOnExec) this.close(fd);
  }

  closeAll(): void {
    for (const fd of this.fds()) this.close(fd);
  }

  private place(fd: number, file: OpenFile, closeOnExec: boolean): void {
    file.references++;
    this.entries.set(fd, { file, closeOnExec });
  }
}

function drop(file: OpenFile): void {
  file.references--;
  if (file.references === 0) file.release();
}
