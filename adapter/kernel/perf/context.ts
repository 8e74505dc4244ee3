// context.ts: the events of one task, or of one CPU, with the time that passes for them.
//
// Groups are scheduled in order of `groupIndex`, pinned ones first. A task's context has time only while its task is
// on a CPU; a CPU's always. Touches no hardware: scheduler.ts does.

import type { Clock, Cpu, TaskRef } from '../sched/task';
import type { PerfEvent } from './event';

export type EventClass = 'pinned' | 'flexible';

export class PerfContext {
  /** Newest first. */
  readonly events: PerfEvent[] = [];
  /** Leaders by class, in order of groupIndex. */
  private readonly groups: Record<EventClass, PerfEvent[]> = { pinned: [], flexible: [] };
  private lastIndex = 0;

  /** The CPU on which the context is scheduled in now. */
  activeOn: Cpu | undefined;
  /** Which classes are scheduled in; both, except in the middle of a reschedule. */
  readonly active: Record<EventClass, boolean> = { pinned: false, flexible: false };
  /** The task has exited. */
  dead = false;

  private time = 0n;
  private timeSince = 0n;

  constructor(
    /** undefined: a CPU's own context. */
    readonly task: TaskRef | undefined,
    private readonly clock: Clock,
  ) {}

  now(): bigint {
    return this.activeOn === undefined ? this.time : this.time + (this.clock() - this.timeSince);
  }

  activate(cpu: Cpu): void {
    this.activeOn = cpu;
    this.timeSince = this.clock();
  }

  deactivate(): void {
    this.time = this.now();
    this.activeOn = undefined;
  }

  add(event: PerfEvent): void {
    event.context = this;
    event.startTimes();
    if (event.isLeader) this.addGroup(event);
    this.events.unshift(event);
  }

  /** Also for a sibling that became its own leader. */
  addGroup(leader: PerfEvent): void {
    this.lastIndex += 1;
    leader.groupIndex = this.lastIndex;
    this.groups[classOf(leader)].push(leader);
  }

  remove(event: PerfEvent): void {
    const position = this.events.indexOf(event);
    if (position < 0) return;
    this.events.splice(position, 1);
    const groups = this.groups[classOf(event)];
    const group = groups.indexOf(event);
    if (group >= 0) groups.splice(group, 1);
  }

  leaders(of: EventClass): readonly PerfEvent[] {
    return this.groups[of];
  }

  /** The order in which fork copies groups: by CPU (-1 first), then by age. */
  leadersByCpu(of: EventClass): readonly PerfEvent[] {
    return [...this.groups[of]].sort((a, b) => a.cpu - b.cpu || a.groupIndex - b.groupIndex);
  }

  get hasPinned(): boolean {
    return this.groups.pinned.length > 0;
  }
}

/** The class by which an event's own group is filed. */
export function classOf(event: PerfEvent): EventClass {
  return event.attributes.pinned ? 'pinned' : 'flexible';
}
