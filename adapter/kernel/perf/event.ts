// event.ts: one perf event: what it counts, how far it got, how it hangs together with others.
//
// State machine (numbers as in the kernel, so that "at least INACTIVE" is a comparison):
//   OFF ⇄ INACTIVE ⇄ ACTIVE; ERROR: pinned and found no room; EXIT: its task is gone; DEAD: closed.
// Times move only through `setState` and `updateTimes`. Scheduling is scheduler.ts's, overflow overflow.ts's.
//
// Truth: shared reference "hw-breakpoint-spec", B.2, B.10.4, B.10.8.

import { assert } from '../../util/assert';
import type { Cpu, TaskRef } from '../sched/task';
import type { PerfContext } from './context';
import { isSampling, type PerfAttributes } from './event-attributes';
import type { Pmu } from './pmu';
import type { RingBuffer } from './ring-buffer';
import type { SampleInput } from './sample';

export const EventState = { dead: -5, exit: -3, error: -2, off: -1, inactive: 0, active: 1 } as const;
export type EventState = (typeof EventState)[keyof typeof EventState];

/** Who made an event, for the ledger's answers to people. */
export type EventOwner = 'ptrace' | 'perf' | 'ksym' | 'kgdb';

/** Called at each overflow of an event that the kernel itself made. */
export type OverflowHandler = (event: PerfEvent, sample: SampleInput) => void;

/** F_SETFL O_ASYNC with F_SETSIG and F_SETOWN_EX: whom to tell of an overflow. */
export interface AsyncOwner {
  /** The thread or process that gets the signal; opaque here. */
  readonly owner: unknown;
  /** 0: plain SIGIO without details. */
  readonly signal: number;
  readonly fd: number;
}

export interface EventSpec {
  readonly id: number;
  readonly attributes: PerfAttributes;
  readonly pmu: Pmu<PerfEvent>;
  readonly owner: EventOwner;
  readonly cpu: number;
  readonly target: TaskRef | undefined;
  readonly parent?: PerfEvent | undefined;
  readonly handler?: OverflowHandler | undefined;
}

export class PerfEvent {
  readonly id: number;
  readonly pmu: Pmu<PerfEvent>;
  readonly owner: EventOwner;
  /** -1: wherever the task runs. */
  readonly cpu: number;
  readonly target: TaskRef | undefined;
  readonly handler: OverflowHandler | undefined;
  readonly attributes: PerfAttributes;

  state: EventState;
  context: PerfContext<PerfEvent> | undefined;

  leader: PerfEvent = this;
  siblings: PerfEvent[] = [];
  /** Grows when a sibling comes or goes; copies and original must agree for a group read. */
  groupGeneration = 0;
  /** Order of scheduling within the context. */
  groupIndex = 0;
  inGroup = false;
  /** Who holds it, for people (`perf event of pid 12, fd 3`); empty: its owner's name says enough. */
  label = '';

  /** The original of an inherited copy. */
  readonly parent: PerfEvent | undefined;
  children: PerfEvent[] = [];

  count = 0;
  /** What copies that are gone had counted. */
  childCount = 0;
  timeEnabled = 0n;
  timeRunning = 0n;
  childTimeEnabled = 0n;
  childTimeRunning = 0n;
  private timeStamp = 0n;

  /** Period bookkeeping (overflow.ts). */
  samplePeriod: bigint;
  lastPeriod: bigint;
  periodLeft: bigint;
  /** A stopped event ignores hits until it is added again. */
  stopped = false;
  frequencyStamp = 0n;

  /** REFRESH: overflows left; 0 = without limit. */
  eventLimit = 0;
  pendingKill = 0;
  pendingWakeup = false;
  pendingDisable = false;
  pendingSigtrap = false;

  ring: RingBuffer | undefined;
  mmapCount = 0;
  lostSamples = 0;
  async: AsyncOwner | undefined;

  constructor(spec: EventSpec) {
    this.id = spec.id;
    this.attributes = { ...spec.attributes };
    if ((this.attributes.sampleType & (1n << 11n)) === 0n) this.attributes.branchSampleType = 0n;
    this.pmu = spec.pmu;
    this.owner = spec.owner;
    this.cpu = spec.cpu;
    this.target = spec.target;
    this.parent = spec.parent;
    this.label = spec.parent?.label ?? '';
    this.handler = spec.handler;
    this.state = spec.attributes.disabled ? EventState.off : EventState.inactive;
    const frequency = spec.attributes.freq && spec.attributes.samplePeriod !== 0n;
    this.samplePeriod = frequency ? 1n : spec.attributes.samplePeriod;
    this.lastPeriod = this.samplePeriod;
    this.periodLeft = this.samplePeriod;
  }

  /** Where it counts. */
  get onCpu(): Cpu | undefined {
    return this.state === EventState.active ? this.context?.activeOn : undefined;
  }

  get isLeader(): boolean {
    return this.leader === this;
  }

  get isSampling(): boolean {
    return isSampling(this.attributes);
  }

  get countsUnseen(): boolean {
    return this.pmu.countsUnseen(this);
  }

  /**
   * Taken off its CPU and put back at the same moment it would be as it is: it is there, alone in its group, in the midst
   * of a period, and nothing of it waits to be done.
   */
  get isSettled(): boolean {
    if (this.state !== EventState.active || !this.isLeader || this.siblings.length > 0) return false;
    if (this.stopped || this.pendingDisable) return false;
    return !this.isSampling || (this.periodLeft < 0n && this.lastPeriod === this.samplePeriod);
  }

  /** The id that a copy shares with its original. */
  get primaryId(): number {
    return this.parent?.id ?? this.id;
  }

  /** Where F_ASYNC, the ring and poll live: with the original. */
  get original(): PerfEvent {
    return this.parent ?? this;
  }

  get group(): readonly PerfEvent[] {
    return [this.leader, ...this.leader.siblings];
  }

  /** True if the event may be on this CPU at all. */
  matchesCpu(cpu: Cpu | undefined): boolean {
    return this.cpu === -1 || this.cpu === cpu?.id;
  }

  /** `selfOnly` leaves out what copies that are gone had counted. */
  total(selfOnly = false): number {
    return this.count + (selfOnly ? 0 : this.childCount);
  }

  /** Starts the times; called when it joins its context. */
  startTimes(): void {
    this.timeStamp = this.contextTime;
  }

  setState(state: EventState): void {
    if (this.state === state) return;
    this.updateTimes();
    const turned = this.state < 0 !== state < 0;
    if (turned && this.isLeader) for (const sibling of this.siblings) sibling.updateTimes();
    this.state = state;
    this.context?.noteChange();
  }

  updateTimes(): void {
    const now = this.contextTime;
    const passed = now - this.timeStamp;
    assert(passed >= 0n, 'time of a perf context never runs backwards');
    const effective = this.leader.state <= EventState.off ? this.leader.state : this.state;
    if (effective >= EventState.inactive) this.timeEnabled += passed;
    if (effective >= EventState.active) this.timeRunning += passed;
    this.timeStamp = now;
  }

  private get contextTime(): bigint {
    return this.context?.now() ?? this.timeStamp;
  }
}
