// debugged-processes.ts: which of the machine's processes the debugger debugs, and what each has of its own.
//
// The first one from the start; those that it forks only while forks are followed, else they run along unseen. Code
// stops are a process's; processes that share their memory (vfork) share one space, which then has those of all.

import { SI_KERNEL, Signal } from '../../kernel/abi/signals.table';
import { killNow } from '../../kernel/process/exit';
import type { KernelContext } from '../../kernel/process/kernel-context';
import { procLink, procText } from '../../kernel/process/proc-files';
import type { Process, Task } from '../../kernel/process/task';
import type {
  DebuggedProcess,
  FollowedEvents,
  ProcessEvent,
  ProcessFollowing,
  Stop,
  StopReason,
  ThreadId,
} from '../target';
import { CallStops } from './call-stops';

const NOTHING_FOLLOWED: FollowedEvents = { forks: false, vforks: false, executions: false };

export class DebuggedProcesses {
  /** What processes did, or threads while the debugger was stopped: still to be told. */
  readonly stops: Stop[] = [];
  readonly calls: CallStops;
  private followed = NOTHING_FOLLOWED;
  private readonly codeStops = new Map<Process, ReadonlySet<bigint>>();
  /** Threads in a followed vfork, until they go on. */
  private readonly vforking = new Set<Task>();

  constructor(
    private readonly kernel: KernelContext,
    private readonly stopSlice: () => void,
  ) {
    this.calls = new CallStops(
      kernel,
      ({ process }) => this.has(process),
      (task, event) => {
        this.stopFor(task.tid, event);
      },
    );
    const { standIn } = kernel;
    if (standIn === undefined) return;
    standIn.traces = (process) => this.has(process);
    standIn.onContinued = stopSlice;
  }

  /** Told after the slice. */
  stopFor(thread: ThreadId, event: ProcessEvent): void {
    this.stops.push({ thread, reason: { kind: 'process', event } });
    this.stopSlice();
  }

  has(process: Process): boolean {
    return this.codeStops.has(process);
  }

  get(processId: number): Process | undefined {
    return this.all().find(({ pid }) => pid === processId);
  }

  /** Oldest first. */
  all(): Process[] {
    return [...this.codeStops.keys()];
  }

  tasks(): Task[] {
    return this.all().flatMap(({ threads }) => [...threads.values()]);
  }

  task(thread: ThreadId): Task | undefined {
    for (const { threads } of this.codeStops.keys()) {
      const task = threads.get(thread);
      if (task !== undefined) return task;
    }
    return undefined;
  }

  /** Where a pause stands: at a thread that was let run, on a CPU if one is. */
  lookedAt(running: readonly Task[]): Task {
    const candidates = [...running.filter(({ process }) => this.has(process)), ...this.tasks()];
    return candidates.find(({ frozen }) => !frozen) ?? candidates[0];
  }

  add(process: Process): void {
    this.codeStops.set(process, new Set());
  }

  /** It runs on alone, or has ended. */
  remove(process: Process): void {
    this.codeStops.delete(process);
    for (const task of process.threads.values()) this.vforking.delete(task);
    if (!process.isZombie) this.plant(process);
  }

  setCodeStops(process: Process, addresses: ReadonlySet<bigint>): void {
    if (!this.has(process)) return;
    this.codeStops.set(process, new Set(addresses));
    if (!process.isZombie) this.plant(process);
  }

  hasCodeStop(process: Process, address: bigint): boolean {
    return this.codeStops.get(process)?.has(address) === true;
  }

  /**
   * A process that a thread of ours has started. Undefined: it runs unseen. Else it is debugged from now on, with its
   * parent's code stops.
   */
  started(child: Process): { readonly parent: Task; readonly event: ProcessEvent } | undefined {
    const parent = child.forkedBy;
    if (parent === undefined || !this.has(parent.process)) return undefined;
    const sharesMemory = child.memory === parent.process.memory;
    const isFollowed = sharesMemory ? this.followed.vforks : this.followed.forks;
    if (!isFollowed) {
      // One with a memory of its own must not stop in it; a vforked one shares ours until it execs.
      if (!sharesMemory) child.memory.space.setCodeStops(new Set());
      return undefined;
    }
    this.codeStops.set(child, this.codeStops.get(parent.process) ?? new Set());
    this.plant(child);
    if (sharesMemory) this.vforking.add(parent);
    return { parent, event: { kind: sharesMemory ? 'vforked' : 'forked', child: child.pid } };
  }

