// slot-constraints.ts: who may hold a debug-register slot.
//
// A CPU has as many slots as debug registers. A CPU-wide breakpoint takes one there from every task; a task's own
// breakpoint follows it to every CPU it may run on. Tasks do not compete with each other; a CPU-wide one competes
// with the task that holds most. A flexible breakpoint counts as a pinned one, and a disabled one keeps its slot.
//
//   need(cpu) = CPU-wide there + (task ? the task's there : the most that any task has there)
//   admitted if need(cpu) + 1 ≤ slots on every CPU of its scope
//
// Reserve before installing, release exactly once. Touches no CPU.
// Truth: shared reference "hw-breakpoint-spec", B.3.

import { assert } from '../../util/assert';
import type { TaskRef } from '../sched/task';
import type { EventOwner } from '../perf/event';

/** Where a breakpoint wants to live. `cpu` -1: on every CPU. */
export interface SlotScope {
  readonly task: TaskRef | undefined;
  readonly cpu: number;
}

/** A slot that is held; release it once. */
export interface SlotLease extends SlotScope {
  readonly owner: EventOwner;
}

export type Reservation =
  | { readonly kind: 'held'; readonly lease: SlotLease }
  | { readonly kind: 'refused'; readonly errno: 'ENOSPC'; readonly why: string };

/** How many slots something holds on each CPU: by its own CPU, or everywhere. */
class Holding {
  everywhere = 0;
  readonly onCpu: number[];

  constructor(cpus: number) {
    this.onCpu = new Array<number>(cpus).fill(0);
  }

  add(cpu: number, change: 1 | -1): void {
    if (cpu < 0) this.everywhere += change;
    else this.onCpu[cpu] += change;
  }

  at(cpu: number): number {
    return this.everywhere + this.onCpu[cpu];
  }

  get empty(): boolean {
    return this.everywhere === 0 && this.onCpu.every((count) => count === 0);
  }
}

export class SlotConstraints {
  private readonly cpuWide: Holding;
  private readonly tasks = new Map<TaskRef, Holding>();
  private readonly leases = new Set<SlotLease>();
  private busy = false;

  constructor(
    private readonly cpuCount: number,
    private slots: number,
  ) {
    this.cpuWide = new Holding(cpuCount);
  }

  /** Debug registers of each CPU. */
  get slotsPerCpu(): number {
    return this.slots;
  }

  /** More slots than the processor has, or (negative) so many fewer again. */
  grow(by: number): void {
    this.slots += by;
  }

  reserve(scope: SlotScope, owner: EventOwner): Reservation {
    const blocked = this.cpusOf(scope).find((cpu) => this.need(scope.task, cpu) + 1 > this.slotsPerCpu);
    if (blocked !== undefined) {
      const why = `CPU ${blocked} has no slot left of ${this.slotsPerCpu}`;
      return { kind: 'refused', errno: 'ENOSPC', why };
    }
    const lease: SlotLease = { task: scope.task, cpu: scope.cpu, owner };
    this.leases.add(lease);
    this.account(lease, 1);
    return { kind: 'held', lease };
  }

  release(lease: SlotLease): void {
    assert(this.leases.delete(lease), 'a slot is released exactly once', { cpu: lease.cpu, owner: lease.owner });
    this.account(lease, -1);
  }

  /** For debuggers that must not wait: undefined if a reservation is going on at this moment. */
  tryReserve(scope: SlotScope, owner: EventOwner): Reservation | undefined {
    return this.busy ? undefined : this.reserve(scope, owner);
  }

  /** The same for giving back: false, and nothing happened, if the ledger is in use. */
  tryRelease(lease: SlotLease): boolean {
    if (this.busy) return false;
    this.release(lease);
    return true;
  }

  /** Runs `action` as one step of registering, during which a debugger's try* calls are turned away. */
  exclusively<Value>(action: () => Value): Value {
    const outer = this.busy;
    this.busy = true;
    try {
      return action();
    } finally {
      this.busy = outer;
    }
  }

  /** Slots free for one more breakpoint of the task on all CPUs; without a task: on that CPU, or on all. */
  free(scope: SlotScope): number {
    const needs = this.cpusOf(scope).map((cpu) => this.need(scope.task, cpu));
    return Math.max(0, this.slotsPerCpu - Math.max(0, ...needs));
  }

  get held(): number {
    return this.leases.size;
  }

  private need(task: TaskRef | undefined, cpu: number): number {
    const wide = this.cpuWide.at(cpu);
    if (task !== undefined) return wide + (this.tasks.get(task)?.at(cpu) ?? 0);
    let most = 0;
    for (const holding of this.tasks.values()) most = Math.max(most, holding.at(cpu));
    return wide + most;
  }

  private cpusOf(scope: SlotScope): readonly number[] {
    return scope.cpu >= 0 ? [scope.cpu] : Array.from({ length: this.cpuCount }, (_, cpu) => cpu);
  }

  private account(lease: SlotLease, change: 1 | -1): void {
    if (lease.task === undefined) {
      this.cpuWide.add(lease.cpu, change);
      return;
    }
    const holding = this.tasks.get(lease.task) ?? new Holding(this.cpuCount);
    this.tasks.set(lease.task, holding);
    holding.add(lease.cpu, change);
    if (holding.empty) this.tasks.delete(lease.task);
  }
}
