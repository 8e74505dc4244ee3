// perf-core.ts: perf events as the rest of the kernel sees them: made, switched with their tasks, hit, closed.
//
// One instance for the whole emulated kernel. Knows no debug register: a Pmu does the counting. Follows tasks as a
// TaskObserver; `exited` may be called while the task is still on its CPU, or right after it left it.
//
// Truth: shared reference "hw-breakpoint-spec", B.2, B.6, B.9, B.10.

import type { Clock, Cpu, TaskObserver, TaskRef } from '../sched/task';
import { SampleType } from './constants.table';
import type { PerfContext } from './context';
import { EventState, PerfEvent, type EventOwner, type OverflowHandler } from './event';
import type { PerfAttributes } from './event-attributes';
import { execEvents, exitEvents, inheritEvents, type InheritanceParts } from './inheritance';
import { PerfOutput } from './output';
import { countHit, overflow, type HitInput, type OverflowSinks } from './overflow';
import { PendingWork, type DueSignal } from './pending-work';
import type { Pmu, Privileges } from './pmu';
import { commRecord, mappingRecord, switchRecord, taskRecord, type MappingInfo, type UserStacks } from './records';
import { failure, success, type PerfErrno, type Result } from './result';
import { PerfScheduler } from './scheduler';
import { defaultSettings, type PerfSettings } from './settings';
import { SoftwareEvent, SoftwarePmu } from './software-pmu';

export interface PerfCoreOptions extends UserStacks {
  readonly cpus: readonly Cpu[];
  readonly clock: Clock;
}

/** What is needed to make an event; -1 as `cpu` means wherever the task runs. */
export interface EventRequest {
  readonly attributes: PerfAttributes;
  readonly target: TaskRef | undefined;
  readonly cpu: number;
  readonly owner: EventOwner;
  readonly privileges: Privileges;
  readonly handler?: OverflowHandler | undefined;
}

export class PerfCore implements TaskObserver {
  readonly pending = new PendingWork();
  readonly settings: PerfSettings = defaultSettings();
  readonly scheduler: PerfScheduler;
  readonly output: PerfOutput;
  readonly clock: Clock;
  private readonly sinks: OverflowSinks;
  private readonly pmus = new Map<number, Pmu<PerfEvent>>();
  private readonly parts: InheritanceParts;
  private readonly software: SoftwarePmu;
  private lastId = 0;
  /** Events that want SWITCH records; copies not counted, their original is there as long. */
  private switchWatchers = 0;

  constructor(options: PerfCoreOptions) {
    this.clock = options.clock;
    this.scheduler = new PerfScheduler(options.cpus, options.clock, this.pending);
    this.output = new PerfOutput(options.clock, this.pending, {
      refresh: (event) => {
        this.refresh(event);
      },
      userCallchain: options.userCallchain,
      userStack: options.userStack,
    });
    const { scheduler, output, pending, clock } = this;
    this.sinks = {
      pending,
      clock,
      writeSample: (event, sample) => {
        output.sample(event, sample);
      },
    };
    this.parts = { scheduler, output, pending, newId: () => this.newId() };
    this.software = new SoftwarePmu(options.clock);
    this.registerPmu(this.software);
  }

  registerPmu(pmu: Pmu<PerfEvent>): void {
    this.pmus.set(pmu.type, pmu);
  }

  /** Reserves what the event needs; it counts only once installed. ENOENT: nobody serves that type. */
  allocate(request: EventRequest): Result<PerfEvent> {
    const pmu = this.pmus.get(request.attributes.type);
    if (pmu === undefined) return failure('ENOENT');
    const event = new PerfEvent({ ...request, id: this.newId(), pmu });
    const errno = pmu.init(event, request.privileges);
    if (errno !== undefined) return failure(errno);
    const late = this.checkSamples(request.attributes);
    if (late === undefined) return success(event);
    pmu.destroy(event);
    return failure(late);
  }

  /** What Linux refuses only once the PMU has agreed. */
  private checkSamples(attributes: PerfAttributes): PerfErrno | undefined {
    if (wantsExtendedRegisters(attributes)) return 'EOPNOTSUPP';
    const wantsChain = (attributes.sampleType & SampleType.callchain) !== 0n;
    return wantsChain && attributes.sampleMaxStack > this.settings.perf_event_max_stack ? 'EOVERFLOW' : undefined;
  }

  /** Undoes `allocate` for an event that was never installed. */
  discard(event: PerfEvent): void {
    event.pmu.destroy(event);
  }

