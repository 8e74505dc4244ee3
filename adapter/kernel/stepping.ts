// stepping.ts: the debugger's step of one task, counted in its instructions.

import type { Task } from './process/task';

export class Stepping {
  /** It begins at a call's entry: the call's end is a step. */
  private fromEntry: boolean;

  constructor(
    readonly task: Task,
    /** Instructions; Infinity where only `until` ends it. */
    private remaining: number,
    /** Asked after each instruction: true ends the step. */
    private readonly until: ((task: Task) => boolean) | undefined,
  ) {
    this.fromEntry = task.trace === undefined && task.continuation !== undefined;
  }

  /** Instructions that the task may run before `isDoneAfter` is asked. */
  get longestRun(): number {
    return this.until === undefined ? this.remaining : 1;
  }

  /** The task's call has ended: true where that is a step; once. */
  takeEntry(): boolean {
    const { fromEntry } = this;
    this.fromEntry = false;
    return fromEntry;
  }

  /** So many instructions have retired: true if that was all. */
  isDoneAfter(instructions: number): boolean {
    if (instructions === 0 || this.task.state === 'dead') return false;
    this.remaining -= instructions;
    return this.remaining <= 0 || this.until?.(this.task) === true;
  }
}
