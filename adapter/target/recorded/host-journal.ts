// host-journal.ts: what the host has answered to one program, so that a second run of it gets the same answers.
//
// The first run asks the host and its answers are kept. A later run gets them from here, in order and without the host:
// a file that has changed since is read as it was, and nothing is written, renamed or removed twice. Each kind of answer
// has a list of its own; a run that asks something else than the first one did has diverged, which is told by `trouble`.
// At the end of what is kept a run goes on with the host, once it may (`goLive`), and what it is answered is kept, too.
//
// Quirk: bytes that a program reads from the host's files are kept up to MOST_BYTES; beyond, it cannot be run again.

import { ErrnoError, errnoErrorOf } from '../../kernel/abi/errno.table';
import type { DirectoryEntry, FileStat, FileSystemFacts, HostFile, HostFiles } from '../../kernel/files/host';

const MOST_BYTES = 512 << 20;
/** What an entry costs beside its bytes, about. */
const ENTRY_BYTES = 100;
/** Buffers that are mostly empty are not kept as they are. */
const WASTE_BYTES = 4096;

type Answer<T> = { readonly call: string } & (
  { readonly kind: 'result'; readonly result: T } | { readonly kind: 'error'; readonly errno: number }
);

class AnswerList<T> {
  readonly answers: Answer<T>[] = [];
}

/** The answers of all runs. */
export class HostJournal {
  readonly bytes = new AnswerList<Uint8Array>();
  readonly numbers = new AnswerList<number>();
  readonly stats = new AnswerList<FileStat>();
  readonly texts = new AnswerList<string>();
  readonly listings = new AnswerList<readonly DirectoryEntry[]>();
  readonly facts = new AnswerList<FileSystemFacts>();
  readonly done = new AnswerList<undefined>();
  /** The host's own files, by the numbers that `open` has given. */
  readonly files = new Map<number, HostFile>();
  private kept = 0;
  nextFile = 1;

  constructor(readonly host: HostFiles) {}

  /** So much was read that not all of it is kept: no other run can be made. */
  get isFull(): boolean {
    return this.kept > MOST_BYTES;
  }

  keep<T>(list: AnswerList<T>, answer: Answer<T>, bytes: number): void {
    this.kept += bytes + ENTRY_BYTES;
    if (!this.isFull) list.answers.push(answer);
  }

  /** The host's files are closed, those that the program left open too. */
  closeAll(): void {
    for (const file of this.files.values()) file.close();
    this.files.clear();
  }
}

/** The host as one run sees it. */
export class JournalRun implements HostFiles {
  /** What this run asked for and the first one did not: the rest of a sentence. From then on it gets nothing. */
  trouble: string | undefined;
  onTrouble: () => void = () => undefined;
  private readonly cursors = new Map<object, number>();

  /** `isLive`: beyond what is kept it may ask the host. */
  constructor(
    private readonly journal: HostJournal,
    private isLive: boolean,
  ) {}

  goLive(): void {
    this.isLive = true;
  }

  open(path: string, flags: number, mode: number): HostFile {
    const { journal } = this;
    const number = this.answer(journal.numbers, `open ${path} ${flags} ${mode}`, () =>
      this.enter(journal.host.open(path, flags, mode)),
    );
    return new JournalFile(number, this);
  }

  /** A file that was opened for the program, as this run sees it: the same number in each run. */
  given(open: () => HostFile): HostFile {
    return new JournalFile(
      this.answer(this.journal.numbers, 'given', () => this.enter(open())),
      this,
    );
  }

  private enter(file: HostFile): number {
    const number = this.journal.nextFile++;
    this.journal.files.set(number, file);
    return number;
  }

  stat(path: string, followLink: boolean): FileStat {
    const { stats, host } = this.journal;
    return this.answer(stats, `stat ${path} ${followLink}`, () => host.stat(path, followLink));
  }

  realPath(path: string): string {
    return this.answer(this.journal.texts, `realPath ${path}`, () => this.journal.host.realPath(path));
  }

  readLink(path: string): string {
    return this.answer(this.journal.texts, `readLink ${path}`, () => this.journal.host.readLink(path));
  }

  list(path: string): readonly DirectoryEntry[] {
    return this.answer(this.journal.listings, `list ${path}`, () => this.journal.host.list(path));
  }

  fileSystem(path: string): FileSystemFacts {
    return this.answer(this.journal.facts, `fileSystem ${path}`, () => this.journal.host.fileSystem(path));
  }

  access(path: string, mode: number): void {
    this.act(`access ${path} ${mode}`, (host) => {
      host.access(path, mode);
    });
  }

  makeDirectory(path: string, mode: number): void {
    this.act(`makeDirectory ${path} ${mode}`, (host) => {
      host.makeDirectory(path, mode);
    });
  }

  removeDirectory(path: string): void {
    this.act(`removeDirectory ${path}`, (host) => {
      host.removeDirectory(path);
    });
  }

