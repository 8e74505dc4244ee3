// emulated-target.ts: the debugger's view of a program on the emulated machine.
//
// All-stop. The first process is debugged, and what it forks where that is followed. Events are collected while a slice
// runs and told between slices; decisions (`onWatchHit`, `onCodeStop`) are asked where they happen.

import type { KernelHost, StandardInput } from '../../kernel/files/host';
import { Kernel, type KernelParts } from '../../kernel/kernel';
import { type ProgramEnd as KernelEnd, programEndOf } from '../../kernel/process/program-end';
import type { LaunchRequest } from '../../kernel/process/start';
import type { Process, Task } from '../../kernel/process/task';
import { encodeSignalInfo, type SignalInfo as KernelSignal } from '../../kernel/signal/signal-info';
import { breakSleep } from '../../kernel/signal/send';
import type { Tracer } from '../../kernel/tracing';
import { assert } from '../../util/assert';
import type {
  ArmOptions,
  ArmResult,
  HitFilter,
  LoadedModule,
  ProcessFollowing,
  ResumeOptions,
  RunMoment,
  Stop,
  StopReason,
  TargetDebugRegisters,
  TargetObserver,
  ThreadId,
  ThreadInfo,
  ThreadRegisters,
  WatchId,
  WatchPiece,
  WatchScope,
} from '../target';
import type { ReplayableTarget, Standing } from '../recorded/recorded-run';
import type { DebugRegisterMap } from '../../protocol/debug-register-map';
import { DebuggedProcesses, readProcess, writeProcess } from './debugged-processes';
import { KernelAccesses } from './kernel-accesses';
import { MachineWatches } from './machine-watches';
import { loadedModules } from './modules';
import { programTerminal } from './program-terminal';
import { injectedSignal, signalShown, toProgramEnd, toSignalInfo } from './signals';
import { type HostLoop, SliceLoop } from './slice-loop';
import { EmulatedRegisters } from './thread-registers';
import { followUnmapped } from './unmapped-memory';
import { toWatchHits } from './watch-hits';
import { WatchLedger } from './watch-ledger';

export interface EmulatedTargetParts {
  readonly createMachine: KernelParts['createMachine'];
  readonly host: Omit<KernelHost, 'terminal'>;
  readonly options: KernelParts['options'];
  readonly stdin: StandardInput;
  readonly launch: LaunchRequest;
  readonly loop: HostLoop;
}

export class EmulatedTarget implements ReplayableTarget {
  readonly kernel: Kernel;
  private readonly ledger: WatchLedger;
  private readonly machine: MachineWatches;
  private readonly kernelAccesses: KernelAccesses;
  private readonly loop: SliceLoop;
  private readonly main: Task;
  private readonly process: Process;
  private readonly debugged: DebuggedProcesses;
  private observer: TargetObserver | undefined;
  /** Told after the slice, in order. */
  private news: ((observer: TargetObserver) => void)[] = [];
  private modulesChanged = false;
  private quietSignals: ReadonlySet<number> = new Set();
  private pendingStop: Stop | undefined;
  private pauseRequested = false;
  private end: KernelEnd | undefined;
  private lastStop: ThreadId | undefined;
  /** The session knows that the thread stands at this code stop: it told so, or stepped there. */
  private lastStopSawCode = false;
  /** rip at the last stop. */
  private lastStopAt: bigint | undefined;
  private startedAt = 0;

