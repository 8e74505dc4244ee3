// software-pmu.ts: PERF_TYPE_SOFTWARE: the clocks count time, context switches, migrations and page faults happen
// (PerfCore.happened); the clocks overflow after each period of time on the CPU (PerfCore.clockTick); the other known events exist and stay at zero.
//
// Quirk: memory is handed out in blocks of 256 KiB, so that there are fewer page faults.

import type { Clock, Cpu } from '../sched/task';
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

/** As short as Linux lets a clock's period be. */
const SHORTEST_PERIOD = 10_000n;
const SECOND = 1_000_000_000n;

function isClock({ attributes: { config } }: PerfEvent): boolean {
  return config === CPU_CLOCK || config === TASK_CLOCK;
}

/** A clock with a frequency has a fixed period. */
function usePeriod(event: PerfEvent): void {
  const { attributes } = event;
  attributes.samplePeriod = SECOND / attributes.samplePeriod;
  attributes.freq = false;
  event.samplePeriod = event.lastPeriod = event.periodLeft = attributes.samplePeriod;
}

export class SoftwarePmu implements Pmu<PerfEvent> {
  readonly type = EVENT_TYPE_SOFTWARE;
  /** CPU id → the events that are on it. */
  private readonly installed = new Map<number, Set<PerfEvent>>();
  /** Time that was added to the count already. */
  private readonly counted = new WeakMap<PerfEvent, bigint>();
  /** Sampling clocks that are on a CPU: when they overflow. */
  private readonly deadlines = new Map<PerfEvent, bigint>();
  /** Those that are not: how much of the period is left. */
  private readonly left = new WeakMap<PerfEvent, bigint>();

  constructor(private readonly clock: Clock) {}

  init(event: PerfEvent): PerfErrno | undefined {
    if (event.attributes.config >= KNOWN_EVENTS) return 'ENOENT';
    if ((event.attributes.sampleType & SampleType.branchStack) !== 0n) return 'EOPNOTSUPP';
    const { attributes } = event;
    attributes.type = CLOCK_TYPES[String(attributes.config)] ?? attributes.type;
    if (isClock(event) && attributes.freq && event.isSampling) usePeriod(event);
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
    if (isClock(event) && event.isSampling) this.arm(event, this.left.get(event) ?? event.samplePeriod);
    return true;
  }

  private arm(event: PerfEvent, inNs: bigint): void {
    this.deadlines.set(event, this.clock() + (inNs > SHORTEST_PERIOD ? inNs : SHORTEST_PERIOD));
  }

  /** When the next sampling clock on the CPU overflows. */
  nextDeadline(cpu: Cpu): bigint | undefined {
    let next: bigint | undefined;
    for (const [event, deadline] of this.deadlines) {
      if (event.onCpu === cpu && (next === undefined || deadline < next)) next = deadline;
    }
    return next;
  }

  /** The clocks on the CPU that overflow now; their next period begins. */
  takeDue(cpu: Cpu): readonly PerfEvent[] {
    const now = this.clock();
    const due = [...this.deadlines].filter(([event, deadline]) => event.onCpu === cpu && deadline <= now);
    for (const [event] of due) this.arm(event, event.samplePeriod);
    return due.map(([event]) => event);
  }

  del(event: PerfEvent, cpu: Cpu): void {
    this.read(event, cpu);
    this.installed.get(cpu.id)?.delete(event);
    const deadline = this.deadlines.get(event);
    if (deadline === undefined) return;
    this.deadlines.delete(event);
    this.left.set(event, deadline - this.clock());
  }

  read(event: PerfEvent, _cpu: Cpu): void {
    if (!isClock(event)) return;
    event.updateTimes();
    event.count += Number(event.timeRunning - (this.counted.get(event) ?? 0n));
    this.counted.set(event, event.timeRunning);
  }

  countsUnseen(event: PerfEvent): boolean {
    return isClock(event);
  }

  addsLast(): boolean {
    return true;
  }

  modify(): PerfErrno {
    return 'EOPNOTSUPP';
  }
}
