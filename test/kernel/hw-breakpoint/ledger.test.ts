// ledger.test.ts: no sequence of operations loses a slot, and refusals change nothing.
//
// A naive model keeps the list of living breakpoints and counts afresh each time; the layer must agree after every
// step: who is admitted, how many slots are held, what each CPU has in its registers.

import * as assert from 'node:assert';
import fc from 'fast-check';
import type { PerfEvent } from '../../../adapter/kernel/perf/event';
import type { SlotLease } from '../../../adapter/kernel/hw-breakpoint/slot-constraints';
import { LayerBench, type Where } from '../support/layer-bench';

const SLOTS = 4;
const CPUS = 2;
const NAMES = ['A', 'B', 'C'];

type Step =
  | { readonly op: 'register'; readonly thread?: string; readonly cpu: number; readonly inherit: boolean }
  | { readonly op: 'bad'; readonly thread: string }
  | { readonly op: 'unregister' | 'disable' | 'enable' | 'modify'; readonly pick: number }
  | { readonly op: 'fork' | 'exec' | 'exit'; readonly thread: string }
  | { readonly op: 'run'; readonly thread: string; readonly cpu: number }
  | { readonly op: 'park'; readonly cpu: number }
  | { readonly op: 'poke'; readonly thread: string; readonly register: number }
  | { readonly op: 'reserve'; readonly cpu: number }
  | { readonly op: 'giveBack' };

interface Living {
  readonly event: PerfEvent | SlotLease;
  /** A thread's key; undefined: CPU-wide. */
  readonly thread: string | undefined;
  readonly cpu: number;
  readonly inherit: boolean;
}

/** Three threads, some forks of theirs, and a naive account of all breakpoints. */
class World {
  readonly bench = new LayerBench({ cpus: CPUS });
  living: Living[] = [];
  private pokes = new Set<string>();
  private generation = new Map<string, number>();
  private forks = 0;

  /** A thread that exits is replaced by a new one of that name. */
  key(name: string): string {
    return `${name}${this.generation.get(name) ?? 0}`;
  }

  admits(thread: string | undefined, cpu: number): boolean {
    const scope = cpu >= 0 ? [cpu] : [0, 1];
    const at = (one: Living, where: number): boolean => one.cpu < 0 || one.cpu === where;
    return scope.every((where) => {
      const wide = this.living.filter((one) => one.thread === undefined && at(one, where)).length;
      const ofThread = (key: string): number =>
        this.living.filter((one) => one.thread === key && at(one, where)).length;
      const keys = thread === undefined ? [...new Set(this.living.flatMap((one) => one.thread ?? []))] : [thread];
      return wide + Math.max(0, ...keys.map(ofThread)) + 1 <= SLOTS;
    });
  }

  apply(step: Step): void {
    switch (step.op) {
      case 'register':
        this.register(step.thread === undefined ? undefined : this.key(step.thread), step.cpu, step.inherit);
        break;
      case 'bad':
        this.registerBad(this.key(step.thread));
        break;
      case 'run':
        this.run(this.key(step.thread), step.cpu);
        break;
      case 'park':
        this.bench.park(step.cpu);
        break;
      case 'poke':
        this.poke(this.key(step.thread), step.register);
        break;
      case 'fork':
        this.fork(this.key(step.thread));
        break;
      case 'exec':
        this.bench.layer.executed(this.bench.task(this.key(step.thread)));
        this.dropPokes(this.key(step.thread));
        break;
      case 'exit':
        this.exit(step.thread);
        break;
      case 'reserve':
        this.reserve(step.cpu);
        break;
      case 'giveBack':
        this.giveBack();
        break;
      default:
        this.change(step.op, step.pick);
    }
    this.check();
  }

  private register(thread: string | undefined, cpu: number, inherit: boolean): void {
    const place = thread === undefined ? Math.max(0, cpu) : cpu;
    const where: Where = thread === undefined ? { cpu: place } : { thread, cpu: place };
    const expected = this.admits(thread, place);
    const made = this.bench.register(where, { inherit });
    assert.strictEqual(typeof made !== 'string', expected, `admitted ${JSON.stringify(where)}`);
    if (typeof made !== 'string') this.living.push({ event: made, thread, cpu: place, inherit });
  }

  private registerBad(thread: string): void {
    const expected = this.admits(thread, -1) ? 'EINVAL' : 'ENOSPC';
    assert.strictEqual(this.bench.register({ thread }, { breakpointLength: 3n }), expected);
  }

  private poke(thread: string, register: number): void {
    const key = `${thread}:${register}`;
    const known = this.pokes.has(key);
    const expected = known || this.admits(thread, -1) ? undefined : 'ENOSPC';
    assert.strictEqual(this.bench.layer.ptrace.poke(this.bench.task(thread), register, 0x4000n), expected);
    if (known || expected !== undefined) return;
    this.pokes.add(key);
    const event = this.bench.layer.threads.of(this.bench.task(thread)).ptraceBreakpoints[register];
    assert.ok(event);
    this.living.push({ event, thread, cpu: -1, inherit: false });
  }

  private dropPokes(thread: string): void {
    const gone = [0, 1, 2, 3].filter((register) => this.pokes.delete(`${thread}:${register}`));
    const before = this.living.length;
    this.living = this.living.filter((one) => !('siblings' in one.event) || !this.isPoke(one, thread));
    assert.strictEqual(before - this.living.length, gone.length);
  }

  private isPoke(one: Living, thread: string): boolean {
    return one.thread === thread && one.event.owner === 'ptrace';
  }