  /** Loads the program; nothing has run. Throws UserError where it cannot be run. */
  constructor(parts: EmulatedTargetParts) {
    const terminal = programTerminal(parts.stdin, (stream, bytes) => {
      this.tell((observer) => {
        observer.onOutput(stream, bytes);
      });
    });
    this.kernel = new Kernel({
      createMachine: parts.createMachine,
      host: { ...parts.host, terminal },
      options: parts.options,
    });
    this.debugged = new DebuggedProcesses(this.kernel.context, this.kernel.stop.bind(this.kernel));
    const { cpus } = this.kernel.context.scheduler;
    this.ledger = new WatchLedger(this.kernel.layer, cpus.length);
    this.machine = new MachineWatches(this.kernel.layer, cpus);
    this.kernelAccesses = new KernelAccesses((task) => (this.isDebugged(task) ? this.ledger.armedOn(task) : []));
    this.loop = new SliceLoop(this.kernel, parts.loop, {
      afterSlice: () => this.afterSlice(),
      ended: () => {
        this.finish();
      },
    });
    this.main = this.kernel.start(parts.launch);
    this.process = this.main.process;
    this.debugged.add(this.process);
  }

  start(observer: TargetObserver): void {
    assert(this.observer === undefined, 'a target starts once');
    this.observer = observer;
    this.startedAt = this.kernel.time;
    this.follow();
    this.followMemory();
    this.kernel.tracer = this.tracer();
  }

  get running(): boolean {
    return this.loop.running;
  }

  resume(options: ResumeOptions = {}): void {
    if (this.end !== undefined || this.loop.running) return;
    const stopped = this.lastStop === undefined ? undefined : this.debugged.task(this.lastStop);
    if (stopped !== undefined) {
      // Moved by the debugger, it stops where it is now.
      stopped.skipCodeStop =
        stopped.registers.rip === this.lastStopAt && (this.lastStopSawCode || stopped.skipCodeStop);
      if (options.discardSignal === true && options.inject?.has(stopped.tid) !== true) {
        stopped.heldSignal = undefined;
        stopped.heldSignalSeen = false;
      }
    }
    this.pendingStop = undefined;
    this.pauseRequested = false;
    for (const [thread, signal] of options.inject ?? []) this.inject(thread, signal);
    this.prepareStep(options);
    this.machine.leave();
    this.debugged.calls.resumed();
    if (this.debugged.stops.length > 0) this.loop.startStanding();
    else this.loop.start();
  }

  pause(): void {
    this.pauseRequested = true;
  }

  kill(): void {
    if (this.end !== undefined) return;
    this.kernel.killAll();
    if (!this.loop.running) this.loop.start();
  }

  threads(): readonly ThreadInfo[] {
    return this.tasks().map((task) => ({ id: task.tid, name: task.comm }));
  }

  registers(thread: ThreadId): ThreadRegisters {
    const task = this.task(thread);
    const wake = (): void => {
      breakSleep(this.kernel.context, task);
    };
    return new EmulatedRegisters(task, wake, this.debugged.calls.standsAt(task));
  }

  modules(): readonly LoadedModule[] {
    return this.end === undefined ? loadedModules(this.process) : [];
  }

  auxiliaryVector(): Uint8Array {
    return this.process.auxiliary;
  }

  get processId(): number {
    return this.process.pid;
  }

  get following(): ProcessFollowing {
    return this.debugged.following();
  }

  get timeNs(): number {
    return this.kernel.time - this.startedAt;
  }

  get moment(): RunMoment {
    return { timeNs: this.timeNs, work: this.kernel.moment.work };
  }

  /** Stops as 'pause' at this moment at the latest; undefined: nowhere. */
  limitTo(limit: RunMoment | undefined): void {
    this.kernel.limitTo(limit && { time: limit.timeNs + this.startedAt, work: limit.work });
  }

  get hasReachedLimit(): boolean {
    return this.kernel.hasReachedLimit;
  }

  retired(thread: ThreadId): number {
    return this.debugged.task(thread)?.instructions ?? 0;
  }

  /** Who stopped last, and whether a code stop there has been told. */
  get standing(): Standing | undefined {
    return this.lastStop === undefined ? undefined : { thread: this.lastStop, sawCode: this.lastStopSawCode };
  }

  /** As if that stop had been here. */
  standAs({ thread, sawCode }: Standing): void {
    this.lastStop = thread;
    this.lastStopAt = this.debugged.task(thread)?.registers.rip;
    this.lastStopSawCode = sawCode;
  }

