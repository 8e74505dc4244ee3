// busy-calls.ts: what it costs that a watch follows each call of a function, through a whole debug session: calls per
// second, and the slowdown against the same loop unwatched, in turn in one process.
//
// npm run bench -- calls

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runWatched } from './watched-run';
import type { Outcome } from './watched-run';

interface Case {
  readonly name: string;
  readonly calls: number;
  /** Each call of the loop makes so many more. */
  readonly depth: number;
  readonly watched: boolean;
}

const MANY = 2_000_000;
const FEW = 50_000;

const CASES: readonly Case[] = [
  { name: 'not watched', calls: MANY, depth: 0, watched: false },
  { name: 'one call at a time', calls: FEW, depth: 0, watched: true },
  { name: 'three deep', calls: FEW, depth: 2, watched: true },
];
const TURNS = 2;

export async function busyCalls(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trapline-bench-'));
  const program = path.join(folder, 'busy-calls');
  execFileSync('gcc', ['-g', '-O0', '-o', program, path.resolve(__dirname, '../programs/busy-calls.c')]);
  const best = CASES.map((): Outcome => ({ milliseconds: Infinity, hits: 0 }));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [n, { calls, depth, watched }] of CASES.entries()) {
      const args = [String(Math.ceil(calls / (depth + 1))), String(depth)];
      const spec = { expression: 'work::sum', mode: 'count', access: 'write', mayCome: true } as const;
      const outcome = await runWatched(program, args, watched ? [spec] : []);
      if (outcome.milliseconds < best[n].milliseconds) best[n] = outcome;
    }
  }
  rmSync(folder, { recursive: true });
  const unwatched = best[0].milliseconds / MANY;
  console.log('\neach call of a function watched       x unwatched    calls/s    hits');
  for (const [n, { name, calls }] of CASES.entries()) {
    const { milliseconds, hits } = best[n];
    const slowdown = (milliseconds / calls / unwatched).toFixed(1).padStart(12);
    const speed = ((calls / milliseconds) * 1000).toFixed(0).padStart(10);
    console.log(`${name.padEnd(36)} ${slowdown} ${speed} ${String(hits).padStart(7)}`);
  }
}
