// launch-config.ts: from what launch.json says to a program that can be started, or a sentence why not.
//
// Each check has its own factory; each message says what to do. Reads at most the first bytes of the program.
// Truth: docs/manual.md, "Launch attributes"; ELF-64 header (System V gABI, chapter 4).

import { UserError } from '../util/user-error';
import type { HostFiles, ProgramLaunch } from './engine';

export interface LaunchConfig extends ProgramLaunch {
  readonly stopOnEntry: boolean;
  /** Run without stopping anywhere. */
  readonly noDebug: boolean;
}

const DEFAULT_CPUS = 2;
const MAX_CPUS = 64;
const DEFAULT_DEBUG_REGISTERS = 4;
const MAX_DEBUG_REGISTERS = 1024;

/** `raw` is the launch request's arguments as they came. Throws UserError. */
export function readLaunchConfig(raw: Readonly<Record<string, unknown>>, files: HostFiles): LaunchConfig {
  const cwd = readCwd(raw.cwd, files);
  return {
    program: readProgram(raw.program, cwd, files),
    args: readArgs(raw.args),
    cwd,
    env: readEnv(raw.env),
    stdin: readStdin(raw.stdin, cwd, files),
    cpus: readCount('cpus', raw.cpus, DEFAULT_CPUS, 1, MAX_CPUS),
    debugRegisters: readCount('debugRegisters', raw.debugRegisters, DEFAULT_DEBUG_REGISTERS, 0, MAX_DEBUG_REGISTERS),
    gdbserver: readPort(raw.gdbserver),
    stopOnEntry: readBoolean('stopOnEntry', raw.stopOnEntry),
    noDebug: readBoolean('noDebug', raw.noDebug),
  };
}

function readCwd(value: unknown, files: HostFiles): string {
  if (value === undefined || value === null || value === '') return files.workingDirectory;
  if (typeof value !== 'string') throw wrongType('cwd', 'a path');
  const cwd = files.resolve(files.workingDirectory, value);
  const kind = files.kindOf(cwd);
  if (kind === 'missing') throw new UserError('cwd-missing', `The working directory ${cwd} does not exist.`);
  if (kind !== 'directory') throw new UserError('cwd-no-directory', `The working directory ${cwd} is no directory.`);
  return cwd;
}

function readProgram(value: unknown, cwd: string, files: HostFiles): string {
  if (value === undefined || value === null || value === '') throw programNotNamed();
  if (typeof value !== 'string') throw wrongType('program', 'a path');
  const program = files.resolve(cwd, value);
  const kind = files.kindOf(program);
  if (kind === 'missing') throw programMissing(program, value, cwd);
  if (kind === 'directory') throw programIsDirectory(program);
  const start = kind === 'file' ? files.readStart(program, 64) : undefined;
  if (start === undefined) throw programUnreadable(program);
  checkElf(program, start);
  return program;
}

function readArgs(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
  if (list === undefined) throw wrongType('args', 'a list of strings, one per argument');
  return list.map((entry) => {
    if (typeof entry === 'string') return entry;
    if (typeof entry === 'number' || typeof entry === 'boolean') return String(entry);
    throw wrongType('args', 'a list of strings, one per argument');
  });
}

/** An object as the manual shows it, or VS Code's and others' list of `NAME=value` or `{name, value}`. */
function readEnv(value: unknown): Readonly<Record<string, string | null>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType('env', 'an object: { "NAME": "value" }');
  const env: Record<string, string | null> = {};
  for (const [name, entry] of Object.entries<unknown>({ ...value })) {
    if (name === '' || name.includes('=')) throw new UserError('env-name', `\`env\`: "${name}" is no variable's name.`);
    if (entry === null || typeof entry === 'string') env[name] = entry;
    else if (typeof entry === 'number' || typeof entry === 'boolean') env[name] = String(entry);
    else throw wrongType(`env.${name}`, 'a string, or null to remove the variable');
  }
  return env;
}

function readStdin(value: unknown, cwd: string, files: HostFiles): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw wrongType('stdin', 'the path of a file');
  const path = files.resolve(cwd, value);
  const kind = files.kindOf(path);
  if (kind === 'file') return path;
  const why = kind === 'missing' ? 'does not exist' : kind === 'directory' ? 'is a directory' : 'cannot be read';
  throw new UserError('stdin-unusable', `\`stdin\`: ${path} ${why}. Name a file whose bytes the program shall read.`);
}