  /** It is not run any more. */
  dispose(): void {
    this.loop.halt();
    for (const process of this.kernel.context.processes.values()) process.memory.space.dispose();
  }

  readMemory(address: bigint, lengthBytes: number): Uint8Array {
    return readProcess(this.process, address, lengthBytes);
  }

  writeMemory(address: bigint, bytes: Uint8Array): boolean {
    return writeProcess(this.process, address, bytes);
  }

  procFile(path: string): string | undefined {
    return this.debugged.procFile(this.process, path);
  }

  procLink(path: string): string | undefined {
    return this.debugged.procLink(this.process, path);
  }

  setCodeStops(addresses: ReadonlySet<bigint>): void {
    this.debugged.setCodeStops(this.process, addresses);
  }

  setQuietSignals(signals: ReadonlySet<number>): void {
    this.quietSignals = new Set(signals);
  }

  signalRecord(thread: ThreadId): Uint8Array | undefined {
    const held = this.debugged.task(thread)?.heldSignal;
    return held === undefined ? undefined : encodeSignalInfo(held);
  }

  get slotsPerThread(): number {
    return this.kernel.layer.slotsPerCpu;
  }

  get mostSlots(): number {
    return this.kernel.layer.mostSlotsPerCpu;
  }

  armWatch(watch: WatchId, pieces: readonly WatchPiece[], scope: WatchScope, options: ArmOptions = {}): ArmResult {
    const tasks = this.tasks();
    const result =
      scope === 'machine'
        ? this.machine.arm(watch, pieces, tasks)
        : this.ledger.arm(watch, pieces, tasks, scope, options.extend === true);
    if (result.kind === 'armed') this.slotsChanged();
    return result;
  }

  setWatchFilter(watch: WatchId, filter: ((thread: ThreadId) => HitFilter) | undefined): void {
    this.ledger.setFilter(watch, filter, this.tasks());
  }

  disarmWatch(watch: WatchId): void {
    this.ledger.disarm(watch, this.tasks());
    this.machine.disarm(watch);
    this.slotsChanged();
  }

  slotBudget(): DebugRegisterMap['slots'] {
    return this.ledger.budget(this.tasks());
  }

  debugRegisters(): TargetDebugRegisters {
    return this.ledger.map(this.tasks(), this.kernel.context.scheduler.cpus);
  }

  private tasks(): Task[] {
    return this.debugged.tasks();
  }

  private task(thread: ThreadId): Task {
    const task = this.debugged.task(thread);
    assert(task !== undefined, 'the thread lives', thread);
    return task;
  }

  private isDebugged(task: Task): boolean {
    return this.debugged.has(task.process);
  }

  private tell(event: (observer: TargetObserver) => void): void {
    this.news.push(event);
  }

  private slotsChanged(): void {
    this.observer?.onDebugRegistersChanged();
  }

  /** As PTRACE_CONT with a signal: it is delivered, and not shown again. */
  private inject(thread: ThreadId, signal: number): void {
    const task = this.debugged.task(thread);
    if (task === undefined) return;
    const held = task.heldSignal?.signal === signal ? task.heldSignal : undefined;
    task.heldSignal = held ?? injectedSignal(signal, this.process.pid);
    task.heldSignalSeen = true;
    breakSleep(this.kernel.context, task);
  }

  private prepareStep(options: ResumeOptions): void {
    const wish = options.step ?? options.stepRange;
    this.kernel.cancelStep();
    const task = wish === undefined ? undefined : this.debugged.task(wish.thread);
    const { only } = options;
    this.kernel.freeze((other) => {
      if (only !== undefined && this.isDebugged(other)) return !only.includes(other.tid);
      return task !== undefined && options.othersRun !== true && other !== task;
    }, only === undefined);
    if (task === undefined) return;
    if (options.step !== undefined) this.kernel.step(task, options.step.instructions);
    else if (options.stepRange !== undefined) {
      const { start, end } = options.stepRange;
      this.kernel.step(task, Infinity, ({ registers }) => registers.rip < start || registers.rip >= end);
    }
  }

