// many-watches.ts: what 1, 4, 100 and 1,000 watches cost, not hit and hit, beside gdb's hardware and software watchpoints
// and perf's events on the same program, in one run.
//
// npm run bench -- many    Each is compared with the same stores unwatched: of the emulated machine, and natively. Each run
// is a process of its own, as a debug session is: in one that has run dozens of programs the engine compiles late.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sessionEngine } from '../../adapter/host/session-engine';
import { DebugSession } from '../../adapter/session/debug-session';
import { readLaunchConfig } from '../../adapter/session/launch-config';
import type { SessionObserver } from '../../adapter/session/session-events';
import type { EditorWish } from '../../adapter/session/watch-desk';
import { threadMilliseconds } from './measure';
import { UNSEEN } from './unseen';

/** The first of the program's own arguments in such a run. */
export const MANY_RUN = 'many-run';
const HITS = 20_000_000;
/** A store that is not watched takes half a nanosecond. */
const STILL_STORES = 600_000_000;
const FEW = 2_000;
const VERY_FEW = 200;
const TURNS = 3;
const CROWD_STORES = 50_000_000;
const REGISTERS = 1024;
const HARDWARE = 4;

interface Outcome {
  readonly armedMs: number;
  readonly milliseconds: number;
  readonly hits: number;
}

interface Row {
  readonly name: string;
  readonly watches: number;
  /** Nanoseconds a store. */
  readonly still: number | undefined;
  readonly hit: number | undefined;
  readonly armedMs?: number;
}

/** Prints a table. */
export function manyWatches(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'trapline-bench-'));
  const program = path.join(folder, 'many');
  execFileSync('gcc', ['-g', '-O1', '-no-pie', '-o', program, path.resolve(__dirname, '../programs/many.c')]);
  const unwatched = perStore(program, 0, true);
  const native = nativeTime(program, STILL_STORES);
  const rows: Row[] = [];
  for (const watches of [1, 4, 100, 1000]) {
    const still = perStore(program, watches, true);
    const hit = perStore(program, watches, false);
    rows.push({ name: 'trapline', watches, still: still.ns, hit: hit.ns, armedMs: still.armedMs });
  }
  console.log('\n1, 4, 100, 1,000 watches      watches   to arm, ms   not hit, x   hit, x   M hits/s');
  for (const row of rows) print(row, unwatched.ns);
  for (const row of othersRows(program, folder)) print(row, native / STILL_STORES);
  crowd(folder);
  console.log(
    'x: times the same stores unwatched, of the emulated machine or natively. Hit: every store, and counted.',
  );
  rmSync(folder, { recursive: true });
}

function print({ name, watches, still, hit, armedMs }: Row, unwatched: number): void {
  const times = (ns: number | undefined): string => (ns === undefined ? '–' : (ns / unwatched).toFixed(2));
  const columns = [String(watches), armedMs === undefined ? '–' : armedMs.toFixed(0), times(still), times(hit)];
  const rate = hit === undefined ? '–' : (1000 / hit).toFixed(4);
  console.log(name.padEnd(26) + [...columns, rate].map((text) => text.padStart(12)).join(''));
}

function perStore(program: string, watches: number, still: boolean): { readonly ns: number; readonly armedMs: number } {
  const stores = still ? STILL_STORES : HITS;
  const how = still ? 'still' : 'hit';
  const long: Outcome[] = [];
  const short: Outcome[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    long.push(runApart(program, watches, how, stores));
    short.push(runApart(program, watches, how, 1));
  }
  for (const { hits } of long) if (!still && hits !== stores) throw new Error(`${hits} hits of ${stores} stores`);
  const least = (of: readonly Outcome[]): number => Math.min(...of.map(({ milliseconds }) => milliseconds));
  return {
    ns: ((least(long) - least(short)) * 1e6) / stores,
    armedMs: Math.min(...long.map(({ armedMs }) => armedMs)),
  };
}

type How = 'still' | 'hit' | 'crowd';

