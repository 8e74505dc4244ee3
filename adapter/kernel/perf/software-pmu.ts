// software-pmu.ts: PERF_TYPE_SOFTWARE: the clocks count time, context switches, migrations and page faults happen
// (PerfCore.happened); the other known events exist and stay at zero.
//
// Quirk: memory is handed out in blocks of 256 KiB, so that there are fewer page faults.
// Quirk: the clocks do not overflow: they count, but take no samples.

import type { Cpu } from '../sched/task';
import { EVENT_TYPE_SOFTWARE, SampleType } from './constants.table';
import type { PerfEvent } from './event';
import type { Pmu } from './pmu';
import type { PerfErrno } from './result';

/** attr.config of what happens. */
export const SoftwareEvent = { pageFault: 2n, contextSwitch: 3n, migration: 4n, minorFault: 5n } as const;

const CPU_CLOCK = 0n;
const TASK_CLOCK = 1n;
/** cpu-clock … cgroup-switches. */
const KNOWN_EVENTS = 12n;
/** The clocks are PMUs of their own: an event's attr.type becomes that of the PMU, above all fixed types. */
const CLOCK_TYPES: Readonly<Record<string, number>> = { '0': 8, '1': 9 };

export class SoftwarePmu implements Pmu<PerfEvent> {
  readonly type = EVENT_TYPE_SOFTWARE;
  /** CPU id → the events that are on it. */
  private readonly installed = new Map<number, Set<PerfEvent>>();
  /** Time that was added to the count already. */
  private readonly counted = new WeakMap<PerfEvent, bigint>();

  init(event: PerfEvent): PerfErrno | undefined {
    if (event.attributes.config >= KNOWN_EVENTS) return 'ENOENT';
    if ((event.attributes.sampleType & SampleType.branchStack) !== 0n) return 'EOPNOTSUPP';
    const { attributes } = event;
    attributes.type = CLOCK_TYPES[String(attributes.config)] ?? attributes.type;
    return undefined;
  }

  destroy(event: PerfEvent): void {
    this.counted.delete(event);
  }

  /** Those on the CPU that count this, in no order. */
  waitingFor(config: bigint, cpu: Cpu): readonly PerfEvent[] {
    return [...(this.installed.get(cpu.id) ?? [])].filter((event) => event.attributes.config === config);
  }

  add(event: PerfEvent, cpu: Cpu): boolean {
    this.counted.set(event, event.timeRunning);
    const there = this.installed.get(cpu.id);
    if (there === undefined) this.installed.set(cpu.id, new Set([event]));
    else there.add(event);
    return true;
  }

  del(event: PerfEvent, cpu: Cpu): void {
    this.read(event, cpu);
    this.installed.get(cpu.id)?.delete(event);
  }

  read(event: PerfEvent, _cpu: Cpu): void {
    const { config } = event.attributes;
    if (config !== CPU_CLOCK && config !== TASK_CLOCK) return;
    event.updateTimes();
    event.count += Number(event.timeRunning - (this.counted.get(event) ?? 0n));
    this.counted.set(event, event.timeRunning);
  }

  modify(): PerfErrno {
    return 'EOPNOTSUPP';
  }
}
