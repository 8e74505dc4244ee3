// compile-c.ts: compiles C text with the machine's gcc and runs it.

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** What the program prints. */
export function runC(source: string, flags: readonly string[] = []): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-c-'));
  try {
    const file = path.join(directory, 'main.c');
    const program = path.join(directory, 'main');
    fs.writeFileSync(file, source);
    execFileSync('gcc', ['-w', '-O0', '-fwrapv', ...flags, '-o', program, file, '-lm']);
    return execFileSync(program, { encoding: 'utf8', maxBuffer: 1 << 26 });
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
