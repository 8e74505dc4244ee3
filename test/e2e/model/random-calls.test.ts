// Watches on the local of random calls: each sees its own call's accesses, all of them, and ends with it.
//
// The oracle is the machine's own full trace, as in random-watches.test.ts; which call an access belongs to is known by
// where its return address lies. TRAPLINE_WATCH_RUNS says how many programs (4).

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WatchView } from '../../../adapter/protocol/watches';
import { compile } from '../support/compiled';
import type { Compiled } from '../support/compiled';
import { Person } from '../support/session';
import { FollowedBytes, traceProgram } from './full-trace';
import type { TracedStep } from './full-trace';
import { addressOf, slots, views } from './requests';
import { inputOf } from './script';
import type { Act } from './script';

const TOTAL_SLOTS = 4;
const INT_BYTES = 4;

const wish = fc.record({
  access: fc.constantFrom('change' as const, 'write' as const, 'access' as const),
  mode: fc.constantFrom('count' as const, 'count' as const, 'stop' as const),
});
/** A depth of more than four: not every call's local can be watched. */
const calls = fc.record({ depth: fc.nat(5), writes: fc.nat(3) });
/** For one call after the other: watched so, or not at all. */
const wishes = fc.array(fc.option(wish), { minLength: 1, maxLength: 12 });
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

/** A watch that found no slot, and a later call at the same place of the stack. */
const REFUSED_AND_ITS_PLACE_TAKEN: [{ depth: number; writes: number }[], (Wish | null)[]] = [
  [
    { depth: 5, writes: 1 },
    { depth: 5, writes: 0 },
  ],
  [...Array.from({ length: 6 }, () => ({ access: 'write' as const, mode: 'count' as const })), null],
];

interface WatchedCall {
  readonly wish: Wish;
  readonly id: number;
  readonly address: bigint;
  readonly isRefused: boolean;
}

describe('watches on the local of random calls', () => {
  let script: Compiled;

  before(() => {
    script = compile('script', ['-g', '-O1', '-pthread', '-static']);
  });

  it('see their own call’s accesses and end with it', async function () {
    this.timeout(0);
    const runs = Number(process.env.TRAPLINE_WATCH_RUNS ?? 4);
    await fc.assert(
      fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 3 }), wishes, async (all, wanted) => {
        const acts = all.map((each) => ({ kind: 'c' as const, ...each }));
        await check(script, acts, wanted);
      }),
      { numRuns: runs, endOnFailure: runs <= 10, examples: [REFUSED_AND_ITS_PLACE_TAKEN] },
    );
  });
});

async function check(script: Compiled, acts: readonly Act[], wanted: readonly (Wish | null)[]): Promise<void> {
  const stdin = inputOf([acts]);
  const person = new Person();
  try {
    await person.runTo(script, ['tick', 'call'], { stdin });
    const entry = await addressOf(person, 'call');
    const watched: (WatchedCall | undefined)[] = [];
    const stops = new Map<number, number>();
    while ((await lineOfNextBreakpoint(person, stops)) === script.line('call')) {
      watched.push(await watch(person, wanted[watched.length % wanted.length]));
    }
    const all = await views(person);
    assert.deepEqual(await slots(person), { total: TOTAL_SLOTS, used: 0, free: TOTAL_SLOTS });
    const seen = traceCalls(script.program, stdin, entry, watched);
    for (const [n, each] of watched.entries()) if (each !== undefined) expect(each, all, seen[n], stops);
  } finally {
    await person.close();
  }
}

/** Counts the stops of the watches on the way. */
async function lineOfNextBreakpoint(person: Person, stops: Map<number, number>): Promise<number> {
  for (;;) {
    const { reason, hitBreakpointIds = [] } = await person.continue();
    if (reason === 'breakpoint') return (await person.top()).line;
    assert.equal(reason, 'data breakpoint');
    for (const id of hitBreakpointIds) stops.set(id, (stops.get(id) ?? 0) + 1);
  }
}

async function watch(person: Person, wanted: Wish | null): Promise<WatchedCall | undefined> {
  if (wanted === null) return undefined;
  const { free } = await slots(person);
  const frameId = (await person.top()).id;
  const spec = { expression: 'mine', frameId, ...wanted };
  const { id, state, message } = (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
  assert.equal(state, free > 0 ? 'armed' : 'refused', message);
  return { wish: wanted, id, address: await addressOf(person, 'mine'), isRefused: free === 0 };
}

interface Seen {
  writes: number;
  changes: number;
  accesses: number;
}

/** What happens to each call's local from its first store on. */
function traceCalls(
  program: string,
  stdin: string,
  entry: bigint,
  watched: readonly (WatchedCall | undefined)[],
): Seen[] {
  const all: Seen[] = [];
  const active: { returnAt: bigint; mine: FollowedBytes | undefined; seen: Seen }[] = [];
  let stackPointer = 0n;
  const see = (step: TracedStep): void => {
    if (step.address === entry) {
      const address = watched[all.length]?.address;
      const seen = { writes: 0, changes: 0, accesses: 0 };
      const mine = address === undefined ? undefined : new FollowedBytes(address, INT_BYTES, step.read);
      active.push({ returnAt: stackPointer, mine, seen });
      all.push(seen);
    }
    for (const { mine, seen } of active) {
      for (const { kind, before, after } of mine?.touches(step) ?? []) {
        seen.accesses++;
        if (kind === 'w') seen.writes++;
        if (kind === 'w' && before.join() !== after.join()) seen.changes++;
      }
    }
    ({ stackPointer } = step);
    while ((active.at(-1)?.returnAt ?? stackPointer) < stackPointer) active.pop();
  };
  traceProgram(program, stdin, see);
  assert.equal(all.length, watched.length, 'as many calls in both runs');
  return all;
}

function expect(call: WatchedCall, all: readonly WatchView[], seen: Seen, stops: ReadonlyMap<number, number>): void {
  const view = all.find(({ id }) => id === call.id);
  assert.ok(view !== undefined, 'it is still in the list');
  const { access, mode } = call.wish;
  const hits = access === 'access' ? seen.accesses : seen.writes;
  const matches = access === 'change' ? seen.changes : hits;
  const own = call.isRefused ? [0, 0] : [hits, matches];
  assert.deepEqual([view.hits, view.matches], own, `${access} of call at ${view.address}`);
  if (!call.isRefused) assert.equal(view.state, 'ended', view.message);
  assert.equal(stops.get(call.id) ?? 0, mode === 'stop' ? own[1] : 0, 'stops');
}