  /** Hooks the kernel's events up; they become news between slices. */
  private follow(): void {
    const events = this.kernel.events;
    events.notice = (text) => {
      this.tell((observer) => {
        observer.onNotice(text);
      });
    };
    events.taskStarted = (task) => {
      this.taskStarted(task);
    };
    events.taskExited = (task) => {
      if (!this.isDebugged(task)) return;
      this.kernelAccesses.forget(task);
      this.tell((observer) => {
        observer.onThreadExited(task.tid);
        observer.onDebugRegistersChanged();
      });
      // What ends with the thread ends before another takes its memory over.
      if (!this.ledger.isEmpty) this.kernel.stop();
    };
    events.renamed = (task) => {
      this.renamed(task);
    };
    events.threadPointerSet = (task) => {
      this.threadPointerSet(task);
    };
    this.kernelAccesses.follow(events);
    events.leavesKernel = (task) => {
      this.tellKernelHits(task);
      if (this.debugged.vforkEnded(task)) this.debugged.stopFor(task.tid, { kind: 'vforkDone' });
    };
    events.executed = (task) => {
      if (!this.isDebugged(task)) return;
      this.executed(task);
    };
    events.mappingsChanged = (process) => {
      if (process === this.process) this.noteModules();
    };
    events.processEnded = (process, killedBy) => {
      if (this.debugged.has(process)) this.processEnded(process, programEndOf(process, killedBy));
    };
  }

  private executed(task: Task): void {
    this.debugged.executed(task.process);
    this.noteModules();
    if (task.process === this.process) {
      this.ledger.forget();
      this.followMemory();
    }
    if (!this.debugged.followsExecutions) this.machine.forget();
    else this.debugged.stopFor(task.tid, { kind: 'executed', path: task.process.executable });
  }

  private processEnded(process: Process, end: KernelEnd): void {
    if (this.debugged.all().length === 1) this.end = end;
    else {
      this.debugged.remove(process);
      this.debugged.stopFor(process.pid, { kind: 'ended', processId: process.pid, end: toProgramEnd(end) });
    }
    this.kernel.stop();
  }

  private taskStarted(task: Task): void {
    if (!this.isDebugged(task)) {
      const started = this.debugged.started(task.process);
      if (started !== undefined) this.debugged.stopFor(started.parent.tid, started.event);
      return;
    }
    const failed = this.ledger.armNew(task);
    const info = { id: task.tid, name: task.comm };
    this.tell((observer) => {
      observer.onThreadStarted(info);
      observer.onDebugRegistersChanged();
    });
    this.tellUnarmed(task, failed);
  }

  private renamed(task: Task): void {
    if (!this.isDebugged(task)) return;
    const failed = this.ledger.renamed(task);
    const info = { id: task.tid, name: task.comm };
    this.tell((observer) => {
      observer.onThreadRenamed?.(info);
    });
    this.tellUnarmed(task, failed);
  }

  private threadPointerSet(task: Task): void {
    if (!this.isDebugged(task)) return;
    this.tellUnarmed(task, this.ledger.threadPointerSet(task));
    this.tell((observer) => observer.onThreadPointerSet?.(task.tid));
    this.kernel.stop();
  }

  private tellUnarmed(task: Task, failed: readonly WatchId[]): void {
    for (const watch of failed) {
      const text = `Data breakpoint ${watch} could not be armed on thread ${task.tid}: it has no free debug register.`;
      this.tell((observer) => {
        observer.onNotice(text);
      });
    }
  }

  private followMemory(): void {
    const { process, ledger, kernel } = this;
    followUnmapped(process, ledger.armedPieces.bind(ledger), (memory) => {
      this.tell((observer) => observer.onMemoryUnmapped?.(memory));
      kernel.stop();
    });
  }

