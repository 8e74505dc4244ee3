// scheduler.ts: which events are on which CPU.
//
// Order of arming (register numbers follow from it): CPU pinned, task pinned, CPU flexible, task flexible; within
// each by age, siblings right after their leader. CPU-wide pinned events stay put at a context switch; CPU-wide
// flexible ones make room only for a task that has pinned events. Where a CPU has only the task's own, all of them go and
// come at once (quick-switch.ts).
//
// Truth: shared reference "hw-breakpoint-spec", B.6, B.10.8.

import { assert } from '../../util/assert';
import type { Clock, Cpu, TaskRef } from '../sched/task';
import { PerfContext, classOf, type EventClass } from './context';
import { EventState, type PerfEvent } from './event';
import { POLL_ERR } from './constants.table';
import type { PendingWork } from './pending-work';
import { QuickSwitch } from './quick-switch';

const CLASSES: readonly EventClass[] = ['pinned', 'flexible'];

export class PerfScheduler {
  private readonly cpuContexts = new Map<number, PerfContext<PerfEvent>>();
  private readonly taskContexts = new Map<TaskRef, PerfContext<PerfEvent>>();
  private readonly running = new Map<TaskRef, Cpu>();
  private readonly lastCpu = new WeakMap<TaskRef, Cpu>();
  private readonly current = new Map<number, TaskRef>();
  /** CPU id → the task context that is scheduled in there. */
  private readonly taskContextOn = new Map<number, PerfContext<PerfEvent>>();
  private readonly quick = new QuickSwitch();

  constructor(
    readonly cpus: readonly Cpu[],
    private readonly clock: Clock,
    private readonly pending: PendingWork,
  ) {
    for (const cpu of cpus) {
      const context = new PerfContext<PerfEvent>(undefined, clock);
      markActive(context, true);
      context.activate(cpu);
      this.cpuContexts.set(cpu.id, context);
    }
  }

  cpuContext(cpu: number): PerfContext<PerfEvent> {
    const context = this.cpuContexts.get(cpu);
    assert(context !== undefined, 'a CPU-wide event names a CPU that exists', cpu);
    return context;
  }

  taskContext(task: TaskRef): PerfContext<PerfEvent> | undefined {
    return this.taskContexts.get(task);
  }

  cpuOf(task: TaskRef): Cpu | undefined {
    return this.running.get(task);
  }

  /** The task that was last switched in and not yet out. */
  currentOn(cpu: Cpu): TaskRef | undefined {
    return this.current.get(cpu.id);
  }

  /** Where the task runs, or ran last: an exiting task may have left its CPU already. */
  lastCpuOf(task: TaskRef): Cpu | undefined {
    return this.lastCpu.get(task);
  }

  /** The task's context, made at its first event. */
  ensureTaskContext(task: TaskRef): PerfContext<PerfEvent> {
    const existing = this.taskContexts.get(task);
    if (existing !== undefined) return existing;
    const context = new PerfContext<PerfEvent>(task, this.clock);
    this.taskContexts.set(task, context);
    const cpu = this.running.get(task);
    if (cpu !== undefined) this.bringIn(context, cpu);
    return context;
  }

  switchIn(task: TaskRef, cpu: Cpu): void {
    this.running.set(task, cpu);
    this.lastCpu.set(task, cpu);
    this.current.set(cpu.id, task);
    const context = this.taskContexts.get(task);
    if (context === undefined || context.events.length === 0) return;
    if (!this.quick.putBack(context, cpu, this.cpuContext(cpu.id))) {
      this.bringIn(context, cpu);
      return;
    }
    this.taskContextOn.set(cpu.id, context);
    context.activate(cpu);
    markActive(context, true);
  }

  switchOut(task: TaskRef, cpu: Cpu): void {
    this.refreshCounts(this.cpuContext(cpu.id));
    this.running.delete(task);
    const context = this.taskContexts.get(task);
    if (context?.activeOn !== undefined) {
      if (this.quick.setAside(context, cpu, this.cpuContext(cpu.id))) markActive(context, false);
      this.takeOut(context);
    }
    this.current.delete(cpu.id);
  }

