// pmu.ts: what an event needs from the unit that counts for it. hw-breakpoint implements it; perf calls it.
//
// init → (add → del)* → destroy. Between add and del the event is on a CPU; `read` brings its count up to date.

import type { Cpu } from '../sched/task';
import type { PerfAttributes } from './event-attributes';
import type { PerfErrno } from './result';

/** What the task that opens or modifies an event may do. */
export interface Privileges {
  /** CAP_SYS_ADMIN: may watch kernel addresses. */
  readonly sysAdmin: boolean;
}

/** `Event` is PerfEvent, which itself holds a Pmu. */
export interface Pmu<Event> {
  /** attr.type that it serves. */
  readonly type: number;
  /** Takes what the event needs for its life (a slot); an errno leaves nothing taken. */
  init(event: Event, privileges: Privileges): PerfErrno | undefined;
  /** Gives back what init took; exactly once. */
  destroy(event: Event): void;
  /** Puts the event on the CPU; false if there is no room. */
  add(event: Event, cpu: Cpu): boolean;
  /** Takes it off again, with its count brought up to date. */
  del(event: Event, cpu: Cpu): void;
  /** Brings the count of an event that is on a CPU up to date. */
  read(event: Event, cpu: Cpu): void;
  /** The count grows on the CPU without a hit being told: ask `read`. Never changes in an event's life. */
  countsUnseen(event: Event): boolean;
  /** An event that is added now finds the place that it would if all were taken off and added anew, it as the last. */
  addsLast(cpu: Cpu): boolean;
  /**
   * Takes all that the CPU has off it at once, so many events; they can be put back as they were. Undefined: it has others
   * too, or cannot do so.
   */
  setAside?(cpu: Cpu, events: number): object | undefined;
  /** On any CPU which has nothing else. False: add them one by one. */
  putBack?(cpu: Cpu, held: object): boolean;
  /** MODIFY_ATTRIBUTES: takes over what may change, or refuses and leaves all as it was. */
  modify(event: Event, wanted: PerfAttributes, privileges: Privileges): PerfErrno | undefined;
}
