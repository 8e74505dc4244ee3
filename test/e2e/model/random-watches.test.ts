// Random programs under random watches: no slot is lost, no hit is missed, none is doubled, and each has its place.
//
// The oracle is the emulated machine's own full trace of a second run, in which nothing is watched. Between pauses
// watches are added, changed and removed. TRAPLINE_WATCH_RUNS says how many programs (4).

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WatchAccessName, WatchHistory, WatchView } from '../../../adapter/protocol/watches';
import { compile } from '../support/compiled';
import type { Compiled } from '../support/compiled';
import { Person } from '../support/session';
import { FollowedBytes, overlaps, traceProgram } from './full-trace';
import type { TracedTouch } from './full-trace';
import { addressOf, historyOf, slots, views } from './requests';
import { inputOf } from './script';
import type { Act, Touch } from './script';

const ACCESSES = ['change', 'write', 'read', 'access'] as const;
const SEEN: Readonly<Record<WatchAccessName, readonly TracedTouch['kind'][]>> = {
  ...{ change: ['w'], write: ['w'], read: ['r'], access: ['w', 'r'] },
};
const REGION_BYTES = 64;
const HISTORY_ENTRIES = 200;

const touch: fc.Arbitrary<Touch> = fc.record({
  kind: fc.constantFrom('w' as const, 'w' as const, 'r' as const),
  size: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
  offset: fc.integer({ min: 0, max: 40 }),
  value: fc.integer({ min: 0, max: 3 }),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: touch },
  fc.record({ kind: fc.constant('c' as const), depth: fc.nat(3), writes: fc.nat(3) }),
  fc.record({
    kind: fc.constant('t' as const),
    threads: fc.integer({ min: 1, max: 3 }),
    // Often longer than a CPU's turn, so that the threads' accesses mingle.
    times: fc.oneof(fc.constant(1), fc.integer({ min: 200, max: 600 })),
    touches: fc.array(touch, { maxLength: 12 }),
  }),
);
const edit = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    offset: fc.integer({ min: 0, max: 40 }),
    lengthBytes: fc.integer({ min: 1, max: 8 }),
    access: fc.constantFrom(...ACCESSES),
  }),
  fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }),
  fc.record({
    kind: fc.constant('change' as const),
    which: fc.nat(),
    access: fc.constantFrom(...ACCESSES),
    disabled: fc.boolean(),
  }),
);
const round = fc.record({ edits: fc.array(edit, { maxLength: 4 }), acts: fc.array(act, { maxLength: 25 }) });
type Round = typeof round extends fc.Arbitrary<infer T> ? T : never;

describe('random programs under random watches', () => {
  let script: Compiled;

  before(() => {
    script = compile('script', ['-g', '-O1', '-pthread', '-static']);
  });

  it('lose no slot, miss no hit and double none', async function () {
    this.timeout(0);
    const runs = Number(process.env.TRAPLINE_WATCH_RUNS ?? 4);
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 6 }), async (rounds) => {
        await check(script, rounds);
      }),
      { numRuns: runs, endOnFailure: runs <= 10 },
    );
  });

  it('see the same of threads that are stopped on the way', async () => {
    const touches: Touch[] = [1, 2, 3].map((value) => ({ kind: 'w', size: 4, offset: 0, value }));
    const acts: Act[] = [{ kind: 't', threads: 3, times: 3000, touches }];
    const stdin = inputOf([acts]);
    const person = new Person();
    try {
      await person.runTo(script, ['tick'], { stdin });
      const region = await addressOf(person, 'region');
      const [, touched] = traceRounds(script.program, stdin, region, await addressOf(person, 'ticks'));
      const spec = { expression: `0x${region.toString(16)}`, lengthBytes: 4, access: 'write' };
      const add = async (more: object): Promise<number> =>
        Number((await person.client.request('trapline/addWatch', { ...spec, ...more })).id);
      const id = await add({ mode: 'count' });
      await add({ mode: 'stop', hitCondition: '%2701' });
      for (let stops = 1; (await person.continue()).reason === 'data breakpoint'; stops++) {
        const { entries } = await historyOf(person, id, HISTORY_ENTRIES);
        const so = touched.slice(0, stops * 2701).slice(-HISTORY_ENTRIES);
        assert.deepEqual(
          entries.map(placeOf),
          so.map((each) => tracedPlace(each, { offset: 0, lengthBytes: 4 })),
          `at stop ${stops}`,
        );
      }
      assert.equal((await historyOf(person, id)).entries.at(-1)?.sequence, touched.length);
    } finally {
      await person.close();
    }
  });
});

/** What a watch must have seen since it was added. */
interface Expected {
  readonly offset: number;
  readonly lengthBytes: number;
  hits: number;
  /** Those that count. */
  readonly matches: TracedTouch[];
}

async function check(script: Compiled, rounds: readonly Round[]): Promise<void> {
  const stdin = inputOf(rounds.map(({ acts }) => acts));
  const person = new Person();
  try {
    await person.runTo(script, ['tick'], { stdin });
    const region = await addressOf(person, 'region');
    const trace = traceRounds(script.program, stdin, region, await addressOf(person, 'ticks'));
    assert.equal(trace.length, rounds.length + 2, 'as many pauses in both runs');
    const expected = new Map<number, Expected>();
    for (const [n, { edits }] of rounds.entries()) {
      for (const each of edits) await perform(person, each, region, expected);
      const before = await views(person);
      await honest(person, before, region, expected);
      await person.continue();
      for (const view of await views(person)) await expect(person, view, before, trace[n + 1], expected.get(view.id));
    }
    for (const { id } of await views(person)) await person.client.request('trapline/removeWatch', { id });
    assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
    assert.equal(await person.toTheEnd(), 0);
  } finally {
    await person.close();
  }
}

