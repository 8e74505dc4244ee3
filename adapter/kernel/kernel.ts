// kernel.ts: the run loop: whose turn it is, what ended it, what comes next.
//
// `runSlice` runs until the host has had enough, the tracer stops, everybody sleeps or the program has ended. It
// never waits: what to wait for is in its answer. Everything is a function of instruction counts; the host's clock
// only decides where slices end, which changes nothing inside.

import type { Exit, Machine, MachineOptions } from '../machine/machine';
import { assertNever } from '../util/assert';
import { SI_KERNEL, Signal } from './abi/signals.table';
import { BreakpointLayer } from './clients/breakpoint-layer';
import { breakpointSignal, exceptionSignal, pageFaultSignal } from './faults';
import type { KernelHost } from './files/host';
import { RunningMemory } from './mm/running-memory';
import { ownHits } from './own-hits';
import { PerfNews } from './perf-news';
import { killNow } from './process/exit';
import { KernelContext, type KernelEvents, type KernelOptions } from './process/kernel-context';
import { SoftwareEvent } from './perf/software-pmu';
import { type LaunchRequest, startInit } from './process/start';
import { NO_CALL, type Task } from './process/task';
import { USER_STACKS } from './process/user-stack';
import { LONE_QUANTUM, QUANTUM, ScheduledCpu } from './sched/scheduler';
import { deliverSignals, hasDelivery } from './signal/deliver';
import { forceSignal, sendToProcess } from './signal/send';
import type { SignalInfo } from './signal/signal-info';
import { Stepping } from './stepping';
import { SystemCalls } from './syscalls/dispatch';
import { KernelClock, type Moment } from './time/kernel-clock';
import { earliestDeadline, fireTimers } from './time/timers';
import { NO_TRACER, type Tracer } from './tracing';

export interface KernelParts {
  readonly createMachine: (options: MachineOptions) => Machine;
  readonly host: KernelHost;
  readonly options: KernelOptions;
}

export type SliceEnd =
  /** The host's `enough` said so. */
  | { readonly kind: 'budget' }
  /** The tracer answered 'stop', or `stop` was called. */
  | { readonly kind: 'stopped' }
  /**
   * Everybody sleeps and somebody waits for the host (or nothing at all is due). Where a deadline is given the host
   * may let it come by `skipIdle`.
   */
  | { readonly kind: 'idle'; readonly deadlineNs: bigint | undefined }
  | { readonly kind: 'ended' };

/** Debug registers that a debugger may ask for later, beyond those that the launch gave. */
const MOST_MORE_REGISTERS = 60;

interface Turn {
  readonly cpu: ScheduledCpu<Task>;
  readonly task: Task;
  /** Instructions. */
  readonly left: number;
}

/** In a turn, the host's clock is asked after so many runs of the machine: one may take 50 µs where a hit is judged. */
const RUNS_UNASKED = 16;

export class Kernel {
  private unfinished: Turn | undefined;
  readonly context: KernelContext;
  readonly calls: SystemCalls;
  readonly layer: BreakpointLayer<number>;
  tracer: Tracer = NO_TRACER;
  private readonly clock: KernelClock;
  private readonly news: PerfNews;
  private stopRequested = false;
  private stepping: Stepping | undefined;
  private mayThaw = true;
  private readonly memory = new RunningMemory();
  private limit: Moment | undefined;
  /** Everybody sleeps beyond it. */
  private wouldSkipLimit = false;

  constructor(parts: KernelParts) {
    this.clock = new KernelClock(parts.host.startTimeNs);
    const machine = parts.createMachine({ timestamp: () => this.clock.nowNs });
    const { debugRegisters } = parts.options;
    // A machine without any stays one.
    const registers = debugRegisters === 0 ? 0 : debugRegisters + MOST_MORE_REGISTERS;
    const cpus = Array.from(
      { length: parts.options.cpus },
      (_, id) => new ScheduledCpu<Task>(id, machine.createDebugRegisters(registers)),
    );
    this.layer = new BreakpointLayer({
      cpus,
      slotsPerCpu: debugRegisters,
      clock: () => this.clock.nowNs,
      ...USER_STACKS,
    });
    this.context = new KernelContext(machine, parts.host, this.clock, parts.options, cpus, this.layer);
    this.calls = new SystemCalls(this.context);
    this.news = new PerfNews(this.context, this.layer);
  }

