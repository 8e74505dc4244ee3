// start-up.ts: how long a program takes that does next to nothing: the whole process, as a person waits for it.
//
// npm run bench -- start-up   Minima over a few turns, beside the real CPU and beside a Node that does nothing.
// Uses the built adapter: npm run build first.

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { compile } from '../machine/support/program';

const ADAPTER = path.resolve(__dirname, '../../dist/adapter.js');
const TURNS = 7;

const HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n';
const THREADS = `#include <pthread.h>
#include <stdio.h>
static void *run(void *argument) { return argument; }
int main(void) {
  pthread_t threads[4];
  for (int n = 0; n < 4; n++) pthread_create(threads + n, 0, run, 0);
  for (int n = 0; n < 4; n++) pthread_join(threads[n], 0);
  puts("hello");
}
`;
const STREAMS = '#include <iostream>\nint main() { std::cout << "hello" << std::endl; }\n';

interface Times {
  readonly wallMs: number;
  /** User and system, all threads. */
  readonly cpuMs: number;
}

/** The shell's own clock: Node does not tell what a child used. */
function timed(command: readonly string[]): Times {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" > /dev/null';
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', ...command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  const [wall = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

function column({ wallMs, cpuMs }: Times): string {
  return `${wallMs.toFixed(0).padStart(8)} ${cpuMs.toFixed(0).padStart(8)}`;
}

export function startUp(): void {
  if (!fs.existsSync(ADAPTER)) throw new Error(`${ADAPTER} is missing: npm run build`);
  const programs: readonly [string, string][] = [
    ['hello, static', compile(HELLO, '.c', ['-O1', '-static'])],
    ['hello, dynamic', compile(HELLO, '.c', ['-O1'])],
    ['hello, four threads', compile(THREADS, '.c', ['-O1', '-pthread'])],
    ['hello, C++ streams', compile(STREAMS, '.cpp', ['-O1', '-Wl,--no-as-needed', '-lstdc++'])],
  ];
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['node -e 0', [process.execPath, '-e', '0']],
    ...programs.flatMap(([name, file]) => [
      [name, [process.execPath, ADAPTER, 'run', file]] as const,
      ['  natively', [file]] as const,
    ]),
  ];
  const best = rows.map(() => ({ wallMs: Infinity, cpuMs: Infinity }));
  for (let turn = 0; turn < TURNS; turn++) {
    rows.forEach(([, command], n) => {
      const { wallMs, cpuMs } = timed(command);
      best[n] = { wallMs: Math.min(best[n].wallMs, wallMs), cpuMs: Math.min(best[n].cpuMs, cpuMs) };
    });
  }
  console.log('\nstart-up                 wall ms   CPU ms');
  rows.forEach(([name], n) => {
    console.log(name.padEnd(22) + column(best[n]));
  });
}
