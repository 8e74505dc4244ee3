// run-options.ts: what follows `trapline run`: options, `--`, the program and its arguments.

import { UserError } from '../../util/user-error';

export interface RunCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly cpus: number;
  readonly cwd: string | undefined;
  /** NAME=VALUE, added to the environment. */
  readonly environment: readonly string[];
  readonly writable: readonly string[];
  readonly stats: boolean;
  readonly quiet: boolean;
}

export const RUN_USAGE = `usage: trapline run [options] -- PROGRAM [ARGUMENTS…]

Runs a Linux x86-64 program on the emulated machine: terminal, exit code and signals are passed through.

  --cpus=N            emulated CPUs (2)
  --cwd=DIRECTORY     working directory of the program
  --env=NAME=VALUE    adds to its environment (may be repeated)
  --writable=DIR      lets it write below DIR, besides the working directory and /tmp ("/" for everywhere)
  --stats             tells instructions and speed at the end, on standard error
  --quiet             no notices about what is not emulated
`;

const MAX_CPUS = 16;

const badOption = (option: string): UserError =>
  new UserError('run-option', `trapline run does not know ${option}. See trapline run --help.`);

const badCpus = (text: string): UserError =>
  new UserError('run-cpus', `--cpus=${text}: give a whole number from 1 to ${MAX_CPUS}.`);

const badEnvironment = (text: string): UserError =>
  new UserError('run-env', `--env=${text}: give NAME=VALUE, for example --env=LANG=C.`);

const noProgram = (): UserError =>
  new UserError('run-no-program', 'No program was given. Write: trapline run -- PROGRAM ARGUMENTS…');

/** Throws UserError. The program may also follow without `--`. */
export function parseRunArguments(argv: readonly string[]): RunCommand {
  const options = { cpus: 2, cwd: undefined as string | undefined, stats: false, quiet: false };
  const environment: string[] = [];
  const writable: string[] = [];
  let at = 0;
  for (; at < argv.length && argv[at].startsWith('-'); at++) {
    if (argv[at] === '--') {
      at++;
      break;
    }
    const { name, value, used } = splitOption(argv, at);
    at += used - 1;
    if (name === '--cpus') options.cpus = parseCpus(value);
    else if (name === '--cwd') options.cwd = value;
    else if (name === '--env') environment.push(parseEnvironment(value));
    else if (name === '--writable') writable.push(value);
    else if (name === '--stats') options.stats = true;
    else if (name === '--quiet') options.quiet = true;
    else throw badOption(name);
  }
  const program = argv.at(at);
  if (program === undefined || at >= argv.length) throw noProgram();
  return { ...options, program, args: argv.slice(at + 1), environment, writable };
}

const TAKES_VALUE = new Set(['--cpus', '--cwd', '--env', '--writable']);

/** `--name=value` or `--name value`. */
function splitOption(argv: readonly string[], at: number): { name: string; value: string; used: number } {
  const text = argv[at];
  const equals = text.indexOf('=');
  if (equals > 0) return { name: text.slice(0, equals), value: text.slice(equals + 1), used: 1 };
  if (!TAKES_VALUE.has(text)) return { name: text, value: '', used: 1 };
  if (at + 1 >= argv.length) throw badOption(`${text} without a value`);
  return { name: text, value: argv[at + 1], used: 2 };
}

function parseCpus(text: string): number {
  const cpus = Number(text);
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > MAX_CPUS) throw badCpus(text);
  return cpus;
}

function parseEnvironment(text: string): string {
  if (text.indexOf('=') < 1) throw badEnvironment(text);
  return text;
}