  get events(): KernelEvents {
    return this.context.events;
  }

  get instructions(): number {
    return this.clock.instructions;
  }

  get nowNs(): bigint {
    return this.clock.nowNs;
  }

  /** `nowNs` as a plain number. */
  get time(): number {
    return this.clock.time;
  }

  get moment(): Moment {
    return this.clock.moment;
  }

  /** Slices end as 'stopped' at this moment at the latest, as early in it as they can; undefined: nowhere. */
  limitTo(limit: Moment | undefined): void {
    this.limit = limit;
    this.wouldSkipLimit = false;
  }

  get hasReachedLimit(): boolean {
    return this.wouldSkipLimit || (this.limit !== undefined && this.clock.hasReached(this.limit));
  }

  /** Throws UserError where the program cannot be run. */
  start(launch: LaunchRequest): Task {
    return startInit(this.context, launch);
  }

  /** The slice under way ends as soon as it can. */
  stop(): void {
    this.stopRequested = true;
  }

  /** The next slices run so many instructions of this task and then stop; the others stay put if frozen. */
  step(task: Task, instructions: number, until?: (task: Task) => boolean): void {
    this.stepping = new Stepping(task, instructions, until);
  }

  cancelStep(): void {
    this.stepping = undefined;
  }

  /**
   * These tasks stay put, and no others do. `mayThaw`: all run again where the stepped task sleeps and could not go
   * on without them.
   */
  freeze(staysPut: (task: Task) => boolean, mayThaw = true): void {
    this.mayThaw = mayThaw;
    for (const task of this.context.tasks.values()) task.frozen = staysPut(task);
  }

  /** Ctrl-C, or the debugger's kill. */
  signalInit(signal: number): void {
    const init = this.context.init;
    if (init === undefined || init.isZombie) return;
    sendToProcess(this.context, init, {
      signal,
      code: SI_KERNEL,
      origin: { kind: 'kernel' },
      detail: 'sent from outside',
    });
  }

  /** Ends every process at once, without a word from the guest. */
  killAll(): void {
    for (const process of [...this.context.processes.values()]) {
      if (process.isZombie) continue;
      const killer: SignalInfo = { signal: Signal.SIGKILL, code: SI_KERNEL, origin: { kind: 'kernel' } };
      killNow(this.context, process, killer);
    }
  }

  /** True if a task could run now. */
  hasWork(): boolean {
    return [...this.context.tasks.values()].some((task) => task.runnable);
  }

  /** While everybody sleeps the host lets time pass up to there. */
  skipIdle(untilNs: bigint): void {
    this.clock.skipTo(untilNs);
  }

  /** `enough` is asked now and then, at least each few milliseconds. */
  runSlice(enough: () => boolean): SliceEnd {
    this.stopRequested = false;
    for (;;) {
      if (this.context.tasks.size === 0) return { kind: 'ended' };
      if (this.hasReachedLimit) return { kind: 'stopped' };
      const unfinished = this.takeUnfinished();
      if (unfinished !== undefined) {
        this.runTurn(unfinished, enough);
        if (this.takeStopRequest()) return { kind: 'stopped' };
        if (enough()) return { kind: 'budget' };
        continue;
      }
      fireTimers(this.context);
      const turn = this.context.scheduler.next() ?? this.thawForStep();
      if (this.news.send() && turn === undefined) continue;
      if (turn === undefined) {
        const idle = this.idle();
        if (idle !== undefined) return idle;
        continue;
      }
      this.clock.work++;
      const left = this.context.scheduler.isAlone(turn.task) ? LONE_QUANTUM : QUANTUM;
      this.runTurn({ ...turn, left }, enough);
      if (this.takeStopRequest()) return { kind: 'stopped' };
      if (enough()) return { kind: 'budget' };
    }
  }

