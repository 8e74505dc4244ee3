// check-options.ts: what follows `trapline check`: watch files, options, `--`, the program.

import { UserError } from '../../../util/user-error';
import { plain, readOptions, valued, wholeNumber } from '../program-options';

export interface CheckCommand {
  readonly files: readonly string[];
  /** Empty: the file names it. */
  readonly program: readonly string[];
  readonly sarif: string | undefined;
  readonly junit: string | undefined;
  readonly json: boolean;
  /** A file for the report as JSON, besides. */
  readonly report: string | undefined;
  /** Where the report goes; undefined: standard error. */
  readonly output: string | undefined;
  /** Undefined: 4, or as many as the files' watches take. */
  readonly debugRegisters: number | undefined;
  readonly cpus: number | undefined;
  readonly cwd: string | undefined;
  /** NAME=VALUE, over the files'. */
  readonly environment: readonly string[];
  readonly timeoutSeconds: number | undefined;
  /** The program's own exit code does not count. */
  readonly ignoreExitCode: boolean;
  /** A name that neither the program nor a library of it has is all right. */
  readonly allowUnbound: boolean;
  readonly quiet: boolean;
}

export const CHECK_USAGE = `usage: trapline check FILE.watch|FOLDER… [options] [-- PROGRAM [ARGUMENTS…]]

Runs a program on the emulated machine with the watches of .watch files, and fails when a "never" happens. The program's
input and output are passed through; the report goes to standard error. Without PROGRAM the file's own is run.

      --sarif=FILE          writes what happened as SARIF 2.1.0
      --junit=FILE          writes it as JUnit XML, a test case for each line
  -j, --json                the report as JSON
      --report=FILE         writes the report as JSON, too
  -o, --output=FILE         the report goes there instead
      --timeout=SECONDS     ends a program that runs longer
      --debug-registers=N   of each CPU; left out: 4 as on x86, or as many as the watches take, which is told
      --cpus=N              emulated CPUs (2)
      --cwd=DIRECTORY       working directory of the program
      --env=NAME=VALUE      adds to its environment (may be repeated)
      --ignore-exit-code    the program's own exit code does not count
      --allow-unbound       a name that never came (of a library that was not loaded) is all right
  -q, --quiet               tells only what is wrong

Exit code: 0 nothing happened that must not · 1 a "never" happened · 2 it could not be checked: a mistake in a file, a
"never" was not armed, or a name never came · 124 timeout · else the program's own (128 + n: killed by signal n).
`;

const MAX_CPUS = 16;
const MAX_REGISTERS = 1024;
const MAX_SECONDS = 86_400;

/** Throws UserError. */
export function parseCheckArguments(argv: readonly string[]): CheckCommand {
  const dashes = argv.indexOf('--');
  const own = dashes < 0 ? argv : argv.slice(0, dashes);
  const options = {
    sarif: undefined as string | undefined,
    junit: undefined as string | undefined,
    json: false,
    report: undefined as string | undefined,
    output: undefined as string | undefined,
    debugRegisters: undefined as number | undefined,
    cpus: undefined as number | undefined,
    cwd: undefined as string | undefined,
    timeoutSeconds: undefined as number | undefined,
    ignoreExitCode: false,
    allowUnbound: false,
    quiet: false,
  };
  const environment: string[] = [];
  const output = valued((file) => (options.output = file));
  const json = plain(() => (options.json = true));
  const quiet = plain(() => (options.quiet = true));
  const rules = {
    '--sarif': valued((file) => (options.sarif = file)),
    '--junit': valued((file) => (options.junit = file)),
    '-j': json,
    '--json': json,
    '--report': valued((file) => (options.report = file)),
    '-o': output,
    '--output': output,
    '--timeout': valued((text) => (options.timeoutSeconds = seconds(text))),
    '--debug-registers': valued(
      (text) => (options.debugRegisters = wholeNumber('check', '--debug-registers', text, 0, MAX_REGISTERS)),
    ),
    '--cpus': valued((text) => (options.cpus = wholeNumber('check', '--cpus', text, 1, MAX_CPUS))),
    '--cwd': valued((text) => (options.cwd = text)),
    '--env': valued((text) => environment.push(environmentEntry(text))),
    '--allow-unbound': plain(() => (options.allowUnbound = true)),
    '--ignore-exit-code': plain(() => (options.ignoreExitCode = true)),
    '-q': quiet,
    '--quiet': quiet,
  };
  const files: string[] = [];
  for (let words = readOptions('check', own, rules); words.length > 0;) {
    files.push(words[0]);
    words = readOptions('check', words.slice(1), rules);
  }
  if (files.length === 0) throw noFiles();
  return { ...options, environment, files, program: dashes < 0 ? [] : argv.slice(dashes + 1) };
}

function seconds(text: string): number {
  const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (number > 0 && number <= MAX_SECONDS) return number;
  throw new UserError('check-timeout', `trapline check: --timeout ${text}: give seconds, up to ${MAX_SECONDS}.`);
}

function environmentEntry(text: string): string {
  if (text.indexOf('=') >= 1) return text;
  throw new UserError('check-env', `trapline check: --env ${text}: give NAME=VALUE, for example --env=LANG=C.`);
}

const noFiles = (): UserError =>
  new UserError('check-no-file', 'No watch file was given. Write: trapline check FILE.watch -- PROGRAM ARGUMENTS…');
