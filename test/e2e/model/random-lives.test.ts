// Watches on blocks that come and go: each sees what is written while its block is what it was, and ends with it.
//
// The oracle is the machine's own full trace; a naive ledger (lives-ledger.ts) goes along it from stop to stop, and must
// agree with the debugger about each stop, state, hit and slot. Watches are added, changed, removed and replaced at every
// stop, those at hits included; now and then it goes on by steps. TRAPLINE_WATCH_RUNS says how many programs (4).

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WatchView } from '../../../adapter/protocol/watches';
import { slotsNeeded } from '../../../adapter/watch/split';
import { compile } from '../support/compiled';
import type { Compiled } from '../support/compiled';
import type { Stopped } from '../support/dap-client';
import { Person } from '../support/session';
import { LifeWatch, LivesLedger } from './lives-ledger';
import { LivesPlayer } from './lives-player';
import { livesInput, TICK, traceLives } from './lives-script';
import type { LifeAct } from './lives-script';
import { addressOf, slots, views } from './requests';

const word = fc.nat(11).map((n) => n * 4);
const inBlock = { slot: fc.nat(3), offset: fc.oneof({ weight: 4, arbitrary: word }, fc.constantFrom(4096, 8192)) };
const access = fc.constantFrom('change' as const, 'write' as const);
const act = (kind: fc.Arbitrary<LifeAct['kind']>, number: fc.Arbitrary<number>): fc.Arbitrary<LifeAct> =>
  fc.record({ kind, slot: fc.nat(3), number, value: fc.integer({ min: 1, max: 3 }) });
