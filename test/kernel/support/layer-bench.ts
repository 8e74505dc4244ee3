// layer-bench.ts: the breakpoint layer with named threads, for tests that read as scenarios.
//
// Uses the machine's own debug registers; an access is told to the layer as the machine would tell it.

import * as assert from 'node:assert';
import { BreakpointLayer } from '../../../adapter/kernel/clients/breakpoint-layer';
import { PerfSyscalls, type PerfFile } from '../../../adapter/kernel/clients/perf-syscall/perf-file';
import type { DebugOutcome } from '../../../adapter/kernel/hw-breakpoint/debug-exception';
import type { PerfEvent } from '../../../adapter/kernel/perf/event';
import {
  BREAKPOINT_READ_WRITE,
  BREAKPOINT_WRITE,
  breakpointAttributes,
  type PerfAttributes,
} from '../../../adapter/kernel/perf/event-attributes';
import type { TaskRef } from '../../../adapter/kernel/sched/task';
import { EmulatedDebugRegisters } from '../../../adapter/machine/emulated-debug-registers';
import { BenchRegisters } from '../../../adapter/wire/cli/vectors/bench-registers';

export class BenchTask implements TaskRef {
  readonly registers = new BenchRegisters();

  constructor(
    readonly tid: number,
    readonly tgid: number,
    readonly comm: string,
  ) {}
}

export interface BenchCpu {
  readonly id: number;
  readonly debugRegisters: EmulatedDebugRegisters;
  current: TaskRef | undefined;
}

export interface Where {
  /** A thread by name; made at its first mention. */
  readonly thread?: string;
  /** A CPU; without a thread: CPU-wide. */
  readonly cpu?: number;
}

export interface Access {
  readonly kind: 'read' | 'write';
  readonly address: bigint;
  readonly lengthBytes?: number;
}

export const ROOT = { perfmon: true, sysAdmin: true, mayObserve: (): boolean => true };

export class LayerBench {
  readonly cpus: readonly BenchCpu[];
  readonly layer: BreakpointLayer<string>;
  readonly syscalls: PerfSyscalls;
  private readonly tasks = new Map<string, BenchTask>();
  now = 0n;

  constructor(options: { cpus?: number; registers?: number } = {}) {
    this.cpus = Array.from({ length: options.cpus ?? 2 }, (_, id) => ({
      id,
      debugRegisters: new EmulatedDebugRegisters(options.registers ?? 4),
      current: undefined as TaskRef | undefined,
    }));
    this.layer = new BreakpointLayer<string>({ cpus: this.cpus, clock: () => this.now });
    this.syscalls = new PerfSyscalls(this.layer.perf);
  }

  task(name: string): BenchTask {
    const known = this.tasks.get(name);
    if (known !== undefined) return known;
    const tid = 100 + this.tasks.size;
    const made = new BenchTask(tid, tid, name);
    this.tasks.set(name, made);
    return made;
  }

  /** A breakpoint of the kernel's own users, as KUnit registers them. */
  register(where: Where, overrides: Partial<PerfAttributes> = {}): PerfEvent | string {
    const made = this.layer.perf.createKernelCounter({
      attributes: breakpointAttributes({
        breakpointType: BREAKPOINT_READ_WRITE,
        breakpointAddress: 0x1000n,
        breakpointLength: 1n,
        ...overrides,
      }),
      target: where.thread === undefined ? undefined : this.task(where.thread),
      cpu: where.cpu ?? -1,
      owner: 'perf',
      privileges: { sysAdmin: true },
      handler: () => undefined,
    });
    return made.ok ? made.value : made.errno;
  }

  expectRegistered(where: Where, overrides: Partial<PerfAttributes> = {}): PerfEvent {
    const event = this.register(where, overrides);
    if (typeof event === 'string') return assert.fail(`${JSON.stringify(where)} is refused: ${event}`);
    return event;
  }