  /** After exit: nothing will be scheduled for the task again. */
  forget(task: TaskRef): PerfContext<PerfEvent> | undefined {
    const context = this.taskContexts.get(task);
    this.running.delete(task);
    if (context !== undefined) {
      if (context.activeOn !== undefined) this.takeOut(context);
      context.dead = true;
      this.taskContexts.delete(task);
    }
    return context;
  }

  /** Puts an event that joined its context on its CPU, if that is the moment. */
  install(event: PerfEvent): void {
    const context = contextOf(event);
    event.startTimes();
    context.add(event);
    attachToGroup(event);
    const cpu = context.activeOn;
    if (cpu === undefined) {
      const running = context.task === undefined ? undefined : this.running.get(context.task);
      if (running !== undefined) this.bringIn(context, running);
      return;
    }
    const off = event.state <= EventState.off || event.leader.state <= EventState.off;
    if (off && context.events.length > 1) return;
    if (this.comesLast(event, context, cpu)) {
      this.refreshCounts(context);
      this.groupIn(event, cpu);
    } else this.reschedule(cpu, context, classOf(event.leader));
  }

  /** IOC_ENABLE of one event. */
  enable(event: PerfEvent): void {
    const context = contextOf(event);
    if (event.state >= EventState.inactive || event.state < EventState.error || context.dead) return;
    if (event.state === EventState.error) event.state = EventState.off;
    event.setState(EventState.inactive);
    const cpu = context.activeOn;
    if (cpu === undefined || !event.matchesCpu(cpu)) return;
    if (!event.isLeader && event.leader.state !== EventState.active) return;
    this.reschedule(cpu, context, classOf(event.leader));
  }

  /** IOC_DISABLE of one event; a leader takes its siblings off with it. */
  disable(event: PerfEvent): void {
    if (event.state < EventState.inactive) return;
    this.groupOut(event);
    event.setState(EventState.off);
  }

  /** Takes an event out of its context for good. */
  remove(event: PerfEvent, state: EventState, leaveGroup: boolean): void {
    const context = event.context;
    if (context === undefined) return;
    this.eventOut(event);
    event.setState(lower(event.state, state));
    if (leaveGroup) this.detachFromGroup(event, context);
    context.remove(event);
  }

  /** Brings the count of an event up to date wherever it is. */
  refreshCount(event: PerfEvent): void {
    if (event.onCpu !== undefined) event.pmu.read(event, event.onCpu);
  }

  /** The same for all that is on a CPU: before a #DB is handled, and before another task runs. */
  refreshCountsOn(cpu: Cpu): void {
    this.refreshCounts(this.cpuContext(cpu.id));
    const context = this.taskContextOn.get(cpu.id);
    if (context !== undefined) this.refreshCounts(context);
  }

  /** The context of the task on the CPU, if it has one. */
  contextOn(cpu: Cpu): PerfContext<PerfEvent> | undefined {
    return this.taskContextOn.get(cpu.id);
  }

  private refreshCounts(context: PerfContext<PerfEvent>): void {
    for (const event of context.unseen) this.refreshCount(event);
  }

  private bringIn(context: PerfContext<PerfEvent>, cpu: Cpu): void {
    const cpuContext = this.cpuContext(cpu.id);
    this.taskContextOn.set(cpu.id, context);
    context.activate(cpu);
    if (context.hasPinned) this.classOut(cpuContext, 'flexible');
    this.bothIn(cpuContext, context, cpu);
  }

  private takeOut(context: PerfContext<PerfEvent>): void {
    const cpu = context.activeOn;
    for (const one of CLASSES) this.classOut(context, one);
    context.deactivate();
    if (cpu !== undefined) this.taskContextOn.delete(cpu.id);
  }

  private reschedule(cpu: Cpu, of: PerfContext<PerfEvent>, changed: EventClass): void {
    const cpuContext = this.cpuContext(cpu.id);
    const taskContext = this.taskContextOn.get(cpu.id);
    const classes = changed === 'pinned' ? CLASSES : (['flexible'] as const);
    if (taskContext !== undefined) for (const one of classes) this.classOut(taskContext, one);
    if (of.task === undefined) for (const one of classes) this.classOut(cpuContext, one);
    else if (changed === 'pinned') this.classOut(cpuContext, 'flexible');
    this.bothIn(cpuContext, taskContext, cpu);
  }

