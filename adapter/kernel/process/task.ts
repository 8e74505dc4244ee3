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
import type { Block, Outcome, WakeReason } from './blocking';
import type { Credentials } from './credentials';
import type { Trace } from './trace';

/** `stopped`: by SIGSTOP and its kin; `traced`: its tracer decides when it goes on. */
export type TaskState = 'runnable' | 'blocked' | 'stopped' | 'traced' | 'dead';

export interface AlternateStack {
  readonly address: bigint;
  readonly sizeBytes: bigint;
  readonly flags: number;
}

export const SS_DISABLE = 2;

/** orig_rax outside of system calls. */
export const NO_CALL = 0xffffffffffffffffn;

/** Who is told what the kernel does to tasks' memory. */
export interface UserMemoryObserver {
  /** The bytes are about to be written. */
  writing(task: Task, address: bigint, lengthBytes: number): void;
  accessed(task: Task, access: KernelAccess): void;
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
  /** A signal broke a call off: rax holds a restart code that the program must not see. */
  callInterrupted = false;
  /** restart_syscall: how the call that was broken off goes on. */
  restart: (() => Outcome) | undefined;
  /** The system call it is in, for messages; -1 outside. */
  currentCall = -1;
  /** rax when it entered the kernel by SYSCALL, else NO_CALL; a tracer may change it. */
  originalRax = NO_CALL;
  /** The call came by INT 80h: numbers and arguments are those of 32-bit Linux. */
  compatCall = false;
  /** A call has ended; what its end brings about (syscall-exit-stop, the trap of a step) is still to be done. */
  callEnding = false;
  /** Bit n: may run on CPU n. */
  affinity: number;
  lastCpu = 0;
  instructions = 0;
  switches = 0;
  /** At a stop of the debugger with a signal in hand: delivered (or dropped) when it goes on. */
  heldSignal: SignalInfo | undefined;
  /** The held signal has been shown to the debugger. */
  heldSignalSeen = false;
  /** The held signal has been shown to the tracer. */
  heldSignalTraced = false;
  /** ptrace: who traces it. */
  trace: Trace<Task> | undefined;
  /** ptrace: whom it traces, the dead that it has not waited for included. */
  readonly tracees = new Set<Task>();
  /** In a stop under ptrace: what comes after it, given the injected signal and siginfo as the tracer left it. */
  onResume: ((signal: number, info: SignalInfo | undefined) => void) | undefined;
  /** What that stop left to be done; run before anything else. */
  continuation: (() => void) | undefined;
  /** PTRACE_SINGLESTEP is in force. */
  singleStep = false;
  /** TF is the tracer's, not the program's own. */
  forcedTrapFlag = false;
  /** Its process stops: it is to join in. */
  stopDue = false;
  /** The last signal that stopped its process. */
  stopSignal = 0;
  /** The last exception, as signal frames show it. */
  fault = { trap: 0, errorCode: 0, address: 0n };
  /** ds es fs gs, as a tracer may set them; in 64-bit mode they do nothing. */
  readonly dataSegments = [0n, 0n, 0n, 0n];
  /** It ends: no second exit event. */
  exiting = false;
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
    private readonly memoryObserver: UserMemoryObserver,
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

  /** Its tracer is not (a thread of) its parent. */
  get tracedByStranger(): boolean {
    return this.trace !== undefined && this.trace.tracer.process !== this.process.parent;
  }

  get isLeader(): boolean {
    return this.tid === this.process.pid;
  }

  private userMemory: UserMemory | undefined;

  /** The program's memory, for the kernel. */
  get user(): UserMemory {
    if (this.userMemory?.map !== this.process.memory) {
      this.userMemory = new UserMemory(
        this.process.memory,
        (access) => {
          this.memoryObserver.accessed(this, access);
        },
        (address, lengthBytes) => {
          this.memoryObserver.writing(this, address, lengthBytes);
        },
      );
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
  readonly credentials: Credentials;
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
  credentials: Credentials;
  readonly pending = new PendingSignals();
  readonly threads = new Map<number, Task>();
  readonly children = new Set<Process>();
  /** Woken when a child changes state. */
  readonly childChanged = new WaitQueue();
  /** Set when the last thread is gone; the process is then a zombie until it is waited for. */
  exitStatus: WaitStatus | undefined;
  /** The status decided by exit_group or a deadly signal while threads still go. */
  groupExit: WaitStatus | undefined;
  /** The first thread, once it has ended. */
  deadLeader: Task | undefined;
  /** Threads that have ended and that their tracers have not waited for; execve waits until there are none. */
  readonly unreapedThreads = new Set<Task>();
  /** Woken when a thread is gone. */
  readonly threadGone = new WaitQueue();
  /** The thread that forked it: its tracer after PTRACE_TRACEME. */
  forkedBy: Task | undefined;
  /** Stopped by a stop signal, or about to be; what its threads' tracers do does not change that. */
  groupStop: 'none' | 'stopping' | 'stopped' = 'none';
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
  /** What the kernel cleared when it loaded the program. */
  cleared: readonly KernelAccess[] = [];
  /** Added to the executable's link-time addresses. */
  bias = 0;
  readonly resourceLimits = new Map<number, readonly [bigint, bigint]>();
  readonly startedNs: bigint;
  /** setitimer(ITIMER_REAL). */
  realTimer: IntervalTimer | undefined;
  /** setitimer(ITIMER_VIRTUAL), setitimer(ITIMER_PROF): in time that the process has run. */
  virtualTimer: IntervalTimer | undefined;
  profilingTimer: IntervalTimer | undefined;
  /** timer_create's, by id. */
  readonly timers = new Map<number, { readonly timer: KernelTimer; readonly clock: number }>();
  nextTimerId = 0;
  dumpable = 1;
  /** /proc/PID/oom_score_adj: kept for who asks; memory never runs short. */
  oomScoreAdjustment = 0;
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
    this.credentials = parts.credentials;
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

  /** The first thread, dead or alive. */
  get leader(): Task | undefined {
    return this.threads.get(this.pid) ?? this.deadLeader;
  }

  get isZombie(): boolean {
    return this.exitStatus !== undefined;
  }
}