  private takeStopRequest(): boolean {
    const requested = this.stopRequested;
    this.stopRequested = false;
    return requested;
  }

  /** The stepped task sleeps while the others are frozen: they must run for it to go on. */
  private thawForStep(): { cpu: ScheduledCpu<Task>; task: Task } | undefined {
    if (this.stepping === undefined || !this.mayThaw) return undefined;
    for (const task of this.context.tasks.values()) task.frozen = false;
    return this.context.scheduler.next();
  }

  /** Nobody can run: skip to the next deadline, or tell the host what to wait for. */
  private idle(): SliceEnd | undefined {
    const deadlineNs = earliestDeadline(this.context);
    if (this.limit !== undefined && deadlineNs !== undefined && Number(deadlineNs) > this.limit.time) {
      this.wouldSkipLimit = true;
      return { kind: 'stopped' };
    }
    if (deadlineNs !== undefined && !this.awaitsHost()) {
      this.clock.skipTo(deadlineNs);
      return undefined;
    }
    const abandoned = this.context.init?.isZombie === true && deadlineNs === undefined;
    return abandoned ? { kind: 'ended' } : { kind: 'idle', deadlineNs };
  }

  private awaitsHost(): boolean {
    if (this.context.options.hostTime === true) return true;
    const stdin = this.context.host.terminal.stdin;
    return stdin.kind === 'stream' && stdin.input.awaited();
  }

  /** The turn that the last slice could not end, if its task may still go on. */
  private takeUnfinished(): Turn | undefined {
    const turn = this.unfinished;
    this.unfinished = undefined;
    if (turn === undefined || turn.cpu.current !== turn.task) return undefined;
    return turn.task.runnable && !turn.task.frozen ? turn : undefined;
  }

  /**
   * A turn may take long where much happens in it (hits, system calls). It is left when the slice is over, or where a
   * debugger stops, and goes on in the next as if nothing had been: what runs when depends neither on the host's clock
   * nor on who looks.
   */
  private runTurn({ cpu, task, left: granted }: Turn, enough: () => boolean): void {
    let left = granted;
    let runs = 0;
    this.memory.enter(task.process.memory);
    while (left > 0 && cpu.current === task && task.runnable && !this.stopRequested) {
      if (this.hasReachedLimit) this.stopRequested = true;
      if (this.stopRequested || this.finishKernelWork(task)) continue;
      if (!this.deliver(task)) continue;
      left -= this.runTask(cpu, task, left);
      if (left > QUANTUM && !this.context.scheduler.isAlone(task)) left = QUANTUM;
      if (this.timerDue()) break;
      if (++runs % RUNS_UNASKED === 0 && left > 0 && enough()) {
        this.unfinished = { cpu, task, left };
        return;
      }
    }
    if (this.stopRequested && left > 0) this.unfinished = { cpu, task, left };
  }

  /** What a stop under ptrace or a sleep left to be done; false if there is nothing. */
  private finishKernelWork(task: Task): boolean {
    const { continuation } = task;
    if (continuation !== undefined) {
      task.continuation = undefined;
      continuation();
    } else if (task.wakeReason !== undefined) this.calls.resume(task, task.wakeReason);
    else if (task.callEnding) this.endCall(task);
    else return false;
    this.clock.work++;
    return true;
  }

  private endCall(task: Task): void {
    this.calls.end(task);
    const { stepping } = this;
    if (stepping?.task === task && stepping.takeEntry()) this.countStep(stepping, 1);
  }

  private timerDue(): boolean {
    const deadline = earliestDeadline(this.context);
    return deadline !== undefined && deadline <= this.clock.nowNs;
  }

  /** False if the task cannot run its own code now. */
  private deliver(task: Task): boolean {
    if (!hasDelivery(task)) return true;
    const entered = deliverSignals(this.context, task, (asked, info) => {
      const decision = this.tracer.signal(asked, info);
      if (decision === 'hold') this.stopRequested = true;
      return decision;
    });
    if (task.heldSignal === undefined) this.clock.work++;
    this.events.leavesKernel?.(task);
    // A step that a signal's delivery turned to a handler ends at the handler's first instruction.
    if (entered && this.stepping?.task === task) this.countStep(this.stepping, 1);
    return task.runnable && !this.stopRequested;
  }

