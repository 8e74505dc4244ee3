// software-pmu.ts: PERF_TYPE_SOFTWARE: the clocks count time; the other known events exist and stay at zero.
//
// Enough for programs that open a dummy or a clock as leader of a group of breakpoints.
// Quirk: page faults, context switches and the like are not counted.

import type { Cpu } from '../sched/task';
import { EVENT_TYPE_SOFTWARE, SampleType } from './constants.table';
import type { PerfEvent } from './event';
import type { Pmu } from './pmu';
import type { PerfErrno } from './result';

const CPU_CLOCK = 0n;
const TASK_CLOCK = 1n;
/** cpu-clock … cgroup-switches. */
const KNOWN_EVENTS = 12n;
/** The clocks are PMUs of their own: an event's attr.type becomes that of the PMU, above all fixed types. */
const CLOCK_TYPES: Readonly<Record<string, number>> = { '0': 8, '1': 9 };

export class SoftwarePmu implements Pmu<PerfEvent> {
  readonly type = EVENT_TYPE_SOFTWARE;
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

  add(event: PerfEvent): boolean {
    this.counted.set(event, event.timeRunning);
    return true;
  }

  del(event: PerfEvent, cpu: Cpu): void {
    this.read(event, cpu);
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