  /** True, once, where the thread's vfork is over. */
  vforkEnded(task: Task): boolean {
    return this.vforking.size > 0 && this.vforking.delete(task);
  }

  /** It has other memory now. */
  executed(process: Process): void {
    this.plant(process);
  }

  get followsExecutions(): boolean {
    return this.followed.executions;
  }

  /** The next to tell; not of processes that were let go of since. */
  takeStop(): Stop | undefined {
    if (this.kernel.standIn?.stopped === true) return undefined;
    for (;;) {
      const stop = this.stops.shift();
      if (stop === undefined || hasEnded(stop)) return stop;
      const task = this.task(stop.thread);
      if (task === undefined) continue;
      if (task.state === 'traced' && task.trace === undefined) this.kernel.makeRunnable(task);
      return stop;
    }
  }

  /** True: the debugger itself is stopped; the thread waits alone until it goes on and hears of it. */
  putOff(task: Task, reason: StopReason): boolean {
    if (this.kernel.standIn?.stopped !== true) return false;
    task.state = 'traced';
    this.kernel.scheduler.dequeue(task);
    this.stops.push({ thread: task.tid, reason });
    return true;
  }

  procFile(process: Process, path: string): string | undefined {
    return this.asSeenBy(process, path, procText)?.content;
  }

  procLink(process: Process, path: string): string | undefined {
    return this.asSeenBy(process, path, procLink);
  }

  following(): ProcessFollowing {
    return {
      follow: (events) => {
        this.followed = events;
      },
      catchCalls: (calls) => {
        this.calls.set(calls);
      },
      processes: () => this.all().map((process) => this.describe(process)),
      release: (processId) => {
        const process = this.get(processId);
        if (process !== undefined) this.remove(process);
      },
      kill: (processId) => {
        const process = this.get(processId);
        if (process === undefined) return;
        this.remove(process);
        killNow(this.kernel, process, { signal: Signal.SIGKILL, code: SI_KERNEL, origin: { kind: 'kernel' } });
      },
    };
  }

  private describe(process: Process): DebuggedProcess {
    return {
      processId: process.pid,
      executable: process.executable,
      threads: () => [...process.threads.values()].map((task) => ({ id: task.tid, name: task.comm })),
      auxiliaryVector: () => process.auxiliary,
      readMemory: (address, lengthBytes) => readProcess(process, address, lengthBytes),
      writeMemory: (address, bytes) => writeProcess(process, address, bytes),
      setCodeStops: (addresses) => {
        this.setCodeStops(process, addresses);
      },
      procFile: (path) => this.procFile(process, path),
      procLink: (path) => this.procLink(process, path),
    };
  }

  private asSeenBy<T>(
    process: Process,
    path: string,
    look: (kernel: KernelContext, task: Task, path: string) => T | undefined,
  ): T | undefined {
    const task = [...process.threads.values()].at(0);
    return task === undefined ? undefined : look(this.kernel, task, path);
  }

  private plant({ memory }: Process): void {
    const sharers = [...this.codeStops].filter(([process]) => process.memory === memory && !process.isZombie);
    memory.space.setCodeStops(new Set(sharers.flatMap(([, addresses]) => [...addresses])));
  }
}

const hasEnded = ({ reason }: Stop): boolean => reason.kind === 'process' && reason.event.kind === 'ended';

export function readProcess(process: Process, address: bigint, lengthBytes: number): Uint8Array {
  if (process.isZombie) return new Uint8Array(0);
  const there = process.memory.mappedBytes(Number(address), lengthBytes);
  return there === 0 ? new Uint8Array(0) : process.memory.space.read(address, there);
}

export function writeProcess(process: Process, address: bigint, bytes: Uint8Array): boolean {
  if (process.isZombie || process.memory.mappedBytes(Number(address), bytes.length) < bytes.length) return false;
  process.memory.space.write(address, bytes);
  return true;
}
