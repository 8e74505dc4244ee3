// target.ts: the one interface between the debugger and what it debugs.
//
// `emulated/` implements it over the emulated kernel, `live/` will over ptrace. Everything above speaks only this.
// All-stop: while a target runs, its threads' state must not be read; `pause` stops them all.
// Calls are synchronous; running is not: `resume` returns at once and `onStop` tells how it ended.

import type { HitFilter } from '../judging/hit-filter';
import type { DebugRegisterMap } from '../protocol/debug-register-map';

export type ThreadId = number;

export interface ThreadInfo {
  readonly id: ThreadId;
  readonly name: string;
}

/** Registers by DWARF number: 0 rax 1 rdx 2 rcx 3 rbx 4 rsi 5 rdi 6 rbp 7 rsp 8–15 r8–r15 16 rip; 17–32 xmm0–15. */
export interface ThreadRegisters {
  /** General registers and rip, by DWARF number 0…16. */
  read(dwarfNumber: number): bigint;
  write(dwarfNumber: number, value: bigint): void;
  readXmm(index: number): Uint8Array;
  writeXmm(index: number, bytes: Uint8Array): void;
  rflags: bigint;
  /**
   * The system call that the thread is in, or that a stop broke off; all ones: none (orig_rax). Where rax holds a
   * restart code, the call runs again as the thread goes on, unless this is written to all ones first.
   */
  callNumber: bigint;
  readonly fsBase: bigint;
  readonly gsBase: bigint;
  /** The 512-byte FXSAVE image (64-bit form): x87, MXCSR, XMM0–15. A live view. */
  readonly fxsave: Uint8Array;
}

/** An object file mapped into the program. */
export interface LoadedModule {
  /** Host path, or `[vdso]`-like for what has none. */
  readonly path: string;
  /** Added to the file's link-time addresses. */
  readonly bias: bigint;
  readonly isMain: boolean;
}

export type WatchAccess = 'write' | 'readWrite' | 'execute';

/** One aligned piece of memory for one debug register. */
export interface WatchPiece {
  readonly address: bigint;
  readonly lengthBytes: 1 | 2 | 4 | 8;
  readonly access: WatchAccess;
  /** Thread-local: the address is that of the thread with this fs base; each thread has its own, as far from its own. */
  readonly threadPointer?: bigint;
}

/** Identifies a watch across threads: the session's own number, also given to threads that start later. */
export type WatchId = number;

export type ArmResult =
  /** Nothing is told about slots where the scope is `machine`: which register it is may differ between CPUs. */
  | { readonly kind: 'armed'; readonly slots: ReadonlyMap<ThreadId, readonly number[]> }
  | {
      readonly kind: 'refused';
      readonly errno: string;
      /** The first thread that had too little room. */
      readonly thread: ThreadId;
      readonly slotsNeeded: number;
      readonly slotsFree: number;
      /** One per occupied slot of that thread. */
      readonly holders: readonly SlotHolder[];
    };

/**
 * For whom a watch is armed. `all`: each thread, also those that start later, in its own registers (the ptrace client).
 * A name: each thread while it has that name. `machine`: every CPU, whichever thread runs there (the kgdb client): it takes a slot from everybody.
 */
export type WatchScope = 'all' | 'machine' | { readonly name: string } | readonly ThreadId[];

export interface ArmOptions {
  /** Registers beyond what the processor has, where its own are taken; up to `mostSlots` of a thread. */
  readonly extend?: boolean;
}

export type { HitFilter };

export interface SlotHolder {
  readonly index: number;
  readonly owner: 'ptrace' | 'perf' | 'ksym' | 'kgdb';
  /** Who it is, for people: `ptrace`, `kgdb (all CPUs)`, `perf event of pid 12, fd 3`, `ksym counter:rw- (all CPUs)`. */
  readonly label: string;
  readonly address: bigint;
  readonly lengthBytes: number;
  /** Set where the debugger's own watch holds it. */
  readonly watch?: WatchId;
}

/** A hit of an armed watch, seen after the instruction. */
export interface WatchHit {
  readonly watch: WatchId;
  readonly slot: number;
  readonly piece: WatchPiece;
  readonly access: 'read' | 'write' | 'execute';
  /** The piece's bytes before and after the instruction. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** The instruction that accessed (rip is already after it). */
  readonly instruction: bigint;
  /** The kernel accessed on the program's behalf: `read(3, 0x4040a0, 64)`. `instruction` is then its SYSCALL. */
  readonly systemCall?: string;
}

