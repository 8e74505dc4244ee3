// watch-modes.ts: what a watch costs in each mode, through a whole debug session: hits per second, and the slowdown
// against the same loop unwatched, in turn in one process.
//
// npm run bench -- watches    The loop calls a function that writes one int; every write changes it.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WatchSpec } from '../../adapter/protocol/watches';
import { runWatched } from './watched-run';
import type { Outcome } from './watched-run';

interface Case {
  readonly name: string;
  readonly rounds: number;
  readonly spec?: WatchSpec;
}

const MANY = 2_000_000;
const spec = (more: WatchSpec): WatchSpec => ({ expression: 'i32', ...more });

const CASES: readonly Case[] = [
  { name: 'not watched', rounds: MANY },
  { name: 'stop when $new == 5000000', rounds: MANY, spec: spec({ condition: '$new == 5000000' }) },
  {
    name: 'stop when $new - $old > limit && …',
    rounds: MANY,
    spec: spec({ condition: '$new - $old > limit && $thread != 3 || $hits < 0' }),
  },
  { name: 'stop when $writer == "main"', rounds: MANY, spec: spec({ condition: '$writer == "main"' }) },
  { name: 'stop at hit 5000000', rounds: MANY, spec: spec({ hitCondition: '5000000' }) },
  { name: 'count, with history', rounds: MANY, spec: spec({ mode: 'count' }) },
  { name: 'count every write', rounds: MANY, spec: spec({ mode: 'count', access: 'write' }) },
  { name: 'log', rounds: MANY, spec: spec({ mode: 'log' }) },
  { name: 'stop when a local says so', rounds: MANY, spec: spec({ condition: 'value == 5000000' }) },
  { name: 'count 16 bytes: two slots', rounds: MANY, spec: spec({ mode: 'count', lengthBytes: 16 }) },
  { name: 'count a local', rounds: MANY, spec: { expression: 'main::i', mode: 'count' } },
  {
    name: 'stop when a local and its condition …',
    rounds: MANY,
    spec: { expression: 'main::i', condition: '$new == 5000000 || i32 < 0' },
  },
];
const TURNS = 2;

export async function watchModes(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trapline-bench-'));
  const program = path.join(folder, 'numbers');
  execFileSync('gcc', ['-g', '-O0', '-o', program, path.resolve(__dirname, '../programs/numbers.c')]);
  const best = CASES.map((): Outcome => ({ milliseconds: Infinity, hits: 0 }));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [n, one] of CASES.entries()) {
      const outcome = await runWatched(program, [String(one.rounds)], one.spec === undefined ? [] : [one.spec]);
      if (outcome.milliseconds < best[n].milliseconds) best[n] = outcome;
    }
  }
  rmSync(folder, { recursive: true });
  const unwatched = best[0].milliseconds / MANY;
  console.log('\nmodes of a watch                      x unwatched   M hits/s');
  for (const [n, { name, rounds }] of CASES.entries()) {
    const { milliseconds, hits } = best[n];
    const columns = [milliseconds / rounds / unwatched, hits / milliseconds / 1000];
    console.log(name.padEnd(36) + columns.map((number) => number.toFixed(3).padStart(12)).join(' '));
  }
}
