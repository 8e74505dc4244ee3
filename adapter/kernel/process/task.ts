// task.ts: threads and processes of the emulated machine: their state, not what is done to them.
//
// A Task is a thread, a Process its thread group. Task extends what sched/task.ts promises to the breakpoint layer by
// what signals, system calls and the scheduler need. Memory and descriptors may be shared by several processes
// (CLONE_VM, CLONE_FILES); MemoryMap and FdTable count that.

import type { RegisterFile } from '../../machine/machine';
import type { FdTable } from '../files/fd-table';
import type { MemoryMap } from '../mm/memory-map';
import { UserMemory, type KernelAccess } from '../mm/user-copy';
import type { TaskRef } from '../sched/task';
import { type Waiter, WaitQueue } from '../sched/wait-queue';
import type { SignalInfo } from '../signal/signal-info';
import { PendingSignals, type SignalActions, type SignalSet } from '../signal/signal-state';
import type { KernelTimer } from '../time/kernel-timer';
import type { Block, InterruptStyle, WakeReason } from './blocking';

/** `stopped`: by SIGSTOP and its kin. */
export type TaskState = 'runnable' | 'blocked' | 'stopped' | 'dead';

export interface AlternateStack {
  readonly address: bigint;
  readonly sizeBytes: bigint;
  readonly flags: number;
}

export const SS_DISABLE = 2;

/** A call that a signal broke off: how it may go on. */
export interface InterruptedCall {
  readonly number: number;
  readonly style: InterruptStyle;
}

export class Task implements TaskRef {
  readonly registers: RegisterFile;
  state: TaskState = 'runnable';
  comm: string;
  blockedSignals: SignalSet = 0n;
  /** rt_sigsuspend and ppoll: the mask to put back after the handler was set up. */
  savedMask: SignalSet | undefined;
  readonly pending = new PendingSignals();
  alternateStack: AlternateStack = { address: 0n, sizeBytes: 0n, flags: SS_DISABLE };
  /** rt_sigtimedwait: these wake it instead of being delivered. */
  waitedSignals: { readonly set: SignalSet; readonly waiter: Waiter } | undefined;
  clearChildTid = 0n;
  robustList = 0n;
  /** What it sleeps on; `wakeReason` is set once it is woken. */
  block: Block | undefined;
  wakeReason: WakeReason | undefined;
  leaveQueues: () => void = () => undefined;
  interruptedCall: InterruptedCall | undefined;
  /** The system call it is in, for messages and restarts; -1 outside. */
  currentCall = -1;
  /** Bit n: may run on CPU n. */
  affinity: number;
  lastCpu = 0;
  instructions = 0;
  switches = 0;
  /** At a stop of the debugger with a signal in hand: delivered (or dropped) when it goes on. */
  heldSignal: SignalInfo | undefined;
  /** The held signal has been shown to the debugger. */
  heldSignalSeen = false;
  /** Pass over the code stop at rip once. */
  skipCodeStop = false;
  /** Not to be scheduled: the debugger steps another. */
  frozen = false;
  readonly startedNs: bigint;

  constructor(
    public tid: number,
    readonly process: Process,
    registers: RegisterFile,
    options: { readonly comm: string; readonly affinity: number; readonly nowNs: bigint },
    private readonly onAccess: (task: Task, access: KernelAccess) => void,
  ) {
    this.registers = registers;
    this.comm = options.comm;
    this.affinity = options.affinity;
    this.startedNs = options.nowNs;
  }

  get tgid(): number {
    return this.process.pid;
  }

  get runnable(): boolean {
    return this.state === 'runnable' && !this.frozen;
  }

  get isLeader(): boolean {
    return this.tid === this.process.pid;
  }

  private userMemory: UserMemory | undefined;

  /** The program's memory, for the kernel. */
  get user(): UserMemory {
    if (this.userMemory?.map !== this.process.memory) {
      this.userMemory = new UserMemory(this.process.memory, (access) => {
        this.onAccess(this, access);
      });
    }
    return this.userMemory;
  }
}

export interface FileSystemContext {
  cwd: string;
  umask: number;
}

/** As wait(2) encodes it. */
export type WaitStatus = number;

export interface ProcessParts {
  readonly pid: number;
  readonly parent: Process | undefined;
  readonly memory: MemoryMap;
  readonly files: FdTable;
  readonly fileSystem: FileSystemContext;
  readonly actions: SignalActions;
}

export interface IntervalTimer {
  deadlineNs: bigint;
  intervalNs: bigint;
}

export class Process {
  readonly pid: number;
  parent: Process | undefined;
  memory: MemoryMap;
  files: FdTable;
  fileSystem: FileSystemContext;
  actions: SignalActions;
  readonly pending = new PendingSignals();
  readonly threads = new Map<number, Task>();
  readonly children = new Set<Process>();
  /** Woken when a child changes state. */
  readonly childChanged = new WaitQueue();
  /** Set when the last thread is gone; the process is then a zombie until it is waited for. */
  exitStatus: WaitStatus | undefined;
  /** The status decided by exit_group or a deadly signal while threads still go. */
  groupExit: WaitStatus | undefined;
  /** A stop or continue that the parent has not heard of. */
  unreportedStop: WaitStatus | undefined;
  unreportedContinue = false;
  exitSignal = 17;
  groupId: number;
  sessionId: number;
  executable = '';
  commandLine: readonly string[] = [];
  /** As the program found it on its stack. */
  auxiliary: Uint8Array = new Uint8Array(0);
  /** Added to the executable's link-time addresses. */
  bias = 0;
  readonly resourceLimits = new Map<number, readonly [bigint, bigint]>();
  readonly startedNs: bigint;
  /** setitimer(ITIMER_REAL). */
  realTimer: IntervalTimer | undefined;
  /** timer_create's, by id. */
  readonly timers = new Map<number, { readonly timer: KernelTimer; readonly clock: number }>();
  nextTimerId = 0;
  dumpable = 1;
  /** For a vfork parent that waits. */
  readonly memoryReleased = new WaitQueue();
  /** Instructions of threads that are gone, and of children that were waited for. */
  deadInstructions = 0;
  childInstructions = 0;
  deathSignal = 0;
  childSubreaper = false;

  constructor(parts: ProcessParts, nowNs: bigint) {
    this.pid = parts.pid;
    this.parent = parts.parent;
    this.memory = parts.memory;
    this.files = parts.files;
    this.fileSystem = parts.fileSystem;
    this.actions = parts.actions;
    this.groupId = parts.parent?.groupId ?? parts.pid;
    this.sessionId = parts.parent?.sessionId ?? parts.pid;
    this.startedNs = nowNs;
    parts.parent?.children.add(this);
  }

  get instructions(): number {
    let sum = this.deadInstructions;
    for (const task of this.threads.values()) sum += task.instructions;
    return sum;
  }

  get isZombie(): boolean {
    return this.exitStatus !== undefined;
  }
}
