// context.ts: the events of one task, or of one CPU, with the time that passes for them.
//
// Groups are scheduled in order of `groupIndex`, pinned ones first. A task's context has time only while its task is
// on a CPU; a CPU's always. Touches no hardware: scheduler.ts does.

import type { Clock, Cpu, TaskRef } from '../sched/task';

export type EventClass = 'pinned' | 'flexible';

/** What a context must know of an event. */
export interface Schedulable {
  readonly isLeader: boolean;
  readonly cpu: number;
  readonly attributes: { readonly pinned: boolean };
  /** Its count must be asked for. */
  readonly countsUnseen: boolean;
  /** Order of scheduling; the context's to give. */
  groupIndex: number;
}

/** What a Pmu has set aside of a context, good for as long as nothing has changed since. */
export interface Aside {
  readonly held: object;
  readonly changes: number;
}

export class PerfContext<Event extends Schedulable> {
  /** Newest first. */
  readonly events: Event[] = [];
  /** Those whose counts must be asked for. */
  readonly unseen = new Set<Event>();
  /** Leaders by class, in order of groupIndex. */
  private readonly groups: Record<EventClass, Event[]> = { pinned: [], flexible: [] };
  private lastIndex = 0;

  /** The CPU on which the context is scheduled in now. */
  activeOn: Cpu | undefined;
  /** Which classes are scheduled in; both, except in the middle of a reschedule. */
  readonly active: Record<EventClass, boolean> = { pinned: false, flexible: false };
  /** The task has exited. */
  dead = false;
  /** How its events stood when its task left a CPU. */
  aside: Aside | undefined;
  /** Grows with whatever of its events a switch of tasks would have to look at. */
  changes = 0;

  private time = 0n;
  private timeSince = 0n;

  constructor(
    /** undefined: a CPU's own context. */
    readonly task: TaskRef | undefined,
    private readonly clock: Clock,
  ) {}

  noteChange(): void {
    this.changes++;
  }

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

  add(event: Event): void {
    this.noteChange();
    if (event.isLeader) this.addGroup(event);
    this.events.unshift(event);
    if (event.countsUnseen) this.unseen.add(event);
  }

  /** Also for a sibling that became its own leader. */
  addGroup(leader: Event): void {
    this.lastIndex += 1;
    leader.groupIndex = this.lastIndex;
    this.groups[classOf(leader)].push(leader);
  }

  remove(event: Event): void {
    const position = this.events.indexOf(event);
    if (position < 0) return;
    this.noteChange();
    this.events.splice(position, 1);
    this.unseen.delete(event);
    const groups = this.groups[classOf(event)];
    const group = groups.indexOf(event);
    if (group >= 0) groups.splice(group, 1);
  }

  leaders(of: EventClass): readonly Event[] {
    return this.groups[of];
  }

  /** The order in which fork copies groups: by CPU (-1 first), then by age. */
  leadersByCpu(of: EventClass): readonly Event[] {
    return [...this.groups[of]].sort((a, b) => a.cpu - b.cpu || a.groupIndex - b.groupIndex);
  }

  get hasFlexible(): boolean {
    return this.groups.flexible.length > 0;
  }

  get hasPinned(): boolean {
    return this.groups.pinned.length > 0;
  }
}

/** The class by which an event's own group is filed. */
export function classOf(event: Schedulable): EventClass {
  return event.attributes.pinned ? 'pinned' : 'flexible';
}