/** Guest addresses from here on are not read by filters. */
export const FILTERED_MEMORY_END = 0x7000_0000n;

export type StopReason =
  | { readonly kind: 'entry' }
  /** `onWatchHit` answered 'stop'. */
  | { readonly kind: 'watch'; readonly hits: readonly WatchHit[] }
  /** A code stop was reached; rip is at it. */
  | { readonly kind: 'codeStop'; readonly address: bigint }
  /** The thread ran its `step` instructions. */
  | { readonly kind: 'step' }
  | { readonly kind: 'pause' }
  /** It ran on through its past (`Target.time`) and has come to the moment at which it was taken back. */
  | { readonly kind: 'present' }
  /** About to be delivered; `resume` delivers it unless told otherwise. */
  | { readonly kind: 'signal'; readonly signal: SignalInfo }
  /** Only where processes are followed (`Target.following`). */
  | { readonly kind: 'process'; readonly event: ProcessEvent };

export type ProcessEvent =
  /** The thread has started a process, which is debugged too and stands at its first instruction. */
  | { readonly kind: 'forked' | 'vforked'; readonly child: number }
  /** The thread's vforked child has left the memory that they shared. */
  | { readonly kind: 'vforkDone' }
  /** The thread's process runs another program now: what was set in the old one's memory is gone. */
  | { readonly kind: 'executed'; readonly path: string }
  /** The thread is about to make a system call, or one has ended: `Target.following.catchCalls`. */
  | { readonly kind: 'enteredCall' | 'leftCall'; readonly number: number }
  /** One of several processes is gone, and the stop's thread with it. The last one's end is `onEnd`. */
  | { readonly kind: 'ended'; readonly processId: number; readonly end: ProgramEnd };

export interface SignalInfo {
  readonly number: number;
  /** SIGSEGV … */
  readonly name: string;
  /** A sentence: "address 0x0 is not mapped (write)". */
  readonly detail: string;
  readonly code: number;
  readonly address?: bigint;
}

export interface Stop {
  readonly thread: ThreadId;
  readonly reason: StopReason;
}

export type ProgramEnd =
  { readonly kind: 'exited'; readonly code: number } | { readonly kind: 'killed'; readonly signal: SignalInfo };

export interface HeededMemory {
  readonly address: bigint;
  readonly lengthBytes: number;
}

export interface UnmappedMemory {
  readonly address: bigint;
  readonly lengthBytes: number;
  /** Who did it, and by which call. */
  readonly thread?: ThreadId;
  readonly systemCall?: string;
}

