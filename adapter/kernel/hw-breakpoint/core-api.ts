// core-api.ts: breakpoints for the kernel's own users: ptrace, the symbol tracer, kgdb, the debugger.
//
// A user breakpoint belongs to a task, a wide one to every CPU. Disable (through `modify` with attributes.disabled)
// takes it out of the hardware and keeps its slot. A refusal changes nothing.
//
// Truth: shared reference "hw-breakpoint-spec", B.1 (mail 001), B.5.

import type { HitFilter } from '../../machine/debug-registers';
import type { EventOwner, OverflowHandler, PerfEvent } from '../perf/event';
import type { PerfAttributes } from '../perf/event-attributes';
import type { PerfCore } from '../perf/perf-core';
import type { Privileges } from '../perf/pmu';
import { failure, success, type PerfErrno, type Result } from '../perf/result';
import type { TaskRef } from '../sched/task';
import type { BreakpointPmu } from './breakpoint-pmu';
import type { SlotLease } from './slot-constraints';

const KERNEL: Privileges = { sysAdmin: true };

/** A breakpoint on every CPU, in order of CPUs. */
export type WideBreakpoint = readonly PerfEvent[];

export class BreakpointApi {
  constructor(
    private readonly perf: PerfCore,
    readonly pmu: BreakpointPmu,
  ) {}

  /** ENOSYS on a machine without debug registers; else as B.3 and B.4 say. */
  registerUser(
    attributes: PerfAttributes,
    task: TaskRef,
    owner: EventOwner,
    handler: OverflowHandler,
  ): Result<PerfEvent> {
    if (this.pmu.registerCount === 0) return failure('ENOSYS');
    return this.perf.createKernelCounter({ attributes, target: task, cpu: -1, owner, handler, privileges: KERNEL });
  }

  /** All CPUs or none: the first refusal takes back those that were made. */
  registerWide(attributes: PerfAttributes, owner: EventOwner, handler: OverflowHandler): Result<WideBreakpoint> {
    if (this.pmu.registerCount === 0) return failure('ENOSYS');
    const made: PerfEvent[] = [];
    for (const { id: cpu } of this.perf.scheduler.cpus) {
      const request = { attributes, target: undefined, cpu, owner, handler, privileges: KERNEL };
      const one = this.perf.createKernelCounter(request);
      if (!one.ok) {
        this.unregisterWide(made);
        return one;
      }
      made.push(one.value);
    }
    return success(made);
  }

  /** An undefined breakpoint is no error, as in the kernel. */
  unregister(breakpoint: PerfEvent | undefined): void {
    if (breakpoint !== undefined) this.perf.close(breakpoint);
  }

  unregisterWide(breakpoint: WideBreakpoint): void {
    for (const event of breakpoint) this.perf.close(event);
  }

  /**
   * Another type, address, length, or `disabled`; on an error the old ones stay. In any case it is re-armed unless
   * its (new or old) attributes say disabled. EINVAL with `check` if anything else differs.
   */
  modifyUser(
    event: PerfEvent,
    wanted: PerfAttributes,
    privileges: Privileges = KERNEL,
    check = false,
  ): PerfErrno | undefined {
    this.perf.disable(event);
    const errno = this.pmu.change(event, wanted, privileges, check);
    if (!event.attributes.disabled) this.perf.enable(event);
    return errno;
  }

  /** Hits for which all of the filters say no are passed over before any #DB; none: every hit raises it. */
  setFilters(event: PerfEvent, filters: readonly HitFilter[]): void {
    this.pmu.setFilters(event, filters, this.perf.scheduler.cpus);
  }

  /** For a debugger that must not wait: undefined if refused, or if the ledger is in use at this moment. */
  debuggerReserve(cpu: number, owner: EventOwner): SlotLease | undefined {
    const reservation = this.pmu.constraints.tryReserve({ task: undefined, cpu }, owner);
    return reservation?.kind === 'held' ? reservation.lease : undefined;
  }

  debuggerRelease(lease: SlotLease): boolean {
    return this.pmu.constraints.tryRelease(lease);
  }
}
