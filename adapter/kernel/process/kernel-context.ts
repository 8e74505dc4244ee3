// kernel-context.ts: the emulated kernel's state, as system calls and process management see it.
//
// Holds the tables and hands out ids; decides nothing. The run loop that drives it is kernel.ts.

import type { Machine } from '../../machine/machine';
import { createPathPolicy, type PathPolicy } from '../files/path-policy';
import type { KernelHost } from '../files/host';
import type { OpenFile } from '../files/open-file';
import type { KernelAccess } from '../mm/user-copy';
import { FutexTable } from '../sched/futex-table';
import { type ScheduledCpu, Scheduler } from '../sched/scheduler';
import type { BreakpointLayer } from '../clients/breakpoint-layer';
import type { SignalInfo } from '../signal/signal-info';
import { DeterministicRandom } from '../time/deterministic-random';
import type { KernelTimer } from '../time/kernel-timer';
import type { KernelClock } from '../time/kernel-clock';
import { DebuggerStandIn } from './debugger-stand-in';
import type { Process, Task, UserMemoryObserver } from './task';

export interface KernelOptions {
  readonly cpus: number;
  /** Debug registers of each CPU: 4 as on x86. */
  readonly debugRegisters: number;
  /** Directories under which a guest may write, without links. '/' allows everything. */
  readonly writableRoots: readonly string[];
  /**
   * Time passes as it does outside while the program runs: sleeps last, and a slow machine does not make the clock
   * slow. Left out: time is a function of the instructions alone.
   */
  readonly hostTime?: boolean;
  /** The debugger is seen by its programs, as their parent and tracer. */
  readonly debuggerShown?: boolean;
}

/** What the floors above may want to know; all optional. */
export interface KernelEvents {
  /** Told once each: an unimplemented system call or instruction, a refused path. */
  notice?: (text: string) => void;
  taskStarted?: (task: Task) => void;
  taskExited?: (task: Task) => void;
  executed?: (task: Task) => void;
  /** Files that a process may execute were mapped, or some file was unmapped. */
  mappingsChanged?: (process: Process) => void;
  processEnded?: (process: Process, killedBy: SignalInfo | undefined) => void;
  /** `task.comm` is another now. */
  renamed?: (task: Task) => void;
  /** `task.registers.fsBase` is another now, by arch_prctl(2). */
  threadPointerSet?: (task: Task) => void;
  /** The kernel is about to write a program's memory on behalf of `task.currentCall`. */
  kernelWriting?: (task: Task, address: bigint, lengthBytes: number) => void;
  /** It has read or written. */
  kernelAccess?: (task: Task, access: KernelAccess) => void;
  /** A system call has its result, `task.currentCall` is still it; or a signal's handler was set up. */
  leavesKernel?: (task: Task) => void;
  /** A call of a task that nobody traces begins. True: the task waits there until it next goes on. */
  entersCall?: (task: Task) => boolean;
  /** It has ended, and the task is about to go on; `task.originalRax` still tells which it was. */
  callEnded?: (task: Task) => void;
}

const FIRST_PID = 1000;

export class KernelContext {
  readonly tasks = new Map<number, Task>();
  readonly processes = new Map<number, Process>();
  readonly futexes = new FutexTable();
  /** Armed ones fire; the others wait to be armed. */
  readonly timers = new Set<KernelTimer>();
  /** Open perf events whose pollers may have to be woken. */
  readonly perfFiles = new Set<OpenFile>();
  readonly random = new DeterministicRandom();
  readonly scheduler: Scheduler<Task>;
  readonly policy: PathPolicy;
  readonly events: KernelEvents = {};
  /** Where the debugger is shown. */
  readonly standIn: DebuggerStandIn | undefined;
  /** The first process; when it ends the program has ended. */
  init: Process | undefined;
  private nextId = FIRST_PID;
  private nextInode = 1000;
  private readonly noticed = new Set<string>();

  constructor(
    readonly machine: Machine,
    readonly host: KernelHost,
    readonly clock: KernelClock,
    readonly options: KernelOptions,
    cpus: readonly ScheduledCpu<Task>[],
    /** Follows tasks: perf, breakpoints and their clients. The debugger's tag is its watch's number. */
    readonly layer: BreakpointLayer<number>,
  ) {
    this.standIn = options.debuggerShown === true ? new DebuggerStandIn(FIRST_PID - 1) : undefined;
    this.scheduler = new Scheduler(cpus, layer);
    this.policy = createPathPolicy(options.writableRoots, (path) => {
      this.notice(
        `The program may not write ${path}: it lies outside the working directory and /tmp. ` +
          'For more say: trapline run --writable=DIRECTORY.',
      );
    });
  }

  get nowNs(): bigint {
    return this.clock.nowNs;
  }

  takeId(): number {
    return this.nextId++;
  }

  takeInode(): number {
    return this.nextInode++;
  }

  /** Tells the person once. */
  notice(text: string): void {
    if (this.noticed.has(text)) return;
    this.noticed.add(text);
    this.events.notice?.(text);
  }

  readonly userMemory: UserMemoryObserver = {
    writing: (task, address, lengthBytes) => this.events.kernelWriting?.(task, address, lengthBytes),
    accessed: (task, access) => {
      this.accessed(task, access);
    },
  };

  private accessed(task: Task, access: KernelAccess): void {
    this.events.kernelAccess?.(task, access);
    this.layerAccess(task, access);
  }

  /** For the breakpoint layer alone. */
  layerAccess(task: Task, access: KernelAccess): void {
    const cpu = this.scheduler.cpuOf(task);
    if (cpu === undefined || !this.layer.watchesKernelAccess(cpu)) return;
    const { address, lengthBytes, bytewise } = access;
    const kind = access.write ? 'write' : 'read';
    this.layer.handleKernelAccess(cpu, task, { access: kind, address, lengthBytes, bytewise });
  }

  get allCpus(): number {
    return (1 << this.options.cpus) - 1;
  }

  /** The task is asleep no more. False if it was not asleep. */
  wake(task: Task, reason: 'woken' | 'timeout'): boolean {
    if (task.block === undefined || task.wakeReason !== undefined) return false;
    task.leaveQueues();
    task.wakeReason = reason;
    if (task.state === 'blocked') this.makeRunnable(task);
    return true;
  }

  /** Ends a stop under ptrace; the thread then gets the signal (0: none). Nothing happens if it is in none. */
  letGo(task: Task, signal: number): void {
    const { trace, onResume } = task;
    if (task.state !== 'traced') return;
    const info = trace?.stop?.info;
    if (trace !== undefined) {
      trace.stop = undefined;
      trace.listening = false;
    }
    task.onResume = undefined;
    task.continuation = () => onResume?.(signal, info);
    this.makeRunnable(task);
  }

  makeRunnable(task: Task): void {
    task.state = 'runnable';
    this.scheduler.enqueue(task);
  }
}
