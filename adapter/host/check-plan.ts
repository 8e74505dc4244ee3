// check-plan.ts: watch files and a command line → what is to be run, with which watches.
//
// Reads the files and the program's symbols; runs nothing. What the command line says wins over the files, and an
// earlier file over a later one.

import * as fs from 'node:fs';
import * as path from 'node:path';
import type { LaunchConfig } from '../session/launch-config';
import { readLaunchConfig } from '../session/launch-config';
import { UserError } from '../util/user-error';
import type { BoundFile, BoundLine } from '../watch/watch-file/bind-watch-file';
import { bindWatchFile, DEFAULT_SLOTS } from '../watch/watch-file/bind-watch-file';
import { loadFileProgram } from '../watch/watch-file/load-program';
import { parseWatchFile } from '../watch/watch-file/parse-watch-file';
import type { Mistake, SettingWord, Spelled, WatchFile } from '../watch/watch-file/syntax';
import { settingOf, settingsOf } from '../watch/watch-file/syntax';
import { specOf } from '../watch/watch-file/watch-spec';
import { splitWords } from '../watch/watch-file/words';
import type { CheckCommand } from '../wire/cli/check/check-options';
import type { CheckLine } from '../wire/cli/check/check-result';
import { resolveLaunch } from './launch';
import { sessionFiles } from './session-files';

export interface CheckPlan {
  /** The program as the person named it. */
  readonly name: string;
  readonly config: LaunchConfig;
  readonly files: readonly { readonly path: string; readonly mistakes: readonly Mistake[] }[];
  readonly lines: readonly CheckLine[];
  readonly notes: readonly string[];
}

const NO_SYMBOL = 'watch-file.no-such-symbol';

interface ReadFile {
  readonly path: string;
  readonly file: WatchFile;
}

/** Throws UserError: a file or the program that is not there. */
export function checkPlan(command: CheckCommand): CheckPlan {
  const read = filesOf(command.files).map((name): ReadFile => ({ path: name, file: parseWatchFile(readText(name)) }));
  const name = programOf(command, read);
  const config = configOf(command, read, name);
  const program = loadFileProgram(config.program, fs.readFileSync(config.program), (file) => sessionFiles.read(file));
  const bound = read.map(({ path: file, file: parsed }) => ({ path: file, bound: bindWatchFile(parsed, program) }));
  const registers = registersOf(
    command,
    read,
    bound.map((each) => each.bound),
  );
  const lines = bound.flatMap(({ path: file, bound: { lines: all, mistakes } }) =>
    all.flatMap((line) => {
      // Calls of calls take more than any file says; what was asked for is kept to.
      const spec = specOf(line, line.place?.functionName !== undefined && !registers.isAsked);
      return spec === undefined ? [] : [{ file, bound: line, spec, ...unknownOf(line, mistakes) }];
    }),
  );
  return {
    name: command.program.at(0) ?? name,
    config: { ...config, debugRegisters: registers.count },
    files: bound.map(({ path: file, bound: { mistakes } }) => ({
      path: file,
      // The note says it.
      mistakes: mistakes.filter(({ code }) => registers.note === undefined || code !== 'watch-file.too-many-slots'),
    })),
    lines,
    notes: registers.note === undefined ? [] : [registers.note],
  };
}

/** What the file's mistakes say of a name that may come with a library. */
function unknownOf({ line, mayCome }: BoundLine, mistakes: readonly Mistake[]): { readonly unknown?: string } {
  const own = mistakes.find(({ code, span }) => code === NO_SYMBOL && span.line === line.keyword.span.line);
  return mayCome === true && own !== undefined ? { unknown: own.message } : {};
}

/** Of a folder those that lie in it, by name. */
function filesOf(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    if (fs.statSync(name, { throwIfNoEntry: false })?.isDirectory() !== true) return [name];
    const inside = fs
      .readdirSync(name)
      .filter((file) => file.endsWith('.watch'))
      .sort();
    if (inside.length === 0) throw new UserError('check-folder', `There is no .watch file in the folder ${name}.`);
    return inside.map((file) => path.join(name, file));
  });
}

