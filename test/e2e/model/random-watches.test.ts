// Random programs under random watches: no slot is lost, no hit is missed, none is doubled.
//
// The program does what a script says, store by store; the script is therefore the full trace of its accesses. Between
// pauses watches are added, changed and removed. TRAPLINE_WATCH_RUNS says how many programs (4).

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { WatchAccessName, WatchView } from '../../../adapter/protocol/watches';
import { compile, scratch } from '../support/compiled';
import type { Compiled } from '../support/compiled';
import { Person } from '../support/session';
import { lineOf, Region, TICK, touches } from './script';
import type { Act, Span, Touch } from './script';

const ACCESSES = ['change', 'write', 'read', 'access'] as const;
const SEEN: Readonly<Record<WatchAccessName, readonly Touch['kind'][]>> = {
  ...{ change: ['w'], write: ['w'], read: ['r'], access: ['w', 'r'] },
};

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
    script = compile('script', ['-g', '-O1', '-pthread']);
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

  it('end the watch on each call’s local with its call, having seen all of its writes', async () => {
    const person = new Person();
    try {
      const acts: Act[] = [2, 0, 3].map((depth) => ({ kind: 'c', depth, writes: depth + 1 }));
      await person.runTo(script, ['call'], { stdin: input([{ edits: [], acts }]) });
      const calls = acts.flatMap((each) => (each.kind === 'c' ? Array<number>(each.depth + 1).fill(each.writes) : []));
      for (const [at] of calls.entries()) {
        const frameId = (await person.top()).id;
        const spec = { expression: 'mine', frameId, access: 'write', mode: 'count' };
        const view = (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
        assert.equal(view.state, 'armed', view.message);
        if (at < calls.length - 1) assert.equal((await person.continue()).reason, 'breakpoint');
      }
      assert.equal(await person.toTheEnd(), 0);
      const views = (await person.client.request('trapline/watches')) as unknown as WatchView[];
      assert.deepEqual(
        views.map(({ state, hits }) => [state, hits]),
        calls.map((writes) => ['ended', writes + 2]),
      );
    } finally {
      await person.close();
    }
  });
});

let files = 0;

/** The program's standard input: after each round a pause. */
function input(rounds: readonly Round[]): string {
  const file = path.join(scratch(), `script-${files++}`);
  writeFileSync(file, TICK + rounds.map(({ acts }) => acts.map(lineOf).join('') + TICK).join(''));
  return file;
}

interface Expected extends Span {
  hits: number;
  matches: number;
}

async function check(script: Compiled, rounds: readonly Round[]): Promise<void> {
  const person = new Person();
  try {
    await person.runTo(script, ['tick'], { stdin: input(rounds) });
    const region = BigInt(/0x[0-9a-f]+/.exec(await person.evaluate('&region'))?.[0] ?? '0');
    const expected = new Map<number, Expected>();
    const memory = new Region();
    let isExact = true;
    for (const { edits, acts } of rounds) {
      for (const each of edits) await perform(person, each, region, expected);
      const before = await views(person);
      await honest(person, before, region, expected);
      await person.continue();
      isExact &&= acts.every(({ kind }) => kind !== 't');
      const after = await views(person);
      for (const view of after) expect(view, before, acts, memory, expected.get(view.id), isExact);
      memory.changes(acts, { offset: 0, lengthBytes: 0 });
    }
    for (const { id } of await views(person)) await person.client.request('trapline/removeWatch', { id });
    assert.deepEqual(await slots(person), { total: 4, used: 0, free: 4 });
    assert.equal(await person.toTheEnd(), 0);
  } finally {
    await person.close();
  }
}

const views = async (person: Person): Promise<WatchView[]> =>
  (await person.client.request('trapline/watches')) as unknown as WatchView[];

const slots = async (person: Person): Promise<{ total: number; used: number; free: number }> =>
  (await person.client.request('trapline/debugRegisters')).slots as { total: number; used: number; free: number };

const addressOf = (region: bigint, offset: number): string => `0x${(region + BigInt(offset)).toString(16)}`;

async function perform(
  person: Person,
  each: Round['edits'][number],
  region: bigint,
  expected: Map<number, Expected>,
): Promise<void> {
  if (each.kind === 'add') {
    const { offset, lengthBytes, access } = each;
    const expression = addressOf(region, offset);
    const spec = { expression, lengthBytes, access, mode: 'count' };
    const { id } = (await person.client.request('trapline/addWatch', spec)) as unknown as WatchView;
    expected.set(id, { offset, lengthBytes, hits: 0, matches: 0 });
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
    const expression = addressOf(region, offset);
    const plan = await person.client.request('trapline/planWatch', { expression, lengthBytes });
    assert.ok(Number(plan.slotsNeeded) > free, `refused, and ${free} are free`);
  }
}

function expect(
  view: WatchView,
  before: readonly WatchView[],
  acts: readonly Act[],
  memory: Region,
  own: Expected | undefined,
  isExact: boolean,
): void {
  assert.ok(own !== undefined);
  const was = before.find(({ id }) => id === view.id);
  assert.equal(was?.state, view.state, 'nothing ended or came by itself');
  if (view.state === 'armed') {
    own.hits += touches(acts, SEEN[view.access], own);
    const changes = memory.copy().changes(acts, own);
    own.matches += view.access === 'change' ? changes : touches(acts, SEEN[view.access], own);
  }
  assert.equal(view.hits, own.hits, `${view.label} ${view.access}`);
  if (isExact) assert.equal(view.matches, own.matches, `${view.label} ${view.access}: matches`);
}
