// main.ts: how fast the emulated machine is, against the same binary on the real CPU, in turn in one run.
//
// npm run bench [-- KERNEL… | watches | conditions | calls | many | start-up]   Minima over a few turns. Watching: see
// `watching` below, watch-modes.ts, watch-conditions.ts, busy-calls.ts and many-watches.ts.

import type { DebugCondition } from '../../adapter/machine/debug-registers';
import type { LoadedProgram } from '../machine/support/program';
import { breakpointLayer } from './breakpoint-layer';
import { busyCalls } from './busy-calls';
import { KERNELS, OPTIMISATIONS } from './kernels.table';
import { buildKernel, geometricMean, runEmulated, runNative } from './measure';
import { MANY_RUN, manyRun, manyWatches } from './many-watches';
import { perfHits } from './perf-hits';
import { startUp } from './start-up';
import { watchConditions } from './watch-conditions';
import { watchModes } from './watch-modes';

const TURNS = 3;

function slowdowns(names: readonly string[]): void {
  const kernels = KERNELS.filter(({ name }) => names.length === 0 || names.includes(name));
  console.log(
    `kernel        ${OPTIMISATIONS.map((level) => level.padStart(18)).join('')}    (x native, M instructions/s)`,
  );
  const ratios = OPTIMISATIONS.map((): number[] => []);
  for (const { name, rounds } of kernels) {
    const cells = OPTIMISATIONS.map((level, n) => {
      const file = buildKernel(name, level);
      let native = Infinity;
      let emulated = Infinity;
      let instructions = 0;
      for (let turn = 0; turn < TURNS; turn++) {
        const expected = runNative(file, rounds);
        const timing = runEmulated(file, rounds);
        if (timing.result !== expected.result) throw new Error(`${name} ${level}: a wrong result`);
        native = Math.min(native, expected.milliseconds);
        emulated = Math.min(emulated, timing.milliseconds);
        ({ instructions } = timing);
      }
      ratios[n].push(emulated / native);
      const speed = instructions / emulated / 1000;
      return `${(emulated / native).toFixed(2)} ${speed.toFixed(0).padStart(6)}`.padStart(18);
    });
    console.log(name.padEnd(14) + cells.join(''));
  }
  console.log(
    'geo. mean'.padEnd(14) + ratios.map((all) => `${geometricMean(all).toFixed(2)}       `.padStart(18)).join(''),
  );
}

type Watch = (program: LoadedProgram) => DebugCondition;

function watchOf(symbol: string, offset: bigint, countOnly: boolean): Watch {
  return ({ symbols }) => ({
    enabled: true,
    address: (symbols.get(symbol) ?? 0n) + offset,
    lengthBytes: 8,
    type: 1,
    countOnly,
  });
}

/** The store kernel: unwatched, with a watch that is not hit, and with every third store counted. */
function watching(): void {
  const file = buildKernel('store', '-O1');
  const rounds = 200_000;
  const cases: readonly [string, Watch | undefined][] = [
    ['unwatched', undefined],
    ['another page watched', watchOf('elsewhere', 128n, true)],
    ['same page watched', watchOf('page', 248n, true)],
    ['every third store counted', watchOf('page', 0n, true)],
  ];
  const best = cases.map(() => ({ milliseconds: Infinity, hits: 0 }));
  let native = Infinity;
  for (let turn = 0; turn < TURNS; turn++) {
    native = Math.min(native, runNative(file, rounds).milliseconds);
    cases.forEach(([, watch], n) => {
      const { milliseconds, hits } = runEmulated(file, rounds, watch);
      if (milliseconds < best[n].milliseconds) best[n] = { milliseconds, hits };
    });
  }
  console.log('\nwatching (store -O1)            x native   x unwatched   M hits/s');
  cases.forEach(([name], n) => {
    const { milliseconds, hits } = best[n];
    const columns = [milliseconds / native, milliseconds / best[0].milliseconds, hits / milliseconds / 1000];
    console.log(name.padEnd(30) + columns.map((number) => number.toFixed(2).padStart(10)).join(' '));
  });
}

const names = process.argv.slice(2);
if (names[0] === MANY_RUN) void manyRun(names);
else if (names.length === 1 && names[0] === 'watches') void watchModes();
else if (names[0] === 'conditions') void watchConditions(names.slice(1).join(' '));
else if (names.length === 1 && names[0] === 'calls') void busyCalls();
else if (names.length === 1 && names[0] === 'start-up') startUp();
else if (names.length === 1 && names[0] === 'many') manyWatches();
else {
  slowdowns(names);
  if (names.length === 0) {
    watching();
    startUp();
    breakpointLayer();
    perfHits();
    void watchModes()
      .then(() => watchConditions())
      .then(busyCalls)
      .then(manyWatches);
  }
}
