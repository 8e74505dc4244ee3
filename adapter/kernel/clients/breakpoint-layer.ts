// breakpoint-layer.ts: the whole layer, put together: perf, breakpoints on it, and their clients.
//
// The kernel makes one, tells it what happens to tasks, hands it every #DB, and sends the signals it answers with.
// `switchIn`/`switchOut` follow each switch; `forked` before the child runs; `executed` and `exited` while the task is
// still on its CPU. Tasks are known by identity: always the same TaskRef object for the same task.
//
// Truth: shared reference "hw-breakpoint-spec", B; docs/architecture.md.

import { BreakpointApi } from '../hw-breakpoint/core-api';
import { BreakpointPmu } from '../hw-breakpoint/breakpoint-pmu';
import {
  DebugExceptions,
  type BreakpointHit,
  type DebugExit,
  type DebugOutcome,
  type KernelAccess,
} from '../hw-breakpoint/debug-exception';
import { ThreadDebugStates } from '../hw-breakpoint/thread-debug-state';
import type { DueSignal } from '../perf/pending-work';
import { PerfCore, type PerfCoreOptions } from '../perf/perf-core';
import type { PerfErrno } from '../perf/result';
import type { Cpu, TaskObserver, TaskRef } from '../sched/task';
import { KgdbBreakpoints } from './kgdb/kgdb-breakpoints';
import { DebuggerClient } from './ptrace/debugger-client';
import { PtraceClient } from './ptrace/ptrace-client';
import { allHolders, holdersForTask, holdersOfCpu, installedHolders, type SlotHolder } from './slot-holders';

export interface BreakpointLayerOptions extends PerfCoreOptions {
  /** Of the CPUs' debug registers so many are slots; the others can become some. All where absent. */
  readonly slotsPerCpu?: number;
}

/** `Tag`: what the debugger attaches to a register that it arms. */
export class BreakpointLayer<Tag = unknown> implements TaskObserver {
  readonly perf: PerfCore;
  readonly pmu: BreakpointPmu;
  readonly api: BreakpointApi;
  readonly threads = new ThreadDebugStates();
  /** For guest programs that call ptrace(2). */
  readonly ptrace: PtraceClient;
  /** For Trapline itself. */
  readonly debugger: DebuggerClient<Tag>;
  /** For a debugger of the whole machine; call its `init` first. */
  readonly kgdb: KgdbBreakpoints<Tag>;
  private readonly exceptions: DebugExceptions;

  constructor(options: BreakpointLayerOptions) {
    this.perf = new PerfCore(options);
    this.pmu = new BreakpointPmu(
      options.cpus,
      (cpu) => {
        const task = this.perf.scheduler.currentOn(cpu);
        // Each counted hit was a #DB on a real CPU, and a #DB wipes the status.
        if (task !== undefined) this.threads.of(task).virtualDr6 = 0n;
      },
      options.slotsPerCpu,
    );
    // A machine without debug registers has no such PMU: perf answers ENOENT, the core API ENOSYS.
    if (this.pmu.registerCount > 0) this.perf.registerPmu(this.pmu);
    this.api = new BreakpointApi(this.perf, this.pmu);
    this.exceptions = new DebugExceptions(this.perf, this.pmu, this.threads);
    this.ptrace = new PtraceClient(this.api, this.threads);
    this.debugger = new DebuggerClient<Tag>(this.api);
    this.kgdb = new KgdbBreakpoints<Tag>(this.api, options.cpus);
  }

  /** A machine exit `debug` of the task on the CPU. */
  handleDebugException(cpu: Cpu, task: TaskRef, exit: DebugExit): DebugOutcome {
    return this.exceptions.handleUser(cpu, task, exit);
  }

  /** Ask this before reporting kernel accesses: nearly always false. */
  watchesKernelAccess(cpu: Cpu): boolean {
    return this.exceptions.watchesKernel(cpu);
  }

  /**
   * The kernel read or wrote the task's memory through the task's own mapping (copy_to_user, not process_vm_writev):
   * one call for each access that the real kernel would make. Signals come with `returnToUser`.
   */
  handleKernelAccess(cpu: Cpu, task: TaskRef, access: KernelAccess): readonly BreakpointHit[] {
    return this.exceptions.handleKernelAccess(cpu, task, access);
  }

  /** Signals due when the task goes back to user mode after a system call, in the order to send them. */
  returnToUser(task: TaskRef): readonly DueSignal[] {
    return this.perf.returnToUser(task);
  }

  /** Signals for any task that something other than a #DB made due (a close, an exit). */
  takeSignals(): readonly DueSignal[] {
    this.perf.runInterruptWork();
    return this.perf.pending.take();
  }

  /** After someone else (a virtual machine's guest) used the CPU's debug registers. */
  restore(cpu: Cpu): void {
    if (this.pmu.isActive(cpu)) this.pmu.restore(cpu);
  }

  /** Those who take a slot from the thread: its own, and the CPU-wide ones. */
  slotHolders(task: TaskRef): readonly SlotHolder[] {
    return holdersForTask(this.pmu, task);
  }

  cpuHolders(cpu: Cpu): readonly SlotHolder[] {
    return holdersOfCpu(this.pmu, cpu.id);
  }

  installed(cpu: Cpu): readonly (SlotHolder | undefined)[] {
    return installedHolders(this.pmu, cpu);
  }

  holders(): readonly SlotHolder[] {
    return allHolders(this.pmu);
  }

  /** How many more breakpoints of its own the thread could have. */
  freeSlots(task: TaskRef): number {
    return this.pmu.constraints.free({ task, cpu: -1 });
  }

  get slotsPerCpu(): number {
    return this.pmu.constraints.slotsPerCpu;
  }

  /** So many there can be, once `growSlots` was asked. */
  get mostSlotsPerCpu(): number {
    return this.pmu.registerCount;
  }

  /** Slots that no processor has; the same number negative takes them away again. */
  growSlots(by: number): void {
    this.pmu.constraints.grow(by);
  }

  switchIn(task: TaskRef, cpu: Cpu): void {
    this.perf.switchIn(task, cpu);
  }

  switchOut(task: TaskRef, cpu: Cpu, preempted?: boolean): void {
    this.perf.switchOut(task, cpu, preempted);
  }

  /** An errno means that the fork itself fails: no slot for an inherited breakpoint. */
  forked(parent: TaskRef, child: TaskRef, thread: boolean): PerfErrno | undefined {
    this.threads.forked(parent, child);
    return this.perf.forked(parent, child, thread);
  }

  /** The debugger's registers go as well: the addresses mean nothing in the new program. */
  executed(task: TaskRef): void {
    this.ptrace.executed(task);
    this.debugger.release(task);
    this.perf.executed(task);
  }

  exited(task: TaskRef): void {
    this.perf.exited(task);
    this.ptrace.release(task);
    this.debugger.release(task);
  }
}