const bytes = fc.integer({ min: 4, max: 120 });
const pages = fc.integer({ min: 1, max: 3 }).map((n) => n * 4096);
const acts = fc.oneof(
  { weight: 8, arbitrary: act(fc.constant('w'), inBlock.offset) },
  { weight: 3, arbitrary: act(fc.constantFrom('m', 'c', 'r'), bytes) },
  { weight: 2, arbitrary: act(fc.constantFrom('M', 'R'), pages) },
  { weight: 2, arbitrary: act(fc.constantFrom('f', 'U'), fc.constant(0)) },
  { weight: 2, arbitrary: act(fc.constantFrom('p', 't'), fc.constant(0)) },
);
const spot = fc.record({ ...inBlock, lengthBytes: fc.constantFrom(4, 4, 8, 16) });
const edit = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    spot: fc.option(spot, { freq: 3 }),
    access,
    mode: fc.constantFrom('count' as const, 'count' as const, 'stop' as const),
    disabled: fc.constantFrom(false, false, true),
  }),
  fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('change' as const), which: fc.nat(), access, disabled: fc.boolean() }),
  fc.record({ kind: fc.constant('list' as const), spots: fc.array(spot, { maxLength: 3 }) }),
);
const STEPS = ['next', 'stepIn', 'stepOut', 'instruction'] as const;
const plan = fc.record({
  debugRegisters: fc.constantFrom(1, 2, 4, 4, 8),
  rounds: fc.array(fc.array(acts, { maxLength: 20 }), { minLength: 1, maxLength: 5 }),
  /** For one stop after the other. */
  edits: fc.array(fc.array(edit, { maxLength: 4 }), { minLength: 1, maxLength: 12 }),
  /** Before it goes on from there. */
  steps: fc.array(fc.array(fc.constantFrom(...STEPS), { maxLength: 3 }), { minLength: 1, maxLength: 5 }),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;
type Edit = Plan['edits'][number][number];
type Spot = typeof spot extends fc.Arbitrary<infer T> ? T : never;

describe('watches on random blocks', () => {
  let lives: Compiled;

  before(() => {
    lives = compile('lives', ['-g', '-O1', '-static']);
  });

  it('see what is written while their block lives and end with it', async function () {
    this.timeout(0);
    const runs = Number(process.env.TRAPLINE_WATCH_RUNS ?? 4);
    await fc.assert(
      fc.asyncProperty(plan, async (wanted) => {
        await new Walk(lives, wanted).check();
      }),
      { numRuns: runs, endOnFailure: runs <= 10 },
    );
  });
});

/** One program from its first stop to its end. */
class Walk {
  private readonly person = new Person();
  private readonly ledger: LivesLedger;
  private editors: { readonly dataId: string; readonly watch: LifeWatch }[] = [];

  constructor(
    private readonly lives: Compiled,
    private readonly wanted: Plan,
  ) {
    this.ledger = new LivesLedger(wanted.debugRegisters);
  }

  async check(): Promise<void> {
    const { person, lives, wanted } = this;
    const script = [...wanted.rounds.flatMap((round) => [TICK, ...round]), TICK];
    const stdin = livesInput(script);
    try {
      await person.runTo(lives, ['tick'], { stdin, debugRegisters: wanted.debugRegisters });
      const at = (name: string): Promise<bigint> => addressOf(person, name);
      const layout = { blocks: await at('blocks'), cursor: await at('cursor'), current: await at('current') };
      const player = new LivesPlayer(traceLives(lives.program, stdin, layout), script, this.ledger);
      assert.equal(player.toNextStop(), 'tick');
      for (let stop = 0; ; stop++) {
        for (const each of wanted.edits[stop % wanted.edits.length]) await this.perform(each, player);
        await this.agrees(`after the edits of stop ${stop}`);
        const expected = player.toNextStop();
        if (expected === 'end') break;
        const { reason, hitBreakpointIds = [] } = await this.goOn(wanted.steps[stop % wanted.steps.length]);
        if (expected === 'tick') assert.equal(reason, 'breakpoint', `stop ${stop + 1}`);
        else assert.deepEqual([...hitBreakpointIds].sort(), expected.map(({ id }) => id).sort(), `stop ${stop + 1}`);
        await this.agrees(`at stop ${stop + 1}`);
      }
      assert.equal(await person.toTheEnd(), 0);
    } finally {
      await person.close();
    }
  }

  /** To the next stop that is more than a step's. */
  private async goOn(steps: readonly (typeof STEPS)[number][]): Promise<Stopped> {
    for (const step of steps) {
      const stop = await (step === 'instruction' ? this.person.step('next', step) : this.person.step(step));
      if (stop.reason !== 'step') return stop;
    }
    return this.person.continue();
  }

  private async perform(each: Edit, player: LivesPlayer): Promise<void> {
    switch (each.kind) {
      case 'add':
        return this.add(each, player);
      case 'list':
        return this.replace(each.spots, player);
      case 'remove': {
        const watch = this.chosen(each.which);
        if (watch === undefined) return;
        await this.person.client.request('trapline/removeWatch', { id: watch.id });
        this.ledger.remove(watch);
        return;
      }
      case 'change': {
        const watch = this.chosen(each.which);
        // One that has ended is tried again: at whatever is there now.
        if (watch === undefined || watch.state === 'ended') return;
        const { access: now, disabled } = each;
        await this.person.client.request('trapline/changeWatch', { id: watch.id, access: now, disabled });
        this.ledger.change(watch, { access: now, disabled });
      }
    }
  }

  private async add(each: Edit & { kind: 'add' }, player: LivesPlayer): Promise<void> {
    const { access: wanted, mode, disabled } = each;
    const address = each.spot === null ? undefined : this.placeOf(each.spot, player);
    if (each.spot !== null && address === undefined) return;
    const lengthBytes = each.spot?.lengthBytes ?? 4;
    const spec =
      address === undefined
        ? { expression: '*cursor', through: true }
        : { expression: `0x${address.toString(16)}`, lengthBytes };
    const watch = new LifeWatch({ address, lengthBytes, access: wanted, mode, disabled }, false);
    const answer = await this.person.client.request('trapline/addWatch', { ...spec, access: wanted, mode, disabled });
    watch.id = Number(answer.id);
    this.ledger.add(watch);
  }

  private async replace(spots: readonly Spot[], player: LivesPlayer): Promise<void> {
    const list: { dataId: string; watch: LifeWatch }[] = [];
    for (const each of spots) {
      const address = this.placeOf(each, player);
      if (address === undefined) continue;
      const { lengthBytes } = each;
      const dataId = await this.person.idOf(`0x${address.toString(16)}`, { asAddress: true, bytes: lengthBytes });
      if (list.some((other) => other.dataId === dataId)) continue;
      const wish = { address, lengthBytes, access: 'change' as const, mode: 'stop' as const, disabled: false };
      list.push(this.editors.find((old) => old.dataId === dataId) ?? { dataId, watch: new LifeWatch(wish, true) });
    }
    const answers = await this.person.watch(...list.map(({ dataId }) => ({ dataId, accessType: 'write' as const })));
    for (const [n, { watch }] of list.entries()) watch.id = answers[n].id ?? 0;
    this.editors = list;
    this.ledger.replace(list.map(({ watch }) => watch));
  }

  /** Where that lies now; undefined where the block is not there, is too small, or no registers are wide enough. */
  private placeOf({ slot, offset, lengthBytes }: Spot, player: LivesPlayer): bigint | undefined {
    const block = player.blocks[slot];
    if (block === undefined || offset % 8 !== 0 || offset + lengthBytes > block.sizeBytes) return undefined;
    const address = block.start + BigInt(offset);
    return slotsNeeded(address, lengthBytes) > this.ledger.totalSlots ? undefined : address;
  }

  private chosen(which: number): LifeWatch | undefined {
    const own = this.ledger.list.filter(({ isEditors }) => !isEditors);
    return own.at(which % Math.max(own.length, 1));
  }

  private async agrees(when: string): Promise<void> {
    const all = await views(this.person);
    const text = ({ id, state, hits, matches }: Pick<WatchView, 'id' | 'state' | 'hits' | 'matches'>): string =>
      `${id} ${state} ${hits} ${matches}`;
    assert.deepEqual(
      all.map(text),
      this.ledger.list.map(text),
      `${when}\n${all.map(({ message }) => message).join('\n')}`,
    );
    assert.equal((await slots(this.person)).used, this.ledger.usedSlots, when);
  }
}