  private runTask(cpu: ScheduledCpu<Task>, task: Task, left: number): number {
    // execve has brought another memory.
    this.memory.enter(task.process.memory);
    const clockDue = this.layer.perf.clockDeadline(cpu);
    if (clockDue !== undefined && clockDue <= this.clock.nowNs && this.news.clockTick(cpu, task)) return 0;
    const stepping = this.stepping?.task === task ? this.stepping : undefined;
    const result = task.process.memory.space.run(task.registers, cpu.debugRegisters, {
      maxInstructions: this.budget(left, stepping, clockDue),
      skipCodeStopAtStart: task.skipCodeStop,
    });
    if (result.instructions > 0 || result.exit.kind !== 'pageFault') task.skipCodeStop = false;
    task.instructions += result.instructions;
    this.clock.instructions += result.instructions;
    if (result.exit.kind !== 'syscall') task.originalRax = NO_CALL;
    this.handleExit(cpu, task, result.exit);
    if (stepping !== undefined && this.stepping === stepping) this.countStep(stepping, result.instructions);
    return result.instructions;
  }

  private budget(left: number, stepping: Stepping | undefined, clockDue: bigint | undefined): number {
    let budget = left;
    if (this.limit !== undefined) budget = Math.max(1, Math.min(budget, this.limit.time - this.clock.time));
    for (const deadline of [earliestDeadline(this.context), clockDue]) {
      if (deadline === undefined) continue;
      const untilDeadline = deadline - this.clock.nowNs;
      if (untilDeadline < BigInt(budget)) budget = Math.max(1, Number(untilDeadline));
    }
    return stepping === undefined ? budget : Math.min(budget, stepping.longestRun);
  }

  private countStep(stepping: Stepping, instructions: number): void {
    if (!stepping.isDoneAfter(instructions)) return;
    this.stepping = undefined;
    if (this.stopRequested) return;
    this.stopRequested = true;
    this.tracer.stepped(stepping.task);
  }

  private handleExit(cpu: ScheduledCpu<Task>, task: Task, exit: Exit): void {
    switch (exit.kind) {
      case 'budget':
        return;
      case 'syscall':
        this.calls.enter(task, exit.gate);
        this.news.afterCall(task);
        return;
      case 'debug':
        this.debugException(cpu, task, exit);
        return;
      case 'int3':
        forceSignal(this.context, task, breakpointSignal());
        return;
      case 'codeStop':
        task.skipCodeStop = true;
        if (this.tracer.codeStop(task) === 'stop') this.stopRequested = true;
        return;
      case 'pageFault':
        this.pageFault(task, exit);
        return;
      case 'exception':
        if (exit.unimplemented) this.context.notice(`An instruction is not emulated: ${exit.text}.`);
        forceSignal(this.context, task, exceptionSignal(exit, task.registers.rip));
        return;
      default:
        assertNever(exit);
    }
  }

  private pageFault(task: Task, exit: Extract<Exit, { kind: 'pageFault' }>): void {
    for (const kind of [SoftwareEvent.pageFault, SoftwareEvent.minorFault]) {
      this.layer.perf.happened(kind, task, true, exit.address);
    }
    const verdict = task.process.memory.fault(Number(exit.address), exit.access);
    if (verdict === 'retry') return;
    forceSignal(this.context, task, pageFaultSignal(exit, verdict === 'forbidden'));
  }

  private debugException(cpu: ScheduledCpu<Task>, task: Task, exit: Extract<Exit, { kind: 'debug' }>): void {
    const outcome = this.layer.handleDebugException(cpu, task, exit);
    this.news.deliver(outcome.signals);
    const own = ownHits(this.layer, task, outcome);
    if (own.length === 0) return;
    if (this.tracer.watchHit(task, own, exit) === 'stop') this.stopRequested = true;
  }
}
