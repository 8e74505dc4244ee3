// compiled.ts: C programs of test/programs/, compiled once per run by the machine's own gcc.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SOURCES = path.resolve('test/programs');
let directory: string | undefined;

/** A directory of this run, removed at its end. */
export function scratch(): string {
  if (directory !== undefined) return directory;
  directory = mkdtempSync(path.join(tmpdir(), 'trapline-e2e-'));
  mkdirSync(directory, { recursive: true });
  const gone = directory;
  process.on('exit', () => {
    rmSync(gone, { recursive: true, force: true });
  });
  return directory;
}

export interface Compiled {
  readonly program: string;
  readonly source: string;
  /** The 1-based line with this marker comment, as in `counter++; // MARK bump`. */
  readonly line: (marker: string) => number;
}

/** `file`: without extension it is C. The flags follow the source, so that libraries can be among them. */
export function compile(file: string, flags: readonly string[] = ['-g', '-O0', '-pthread']): Compiled {
  const name = file.includes('.') ? file : `${file}.c`;
  const source = path.join(SOURCES, name);
  const program = path.join(scratch(), `${name}${flags.join('').replace(/[^\w-]/g, '_')}`);
  execFileSync(name.endsWith('.cpp') ? 'g++' : 'gcc', ['-o', program, source, ...flags]);
  const lines = readFileSync(source, 'utf8').split('\n');
  return {
    program,
    source,
    line(marker) {
      const at = lines.findIndex((line) => line.includes(`MARK ${marker}`) && !line.includes(`MARK ${marker}-`));
      if (at < 0) throw new Error(`${name} has no line marked ${marker}`);
      return at + 1;
    },
  };
}
