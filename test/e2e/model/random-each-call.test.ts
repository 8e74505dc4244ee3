// Watches on the local of each call of a function, in random recursions and threads: all accesses of all calls that are
// watched are counted, and each call is either watched or counted as missed.
//
// The oracle is the machine's own full trace: a call is watched where fewer than four of its own thread are under way.
// TRAPLINE_WATCH_RUNS says how many programs (3).

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WatchView } from '../../../adapter/protocol/watches';
import { compile } from '../support/compiled';
import type { Compiled } from '../support/compiled';
import { Person } from '../support/session';
import { traceProgram } from './full-trace';
import type { TracedStep } from './full-trace';
import { addressOf, slots, views } from './requests';
import { inputOf } from './script';
import type { Act } from './script';

const TOTAL_SLOTS = 4;

const calls = fc.record({ kind: fc.constant('c' as const), depth: fc.nat(6), writes: fc.nat(3) });
const together = fc.record({
  kind: fc.constant('t' as const),
  threads: fc.integer({ min: 1, max: 3 }),
  times: fc.integer({ min: 1, max: 2 }),
  touches: fc.array(calls, { minLength: 1, maxLength: 2 }),
});
const wish = fc.record({ extend: fc.boolean(), hitCondition: fc.option(fc.constantFrom('% 3', '>= 4')) });
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

describe('watches on the local of each call', () => {
  let script: Compiled;

  before(() => {
    script = compile('script', ['-g', '-O1', '-pthread', '-static']);
  });

  it('see all accesses of all calls, or count the call as missed', async function () {
    this.timeout(0);
    const runs = Number(process.env.TRAPLINE_WATCH_RUNS ?? 3);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(calls, together), { minLength: 1, maxLength: 3 }), wish, (acts, wanted) =>
        check(script, acts, wanted),
      ),
      { numRuns: runs, endOnFailure: runs <= 10 },
    );
  });
});

async function check(script: Compiled, acts: readonly Act[], { extend, hitCondition }: Wish): Promise<void> {
  const stdin = inputOf([acts]);
  const person = new Person();
  try {
    await person.runTo(script, ['tick'], { stdin });
    const entry = await addressOf(person, 'call');
    const shape = { expression: 'call::mine', mayCome: true, access: 'write', extend };
    const stops = { ...shape, ...(hitCondition === null ? { mode: 'count' } : { hitCondition, mode: 'stop' }) };
    const { id } = (await person.client.request('trapline/addWatch', stops)) as unknown as WatchView;
    let told = 0;
    for (let stop = await person.continue(); stop.reason === 'data breakpoint'; stop = await person.continue()) told++;
    const view = (await views(person)).find((each) => each.id === id) ?? assert.fail('it is in the list');
    assert.deepEqual(await slots(person), { total: TOTAL_SLOTS, used: 0, free: TOTAL_SLOTS });
    const seen = traceCalls(script.program, stdin, entry, extend ? Infinity : TOTAL_SLOTS);
    const writes = seen.watched.reduce((sum, depthWrites) => sum + depthWrites, 0);
    assert.deepEqual(
      [view.calls?.watched, view.calls?.missed, view.calls?.underWay, view.hits],
      [seen.watched.length, seen.missed, 0, writes],
      view.message,
    );
    const acting =
      hitCondition === null ? 0 : hitCondition === '% 3' ? Math.floor(writes / 3) : Math.max(0, writes - 3);
    assert.equal(told, acting, 'stops');
  } finally {
    await person.close();
  }
}

/** The writes of each call that is watched, in which a call's local is whatever its own code writes on its frame. */
function traceCalls(
  program: string,
  stdin: string,
  entry: bigint,
  most: number,
): { watched: number[]; missed: number } {
  const result: { watched: number[]; missed: number } = { watched: [], missed: 0 };
  const stacks = new Map<number, { returnAt: bigint; index: number | undefined; mine: bigint | undefined }[]>();
  const pointers = new Map<number, bigint>();
  const see = (step: TracedStep): void => {
    const { thread, address, accesses, stackPointer } = step;
    const active = stacks.get(thread) ?? [];
    stacks.set(thread, active);
    if (address === entry) {
      const isWatched = active.length < most;
      const index = isWatched ? result.watched.push(0) - 1 : undefined;
      if (!isWatched) result.missed++;
      active.push({ returnAt: pointers.get(thread) ?? 0n, index, mine: undefined });
    }
    for (const { first, end, writes } of accesses) {
      if (!writes || end - first !== 4n) continue;
      // Its own stores of four bytes are all to its local.
      const own = active.find((call) => first < call.returnAt && first >= call.returnAt - 64n && isTop(active, call));
      if (own?.index !== undefined) result.watched[own.index]++;
    }
    pointers.set(thread, stackPointer);
    while ((active.at(-1)?.returnAt ?? stackPointer) < stackPointer) active.pop();
  };
  traceProgram(program, stdin, see);
  return result;
}

const isTop = <T>(active: readonly T[], call: T): boolean => active.at(-1) === call;