/** Events; called between slices, never inside a call of the session's. */
export interface TargetObserver {
  onStop(stop: Stop): void;
  onThreadStarted(thread: ThreadInfo): void;
  /** It calls itself otherwise now. */
  onThreadRenamed?(thread: ThreadInfo): void;
  onThreadExited(thread: ThreadId): void;
  /** Its fs base is another now: it has thread-local memory; told before it runs on. */
  onThreadPointerSet?(thread: ThreadId): void;
  /** Another program runs in its place, and no watch is armed any more; told before it runs. */
  onExecuted?(path: string): void;
  /** Watched memory, or such as is heeded, was unmapped; told before the program runs on, watches may be disarmed. */
  onMemoryUnmapped?(memory: UnmappedMemory): void;
  onModulesChanged(): void;
  onOutput(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** Something the person should know once: an unimplemented system call or instruction, by name. */
  onNotice(text: string): void;
  onEnd(end: ProgramEnd): void;
  /**
   * Decides a hit where it happens: registers and memory of the thread may be read here, nothing else called.
   * 'continue' goes on at once, without a stop.
   */
  onWatchHit(thread: ThreadId, hits: readonly WatchHit[]): 'stop' | 'continue';
  /**
   * The same for code stops (conditions, log points, step helpers, frames that end), where watches may be armed and
   * disarmed, too, and code stops set.
   */
  onCodeStop(thread: ThreadId, address: bigint): 'stop' | 'continue';
  /** Hits or slots changed; rate-limited by the session. */
  onDebugRegistersChanged(): void;
}

export interface ResumeOptions {
  /** Single-step this thread so many instructions; the others stay put unless `othersRun`. */
  readonly step?: { readonly thread: ThreadId; readonly instructions: number };
  /**
   * Step this thread while rip stays in [start, end): stops as `step` at the first instruction outside, and also
   * right after a call left the range (the session decides whether to step over).
   */
  readonly stepRange?: { readonly thread: ThreadId; readonly start: bigint; readonly end: bigint };
  readonly othersRun?: boolean;
  /** Only these threads run, and those that they start (scheduler locking); the others stay put. */
  readonly only?: readonly ThreadId[];
  /** Drop the signal at which the thread stopped instead of delivering it. */
  readonly discardSignal?: boolean;
  /** A signal for each of these threads, delivered as they go on, in place of one that they stopped at. */
  readonly inject?: ReadonlyMap<ThreadId, number>;
}

/** What each process has of its own. */
export interface DebuggedProcess {
  readonly processId: number;
  /** Host path of the program that it runs. */
  readonly executable: string;
  threads(): readonly ThreadInfo[];
  auxiliaryVector(): Uint8Array;
  /** As `Target`'s. */
  readMemory(address: bigint, lengthBytes: number): Uint8Array;
  writeMemory(address: bigint, bytes: Uint8Array): boolean;
  setCodeStops(addresses: ReadonlySet<bigint>): void;
  /** What /proc tells the program itself in this file; undefined where it has no such file. */
  procFile(path: string): string | undefined;
  /** Where a link in /proc leads to. */
  procLink(path: string): string | undefined;
}

/** System calls by their numbers. */
export type CaughtCalls = 'none' | 'all' | ReadonlySet<number>;

/** What stops the thread that does it. Of what is not followed nothing is seen, as at first. */
export interface FollowedEvents {
  readonly forks: boolean;
  readonly vforks: boolean;
  readonly executions: boolean;
}

/**
 * For a debugger of several processes. A child is debugged with its parent's code stops, without its watches of the
 * scope `all`; those of the scope `machine` know no processes. Threads of all are in `Target.threads`; the target's
 * own memory and code stops are the first process's.
 */
export interface ProcessFollowing {
  follow(events: FollowedEvents): void;
  /** Threads stop where they enter these calls, and where they leave them. At first: none. */
  catchCalls(calls: CaughtCalls): void;
  /** Those that are debugged, oldest first. */
  processes(): readonly DebuggedProcess[];
  /** The process runs on alone. Unknown ids are ignored. */
  release(processId: number): void;
  /** Ends one of several without a stop; the last one is `Target.kill`'s. Unknown ids are ignored. */
  kill(processId: number): void;
}

/** A moment of a run: every run of the program with the same input comes by it. */
export interface RunMoment {
  /** As `Target.timeNs`. */
  readonly timeNs: number;
  /** Tells apart what the kernel does between two instructions; 0: as early as can be. */
  readonly work: number;
}

export type RehearsalEnd =
  | { readonly kind: 'arrived' }
  /** The judge answered 'stop'. */
  | { readonly kind: 'hit' }
  | { readonly kind: 'cancelled' }
  /** It does not run as the first run did: the rest of a sentence. */
  | { readonly kind: 'diverged'; readonly why: string };

/** Asked in a rehearsal where it happens, as `TargetObserver`'s of the same names; absent: 'continue'. */
export interface RehearsalJudge {
  onWatchHit?(thread: ThreadId, hits: readonly WatchHit[], timeNs: number): 'stop' | 'continue';
  onCodeStop?(thread: ThreadId, address: bigint, timeNs: number): 'stop' | 'continue';
  /** Another program has taken its place, and nothing is armed any more. */
  onExecuted?(): void;
  onModulesChanged?(): void;
}

/** The program once more, from its start and unseen, with the same input. Stands whenever a run of it has ended. */
export interface Rehearsal {
  /** To look at it, to arm watches and to set code stops; never resumed by others. */
  readonly target: Target;
  /** Runs on to that moment. One run at a time. */
  run(until: RunMoment, judge?: RehearsalJudge): Promise<RehearsalEnd>;
  /** Runs on until the thread, which must be there, has retired so many instructions in all. */
  runThread(thread: ThreadId, retired: number): Promise<RehearsalEnd>;
  /** Instructions that the thread has retired; 0: it is not there. */
  retired(thread: ThreadId): number;
  /** How many programs have taken the place of the one before, by now. */
  readonly executions: number;
  /** The run under way ends soon. */
  cancel(): void;
  /** It is not needed any more. */
  drop(): void;
}

/**
 * Going back in time. The past cannot be changed: while `isPast`, writing memory or registers throws UserError, and what
 * the program does to the outside is not done again. Watches and code stops are not taken along by `adopt`.
 */
export interface TimeTravel {
  /** The program stands or runs before the latest moment that it has come to. */
  readonly isPast: boolean;
  /** The latest moment that it has come to. */
  readonly present: RunMoment;
  readonly now: RunMoment;
  /** Instructions that the thread has retired. */
  retired(thread: ThreadId): number;
  /** How many programs have taken the place of the one before, by now. */
  readonly executions: number;
  /** Why it cannot be run again: a sentence. Undefined: it can. */
  readonly trouble: string | undefined;
  /** Throws UserError where it cannot be run again. */
  rehearse(): Rehearsal;
  /** The rehearsal, at whatever moment it stands, takes the place of the run that is seen. */
  adopt(rehearsal: Rehearsal): ThreadChanges;
}

/** Of another moment: nothing has happened to them. */
export interface ThreadChanges {
  readonly gone: readonly ThreadId[];
  readonly come: readonly ThreadInfo[];
}

export interface Target {
  /** Undefined: of one process only. */
  readonly following?: ProcessFollowing;
  /** Undefined: time goes one way only. */
  readonly time?: TimeTravel;