function readCount(name: string, value: unknown, standard: number, least: number, most: number): number {
  if (value === undefined || value === null) return standard;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UserError('bad-count', `\`${name}\` must be a whole number from ${least} to ${most}.`);
}

function readPort(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65535) return value;
  throw new UserError('gdbserver-port', '`gdbserver` must be a port from 0 to 65535; 0 takes a free one.');
}

function readBoolean(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false');
  return value;
}

// The ELF header's first bytes:
//   0 0x7f 'E' 'L' 'F' · 4 class (1: 32 bits, 2: 64) · 5 data (1: little endian) · 16 e_type · 18 e_machine
const CLASS_32 = 1;
const LITTLE_ENDIAN = 1;
const MACHINE_X86_64 = 62;
const TYPE_RELOCATABLE = 1;
const TYPE_CORE = 4;
const MACHINES: Readonly<Record<number, string>> = {
  3: 'x86 (32 bits)',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC (64 bits)',
  22: 'S/390',
  40: 'ARM (32 bits)',
  183: 'ARM (64 bits)',
  243: 'RISC-V',
  258: 'LoongArch',
};

function checkElf(program: string, start: Uint8Array): void {
  const isElf = start[0] === 0x7f && start[1] === 0x45 && start[2] === 0x4c && start[3] === 0x46;
  if (!isElf || start.length < 20) throw notAnElf(program, start);
  const littleEndian = start[5] === LITTLE_ENDIAN;
  const half = (at: number): number => {
    const [first, second] = [start[at] ?? 0, start[at + 1] ?? 0];
    return littleEndian ? first | (second << 8) : second | (first << 8);
  };
  const machine = half(18);
  if (machine !== MACHINE_X86_64 || !littleEndian)
    throw wrongMachine(program, MACHINES[machine] ?? `number ${machine}`);
  if (start[4] === CLASS_32) throw wrongMachine(program, 'x86-64 with 32-bit pointers (x32)');
  if (half(16) === TYPE_RELOCATABLE) throw notExecutable(program, 'an object file', 'Link it first: gcc -g -o prog …');
  if (half(16) === TYPE_CORE) throw notExecutable(program, 'a core dump', 'Name the program that made it.');
}

function programNotNamed(): UserError {
  return new UserError(
    'program-not-named',
    'The launch configuration names no `program`: give the path of an executable.',
  );
}

function programMissing(program: string, given: string, cwd: string): UserError {
  const relative = given === program ? '' : ` (\`${given}\`, seen from ${cwd})`;
  return new UserError('program-missing', `The program ${program}${relative} does not exist. Has it been built?`);
}

function programIsDirectory(program: string): UserError {
  return new UserError('program-is-directory', `${program} is a directory: \`program\` must name an executable in it.`);
}

function programUnreadable(program: string): UserError {
  return new UserError('program-unreadable', `The program ${program} cannot be read. Check its permissions.`);
}

function notAnElf(program: string, start: Uint8Array): UserError {
  const isScript = start[0] === 0x23 && start[1] === 0x21;
  const what = start.length === 0 ? 'is empty' : isScript ? 'is a script (#!)' : 'is no ELF executable';
  const advice = isScript
    ? 'Name the interpreter as `program` and the script in `args`.'
    : 'Compile a program for Linux on x86-64: gcc -g -o prog prog.c';
  return new UserError('not-an-elf', `${program} ${what}. ${advice}`);
}

function wrongMachine(program: string, machine: string): UserError {
  return new UserError(
    'wrong-machine',
    `${program} is made for ${machine}; Trapline runs programs for Linux on x86-64. Compile it for that: gcc -m64 -g`,
  );
}

function notExecutable(program: string, what: string, advice: string): UserError {
  return new UserError('not-executable', `${program} is ${what}, not a program. ${advice}`);
}

function wrongType(name: string, what: string): UserError {
  return new UserError('launch-attribute', `\`${name}\` in the launch configuration must be ${what}.`);
}
