// exec-errors.ts: why a program cannot be started, and what to do about it. One factory per failure.

import { UserError } from '../../util/user-error';

export const programMissing = (path: string): UserError =>
  new UserError(
    'program-missing',
    `There is no program at ${path}. Check the path, or build the program first (for example gcc -g -o ${baseName(path)} …).`,
  );

export const programIsDirectory = (path: string): UserError =>
  new UserError('program-directory', `${path} is a directory. Give the path of the executable inside it.`);

export const programNotExecutable = (path: string): UserError =>
  new UserError('program-not-executable', `${path} may not be executed. Allow it with: chmod +x ${path}`);

export const programUnreadable = (path: string): UserError =>
  new UserError('program-unreadable', `${path} cannot be read. Check the rights of the file and of its directories.`);

export const programNotElf = (path: string): UserError =>
  new UserError(
    'program-not-elf',
    `${path} is not an ELF executable. Trapline runs Linux x86-64 programs; give the compiled program, not its source.`,
  );

export const programWrongMachine = (path: string, machine: string): UserError =>
  new UserError(
    'program-wrong-machine',
    `${path} is built for ${machine}; Trapline runs x86-64. Build it with gcc -m64 on (or for) x86-64.`,
  );

export const programNotRunnable = (path: string, kind: string): UserError =>
  new UserError(
    'program-not-runnable',
    `${path} is ${kind}, not a program. Link it into an executable first (gcc -o program ${baseName(path)}).`,
  );

export const programTruncated = (path: string, what: string): UserError =>
  new UserError(
    'program-truncated',
    `${path} is damaged: ${what} lies behind the end of the file. Build or copy it again.`,
  );

export const programTooLarge = (path: string, why: string): UserError =>
  new UserError(
    'program-placement',
    `${path} cannot be placed in the emulated memory: ${why}. Build it as a position-independent executable (-pie).`,
  );

export const interpreterMissing = (path: string, interpreter: string): UserError =>
  new UserError(
    'interpreter-missing',
    `${path} needs ${interpreter}, which does not exist here. Install it, or link the program with -static.`,
  );

export const scriptInterpreterMissing = (script: string, interpreter: string): UserError =>
  new UserError(
    'interpreter-missing',
    `${script} begins with #!${interpreter}, which does not exist here. Install it or correct the script's first line.`,
  );

export const workingDirectoryMissing = (path: string): UserError =>
  new UserError('cwd-missing', `The working directory ${path} does not exist. Create it or change "cwd".`);

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || 'program';
}
