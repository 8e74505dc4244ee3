// program-events.ts: what the kernel tells of the debugged processes, in the target's terms.
//
// It becomes news between slices. Where the session must look before anything else runs, the slice ends.

import type { Kernel } from '../../kernel/kernel';
import { type ProgramEnd, programEndOf } from '../../kernel/process/program-end';
import type { Process, Task } from '../../kernel/process/task';
import type { WatchId } from '../target';
import type { DebuggedProcesses } from './debugged-processes';
import type { KernelAccesses } from './kernel-accesses';
import type { MachineWatches } from './machine-watches';
import type { News } from './news';
import { toProgramEnd } from './signals';
import { followUnmapped } from './unmapped-memory';
import type { WatchLedger } from './watch-ledger';

export interface ProgramEventsParts {
  readonly kernel: Kernel;
  /** The first one. */
  readonly process: Process;
  readonly debugged: DebuggedProcesses;
  readonly ledger: WatchLedger;
  readonly machine: MachineWatches;
  readonly kernelAccesses: KernelAccesses;
  readonly news: News;
  /** The last debugged process is over. */
  readonly ended: (end: ProgramEnd) => void;
  /** The kernel has accessed what is watched for the task. */
  readonly leavesKernel: (task: Task) => void;
}

export class ProgramEvents {
  constructor(private readonly parts: ProgramEventsParts) {}

  /** Hooks the kernel's events up. */
  follow(): void {
    const { kernel, process, debugged, kernelAccesses, news } = this.parts;
    const { events } = kernel;
    events.notice = (text) => {
      news.add((observer) => {
        observer.onNotice(text);
      });
    };
    events.taskStarted = (task) => {
      this.taskStarted(task);
    };
    events.taskExited = (task) => {
      if (debugged.has(task.process)) this.taskExited(task);
    };
    events.renamed = (task) => {
      if (debugged.has(task.process)) this.renamed(task);
    };
    events.threadPointerSet = (task) => {
      if (debugged.has(task.process)) this.threadPointerSet(task);
    };
    kernelAccesses.follow(events);
    events.leavesKernel = (task) => {
      this.parts.leavesKernel(task);
      if (debugged.vforkEnded(task)) debugged.stopFor(task.tid, { kind: 'vforkDone' });
    };
    events.executed = (task) => {
      if (debugged.has(task.process)) this.executed(task);
    };
    events.mappingsChanged = (changed) => {
      if (changed === process) this.noteModules();
    };
    events.processEnded = (over, killedBy) => {
      if (debugged.has(over)) this.processEnded(over, programEndOf(over, killedBy));
    };
    this.followMemory();
  }

  private taskStarted(task: Task): void {
    const { debugged, ledger, news } = this.parts;
    if (!debugged.has(task.process)) {
      const started = debugged.started(task.process);
      if (started !== undefined) debugged.stopFor(started.parent.tid, started.event);
      return;
    }
    const failed = ledger.armNew(task);
    const info = { id: task.tid, name: task.comm };
    news.add((observer) => {
      observer.onThreadStarted(info);
      observer.onDebugRegistersChanged();
    });
    this.tellUnarmed(task, failed);
  }

  private taskExited(task: Task): void {
    const { kernel, ledger, kernelAccesses, news } = this.parts;
    kernelAccesses.forget(task);
    news.add((observer) => {
      observer.onThreadExited(task.tid);
      observer.onDebugRegistersChanged();
    });
    // What ends with the thread ends before another takes its memory over.
    if (!ledger.isEmpty) kernel.stop();
  }

  private renamed(task: Task): void {
    const failed = this.parts.ledger.renamed(task);
    const info = { id: task.tid, name: task.comm };
    this.parts.news.add((observer) => {
      observer.onThreadRenamed?.(info);
    });
    this.tellUnarmed(task, failed);
  }

  private threadPointerSet(task: Task): void {
    const { kernel, ledger, news } = this.parts;
    this.tellUnarmed(task, ledger.threadPointerSet(task));
    news.add((observer) => observer.onThreadPointerSet?.(task.tid));
    kernel.stop();
  }

  private tellUnarmed(task: Task, failed: readonly WatchId[]): void {
    for (const watch of failed) {
      const text = `Data breakpoint ${watch} could not be armed on thread ${task.tid}: it has no free debug register.`;
      this.parts.news.add((observer) => {
        observer.onNotice(text);
      });
    }
  }

  private executed(task: Task): void {
    const { process, debugged, ledger, machine, news } = this.parts;
    debugged.executed(task.process);
    this.noteModules();
    if (task.process === process) {
      ledger.forget();
      this.followMemory();
      const { executable } = process;
      news.add((observer) => observer.onExecuted?.(executable));
    }
    if (!debugged.followsExecutions) machine.forget();
    else debugged.stopFor(task.tid, { kind: 'executed', path: task.process.executable });
  }

  private processEnded(process: Process, end: ProgramEnd): void {
    const { kernel, debugged, ended } = this.parts;
    if (debugged.all().length === 1) ended(end);
    else {
      debugged.remove(process);
      debugged.stopFor(process.pid, { kind: 'ended', processId: process.pid, end: toProgramEnd(end) });
    }
    kernel.stop();
  }

  private followMemory(): void {
    const { kernel, process, ledger, news } = this.parts;
    followUnmapped(process, ledger.watchedMemory.bind(ledger), (memory) => {
      news.add((observer) => observer.onMemoryUnmapped?.(memory));
      kernel.stop();
    });
  }

  /** The slice ends, so that the session can look at the new code before it runs. */
  private noteModules(): void {
    this.parts.news.noteModules();
    this.parts.kernel.stop();
  }
}