  /** To take all off the CPU and put them back, with this one as the last, would move none of them. */
  private comesLast(event: PerfEvent, context: PerfContext<PerfEvent>, cpu: Cpu): boolean {
    if (context.task === undefined || !event.isLeader || !event.attributes.pinned || !event.pmu.addsLast(cpu))
      return false;
    if (context.hasFlexible || this.cpuContext(cpu.id).hasFlexible) return false;
    const { pmu } = event;
    return context.leaders('pinned').every((leader) => leader === event || (leader.pmu === pmu && leader.isSettled));
  }

  private bothIn(cpuContext: PerfContext<PerfEvent>, taskContext: PerfContext<PerfEvent> | undefined, cpu: Cpu): void {
    for (const one of CLASSES) {
      this.classIn(cpuContext, one, cpu);
      if (taskContext !== undefined) this.classIn(taskContext, one, cpu);
    }
  }

  private classOut(context: PerfContext<PerfEvent>, one: EventClass): void {
    if (!context.active[one]) return;
    context.active[one] = false;
    for (const leader of [...context.leaders(one)]) this.groupOut(leader);
  }

  private classIn(context: PerfContext<PerfEvent>, one: EventClass, cpu: Cpu): void {
    if (context.active[one]) return;
    context.active[one] = true;
    for (const leader of [...context.leaders(one)]) this.groupIn(leader, cpu);
  }

  private groupOut(leader: PerfEvent): void {
    this.eventOut(leader);
    if (leader.isLeader) for (const sibling of leader.siblings) this.eventOut(sibling);
  }

  private eventOut(event: PerfEvent): void {
    if (event.state !== EventState.active) return;
    const { onCpu } = event;
    // Nowhere: it was set aside with all of its context.
    if (onCpu !== undefined) event.pmu.del(event, onCpu);
    event.setState(event.pendingDisable ? EventState.off : EventState.inactive);
    event.pendingDisable = false;
  }

  private groupIn(leader: PerfEvent, cpu: Cpu): void {
    if (leader.state <= EventState.off || !leader.matchesCpu(cpu)) return;
    const members = [leader, ...leader.siblings];
    if (members.every((event) => this.eventIn(event, cpu))) return;
    for (const event of members) this.eventOut(event);
    if (!leader.attributes.pinned) return;
    leader.setState(EventState.error);
    leader.pendingKill = POLL_ERR;
    this.pending.wakeUp(leader);
  }

  private eventIn(event: PerfEvent, cpu: Cpu): boolean {
    if (event.state <= EventState.off) return true;
    event.setState(EventState.active);
    if (event.pmu.add(event, cpu)) return true;
    event.setState(EventState.inactive);
    return false;
  }

  private detachFromGroup(event: PerfEvent, context: PerfContext<PerfEvent>): void {
    if (!event.inGroup) return;
    event.inGroup = false;
    const { leader } = event;
    if (leader !== event) {
      leader.siblings = leader.siblings.filter((sibling) => sibling !== event);
      leader.groupGeneration += 1;
      event.leader = event;
      return;
    }
    const orphans = event.siblings;
    event.siblings = [];
    for (const orphan of orphans) {
      orphan.updateTimes();
      orphan.leader = orphan;
      if (context.events.includes(orphan)) context.addGroup(orphan);
    }
  }
}

function markActive(context: PerfContext<PerfEvent>, active: boolean): void {
  for (const one of CLASSES) context.active[one] = active;
}

function contextOf(event: PerfEvent): PerfContext<PerfEvent> {
  assert(event.context !== undefined, 'an event is scheduled only within a context', event.id);
  return event.context;
}

function attachToGroup(event: PerfEvent): void {
  if (event.inGroup) return;
  event.inGroup = true;
  if (event.isLeader) return;
  event.leader.siblings.push(event);
  event.leader.groupGeneration += 1;
}

function lower(left: EventState, right: EventState): EventState {
  return left < right ? left : right;
}