function readText(name: string): string {
  try {
    return fs.readFileSync(name, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('check-file', `The watch file ${name} cannot be read: ${why}.`);
  }
}

/** Absolute, or a name to be looked up along PATH. */
function programOf({ program }: CheckCommand, read: readonly ReadFile[]): string {
  const [given] = program;
  if (program.length > 0) return given;
  const named = [...new Set(read.flatMap((file) => pathSetting(file, 'program') ?? []))];
  if (named.length === 1) return named[0];
  const files = read.map(({ path: file }) => file).join(', ');
  if (named.length === 0) {
    throw new UserError(
      'check-no-program',
      `${files} names no program. Begin it with "program PATH", or write: trapline check ${files} -- PROGRAM`,
    );
  }
  throw severalPrograms(read);
}

/** One run is of one program: how each is run. */
function severalPrograms(read: readonly ReadFile[]): UserError {
  const byProgram = new Map<string, string[]>();
  for (const file of read) {
    const name = pathSetting(file, 'program');
    if (name !== undefined) byProgram.set(name, [...(byProgram.get(name) ?? []), file.path]);
  }
  const programs = [...byProgram.keys()].map((name) => path.relative(process.cwd(), name) || name).join(', ');
  const runs = [...byProgram.values()].map((files) => `    trapline check ${files.join(' ')}`).join('\n');
  return new UserError(
    'check-programs',
    `The files name different programs: ${programs}. One run is of one program:\n${runs}\n` +
      'or name the program of all of them after --.',
  );
}

/** A path of a file's, absolute: it counts from the file. */
function pathSetting({ path: name, file }: ReadFile, setting: SettingWord): string | undefined {
  const value = settingOf(file, setting)?.text;
  return value === undefined ? undefined : path.resolve(path.dirname(name), value);
}

function configOf(command: CheckCommand, read: readonly ReadFile[], program: string): LaunchConfig {
  const first = <T>(of: (file: ReadFile) => T | undefined): T | undefined =>
    read.map(of).find((value) => value !== undefined);
  const cwd = command.cwd ?? first((file) => pathSetting(file, 'cwd'));
  const args =
    command.program.length > 0 ? command.program.slice(1) : (first(({ file }) => words(settingOf(file, 'args'))) ?? []);
  const environment = [
    ...read.flatMap(({ file }) => settingsOf(file, 'env').map(({ text }) => text)),
    ...command.environment,
  ];
  const found = resolveLaunch({ program: path.isAbsolute(program) ? program : local(program), args, cwd, environment });
  return readLaunchConfig(
    {
      program: found.path,
      args,
      cwd: found.cwd,
      env: Object.fromEntries(environment.map((entry) => splitEntry(entry))),
      stdin: first((file) => pathSetting(file, 'stdin')),
      cpus: command.cpus ?? numberOf(first(({ file }) => settingOf(file, 'cpus')?.text)),
    },
    sessionFiles,
  );
}

/** What the person typed counts from where they are, not from the program's working directory. */
const local = (program: string): string => (program.includes('/') ? path.resolve(program) : program);

const words = (value: Spelled | undefined): readonly string[] | undefined =>
  value === undefined ? undefined : splitWords(value.text);

const splitEntry = (entry: string): readonly [string, string] => {
  const equals = entry.indexOf('=');
  return [entry.slice(0, equals), entry.slice(equals + 1)];
};

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

/** As many as are wanted: they are emulated. What was asked for is kept to. */
function registersOf(
  { debugRegisters }: CheckCommand,
  read: readonly ReadFile[],
  bound: readonly BoundFile[],
): { readonly count: number; readonly isAsked: boolean; readonly note?: string } {
  const asked = debugRegisters ?? numberOf(read.map(({ file }) => settingOf(file, 'registers')?.text).find(Boolean));
  if (asked !== undefined) return { count: asked, isAsked: true };
  const wanted = bound.reduce((sum, { slotsWanted }) => sum + slotsWanted, 0);
  if (wanted <= DEFAULT_SLOTS) return { count: DEFAULT_SLOTS, isAsked: false };
  const note =
    `${wanted} debug registers are emulated for these watches; x86 has ${DEFAULT_SLOTS}, so that real hardware could not ` +
    'watch all of them at the same time.';
  return { count: wanted, isAsked: false, note };
}