  unlink(path: string): void {
    this.act(`unlink ${path}`, (host) => {
      host.unlink(path);
    });
  }

  rename(from: string, to: string): void {
    this.act(`rename ${from} ${to}`, (host) => {
      host.rename(from, to);
    });
  }

  link(existing: string, path: string): void {
    this.act(`link ${existing} ${path}`, (host) => {
      host.link(existing, path);
    });
  }

  symlink(target: string, path: string): void {
    this.act(`symlink ${target} ${path}`, (host) => {
      host.symlink(target, path);
    });
  }

  chmod(path: string, mode: number): void {
    this.act(`chmod ${path} ${mode}`, (host) => {
      host.chmod(path, mode);
    });
  }

  truncate(path: string, lengthBytes: number): void {
    this.act(`truncate ${path} ${lengthBytes}`, (host) => {
      host.truncate(path, lengthBytes);
    });
  }

  setTimes(path: string, accessedNs: bigint, modifiedNs: bigint): void {
    this.act(`setTimes ${path} ${accessedNs} ${modifiedNs}`, (host) => {
      host.setTimes(path, accessedNs, modifiedNs);
    });
  }

  /** For a file of that number. */
  readFile(number: number, position: number, maxBytes: number): Uint8Array {
    return this.answer(this.journal.bytes, `read ${number} ${position} ${maxBytes}`, () =>
      compact(this.real(number).read(position, maxBytes)),
    );
  }

  writeFile(number: number, position: number, bytes: Uint8Array): number {
    const call = `write ${number} ${position} ${bytes.length} ${checksum(bytes)}`;
    return this.answer(this.journal.numbers, call, () => this.real(number).write(position, bytes));
  }

  statFile(number: number): FileStat {
    return this.answer(this.journal.stats, `fstat ${number}`, () => this.real(number).stat());
  }

  actOnFile(number: number, what: string, action: (file: HostFile) => void): void {
    this.act(`${what} ${number}`, () => {
      action(this.real(number));
    });
  }

  closeFile(number: number): void {
    this.act(`close ${number}`, () => {
      this.real(number).close();
      this.journal.files.delete(number);
    });
  }

  private act(call: string, action: (host: HostFiles) => void): void {
    // A program that ends closes its files, where nobody expects an error.
    if (this.trouble !== undefined) return;
    this.answer(this.journal.done, call, () => {
      action(this.journal.host);
      return undefined;
    });
  }

  private real(number: number): HostFile {
    const file = this.journal.files.get(number);
    if (file === undefined) throw new ErrnoError('EBADF');
    return file;
  }

  private answer<T>(list: AnswerList<T>, call: string, ask: () => T): T {
    const at = this.cursors.get(list) ?? 0;
    const known = list.answers.at(at);
    if (known === undefined && this.isLive) return this.askAndKeep(list, call, ask);
    if (known?.call !== call || this.trouble !== undefined) {
      this.diverged(`it did \`${call}\` where the first run did \`${known?.call ?? 'nothing'}\``);
      throw new ErrnoError('EIO');
    }
    this.cursors.set(list, at + 1);
    if (known.kind === 'error') throw errnoErrorOf(known.errno);
    return known.result;
  }

  private diverged(why: string): void {
    if (this.trouble !== undefined) return;
    this.trouble = why;
    this.onTrouble();
  }

  private askAndKeep<T>(list: AnswerList<T>, call: string, ask: () => T): T {
    const { journal } = this;
    try {
      const result = ask();
      journal.keep(list, { call, kind: 'result', result }, result instanceof Uint8Array ? result.length : 0);
      return result;
    } catch (error) {
      if (error instanceof ErrnoError) journal.keep(list, { call, kind: 'error', errno: error.errno }, 0);
      throw error;
    } finally {
      this.cursors.set(list, list.answers.length);
    }
  }
}

class JournalFile implements HostFile {
  constructor(
    private readonly number: number,
    private readonly run: JournalRun,
  ) {}

  read(position: number, maxBytes: number): Uint8Array {
    return this.run.readFile(this.number, position, maxBytes);
  }

  write(position: number, bytes: Uint8Array): number {
    return this.run.writeFile(this.number, position, bytes);
  }

  stat(): FileStat {
    return this.run.statFile(this.number);
  }

  truncate(lengthBytes: number): void {
    this.run.actOnFile(this.number, `ftruncate ${lengthBytes} of`, (file) => {
      file.truncate(lengthBytes);
    });
  }

  sync(): void {
    this.run.actOnFile(this.number, 'sync', (file) => {
      file.sync();
    });
  }

  close(): void {
    this.run.closeFile(this.number);
  }
}

/** FNV-1a, so that a run which writes something else is found out. */
function checksum(bytes: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}

function compact(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength > bytes.length + WASTE_BYTES ? bytes.slice() : bytes;
}
