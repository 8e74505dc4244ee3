// scheduler.ts: which task runs on which CPU, and for how long.
//
// One queue for all CPUs, first in, first out, with affinities. The CPUs take turns of QUANTUM instructions on the
// one JavaScript thread; a task that has had SLICE_TURNS turns goes to the queue's end if somebody waits. All of it
// is a function of instruction counts: the same program is scheduled the same way each time.
//
// Tells the observer about each switch; runs nothing itself.
// Quirk: a CPU is taken in turns of 100,000 instructions; what real CPUs do at the same instant happens one after
// the other here, and `lock` prefixes never contend.

import type { DebugRegisters } from '../../machine/debug-registers';
import type { Cpu, TaskObserver, TaskRef } from './task';

/** Instructions that a CPU runs before the next CPU's turn. */
export const QUANTUM = 100_000;
/** The same where nobody else could run: leaving translated code in odd places costs. */
export const LONE_QUANTUM = 4_000_000;
/** Turns after which a task makes room, if somebody waits. */
const SLICE_TURNS = 5;

export interface Schedulable extends TaskRef {
  readonly runnable: boolean;
  /** Bit n: may run on CPU n. */
  readonly affinity: number;
  lastCpu: number;
}

export class ScheduledCpu<T extends Schedulable> implements Cpu {
  current: T | undefined;
  turns = 0;

  constructor(
    readonly id: number,
    readonly debugRegisters: DebugRegisters,
  ) {}
}

export class Scheduler<T extends Schedulable> {
  private readonly queue: T[] = [];
  private cursor = 0;
  switches = 0;

  constructor(
    readonly cpus: readonly ScheduledCpu<T>[],
    private readonly observer: Pick<TaskObserver, 'switchIn' | 'switchOut'>,
  ) {}

  /** A task became runnable, or is new. */
  enqueue(task: T): void {
    if (!this.queue.includes(task) && this.cpuOf(task) === undefined) this.queue.push(task);
  }

  /** A task sleeps, stops or is gone: its CPU is free. */
  dequeue(task: T): void {
    const index = this.queue.indexOf(task);
    if (index >= 0) this.queue.splice(index, 1);
    const cpu = this.cpuOf(task);
    if (cpu !== undefined) this.switchTo(cpu, undefined);
  }

  cpuOf(task: T): ScheduledCpu<T> | undefined {
    return this.cpus.find((cpu) => cpu.current === task);
  }

  /** No other task could run now. */
  isAlone(task: T): boolean {
    return this.queue.length === 0 && this.cpus.every(({ current }) => current === undefined || current === task);
  }

  /** Whose turn it is; undefined when nobody can run. */
  next(): { readonly cpu: ScheduledCpu<T>; readonly task: T } | undefined {
    for (let i = 0; i < this.cpus.length; i++) {
      const cpu = this.cpus[(this.cursor + i) % this.cpus.length];
      const task = this.pick(cpu);
      if (task === undefined) continue;
      this.cursor = (cpu.id + 1) % this.cpus.length;
      return { cpu, task };
    }
    return undefined;
  }

  /** The task gives up the rest of its slice (sched_yield). */
  yield(task: T): void {
    const cpu = this.cpuOf(task);
    if (cpu !== undefined) cpu.turns = SLICE_TURNS;
  }

  /** The current task may not run here any more (affinity changed). */
  reconsider(task: T): void {
    const cpu = this.cpuOf(task);
    if (cpu === undefined || mayRunOn(task, cpu)) return;
    this.switchTo(cpu, undefined);
    this.enqueue(task);
  }

  /** True if more than one task wants to run. */
  get contended(): boolean {
    return this.queue.some((task) => task.runnable) || this.cpus.filter((cpu) => cpu.current?.runnable).length > 1;
  }

  private pick(cpu: ScheduledCpu<T>): T | undefined {
    const current = cpu.current;
    const stays = current?.runnable === true;
    if (current !== undefined && stays && cpu.turns < SLICE_TURNS) {
      cpu.turns++;
      return current;
    }
    const index = this.queue.findIndex((task) => task.runnable && mayRunOn(task, cpu));
    if (index < 0) return current !== undefined && stays ? current : undefined;
    const [task] = this.queue.splice(index, 1);
    this.switchTo(cpu, task);
    if (current !== undefined) this.queue.push(current);
    return task;
  }

  private switchTo(cpu: ScheduledCpu<T>, task: T | undefined): void {
    const leaving = cpu.current;
    if (leaving !== undefined) this.observer.switchOut(leaving, cpu, leaving.runnable);
    cpu.current = task;
    cpu.turns = 1;
    if (task === undefined) return;
    task.lastCpu = cpu.id;
    this.switches++;
    this.observer.switchIn(task, cpu);
  }
}

function mayRunOn(task: Schedulable, cpu: { readonly id: number }): boolean {
  return (task.affinity & (1 << cpu.id)) !== 0;
}
