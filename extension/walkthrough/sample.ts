// sample.ts: the walkthrough's program: two tellers, one account, in a folder of the extension's own.
//
// The sample travels with the extension (samples/). It is copied where it may be changed, and compiled where a C compiler
// is found; else, or where compiling fails, the prebuilt program of the same source serves. A copy that the person has
// changed stays.

import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface Sample {
  readonly folder: string;
  readonly source: string;
  readonly watchFile: string;
  readonly program: string;
  /** What compiled it; absent: prebuilt. */
  readonly compiler?: string;
}

const SOURCE = 'race.c';
const WATCH_FILE = 'races.watch';
const PREBUILT = path.join('prebuilt', 'race');
const COMPILERS = ['gcc', 'cc', 'clang'];
/** Programs are compiled for the machine that is emulated. */
const CAN_COMPILE = process.platform === 'linux' && process.arch === 'x64';
const COMPILE_TIMEOUT_MS = 30_000;

/** `from`: samples/ of the extension. Throws the file system's errors. */
export async function prepareSample(from: string, folder: string, searchPath: string): Promise<Sample> {
  fs.mkdirSync(path.join(folder, path.dirname(PREBUILT)), { recursive: true });
  for (const name of [SOURCE, WATCH_FILE]) copyNew(path.join(from, name), path.join(folder, name));
  const prebuilt = path.join(folder, PREBUILT);
  fs.copyFileSync(path.join(from, PREBUILT), prebuilt);
  fs.chmodSync(prebuilt, 0o755);
  const compiler = CAN_COMPILE ? compilerOn(searchPath) : undefined;
  const compiled = compiler !== undefined && (await isCompiled(compiler, folder, searchPath));
  return {
    folder,
    source: path.join(folder, SOURCE),
    watchFile: path.join(folder, WATCH_FILE),
    ...(compiled ? { program: path.join(folder, 'race'), compiler: path.basename(compiler) } : { program: prebuilt }),
  };
}

function copyNew(from: string, to: string): void {
  if (!fs.existsSync(to)) fs.copyFileSync(from, to);
}

function compilerOn(searchPath: string): string | undefined {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  return COMPILERS.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) =>
    fs.existsSync(file),
  );
}

function isCompiled(compiler: string, cwd: string, searchPath: string): Promise<boolean> {
  const args = ['-g', '-O0', '-pthread', '-o', 'race', SOURCE];
  const options = { cwd, timeout: COMPILE_TIMEOUT_MS, env: { ...process.env, PATH: searchPath } };
  return new Promise((resolve) => {
    execFile(compiler, args, options, (error) => {
      resolve(error === null);
    });
  });
}

/** The line, from 1, of the source that holds `text`. */
export function lineWith(source: string, text: string): number {
  const index = fs
    .readFileSync(source, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text));
  return index < 0 ? 1 : index + 1;
}