  private tellKernelHits(task: Task): void {
    const hits = this.kernelAccesses.take(task);
    if (hits.length === 0 || this.observer?.onWatchHit(task.tid, hits) !== 'stop') return;
    this.stopAt(task, { kind: 'watch', hits });
    this.kernel.stop();
  }

  /** The slice ends, so that the session can look at the new code before it runs. */
  private noteModules(): void {
    this.modulesChanged = true;
    this.kernel.stop();
  }

  private tracer(): Tracer {
    const observer = (): TargetObserver => {
      assert(this.observer !== undefined, 'the target was started');
      return this.observer;
    };
    return {
      codeStop: (task) => {
        const address = task.registers.rip;
        if (!this.debugged.hasCodeStop(task.process, address)) return 'continue';
        if (observer().onCodeStop(task.tid, address) === 'continue') return 'continue';
        return this.stopAt(task, { kind: 'codeStop', address });
      },
      watchHit: (task, hits, exit) => {
        // A wide breakpoint is hit by whoever runs.
        if (!this.isDebugged(task)) return 'continue';
        const seen = toWatchHits(hits, exit);
        if (observer().onWatchHit(task.tid, seen) === 'continue') return 'continue';
        return this.stopAt(task, { kind: 'watch', hits: seen });
      },
      signal: (task, info) => this.decideSignal(task, info),
      stepped: (task) => {
        this.stopAt(task, { kind: 'step' });
      },
    };
  }

  private stopAt(task: Task, reason: StopReason): 'stop' | 'continue' {
    if (this.debugged.putOff(task, reason)) return 'continue';
    this.pendingStop = { thread: task.tid, reason };
    return 'stop';
  }

  private decideSignal(task: Task, info: KernelSignal): 'deliver' | 'hold' {
    if (!this.isDebugged(task) || this.quietSignals.has(info.signal) || !signalShown(task, info)) return 'deliver';
    this.stopAt(task, { kind: 'signal', signal: toSignalInfo(info) });
    return 'hold';
  }

  /** False: the program stands still now. */
  private afterSlice(): boolean {
    const ended = this.end !== undefined;
    const stop = ended ? undefined : this.dueStop();
    if (ended || stop !== undefined) this.loop.halt();
    this.tellNews();
    if (ended) {
      this.finish();
      return false;
    }
    if (stop === undefined) return true;
    this.standStill(stop);
    return false;
  }

  private dueStop(): Stop | undefined {
    const pauses = this.pauseRequested || this.kernel.hasReachedLimit;
    return this.pendingStop ?? this.debugged.takeStop() ?? (pauses ? this.pauseStop() : undefined);
  }

  private pauseStop(): Stop {
    const running = this.kernel.context.scheduler.cpus.flatMap(({ current }) => current ?? []);
    return { thread: this.debugged.lookedAt(running).tid, reason: { kind: 'pause' } };
  }

  private standStill(stop: Stop): void {
    this.pendingStop = undefined;
    this.pauseRequested = false;
    this.lastStop = stop.thread;
    this.lastStopAt = this.debugged.task(stop.thread)?.registers.rip;
    this.lastStopSawCode = stop.reason.kind === 'codeStop' || stop.reason.kind === 'step';
    this.kernel.cancelStep();
    this.kernel.freeze(() => false);
    this.machine.enter();
    this.observer?.onStop(stop);
  }

  private tellNews(): void {
    const observer = this.observer;
    if (observer === undefined) return;
    const news = this.news;
    this.news = [];
    for (const event of news) event(observer);
    if (this.modulesChanged && this.end === undefined) {
      this.modulesChanged = false;
      observer.onModulesChanged();
    }
  }

  private finish(): void {
    this.loop.halt();
    this.kernel.killAll();
    this.tellNews();
    const end = this.end ?? { kind: 'exited', code: 0 };
    this.end = end;
    this.observer?.onEnd(toProgramEnd(end));
  }
}
