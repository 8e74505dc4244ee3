// call-stops.ts: system calls that the debugger catches: threads stop at their entry and at their end.
//
// At the entry nothing has been done yet: orig_rax is the number, rax -ENOSYS, and a debugger that writes -1 to orig_rax
// has undone the call. Threads that a guest traces are its tracer's.

import type { KernelContext } from '../../kernel/process/kernel-context';
import type { Task } from '../../kernel/process/task';
import type { CaughtCalls, ProcessEvent } from '../target';

export class CallStops {
  private calls: CaughtCalls = 'none';
  /** Those that stand at the end of a call, until they go on. */
  private readonly ended = new Set<Task>();

  constructor(
    private readonly kernel: KernelContext,
    private readonly isDebugged: (task: Task) => boolean,
    private readonly stop: (task: Task, event: ProcessEvent) => void,
  ) {
    // From the start: a call that is under way when its end is asked for is told, too.
    kernel.events.callEnded = (task) => {
      this.at(task, 'leftCall');
    };
  }

  set(calls: CaughtCalls): void {
    this.calls = calls;
    if (calls === 'none') delete this.kernel.events.entersCall;
    else this.kernel.events.entersCall = (task) => this.at(task, 'enteredCall');
  }

  /** The thread's orig_rax is that of a call. */
  standsAt(task: Task): boolean {
    return this.ended.has(task) || (task.trace === undefined && task.continuation !== undefined);
  }

  /** Threads go on. */
  resumed(): void {
    this.ended.clear();
  }

  private at(task: Task, kind: 'enteredCall' | 'leftCall'): boolean {
    const number = Number(BigInt.asIntN(32, task.originalRax));
    const isCaught = this.calls === 'all' || (this.calls !== 'none' && this.calls.has(number));
    if (!isCaught || !this.isDebugged(task)) return false;
    if (kind === 'leftCall') this.ended.add(task);
    this.stop(task, { kind, number });
    return true;
  }
}