function runApart(program: string, watches: number, how: How, stores: number, threads = 1): Outcome {
  const [, main = ''] = process.argv;
  const own = how === 'crowd' ? [threads] : [Math.max(1, watches), ...(how === 'still' ? [how] : [])];
  const args = [main, MANY_RUN, program, String(watches), String(stores), ...own.map(String)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Outcome;
}

/** A run that `runApart` asked for. */
export async function manyRun([, program = '', watches, ...args]: readonly string[]): Promise<void> {
  console.log(JSON.stringify(await run(program, Number(watches), args)));
}

/** Threads that run at once beside what is watched: times as many unwatched. */
function crowd(folder: string): void {
  const program = path.join(folder, 'crowd');
  const source = path.resolve(__dirname, '../programs/crowd.c');
  execFileSync('gcc', ['-g', '-O1', '-no-pie', '-pthread', '-o', program, source]);
  for (const threads of [2, 4]) {
    const time = (watches: number): number => {
      const runs = Array.from({ length: TURNS }, () => runApart(program, watches, 'crowd', CROWD_STORES, threads));
      return Math.min(...runs.map(({ milliseconds }) => milliseconds));
    };
    const unwatched = time(0);
    for (const watches of [100, 1000]) {
      print({ name: `trapline, ${threads} threads`, watches, still: time(watches), hit: undefined }, unwatched);
    }
  }
}

function wishes(count: number): EditorWish[] {
  return Array.from({ length: count }, (_, n) => ({
    key: `cells ${n}`,
    target: { kind: 'global', expression: `cells[${n}]`, lengthBytes: 8, typeName: 'long' },
    access: 'write',
    threads: 'all',
    mode: 'count',
  }));
}

/** From main to the end; CPU time of this thread. */
function run(program: string, watches: number, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const engine = sessionEngine();
    const config = readLaunchConfig(
      { program, args: [...args], stopOnEntry: true, debugRegisters: REGISTERS },
      engine.files,
    );
    let before = 0;
    let armedMs = 0;
    const observer: SessionObserver = {
      onStopped: () => {
        const asked = performance.now();
        void Promise.resolve(session.setWatches(wishes(watches))).then((views) => {
          armedMs = performance.now() - asked;
          if (views.some(({ verified }) => !verified)) throw new Error('a watch is not armed');
          before = threadMilliseconds();
          session.execution.continue();
        });
      },
      onExited: () => {
        const milliseconds = threadMilliseconds() - before;
        const hits = session.watches().reduce((sum, watch) => sum + watch.hits, 0);
        resolve({ armedMs, milliseconds, hits });
      },
      ...UNSEEN,
    };
    const session = DebugSession.launch(config, engine, observer);
    session.execution.begin();
  });
}

// Others --------------------------------------------------------------------------------------------------------------

/** Nanoseconds of the CPU. */
function nativeTime(program: string, stores: number): number {
  return Math.min(
    ...[1, 2, 3].map(() => programTime(execFileSync(program, [String(stores), '1'], { encoding: 'utf8' }), 'cpu')),
  );
}

function othersRows(program: string, folder: string): Row[] {
  const hardware = [1, HARDWARE].map((watches) => ({
    name: 'gdb, hardware',
    watches,
    still: tried(() => gdb(program, watches, STILL_STORES, true, true) / STILL_STORES),
    hit: tried(() => gdb(program, watches, FEW, false, true) / FEW),
  }));
  const software = [1, HARDWARE, 100].map((watches) => ({
    name: 'gdb, software',
    watches,
    still: tried(() => gdb(program, watches, VERY_FEW, true, false) / VERY_FEW),
    hit: undefined,
  }));
  const perf = [1, HARDWARE].map((watches) => ({
    name: 'perf record -e mem:',
    watches,
    still: tried(() => perfRecord(program, folder, watches, STILL_STORES, true) / STILL_STORES),
    hit: tried(() => perfRecord(program, folder, watches, FEW, false) / FEW),
  }));
  return [...hardware, ...software, ...perf];
}

/** Undefined where the tool is absent or does not get so far. */
function tried(measure: () => number): number | undefined {
  try {
    const time = measure();
    return Number.isFinite(time) && time > 0 ? time : undefined;
  } catch {
    return undefined;
  }
}

/** Of what is not hit the CPU's time: others may use the machine. Whoever handles hits has time of his own. */
function programTime(output: string, of: 'clock' | 'cpu'): number {
  const [, clock, cpu] = /^(\d+) (\d+)$/m.exec(output) ?? [];
  return Number(of === 'cpu' ? cpu : clock);
}

function programArgs(stores: number, watches: number, still: boolean): string[] {
  return [String(stores), String(watches), ...(still ? ['still'] : [])];
}

/** Hits are counted by watchpoints that ignore them. */
function gdb(program: string, watches: number, stores: number, still: boolean, hardware: boolean): number {
  const set = Array.from({ length: watches }, (_, n) => [`watch cells[${n}]`, `ignore $bpnum 100000000`]).flat();
  const commands = [`set can-use-hw-watchpoints ${hardware ? 1 : 0}`, 'break work', 'run', ...set, 'continue'];
  const options = ['-q', '-batch', '-nx', ...commands.flatMap((command) => ['-ex', command])];
  const args = [...options, '--args', program, ...programArgs(stores, watches, still)];
  return programTime(
    execFileSync('gdb', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 120_000 }),
    still && hardware ? 'cpu' : 'clock',
  );
}

function perfRecord(program: string, folder: string, watches: number, stores: number, still: boolean): number {
  const symbols = execFileSync('nm', [program], { encoding: 'utf8' });
  const cells = BigInt(`0x${/^(\w+) . cells$/m.exec(symbols)?.[1] ?? ''}`);
  const events = Array.from({ length: watches }, (_, n) => `mem:0x${(cells + 8n * BigInt(n)).toString(16)}/8:w:u`);
  const options = ['record', '-q', '-o', path.join(folder, 'perf.data'), '-c', '1', '-e', events.join(',')];
  const args = [...options, program, ...programArgs(stores, watches, still)];
  return programTime(
    execFileSync('perf', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 120_000 }),
    still ? 'cpu' : 'clock',
  );
}