  private fork(thread: string): void {
    this.forks += 1;
    const child = `${thread}/${this.forks}`;
    this.bench.layer.ptrace.peek(this.bench.task(child), 7);
    assert.strictEqual(this.bench.layer.forked(this.bench.task(thread), this.bench.task(child), false), undefined);
    for (const parent of this.living.filter((one) => one.thread === thread && one.inherit)) {
      assert.ok('children' in parent.event);
      const copy = parent.event.original.children.at(-1);
      assert.ok(copy);
      this.living.push({ event: copy, thread: child, cpu: parent.cpu, inherit: true });
    }
  }

  private exit(name: string): void {
    const thread = this.key(name);
    for (const cpu of [0, 1]) if (this.bench.cpus[cpu].current?.comm === thread) this.bench.park(cpu);
    this.bench.layer.exited(this.bench.task(thread));
    this.dropPokes(thread);
    this.generation.set(name, (this.generation.get(name) ?? 0) + 1);
  }

  private run(thread: string, cpu: number): void {
    for (const other of [0, 1]) if (this.bench.cpus[other].current?.comm === thread) this.bench.park(other);
    this.bench.park(cpu);
    this.bench.run(thread, cpu);
  }

  private reserve(cpu: number): void {
    const expected = this.admits(undefined, cpu);
    const lease = this.bench.layer.api.debuggerReserve(cpu, 'kgdb');
    assert.strictEqual(lease !== undefined, expected);
    if (lease !== undefined) this.living.push({ event: lease, thread: undefined, cpu, inherit: false });
  }

  private giveBack(): void {
    const lease = this.living.find((one) => one.event.owner === 'kgdb');
    if (lease === undefined || 'siblings' in lease.event) return;
    assert.ok(this.bench.layer.api.debuggerRelease(lease.event));
    this.living = this.living.filter((one) => one !== lease);
  }

  private change(op: 'unregister' | 'disable' | 'enable' | 'modify', pick: number): void {
    const originals = this.living.filter(
      (one) => 'siblings' in one.event && one.event.parent === undefined && one.event.owner === 'perf',
    );
    if (originals.length === 0) return;
    const { event } = originals[pick % originals.length];
    if (!('siblings' in event)) return;
    const { perf, api } = this.bench.layer;
    if (op === 'disable') perf.disable(event);
    else if (op === 'enable') perf.enable(event);
    else if (op === 'modify') {
      const breakpointLength = pick % 2 === 0 ? 1n : 3n;
      const errno = api.modifyUser(event, { ...event.attributes, breakpointType: 2, breakpointLength });
      assert.strictEqual(errno, pick % 2 === 0 ? undefined : 'EINVAL');
    } else {
      const family = new Set<unknown>([event, ...event.children]);
      this.bench.remove(event);
      this.living = this.living.filter((one) => !family.has(one.event));
    }
  }

  /** The layer holds what the model says; each CPU has in its registers what may run there, each event once. */
  private check(): void {
    const { layer, cpus } = this.bench;
    assert.strictEqual(layer.pmu.constraints.held, this.living.length, 'slots held');
    for (const cpu of cpus) {
      const installed = layer.installed(cpu).flatMap((holder) => (holder === undefined ? [] : [holder.event]));
      const expected = this.living.flatMap((one) => {
        if (!('siblings' in one.event) || one.event.state < 0 || (one.cpu >= 0 && one.cpu !== cpu.id)) return [];
        return one.thread === undefined || cpu.current?.comm === one.thread ? [one.event] : [];
      });
      assert.deepStrictEqual(new Set(installed), new Set(expected), `registers of CPU ${cpu.id}`);
      assert.strictEqual(installed.length, expected.length);
    }
  }

  end(): void {
    for (const one of [...this.living]) {
      if (!('siblings' in one.event)) this.bench.layer.api.debuggerRelease(one.event);
      else if (one.event.owner === 'perf' && one.event.parent === undefined) this.bench.remove(one.event);
    }
    for (const one of this.living)
      if (one.thread !== undefined) this.bench.layer.ptrace.release(this.bench.task(one.thread));
    assert.strictEqual(this.bench.layer.pmu.constraints.held, 0, 'nothing is left');
  }
}

const thread = fc.constantFrom(...NAMES);
const cpu = fc.constantFrom(0, 1);
const anywhere = fc.constantFrom(-1, -1, 0, 1);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('register' as const),
      thread,
      cpu: anywhere,
      inherit: fc.boolean(),
    }),
  },
  fc.record({ op: fc.constant('register' as const), cpu, inherit: fc.constant(false) }),
  fc.record({ op: fc.constant('bad' as const), thread }),
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constantFrom('unregister', 'disable', 'enable', 'modify'), pick: fc.nat(20) }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('fork', 'exec', 'exit'), thread }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('run' as const), thread, cpu }) },
  fc.record({ op: fc.constant('park' as const), cpu }),
  { weight: 2, arbitrary: fc.record({ op: fc.constant('poke' as const), thread, register: fc.nat(3) }) },
  fc.record({ op: fc.constant('reserve' as const), cpu }),
  fc.record({ op: fc.constant('giveBack' as const) }),
);

describe('the ledger of slots', () => {
  it('agrees with a naive count after every operation, and ends empty', () => {
    const numRuns = Number(process.env.TRAPLINE_LEDGER_RUNS ?? 300);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = new World();
        for (const one of steps) world.apply(one);
        world.end();
      }),
      { numRuns },
    );
  });
});
