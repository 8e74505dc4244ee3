// program-options.ts: the part of a command line that every verb which runs a program shares.
//
// `readOptions` walks options up to `--` or the first word without a dash; each verb names the options it knows.
// `ProgramOptions` are those of the program itself: where it runs, on what.

import { UserError } from '../../util/user-error';

export interface ProgramOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cpus: number;
  readonly debugRegisters: number;
  readonly cwd: string | undefined;
  /** NAME=VALUE, added to the environment. */
  readonly environment: readonly string[];
  readonly writable: readonly string[];
}

export const PROGRAM_OPTIONS_USAGE = `      --cpus=N              emulated CPUs (2)
      --debug-registers=N   of each CPU (4, as on x86)
      --cwd=DIRECTORY       working directory of the program
      --env=NAME=VALUE      adds to its environment (may be repeated)
      --writable=DIR        lets it write below DIR, besides the working directory and /tmp
`;

/** One option of a verb: whether a value follows, and what to do with it. */
export interface OptionRule {
  readonly takesValue: boolean;
  readonly apply: (value: string) => void;
}

export type OptionRules = Readonly<Record<string, OptionRule>>;

const MAX_CPUS = 16;
const MAX_DEBUG_REGISTERS = 64;

export const valued = (apply: (value: string) => void): OptionRule => ({ takesValue: true, apply });
export const plain = (apply: () => void): OptionRule => ({ takesValue: false, apply });

/** What follows the options. Throws UserError for what the rules do not know. */
export function readOptions(verb: string, argv: readonly string[], rules: OptionRules): readonly string[] {
  let at = 0;
  while (at < argv.length && argv[at].startsWith('-') && argv[at] !== '-') {
    if (argv[at] === '--') return argv.slice(at + 1);
    at += applyOption(verb, argv, at, rules);
  }
  return argv.slice(at);
}

/** `--name=value`, `--name value`, `-nVALUE`, `-n value`; how many words it took. */
function applyOption(verb: string, argv: readonly string[], at: number, rules: OptionRules): number {
  const { name, joined } = splitOption(argv[at], rules);
  if (!Object.hasOwn(rules, name)) throw unknownOption(verb, name, Object.keys(rules));
  const rule = rules[name];
  if (!rule.takesValue) {
    if (joined !== undefined) throw valueNotWanted(verb, name);
    rule.apply('');
    return 1;
  }
  const value = joined ?? argv.at(at + 1);
  if (value === undefined || (joined === undefined && at + 1 >= argv.length)) throw valueMissing(verb, name);
  rule.apply(value);
  return joined === undefined ? 2 : 1;
}

function splitOption(word: string, rules: OptionRules): { readonly name: string; readonly joined: string | undefined } {
  if (!word.startsWith('--')) {
    if (Object.hasOwn(rules, word)) return { name: word, joined: undefined };
    return { name: word.slice(0, 2), joined: word.length > 2 ? word.slice(2) : undefined };
  }
  const equals = word.indexOf('=');
  return equals < 0
    ? { name: word, joined: undefined }
    : { name: word.slice(0, equals), joined: word.slice(equals + 1) };
}

export interface ProgramOptionsReader {
  readonly rules: OptionRules;
  /** With the words after the options. Throws UserError where no program is named. */
  finish(words: readonly string[]): ProgramOptions;
}

/** `example`: the words before PROGRAM in a good command line, for the message when it is missing. */
export function programOptions(verb: string, example: string): ProgramOptionsReader {
  const environment: string[] = [];
  const writable: string[] = [];
  const numbers = { cpus: 2, debugRegisters: 4 };
  let cwd: string | undefined;
  const rules: OptionRules = {
    '--cpus': valued((text) => (numbers.cpus = wholeNumber(verb, '--cpus', text, 1, MAX_CPUS))),
    '--debug-registers': valued(
      (text) => (numbers.debugRegisters = wholeNumber(verb, '--debug-registers', text, 0, MAX_DEBUG_REGISTERS)),
    ),
    '--cwd': valued((text) => (cwd = text)),
    '--env': valued((text) => environment.push(environmentEntry(verb, text))),
    '--writable': valued((text) => writable.push(text)),
  };
  return {
    rules,
    finish: (words) => {
      const program = words.at(0);
      if (program === undefined || program === '') throw noProgram(verb, example);
      return { ...numbers, program, args: words.slice(1), cwd, environment, writable };
    },
  };
}

/** Throws UserError unless the text is a whole number within [low, high]. */
export function wholeNumber(verb: string, name: string, text: string, low: number, high: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= low && number <= high) return number;
  throw new UserError(
    `${verb}-number`,
    `trapline ${verb}: ${name} ${text}: give a whole number from ${low} to ${high}.`,
  );
}

function environmentEntry(verb: string, text: string): string {
  if (text.indexOf('=') >= 1) return text;
  throw new UserError(`${verb}-env`, `trapline ${verb}: --env ${text}: give NAME=VALUE, for example --env=LANG=C.`);
}

function unknownOption(verb: string, name: string, known: readonly string[]): UserError {
  return new UserError(
    `${verb}-option`,
    `trapline ${verb} does not know ${name}. It knows ${known.join(', ')}; trapline ${verb} --help tells what they do.`,
  );
}

const valueMissing = (verb: string, name: string): UserError =>
  new UserError(`${verb}-value`, `trapline ${verb}: ${name} needs a value after it. See trapline ${verb} --help.`);

const valueNotWanted = (verb: string, name: string): UserError =>
  new UserError(`${verb}-value`, `trapline ${verb}: ${name} takes no value. See trapline ${verb} --help.`);

const noProgram = (verb: string, example: string): UserError =>
  new UserError(`${verb}-no-program`, `No program was given. Write: trapline ${verb} ${example} -- PROGRAM ARGUMENTS…`);