  /** The context that the event will live in; known before it is installed. */
  contextFor(event: PerfEvent): PerfContext<PerfEvent> {
    if (event.target === undefined) return this.scheduler.cpuContext(event.cpu);
    return this.scheduler.ensureTaskContext(event.target);
  }

  install(event: PerfEvent, leader?: PerfEvent): void {
    event.context = this.contextFor(event);
    if (leader !== undefined) event.leader = leader;
    if (event.attributes.contextSwitch) this.switchWatchers += 1;
    this.scheduler.install(event);
  }

  /** An event that the kernel itself holds, with its handler instead of a ring. */
  createKernelCounter(request: EventRequest): Result<PerfEvent> {
    const made = this.allocate(request);
    if (made.ok) this.install(made.value);
    return made;
  }

  /** The last user is gone: the event and all copies end, siblings go on as their own leaders. */
  close(event: PerfEvent): void {
    if (event.attributes.contextSwitch) this.switchWatchers -= 1;
    this.refresh(event);
    this.scheduler.remove(event, EventState.dead, true);
    for (const copy of event.children) {
      this.scheduler.remove(copy, EventState.off, true);
      copy.pmu.destroy(copy);
    }
    event.children = [];
    event.ring = undefined;
    event.pmu.destroy(event);
  }

  enable(event: PerfEvent): void {
    this.scheduler.enable(event);
  }

  disable(event: PerfEvent): void {
    this.scheduler.refreshCount(event);
    this.scheduler.disable(event);
  }

  /** Brings count and times up to date. */
  refresh(event: PerfEvent): void {
    this.scheduler.refreshCount(event);
    if (event.state >= EventState.inactive) event.updateTimes();
  }

  /** A condition of the event was met; the user/kernel filter is the caller's. */
  hit(event: PerfEvent, hit: HitInput): void {
    event.context?.noteChange();
    countHit(event, hit, this.sinks);
  }

  /** When a sampling clock on the CPU overflows next; then `clockTick` is due. */
  clockDeadline(cpu: Cpu): bigint | undefined {
    return this.software.nextDeadline(cpu);
  }

  /** The timer interrupt of sampling clocks, in the task's user mode; true if one overflowed. */
  clockTick(cpu: Cpu, task: TaskRef): boolean {
    const due = this.software.takeDue(cpu).filter(({ stopped, attributes }) => !stopped && !attributes.excludeUser);
    const instructionPointer = task.registers.rip;
    for (const event of due) {
      this.refresh(event);
      const period = event.samplePeriod;
      const time = this.clock();
      overflow(event, { task, cpu, time, userMode: true, instructionPointer, address: 0n, period }, this.sinks);
    }
    this.runInterruptWork();
    return due.length > 0;
  }

  /** To be called when a hit's handler is over. */
  runInterruptWork(): void {
    this.pending.runInterruptWork((event) => {
      this.scheduler.disable(event);
    });
  }

  /** Signals that are due when `task` returns to user mode, in the order to send them. */
  returnToUser(task: TaskRef): readonly DueSignal[] {
    this.runInterruptWork();
    this.pending.runTaskWork(task);
    return this.pending.take();
  }

  /** Something that software events count; `address`: of a fault. */
  happened(config: bigint, task: TaskRef, userMode: boolean, address = 0n): void {
    const cpu = this.scheduler.cpuOf(task);
    if (cpu === undefined) return;
    for (const event of this.software.waitingFor(config, cpu)) {
      const { excludeUser, excludeKernel } = event.attributes;
      if (event.stopped || (userMode ? excludeUser : excludeKernel)) continue;
      const instructionPointer = task.registers.rip;
      this.hit(event, { task, cpu, time: this.clock(), userMode, instructionPointer, address });
    }
  }

  switchIn(task: TaskRef, cpu: Cpu): void {
    const last = this.scheduler.lastCpuOf(task);
    this.scheduler.switchIn(task, cpu);
    if (last !== undefined && last !== cpu) this.happened(SoftwareEvent.migration, task, false);
    this.tellSwitch(task, cpu, { out: false, preempted: false });
  }

  /** `preempted`: it could have run on. */
  switchOut(task: TaskRef, cpu: Cpu, preempted = false): void {
    this.happened(SoftwareEvent.contextSwitch, task, false);
    this.tellSwitch(task, cpu, { out: true, preempted });
    this.scheduler.switchOut(task, cpu);
  }

