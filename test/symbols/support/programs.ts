// programs.ts: compiles the tests' programs, once per set of flags, and asks the oracles about them.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

export const sourceFolder = path.resolve(__dirname, '../../programs/symbols');
const cache = path.join(os.tmpdir(), 'trapline-test-programs');

/** Path of the source in test/programs/symbols. */
export const sourceOf = (name: string): string => path.join(sourceFolder, name);

const QUICK: readonly (readonly string[])[] = [
  ['-O0', '-gdwarf-4'],
  ['-O1', '-gdwarf-5', '-static'],
  ['-O2', '-gdwarf-5'],
];
const MORE: readonly (readonly string[])[] = [
  ['-O0', '-gdwarf-5', '-static'],
  ['-O0', '-gdwarf-3', '-gstrict-dwarf'],
  ['-O0', '-gdwarf-2'],
  ['-O1', '-gdwarf-4', '-no-pie'],
  ['-O1', '-gdwarf-5', '-fdebug-types-section'],
  ['-O2', '-gdwarf-4', '-static-pie', '-fdebug-types-section'],
  ['-O2', '-gdwarf-5', '-flto'],
  ['-O2', '-gdwarf64', '-gdwarf-5'],
  ['-Og', '-gdwarf-5', '-gz=zlib'],
  ['-O1', '-gdwarf-5', '-fomit-frame-pointer', '-fno-asynchronous-unwind-tables'],
];

/** Flags to build with; all of them with TRAPLINE_SYMBOLS_ALL set, for a minute of comparing. */
export const VARIANTS = process.env.TRAPLINE_SYMBOLS_ALL === undefined ? QUICK : [...QUICK, ...MORE];

/** Compiles `name` (basics.c, shapes.cpp, …) with the flags; the result is kept while source and flags stay. */
export function compile(name: string, flags: readonly string[]): string {
  const source = sourceOf(name);
  const compiler = name.endsWith('.cpp') ? 'g++' : 'gcc';
  const key = createHash('sha256').update(fs.readFileSync(source)).update(source).update(flags.join(' ')).digest('hex');
  const output = path.join(cache, `${path.basename(name)}-${key.slice(0, 16)}`);
  if (!fs.existsSync(output)) {
    fs.mkdirSync(cache, { recursive: true });
    const temporary = `${output}.${process.pid}`;
    execFileSync(compiler, [...flags, '-o', temporary, source], { stdio: 'pipe' });
    fs.renameSync(temporary, output);
  }
  return output;
}

/** Runs a tool and gives its standard output. */
export function run(tool: string, ...args: string[]): string {
  return execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs gdb commands on a program without the user's settings. */
export function gdb(program: string, commands: readonly string[]): string {
  const settings = ['set confirm off', 'set pagination off', 'set width 0', 'set debuginfod enabled off'];
  const args = [...settings, ...commands].flatMap((command) => ['-ex', command]);
  return run('gdb', '-nx', '-batch', ...args, program);
}

export const bytesOf = (file: string): Uint8Array => new Uint8Array(fs.readFileSync(file));

/** Asks gdb through gdb-facts.py; the answer is kept while program, question and script stay. */
export function gdbFacts(program: string, question: Record<string, unknown>): Record<string, unknown> {
  const script = path.join(__dirname, 'gdb-facts.py');
  const asked = JSON.stringify(question);
  const key = createHash('sha256').update(fs.readFileSync(program)).update(fs.readFileSync(script)).update(asked);
  const answer = path.join(cache, `facts-${key.digest('hex').slice(0, 24)}.json`);
  if (!fs.existsSync(answer)) {
    const temporary = `${answer}.${process.pid}`;
    const settings = [
      'set confirm off',
      'set pagination off',
      'set width 0',
      'set debuginfod enabled off',
      'set debug-file-directory /nonexistent',
    ];
    const args = settings.flatMap((command) => ['-ex', command]);
    execFileSync('gdb', ['-nx', '-batch', ...args, '-x', script, program], {
      stdio: 'pipe',
      env: { ...process.env, QUESTION: asked, ANSWER: temporary },
    });
    fs.renameSync(temporary, answer);
  }
  return JSON.parse(fs.readFileSync(answer, 'utf8')) as Record<string, unknown>;
}
