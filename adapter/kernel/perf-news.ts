// perf-news.ts: what perf events leave to be told: signals that became due, and whoever polls for records.
//
// Records come with hits, system calls, context switches and clock ticks; the kernel asks after each of these.

import type { BreakpointLayer } from './clients/breakpoint-layer';
import { sendDueSignals } from './due-signals';
import type { KernelContext } from './process/kernel-context';
import type { Task } from './process/task';
import type { ScheduledCpu } from './sched/scheduler';

type Layer = BreakpointLayer<number>;

export class PerfNews {
  constructor(
    private readonly context: KernelContext,
    private readonly layer: Layer,
  ) {}

  /** Signals of a hit. */
  deliver(signals: ReturnType<Layer['takeSignals']>): void {
    sendDueSignals(this.context, signals);
    this.wakePollers();
  }

  /** What events that were opened, read or closed leave to be done. */
  afterCall(task: Task): void {
    this.send();
    if (this.context.perfFiles.size === 0) return;
    this.deliver(this.layer.returnToUser(task));
  }

  /** Wake-ups and signals that a system call or a context switch made due; true if there were signals. */
  send(): boolean {
    if (this.context.perfFiles.size === 0) return false;
    const signals = this.layer.takeSignals();
    this.deliver(signals);
    return signals.length > 0;
  }

  /** Signals of sampling clocks, before the task goes on; true if a clock ticked. */
  clockTick(cpu: ScheduledCpu<Task>, task: Task): boolean {
    if (!this.layer.perf.clockTick(cpu, task)) return false;
    this.deliver(this.layer.returnToUser(task));
    return true;
  }

  private wakePollers(): void {
    for (const file of this.context.perfFiles) {
      if (file.references === 0) this.context.perfFiles.delete(file);
      else if (!file.changed.isEmpty) file.changed.wakeAll();
    }
  }
}
