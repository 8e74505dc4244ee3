// emulated-target.ts: the debugger's view of a program on the emulated machine.
//
// All-stop. The first process is debugged, and what it forks where that is followed. Events are collected while a slice
// runs and told between slices; decisions are asked where they happen (stop-decisions.ts).

import type { KernelHost, StandardInput } from '../../kernel/files/host';
import { Kernel, type KernelParts } from '../../kernel/kernel';
import type { ProgramEnd as KernelEnd } from '../../kernel/process/program-end';
import type { LaunchRequest } from '../../kernel/process/start';
import type { Process, Task } from '../../kernel/process/task';
import { encodeSignalInfo } from '../../kernel/signal/signal-info';
import { breakSleep } from '../../kernel/signal/send';
import { assert } from '../../util/assert';
import type {
  ArmOptions,
  ArmResult,
  HeededMemory,
  HitFilter,
  LoadedModule,
  ProcessFollowing,
  ResumeOptions,
  RunMoment,
  Stop,
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
import { LastStop } from './last-stop';
import { loadedModules } from './modules';
import { News } from './news';
import { ProgramEvents } from './program-events';
import { programTerminal } from './program-terminal';
import { injectedSignal, toProgramEnd } from './signals';
import { type HostLoop, SliceLoop } from './slice-loop';
import { StopDecisions } from './stop-decisions';
import { EmulatedRegisters } from './thread-registers';
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
  private readonly decisions: StopDecisions;
  private observer: TargetObserver | undefined;
  private readonly news = new News();
  private pauseRequested = false;
  private end: KernelEnd | undefined;
  private readonly lastStop = new LastStop((thread) => this.debugged.task(thread));
  private startedAt = 0;

  /** Loads the program; nothing has run. Throws UserError where it cannot be run. */
  constructor(parts: EmulatedTargetParts) {
    const terminal = programTerminal(parts.stdin, (stream, bytes) => {
      this.news.add((observer) => {
        observer.onOutput(stream, bytes);
      });
    });
    this.kernel = new Kernel({
      createMachine: parts.createMachine,
      host: { ...parts.host, terminal },
      options: parts.options,
    });
    this.debugged = new DebuggedProcesses(this.kernel.context, this.kernel.stop.bind(this.kernel));
    this.decisions = new StopDecisions(this.debugged, () => {
      assert(this.observer !== undefined, 'the target was started');
      return this.observer;
    });
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
    const { kernel, process, debugged, ledger, machine, kernelAccesses, news } = this;
    const parts = { kernel, process, debugged, ledger, machine, kernelAccesses, news };
    new ProgramEvents({
      ...parts,
      ended: (end) => {
        this.end = end;
      },
      leavesKernel: (task) => {
        this.tellKernelHits(task);
      },
    }).follow();
    this.kernel.tracer = this.decisions;
  }

  get running(): boolean {
    return this.loop.running;
  }

  resume(options: ResumeOptions = {}): void {
    if (this.end !== undefined || this.loop.running) return;
    this.lastStop.leave();
    const stopped = this.lastStop.task;
    if (stopped !== undefined && options.discardSignal === true && options.inject?.has(stopped.tid) !== true) {
      stopped.heldSignal = undefined;
      stopped.heldSignalSeen = false;
    }
    this.decisions.pending = undefined;
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
    return this.lastStop.standing;
  }

  /** As if that stop had been here. */
  standAs(standing: Standing): void {
    this.lastStop.standAs(standing);
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
    this.decisions.quietSignals = new Set(signals);
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

  setWatchFilters(watch: WatchId, filters: (thread: ThreadId) => readonly HitFilter[]): void {
    this.ledger.setFilters(watch, filters, this.tasks());
  }

  disarmWatch(watch: WatchId): void {
    this.ledger.disarm(watch, this.tasks());
    this.machine.disarm(watch);
    this.slotsChanged();
  }

  heedMemory(ranges: readonly HeededMemory[]): void {
    this.ledger.heeded = ranges;
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

  private tellKernelHits(task: Task): void {
    const hits = this.kernelAccesses.take(task);
    if (hits.length > 0 && this.decisions.stopsAtHits(task, hits)) this.kernel.stop();
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
    return this.decisions.pending ?? this.debugged.takeStop() ?? (pauses ? this.pauseStop() : undefined);
  }

  private pauseStop(): Stop {
    const running = this.kernel.context.scheduler.cpus.flatMap(({ current }) => current ?? []);
    return { thread: this.debugged.lookedAt(running).tid, reason: { kind: 'pause' } };
  }

  private standStill(stop: Stop): void {
    this.decisions.pending = undefined;
    this.pauseRequested = false;
    this.lastStop.stopped(stop);
    this.kernel.cancelStep();
    this.kernel.freeze(() => false);
    this.machine.enter();
    this.observer?.onStop(stop);
  }

  private tellNews(): void {
    if (this.observer !== undefined) this.news.tell(this.observer, this.end !== undefined);
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