  /** Quirk: SWITCH_CPU_WIDE names no other task: between two tasks a CPU is idle for a moment here. */
  private tellSwitch(task: TaskRef, cpu: Cpu, direction: { readonly out: boolean; readonly preempted: boolean }): void {
    if (this.switchWatchers === 0) return;
    const origin = this.output.origin(task, cpu);
    this.sideBand(task, wantsSwitches, (event) => {
      this.output.sideBand(event, switchRecord(event, { ...direction, other: undefined }, origin), origin);
    });
  }

  /** The task has a new mapping, or other rights to an old one. */
  mapped(task: TaskRef, mapping: MappingInfo): void {
    const origin = this.output.origin(task, this.scheduler.cpuOf(task));
    const wants = ({ mmap, mmap2, mmapData }: PerfAttributes): boolean =>
      mapping.executable ? mmap || mmap2 : mmapData;
    this.sideBand(task, wants, (event) => {
      this.output.sideBand(event, mappingRecord(event, task, mapping, origin), origin);
    });
    this.runInterruptWork();
  }

  /** An errno means that the fork itself fails. */
  forked(parent: TaskRef, child: TaskRef, thread: boolean): PerfErrno | undefined {
    const errno = inheritEvents(parent, child, thread, this.parts);
    if (errno !== undefined) {
      const context = this.scheduler.forget(child);
      if (context !== undefined) exitEvents(context, this.parts);
      return errno;
    }
    const cpu = this.scheduler.cpuOf(parent);
    const origin = this.output.origin(parent, cpu);
    this.sideBand(parent, wantsTaskRecords, (event) => {
      this.output.sideBand(event, taskRecord(event, 'fork', child, parent, origin), origin);
    });
    this.runInterruptWork();
    return undefined;
  }

  executed(task: TaskRef): void {
    execEvents(task, this.parts);
    this.renamed(task, true);
  }

  /** The task's name changed: by exec, or by itself. */
  renamed(task: TaskRef, exec = false): void {
    const origin = this.output.origin(task, this.scheduler.cpuOf(task));
    this.sideBand(
      task,
      (attributes) => attributes.comm,
      (event) => {
        this.output.sideBand(event, commRecord(event, task, exec, origin), origin);
      },
    );
    this.runInterruptWork();
  }

  exited(task: TaskRef): void {
    const cpu = this.scheduler.lastCpuOf(task);
    const origin = this.output.origin(task, cpu);
    const context = this.scheduler.forget(task);
    const tell = (event: PerfEvent): void => {
      this.output.sideBand(event, taskRecord(event, 'exit', task, undefined, origin), origin);
    };
    if (context !== undefined) {
      for (const event of receivers(context, cpu, wantsTaskRecords)) tell(event);
      exitEvents(context, this.parts);
    }
    if (cpu !== undefined) {
      for (const event of receivers(this.scheduler.cpuContext(cpu.id), cpu, wantsTaskRecords)) tell(event);
    }
    this.pending.dropTaskWork(task);
    this.runInterruptWork();
  }

  private sideBand(task: TaskRef, wants: Wish, write: (event: PerfEvent) => void): void {
    const cpu = this.scheduler.cpuOf(task);
    const contexts = [
      cpu === undefined ? undefined : this.scheduler.cpuContext(cpu.id),
      this.scheduler.taskContext(task),
    ];
    for (const context of contexts) {
      if (context !== undefined) for (const event of receivers(context, cpu, wants)) write(event);
    }
  }

  private newId(): number {
    this.lastId += 1;
    return this.lastId;
  }
}

type Wish = (attributes: PerfAttributes) => boolean;

const wantsSwitches: Wish = ({ contextSwitch }) => contextSwitch;

/** Vector registers in samples, asked for or only named: no PMU of ours has them. */
function wantsExtendedRegisters({ sampleRegsUser, sampleRegsInterrupt }: PerfAttributes): boolean {
  return (sampleRegsUser | sampleRegsInterrupt) >> 32n !== 0n;
}

function wantsTaskRecords(attributes: PerfAttributes): boolean {
  const { comm, mmap, mmap2, mmapData, task } = attributes;
  return comm || mmap || mmap2 || mmapData || task;
}

function receivers(context: PerfContext<PerfEvent>, cpu: Cpu | undefined, wants: Wish): readonly PerfEvent[] {
  return context.events.filter(
    (event) => event.state >= EventState.inactive && event.matchesCpu(cpu) && wants(event.attributes),
  );
}