  expectRefused(where: Where, errno = 'ENOSPC'): void {
    const held = this.layer.pmu.constraints.held;
    assert.strictEqual(this.register(where), errno, JSON.stringify(where));
    assert.strictEqual(this.layer.pmu.constraints.held, held, 'a refusal changes nothing');
  }

  /** Registers until `leaving` slots are left. */
  fill(where: Where, leaving = 0): PerfEvent[] {
    const slots = this.layer.slotsPerCpu;
    return Array.from({ length: slots - leaving }, () => this.expectRegistered(where));
  }

  remove(event: PerfEvent): void {
    this.layer.api.unregister(event);
  }

  run(name: string, cpu = 0): BenchCpu {
    const on = this.cpus[cpu];
    on.current = this.task(name);
    this.layer.switchIn(this.task(name), on);
    this.now += 10n;
    return on;
  }

  park(cpu = 0): void {
    const on = this.cpus[cpu];
    if (on.current === undefined) return;
    this.now += 10n;
    this.layer.switchOut(on.current, on);
    on.current = undefined;
  }

  /** The running task of the CPU does one instruction. Answers what the layer says, or undefined without a #DB. */
  touch(access: Access, cpu = 0, singleStep = false): DebugOutcome | undefined {
    const on = this.cpus[cpu];
    assert.ok(on.current, 'somebody runs there');
    const { debugRegisters } = on;
    const lengthBytes = access.lengthBytes ?? 1;
    const hits = [];
    for (let index = 0; index < debugRegisters.count; index += 1) {
      const condition = debugRegisters.condition(index);
      const end = condition.address + BigInt(condition.lengthBytes);
      const meets = condition.type === 3 || (condition.type === 1 && access.kind === 'write');
      const overlaps = access.address < end && access.address + BigInt(lengthBytes) > condition.address;
      if (!condition.enabled || !meets || !overlaps) continue;
      if (condition.countOnly) {
        debugRegisters.addCount(index, 1);
        continue;
      }
      if (index < 4) debugRegisters.dr6 |= 1n << BigInt(index);
      const detail = { before: new Uint8Array([1]), after: new Uint8Array([2]) };
      hits.push({ index, access: access.kind, address: access.address, lengthBytes, ...detail });
    }
    if (singleStep) debugRegisters.dr6 |= 1n << 14n;
    if (hits.length === 0 && !singleStep) return undefined;
    const exit = { hits, singleStep, instruction: 0n, icebp: false };
    return this.layer.handleDebugException(on, on.current, exit);
  }

  /** perf_event_open with the bytes of an attr. */
  open(where: Where, attributes: Uint8Array, group?: PerfFile, flags = 0): PerfFile | string {
    const opened = this.syscalls.open({
      attributes,
      target: where.thread === undefined ? 'all' : this.task(where.thread),
      cpu: where.cpu ?? -1,
      group: group?.event ?? 'none',
      flags,
      opener: ROOT,
    });
    return opened.ok ? opened.value : opened.errno;
  }
}

/** The bytes of a perf_event_attr for a breakpoint, size 128. */
export function attrBytes(fields: {
  address?: bigint;
  length?: bigint;
  type?: number;
  period?: bigint;
  sampleType?: bigint;
  readFormat?: bigint;
  flags?: bigint;
  size?: number;
}): Uint8Array {
  const bytes = new Uint8Array(136);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 5, true);
  view.setUint32(4, fields.size ?? 128, true);
  view.setBigUint64(16, fields.period ?? 0n, true);
  view.setBigUint64(24, fields.sampleType ?? 0n, true);
  view.setBigUint64(32, fields.readFormat ?? 0n, true);
  view.setBigUint64(40, fields.flags ?? 0x20n, true);
  view.setUint32(52, fields.type ?? BREAKPOINT_WRITE, true);
  view.setBigUint64(56, fields.address ?? 0x1000n, true);
  view.setBigUint64(64, fields.length ?? 4n, true);
  return bytes;
}
