// breakpoint-layer.ts: what the breakpoint layer itself costs, without the machine: slots, switches, hits.

import { attrBytes, LayerBench } from '../kernel/support/layer-bench';

const TURNS = 3;

/** The best of a few turns, per second. */
function perSecond(times: number, action: (time: number) => void): string {
  let best = Infinity;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const start = performance.now();
    for (let time = 0; time < times; time += 1) action(time);
    best = Math.min(best, performance.now() - start);
  }
  return Math.round((times / best) * 1000)
    .toLocaleString('en')
    .padStart(12);
}

/** Context switches between two threads that hold so many breakpoints each. */
function switches(armed: number): string {
  const bench = new LayerBench();
  const threads = ['one', 'two'].map((name) => bench.task(name));
  for (const thread of threads) {
    for (let n = 0; n < armed; n += 1) {
      bench.layer.debugger.arm(thread, { address: 0x2000n + BigInt(8 * n), lengthBytes: 8, access: 'write' }, 'w');
    }
  }
  const [cpu] = bench.cpus;
  return perSecond(100_000, (time) => {
    const thread = threads[time % 2];
    cpu.current = thread;
    bench.layer.switchIn(thread, cpu);
    bench.layer.switchOut(thread, cpu);
  });
}

/** One store to a watched address: counted by the machine, or through #DB to the debugger or a ring. */
function hits(kind: 'debugger' | 'sampled'): string {
  const bench = new LayerBench();
  if (kind === 'debugger') {
    bench.layer.debugger.arm(bench.task('one'), { address: 0x2000n, lengthBytes: 8, access: 'write' }, 'w');
  } else {
    const file = bench.open({ thread: 'one' }, attrBytes({ address: 0x2000n, period: 1n, sampleType: 11n }));
    if (typeof file === 'string') throw new Error(file);
    file.mmap(65, false);
  }
  bench.run('one');
  return perSecond(100_000, () => {
    bench.touch({ kind: 'write', address: 0x2000n });
  });
}

/** Prints the layer's own costs. */
export function breakpointLayer(): void {
  const bench = new LayerBench();
  const thread = bench.task('one');
  const registered = perSecond(50_000, () => {
    bench.layer.debugger.arm(thread, { address: 0x2000n, lengthBytes: 4, access: 'write' }, 'w');
    bench.layer.debugger.disarm(thread, 0);
  });
  console.log('\nbreakpoint layer                       per second');
  console.log(`register and unregister            ${registered}`);
  console.log(`context switches, none armed       ${switches(0)}`);
  console.log(`context switches, four armed       ${switches(4)}`);
  console.log(`#DB to the debugger                ${hits('debugger')}`);
  console.log(`#DB to a sample in the ring        ${hits('sampled')}`);
}
