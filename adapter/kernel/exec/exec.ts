// exec.ts: from a path to a loaded program: reads it, follows `#!`, loads the interpreter.
//
// Used for the first process (mistakes are UserErrors) and for execve (mistakes are errnos).
// Truth: execve(2).

import { UserError } from '../../util/user-error';
import { Errno, ErrnoError } from '../abi/errno.table';
import { O_RDONLY, S_IFDIR, S_IFMT, S_IFREG } from '../abi/file-constants';
import type { FileStat, HostFiles } from '../files/host';
import type { KernelContext } from '../process/kernel-context';
import { looksLikeElf, parseElfImage } from './elf-image';
import {
  interpreterMissing,
  programIsDirectory,
  programMissing,
  programNotElf,
  programNotExecutable,
  programUnreadable,
  scriptInterpreterMissing,
} from './exec-errors';
import { type LoadedProgram, loadProgram, type ProgramFile } from './load-program';
import { baseName } from '../../util/base-name';

export interface ExecRequest {
  /** Absolute. */
  readonly path: string;
  readonly argv: readonly string[];
  readonly environment: readonly string[];
}

export interface ExecResult extends LoadedProgram {
  /** Links resolved. */
  readonly executable: string;
  readonly comm: string;
  readonly argv: readonly string[];
}

const MAX_SCRIPT_DEPTH = 4;

/** Makes a new address space with the program in it. Throws UserError (what the person may mend) or ErrnoError. */
export function execProgram(kernel: KernelContext, request: ExecRequest): ExecResult {
  const { path, argv, bytes, stat } = followScripts(kernel.host.files, request);
  const executable = kernel.host.files.realPath(path);
  const program: ProgramFile = { image: parseElfImage(path, bytes), file: vmaFileOf(executable, stat) };
  const interpreter = loadInterpreter(kernel.host.files, program);
  const loaded = loadProgram(kernel.machine.createAddressSpace(), program, interpreter, {
    argv,
    environment: request.environment,
    executable: request.path,
    uid: kernel.host.identity.uid,
    gid: kernel.host.identity.gid,
    random: kernel.random.bytes(16),
  });
  const comm = baseName(request.path).slice(0, 15);
  return { ...loaded, executable, comm, argv };
}

/** The errno that execve gives for what was thrown. */
export function execErrno(error: unknown): number {
  if (error instanceof ErrnoError) return error.errno;
  if (!(error instanceof UserError)) throw error;
  const codes: Readonly<Record<string, number>> = {
    'program-missing': Errno.ENOENT,
    'interpreter-missing': Errno.ENOENT,
    'program-directory': Errno.EACCES,
    'program-not-executable': Errno.EACCES,
    'program-unreadable': Errno.EACCES,
    'program-placement': Errno.ENOMEM,
  };
  return codes[error.code] ?? Errno.ENOEXEC;
}

interface Readable {
  readonly path: string;
  readonly argv: readonly string[];
  readonly bytes: Uint8Array;
  readonly stat: FileStat;
}

function followScripts(files: HostFiles, request: ExecRequest): Readable {
  let path = request.path;
  let argv = request.argv;
  for (let depth = 0; depth <= MAX_SCRIPT_DEPTH; depth++) {
    const { bytes, stat } = depth === 0 ? readProgram(files, path) : readInterpreter(files, request.path, path);
    const script = looksLikeElf(bytes) ? undefined : scriptLine(bytes);
    if (script === undefined) return { path, argv, bytes, stat };
    argv = [script.interpreter, ...(script.argument === '' ? [] : [script.argument]), path, ...argv.slice(1)];
    path = script.interpreter;
  }
  throw new ErrnoError('ELOOP');
}

function readInterpreter(files: HostFiles, script: string, path: string): ReturnType<typeof readProgram> {
  try {
    return readProgram(files, path);
  } catch (error) {
    if (error instanceof UserError && error.code === 'program-missing') throw scriptInterpreterMissing(script, path);
    throw error;
  }
}

function scriptLine(bytes: Uint8Array): { readonly interpreter: string; readonly argument: string } | undefined {
  if (bytes.length < 3 || bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const line = new TextDecoder().decode(bytes.subarray(2, 256)).split('\n', 1)[0].trim();
  const space = line.search(/[ \t]/);
  if (line === '') return undefined;
  return space < 0
    ? { interpreter: line, argument: '' }
    : { interpreter: line.slice(0, space), argument: line.slice(space).trim() };
}

function readProgram(files: HostFiles, path: string): { readonly bytes: Uint8Array; readonly stat: FileStat } {
  const stat = attempt(() => files.stat(path, true), path);
  if ((stat.mode & S_IFMT) === S_IFDIR) throw programIsDirectory(path);
  if ((stat.mode & S_IFMT) !== S_IFREG) throw programNotElf(path);
  if ((stat.mode & 0o111) === 0) throw programNotExecutable(path);
  const bytes = attempt(() => readWhole(files, path), path);
  return { bytes, stat };
}

function attempt<T>(action: () => T, path: string): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ErrnoError)) throw error;
    if (error.errno === Errno.ENOENT || error.errno === Errno.ENOTDIR) throw programMissing(path);
    throw programUnreadable(path);
  }
}

function readWhole(files: HostFiles, path: string): Uint8Array {
  const file = files.open(path, O_RDONLY, 0);
  try {
    return file.read(0, Number(file.stat().sizeBytes));
  } finally {
    file.close();
  }
}

function loadInterpreter(files: HostFiles, program: ProgramFile): ProgramFile | undefined {
  const name = program.image.interpreter;
  if (name === undefined) return undefined;
  try {
    const stat = files.stat(name, true);
    return { image: parseElfImage(name, readWhole(files, name)), file: vmaFileOf(files.realPath(name), stat) };
  } catch (error) {
    if (error instanceof ErrnoError) throw interpreterMissing(program.image.path, name);
    throw error;
  }
}

function vmaFileOf(path: string, stat: FileStat): ProgramFile['file'] {
  return { path, inode: Number(stat.inode), device: Number(stat.device) };
}