/** What happens to the region before the first pause, between the pauses, and after the last. */
function traceRounds(program: string, stdin: string, region: bigint, ticks: bigint): TracedTouch[][] {
  const followed = new FollowedBytes(region, REGION_BYTES);
  const rounds: TracedTouch[][] = [[]];
  traceProgram(program, stdin, (step) => {
    const isTick = step.accesses.some(({ first, end, writes }) => writes && overlaps(first, end, ticks, ticks + 4n));
    if (isTick) rounds.push([]);
    rounds.at(-1)?.push(...followed.touches(step));
  });
  return rounds;
}

async function perform(
  person: Person,
  each: Round['edits'][number],
  region: bigint,
  expected: Map<number, Expected>,
): Promise<void> {
  if (each.kind === 'add') {
    const { offset, lengthBytes, access } = each;
    const expression = `0x${(region + BigInt(offset)).toString(16)}`;
    const spec = { expression, lengthBytes, access, mode: 'count' };
    const { id } = (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
    expected.set(id, { offset, lengthBytes, hits: 0, matches: [] });
    return;
  }
  const all = await views(person);
  const id = all.at(each.which % Math.max(all.length, 1))?.id;
  if (id === undefined) return;
  if (each.kind === 'remove') await person.client.request('trapline/removeWatch', { id });
  else {
    const { access, disabled } = each;
    await person.client.request('trapline/changeWatch', { id, access, disabled });
  }
}

/** As many slots as the distinct ranges of armed watches take; who was refused does not fit. */
async function honest(
  person: Person,
  all: readonly WatchView[],
  region: bigint,
  expected: ReadonlyMap<number, Expected>,
): Promise<void> {
  const { used, free } = await slots(person);
  const taken = new Map<string, number>();
  for (const { state, address, lengthBytes, access, slots: own } of all) {
    const wide = access === 'read' || access === 'access';
    if (state === 'armed') taken.set(`${address} ${lengthBytes} ${wide}`, own.length);
  }
  assert.equal(
    used,
    [...taken.values()].reduce((sum, count) => sum + count, 0),
  );
  for (const { state, id } of all) {
    if (state !== 'refused') continue;
    const { offset = 0, lengthBytes } = expected.get(id) ?? {};
    const expression = `0x${(region + BigInt(offset)).toString(16)}`;
    const plan = await person.client.request('trapline/planWatch', { expression, lengthBytes });
    assert.ok(Number(plan.slotsNeeded) > free, `refused, and ${free} are free`);
  }
}

async function expect(
  person: Person,
  view: WatchView,
  before: readonly WatchView[],
  touches: readonly TracedTouch[],
  own: Expected | undefined,
): Promise<void> {
  assert.ok(own !== undefined);
  const was = before.find(({ id }) => id === view.id);
  assert.equal(was?.state, view.state, 'nothing ended or came by itself');
  if (view.state === 'armed') {
    const seen = touches.filter((each) => SEEN[view.access].includes(each.kind) && isWithin(each, own));
    own.hits += seen.length;
    own.matches.push(...seen.filter((each) => view.access !== 'change' || changes(each, own)));
  }
  const name = `${view.label} ${view.access}`;
  assert.equal(view.hits, own.hits, name);
  assert.equal(view.matches, own.matches.length, `${name}: matches`);
  const { entries } = await historyOf(person, view.id, HISTORY_ENTRIES);
  assert.deepEqual(
    entries.map(placeOf),
    own.matches.slice(-entries.length).map((each) => tracedPlace(each, own)),
    `${name}: history`,
  );
  assert.equal(entries.length, Math.min(own.matches.length, HISTORY_ENTRIES), `${name}: entries`);
}

type Span = Pick<Expected, 'offset' | 'lengthBytes'>;

const isWithin = ({ offset, size }: TracedTouch, span: Span): boolean =>
  offset < span.offset + span.lengthBytes && span.offset < offset + size;

const bytesOf = (bytes: Uint8Array, { offset, lengthBytes }: Span): string =>
  bytes.subarray(offset, offset + lengthBytes).join(', ');

const changes = ({ before, after }: TracedTouch, span: Span): boolean => bytesOf(before, span) !== bytesOf(after, span);

/** Who did what to which bytes, as a watch's history tells it. */
function placeOf({ access, writer, oldValue, newValue }: WatchHistory['entries'][number]): string {
  const [before, after] = [oldValue, newValue].map((text) =>
    (/\{(.*)\}/.exec(text)?.[1] ?? text).replaceAll(/ '.'/g, ''),
  );
  return `${access} by ${writer.threadId} at ${writer.instruction}: ${before} → ${after}`;
}

function tracedPlace({ kind, thread, instruction, before, after }: TracedTouch, span: Span): string {
  const access = kind === 'w' ? 'write' : 'read';
  return `${access} by ${thread} at 0x${instruction.toString(16)}: ${valueOf(before, span)} → ${valueOf(after, span)}`;
}

/** As a value is written: a number where the processor has such numbers, else an array. */
function valueOf(bytes: Uint8Array, span: Span): string {
  if (![2, 4, 8].includes(span.lengthBytes)) return bytesOf(bytes, span);
  const own = bytes.subarray(span.offset, span.offset + span.lengthBytes);
  return String(own.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n));
}
