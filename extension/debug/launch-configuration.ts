// launch-configuration.ts: what a launch configuration means, and what to say when it cannot work.
//
// Pure: files are looked at through `FileProbe`. The provider (configuration-provider.ts) shows the outcome.

import * as path from 'node:path';
import type { CargoProgram } from './cargo-program';
import type { Translate } from '../view/translate';

export const DEBUG_TYPE = 'trapline';

/** The attributes of package.json, "debuggers". What else a person wrote is passed on untouched. */
export interface LaunchConfiguration {
  type: string;
  request: string;
  name: string;
  program?: unknown;
  cwd?: unknown;
  stdin?: unknown;
  [attribute: string]: unknown;
}

export type FileKind = 'file' | 'directory' | 'missing';
export type FileProbe = (file: string) => FileKind;

export type Resolved =
  | { readonly kind: 'ready'; readonly configuration: LaunchConfiguration }
  /** `compile` makes the program that is missing. */
  | { readonly kind: 'refused'; readonly message: string; readonly compile?: Compile };

export interface Compile {
  readonly command: string;
  readonly cwd: string;
}

/** The source file in the active editor: the best hint at what a person wants to debug. */
export interface ActiveSource {
  readonly languageId: string;
  readonly file: string;
  /** Of a Rust source: what Cargo makes of it. */
  readonly cargo?: CargoProgram;
}

/** How the sources of a language become a program with debug information. */
const COMPILERS: Readonly<Record<string, string>> = {
  c: 'gcc -g -O0 -pthread',
  cpp: 'g++ -g -O0 -pthread',
  rust: 'rustc -g',
};

/** A first configuration, written with VS Code's variables so that it fits any folder. */
export function initialConfiguration(t: Translate, source?: ActiveSource, folder?: string): LaunchConfiguration {
  return {
    type: DEBUG_TYPE,
    request: 'launch',
    name: t('Trapline: watch a program'),
    program: initialProgram(source, folder),
    args: [],
    cwd: '${workspaceFolder}',
  };
}

function initialProgram(source: ActiveSource | undefined, folder: string | undefined): string {
  if (source === undefined || !(source.languageId in COMPILERS)) return '${workspaceFolder}/a.out';
  if (source.cargo === undefined) return '${fileDirname}/${fileBasenameNoExtension}';
  const { program } = source.cargo;
  const isInside = folder !== undefined && program.startsWith(`${folder}${path.sep}`);
  return isInside ? `\${workspaceFolder}/${path.relative(folder, program)}` : program;
}

/** F5 without launch.json: a configuration for the program next to the open source file, or what to do instead. */
export function configurationForSource(source: ActiveSource | undefined, t: Translate): Resolved {
  if (source === undefined || !(source.languageId in COMPILERS)) {
    return {
      kind: 'refused',
      message: t(
        'Trapline does not know which program to debug. Open a C, C++ or Rust file, or create a launch.json with "program".',
      ),
    };
  }
  return {
    kind: 'ready',
    configuration: { ...initialConfiguration(t, source), cwd: source.cargo?.root ?? '${fileDirname}' },
  };
}

/**
 * Checks and completes a configuration whose variables are filled in: paths become absolute, relative ones count from
 * `folder`. The adapter checks the program itself (ELF, architecture, debug information).
 */
export function completeConfiguration(
  configuration: LaunchConfiguration,
  context: { readonly folder?: string; readonly source?: ActiveSource; readonly probe: FileProbe },
  t: Translate,
): Resolved {
  const refuse = (message: string): Resolved => ({ kind: 'refused', message });
  if (configuration.request === 'attach') return refuse(noAttach(t));
  const { program } = configuration;
  if (program === undefined || program === '') {
    return refuse(
      t('The launch configuration "{0}" has no "program": the path of the program to debug.', configuration.name),
    );
  }
  if (typeof program !== 'string') return refuse(t('"program" must be a path, as text.'));
  const absolute = (file: string): string =>
    path.isAbsolute(file) || context.folder === undefined ? file : path.join(context.folder, file);
  const file = absolute(program);
  const kind = context.probe(file);
  if (kind === 'missing') return missingProgram(file, context.source, t);
  if (kind === 'directory') {
    return refuse(t('"{0}" is a folder. "program" must be the compiled program itself.', file));
  }
  if (path.extname(file) in SOURCE_EXTENSIONS) {
    return refuse(t('"{0}" is source code. Compile it first, and let "program" be the compiled program.', file));
  }
  const { stdin } = configuration;
  if (typeof stdin === 'string' && stdin !== '' && context.probe(absolute(stdin)) !== 'file') {
    return refuse(t('"stdin" is "{0}", and there is no such file.', absolute(stdin)));
  }
  return {
    kind: 'ready',
    configuration: {
      ...configuration,
      program: file,
      ...(typeof stdin === 'string' && stdin !== '' ? { stdin: absolute(stdin) } : {}),
      ...(typeof configuration.cwd === 'string' && configuration.cwd !== ''
        ? { cwd: absolute(configuration.cwd) }
        : { cwd: context.folder ?? path.dirname(file) }),
    },
  };
}

const SOURCE_EXTENSIONS: Readonly<Record<string, true>> = {
  '.c': true,
  '.h': true,
  '.cc': true,
  '.cpp': true,
  '.cxx': true,
  '.hpp': true,
  '.rs': true,
};

const noAttach = (t: Translate): string =>
  t(
    'Trapline cannot attach to a process: it runs the program itself, on an emulated machine. Use "request": "launch" with "program".',
  );

function missingProgram(file: string, source: ActiveSource | undefined, t: Translate): Resolved {
  const compile = compileCommand(file, source);
  if (compile === undefined) {
    const message = t('There is no program "{0}". Compile it with -g, or correct "program" in launch.json.', file);
    return { kind: 'refused', message };
  }
  const message = t(
    'There is no program "{0}". Compile it first ({1}), or set "program" in launch.json.',
    file,
    compile.command,
  );
  return { kind: 'refused', message, compile };
}

/** Of the open source, where the program is what would be made of it. */
function compileCommand(file: string, source: ActiveSource | undefined): Compile | undefined {
  if (source === undefined) return undefined;
  if (source.cargo?.program === file) {
    const example = /[\\/]examples[\\/]([^\\/]+)$/.exec(file)?.[1];
    return {
      command: example === undefined ? 'cargo build' : `cargo build --example ${example}`,
      cwd: source.cargo.root,
    };
  }
  const folder = path.dirname(file);
  if (path.dirname(source.file) !== folder || !(source.languageId in COMPILERS)) return undefined;
  const words = ['-o', path.basename(file), path.basename(source.file)].map(shellWord);
  return { command: `${COMPILERS[source.languageId]} ${words.join(' ')}`, cwd: folder };
}

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