  /** Runs to the program's entry point (before the loader's first instruction) without stopping it there. */
  start(observer: TargetObserver): void;
  readonly running: boolean;
  resume(options?: ResumeOptions): void;
  /** Asks for a stop; `onStop` with `pause` follows within 100 ms. */
  pause(): void;
  /** Ends the program; `onEnd` follows. */
  kill(): void;

  threads(): readonly ThreadInfo[];
  registers(thread: ThreadId): ThreadRegisters;
  modules(): readonly LoadedModule[];
  /** The auxiliary vector as the program got it: pairs of u64, little-endian, ended by AT_NULL. */
  auxiliaryVector(): Uint8Array;
  readonly processId: number;
  /** The program's own time, ns since `start`: stands still while it does. */
  readonly timeNs: number;
  /** Fewer bytes than asked where memory ends; empty where the first byte is unreadable. Ignores protection. */
  readMemory(address: bigint, lengthBytes: number): Uint8Array;
  /** False where some byte is not mapped; then nothing was written. */
  writeMemory(address: bigint, bytes: Uint8Array): boolean;
  /** As `DebuggedProcess`'s, of the program. Absent: it has no /proc of its own. */
  procFile?(path: string): string | undefined;
  procLink?(path: string): string | undefined;
  /** Replaces the set of addresses at which threads stop before executing. */
  setCodeStops(addresses: ReadonlySet<bigint>): void;

  /** Replaces the set of signals (Linux's numbers) that the program gets without a stop. At first: none. */
  setQuietSignals(signals: ReadonlySet<number>): void;
  /** The siginfo_t of the signal that the thread stands at. */
  signalRecord(thread: ThreadId): Uint8Array | undefined;

  /** Debug registers of each thread: 4 as on x86. */
  readonly slotsPerThread: number;
  /** With `extend`; absent where there are no more. */
  readonly mostSlots?: number;
  /**
   * Arms the pieces in that scope, all or nothing; a refusal changes nothing. `machine` is only for a target that
   * stands still.
   */
  armWatch(watch: WatchId, pieces: readonly WatchPiece[], scope: WatchScope, options?: ArmOptions): ArmResult;
  /**
   * Decides most hits of a watch without a call of `onWatchHit`, millions a second. `filters` makes those of each thread
   * that has the watch or gets it; none: every hit is told. Of several a hit is told where any of them says so, and then
   * none of them has counted it. A target may ignore it: a filter's no is what the session would have decided itself.
   * Unknown ids are ignored.
   */
  setWatchFilters(watch: WatchId, filters: (thread: ThreadId) => readonly HitFilter[]): void;
  /** Frees the slots. Unknown ids are ignored. */
  disarmWatch(watch: WatchId): void;
  /** Memory beside what is armed, in the place of what was heeded before: its unmapping is told, too. */
  heedMemory?(ranges: readonly HeededMemory[]): void;
  /** Of the thread that has least left. */
  slotBudget(): DebugRegisterMap['slots'];
  /** The slot map as the layer holds it; `symbol`, `oldValue`, `newValue` and `hits` are the session's to fill. */
  debugRegisters(): TargetDebugRegisters;
}

/** `DebugRegisterMap` with the watch that owns each register, for the session to name. */
export interface TargetDebugRegisters {
  readonly map: DebugRegisterMap;
  /** Key `thread:index` → the watch there. */
  readonly watches: ReadonlyMap<string, WatchId>;
}
