// ledger.test.ts: no sequence of operations loses a slot, and refusals change nothing.
//
// A naive model keeps the list of living breakpoints and counts afresh each time; the layer must agree after every
// step: who is admitted, how many slots are held, what each CPU has in its registers. All clients take part: perf
// events, a guest's ptrace registers, the debugger's own, the symbol tracer's and kgdb's wide ones.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { KsymTracer } from '../../../adapter/kernel/clients/ksym/ksym-tracer';
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
  | { readonly op: 'giveBack' }
  | { readonly op: 'arm' | 'disarm' | 'toggle'; readonly thread: string; readonly address: number }
  | { readonly op: 'kgdbSet' | 'kgdbRemove'; readonly address: number; readonly tag: string }
  | { readonly op: 'detach' | 'ksymClear' }
  | { readonly op: 'ksym'; readonly address: number; readonly access: string };

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
  private readonly kgdbUsers = new Map<number, string[]>();
  private readonly ksymWatched = new Map<number, string>();
  private readonly ksym = new KsymTracer(this.bench.layer.api, {
    symbols: { addressOf: (name) => BigInt(name), describe: (address) => String(address) },
    log: () => undefined,
  });

  constructor() {
    assert.ok(this.bench.layer.kgdb.init());
  }

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
        this.dropArmed(this.key(step.thread));
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
      case 'arm':
      case 'disarm':
      case 'toggle':
        this.debugger(step.op, this.key(step.thread), BigInt(0x8000 + 8 * step.address));
        break;
      case 'kgdbSet':
        this.kgdbSet(step.address, step.tag);
        break;
      case 'kgdbRemove':
        this.kgdbRemove(step.address, step.tag);
        break;
      case 'detach':
        this.bench.layer.kgdb.removeAll();
        this.kgdbUsers.clear();
        this.living = this.living.filter((one) => !isKgdbEvent(one));
        break;
      case 'ksym':
        this.ksymWrite(step.address, step.access);
        break;
      case 'ksymClear':
        assert.ok(this.ksym.writeFilter('0').ok);
        this.ksymWatched.clear();
        this.living = this.living.filter((one) => one.event.owner !== 'ksym');
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
    return one.thread === thread && one.event.owner === 'ptrace' && !this.isArmed(one);
  }

  private isArmed(one: Living): boolean {
    return 'siblings' in one.event && one.event.attributes.breakpointAddress >= 0x8000n;
  }

  /** The debugger's own registers of a thread. */
  private debugger(op: 'arm' | 'disarm' | 'toggle', thread: string, address: bigint): void {
    const client = this.bench.layer.debugger;
    const task = this.bench.task(thread);
    const register = client.registers(task).find(({ piece }) => piece.address === address);
    if (op === 'arm') {
      const expected = this.admits(thread, -1);
      const armed = client.arm(task, { address, lengthBytes: 8, access: 'write' }, 'mine');
      assert.strictEqual(armed.kind, expected ? 'armed' : 'refused');
      if (armed.kind === 'armed') this.living.push({ event: armed.register.event, thread, cpu: -1, inherit: false });
    } else if (register !== undefined && op === 'toggle') {
      const enabled = register.event.attributes.disabled;
      assert.strictEqual(client.setEnabled(task, register.index, enabled), undefined);
    } else if (register !== undefined) {
      client.disarm(task, register.index);
      this.living = this.living.filter((one) => one.event !== register.event);
    }
  }

  private dropArmed(thread: string): void {
    assert.strictEqual(this.bench.layer.debugger.registers(this.bench.task(thread)).length, 0);
    this.living = this.living.filter((one) => one.thread !== thread || !this.isArmed(one));
  }

  private kgdbSet(address: number, tag: string): void {
    const { kgdb } = this.bench.layer;
    const users = this.kgdbUsers.get(address);
    const expected = users !== undefined || (this.kgdbUsers.size < SLOTS && this.admits(undefined, -1));
    assert.strictEqual(kgdb.set(kgdbRequest(address), tag), expected, 'kgdb');
    for (const cpu of this.bench.cpus) kgdb.correctHardware(cpu);
    if (!expected) return;
    this.kgdbUsers.set(address, [...(users ?? []), tag]);
    if (users === undefined) this.addWide('kgdb', BigInt(0x6000 + 8 * address));
  }

  private kgdbRemove(address: number, tag: string): void {
    const users = this.kgdbUsers.get(address) ?? [];
    const at = users.indexOf(tag);
    assert.strictEqual(this.bench.layer.kgdb.remove(kgdbRequest(address), tag), at >= 0);
    if (at >= 0) users.splice(at, 1);
    if (at < 0 || users.length > 0) return;
    this.kgdbUsers.delete(address);
    this.dropWide('kgdb', BigInt(0x6000 + 8 * address));
  }

  private ksymWrite(address: number, access: string): void {
    const place = 0x5000 + 4 * address;
    const known = this.ksymWatched.get(place);
    const expected = known === undefined ? this.admits(undefined, -1) : known !== access;
    assert.strictEqual(this.ksym.writeFilter(`${place}:${access}`).ok, expected, 'ksym');
    if (!expected) return;
    if (known !== undefined) this.dropWide('ksym', BigInt(place));
    this.ksymWatched.set(place, access);
    this.addWide('ksym', BigInt(place));
  }

  /** The events that the layer says it made, one for each CPU. */
  private addWide(owner: 'kgdb' | 'ksym', address: bigint): void {
    const made = this.bench.layer.holders().filter((holder) => holder.owner === owner && holder.address === address);
    assert.deepStrictEqual(made.map(({ cpu }) => cpu).sort(), [0, 1], 'one on each CPU');
    for (const { event, cpu } of made) this.living.push({ event, thread: undefined, cpu, inherit: false });
  }

  private dropWide(owner: 'kgdb' | 'ksym', address: bigint): void {
    const isGone = ({ event }: Living): boolean =>
      'siblings' in event && event.owner === owner && event.attributes.breakpointAddress === address;
    this.living = this.living.filter((one) => !isGone(one));
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
    this.dropArmed(thread);
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
    const lease = this.living.find((one) => one.event.owner === 'kgdb' && !isKgdbEvent(one));
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
        const off = 'siblings' in one.event && one.event.state < 0 && one.event.owner !== 'kgdb';
        if (!('siblings' in one.event) || off || (one.cpu >= 0 && one.cpu !== cpu.id)) return [];
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
    this.bench.layer.kgdb.removeAll();
    this.ksym.writeFilter('0');
    for (const one of this.living) {
      if (one.thread === undefined) continue;
      this.bench.layer.ptrace.release(this.bench.task(one.thread));
      this.bench.layer.debugger.release(this.bench.task(one.thread));
    }
    assert.strictEqual(this.bench.layer.pmu.constraints.held, 0, 'nothing is left');
  }
}

const isKgdbEvent = ({ event }: Living): boolean => event.owner === 'kgdb' && 'siblings' in event;

const kgdbRequest = (address: number) => ({ address: BigInt(0x6000 + 8 * address), lengthBytes: 8, type: 2 }) as const;

const place = fc.nat(4);
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
  { weight: 3, arbitrary: fc.record({ op: fc.constant('register' as const), cpu, inherit: fc.constant(false) }) },
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
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constantFrom('arm', 'arm', 'disarm', 'toggle'), thread, address: place }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constantFrom('kgdbSet', 'kgdbSet', 'kgdbRemove'),
      address: place,
      tag: fc.constantFrom('one', 'two'),
    }),
  },
  fc.record({ op: fc.constantFrom('detach', 'ksymClear') }),
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant('ksym' as const), address: place, access: fc.constantFrom('rw-', '-w-') }),
  },
);

describe('the ledger of slots', () => {
  it('agrees with a naive count after every operation, and ends empty', () => {
    const numRuns = Number(process.env.TRAPLINE_LEDGER_RUNS ?? 1000);
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
        const world = new World();
        for (const one of steps) world.apply(one);
        world.end();
      }),
      { numRuns },
    );
  });
});
