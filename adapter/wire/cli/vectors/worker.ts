// worker.ts: a recorded worker: a traced task that runs one stub at a time and stops at every signal.
//
// Between operations it is ptrace-stopped. `run` lets it go until its closing int3 (or, stepping, its first stop) and
// answers a token for every stop on the way. Signals queue as Linux queues them: a legacy signal that is pending
// already is dropped; synchronous ones are taken first, then the lowest number.
//
// Truth: the recording server's line protocol ("Stop tokens"); shared reference "hw-breakpoint-spec", B.10.5.

import type { BreakpointLayer } from '../../../kernel/clients/breakpoint-layer';
import type { DueSignal } from '../../../kernel/perf/pending-work';
import type { TaskRef } from '../../../kernel/sched/task';
import { formatAddress, isInFunctions } from './addresses';
import { BenchRegisters } from './bench-registers';
import { RFLAGS_RF, RFLAGS_TF, runInstruction, type BenchCpu, type BenchExit } from './bench-cpu';

const SIGILL = 4;
const SIGTRAP = 5;
const SIGUSR1 = 10;
const SIGSEGV = 11;
const SIGUSR2 = 12;
const SIGIO = 29;
const FIRST_REALTIME = 32;
const SYNCHRONOUS = new Set([SIGILL, SIGTRAP, 7, 8, SIGSEGV, 31]);
const TRAP_PERF = 6;
const SI_KERNEL = 128;
const MAX_STOPS = 200;

interface PendingSignal {
  readonly signal: number;
  readonly code: number;
  /** What the token shows beside the place. */
  readonly fd?: number;
  readonly band?: number;
  readonly trap?: { readonly address: bigint; readonly data: bigint; readonly type: number };
}

/** What the worker's world gives it. */
export interface WorkerHost {
  readonly layer: BreakpointLayer;
  readonly cpus: readonly BenchCpu[];
  /** The number of the event behind a descriptor; -1 if none. */
  eventOfFd(fd: number): number;
  /** Sends what became due; to whichever worker. */
  deliver(signals: readonly DueSignal[]): void;
  /** An instruction's time passes. */
  tick(): void;
}

/** The system call that the worker is at; runs while it is on its CPU. True: the worker is gone. */
export type SystemCall = (cpu: BenchCpu) => boolean;

export class Worker implements TaskRef {
  readonly comm = 'oracle';
  readonly registers = new BenchRegisters();
  readonly tgid: number;
  private pending: PendingSignal[] = [];
  /** Signals to the process, which any of its threads may take. */
  private readonly process: { childEnded: boolean };
  alive = true;
  cpu = 0;

  constructor(
    private readonly host: WorkerHost,
    readonly index: number,
    readonly tid: number,
    /** A thread of the same process, for what is not the first of its process. */
    sibling: Worker | undefined,
    /** Who forked or cloned it; gets SIGCHLD. */
    readonly parent: Worker | undefined,
  ) {
    this.tgid = sibling?.tgid ?? tid;
    this.process = sibling?.process ?? { childEnded: false };
  }

  /** SIGCHLD: never shown, but it is a stop like any other. */
  childEnded(): void {
    this.process.childEnded = true;
  }

  send(due: DueSignal): void {
    if (due.kind === 'debugTrap') this.queue({ signal: SIGTRAP, code: due.code });
    else if (due.kind === 'perfTrap') {
      const { address, data, type } = due;
      this.queue({ signal: SIGTRAP, code: TRAP_PERF, trap: { address, data, type } });
    } else if (due.signal === 0) this.queue({ signal: SIGIO, code: SI_KERNEL });
    else this.queue({ signal: due.signal, code: due.code, fd: due.fd, band: due.band });
  }

  private queue(signal: PendingSignal): void {
    const known = this.pending.some((other) => other.signal === signal.signal);
    if (known && signal.signal < FIRST_REALTIME) return;
    this.pending.push(signal);
  }

  /** Runs until int3, or the first stop when stepping. Answers the tokens of all stops. */
  run(step: boolean, systemCall?: SystemCall): readonly string[] {
    const tokens: string[] = [];
    for (;;) {
      const token = this.runToStop(step, systemCall);
      if (token === undefined) return tokens;
      if (token === 'silent') {
        if (step) return tokens;
        continue;
      }
      if (tokens.length >= MAX_STOPS) return [...tokens, 'TOOMANY'];
      tokens.push(token.text);
      if (step || token.last) return tokens;
    }
  }

  private runToStop(step: boolean, systemCall?: SystemCall): StopToken | 'silent' | undefined {
    const { host } = this;
    const cpu = host.cpus[this.cpu];
    host.tick();
    cpu.current = this;
    host.layer.switchIn(this, cpu);
    if (step) this.registers.rflags |= RFLAGS_TF;
    else this.registers.rflags &= ~RFLAGS_TF;
    const stopped = this.execute(cpu, systemCall);
    host.layer.switchOut(this, cpu);
    cpu.current = undefined;
    this.registers.rflags &= ~RFLAGS_TF;
    if (stopped === 'int3') return undefined;
    return stopped === 'childEnded' ? 'silent' : this.describe(stopped);
  }

  private execute(cpu: BenchCpu, systemCall?: SystemCall): PendingSignal | 'childEnded' | 'int3' {
    for (;;) {
      const signal = this.dequeue();
      if (signal !== undefined) return signal;
      if (this.process.childEnded) {
        this.process.childEnded = false;
        return 'childEnded';
      }
      this.host.tick();
      const exit = runInstruction(cpu, this.registers);
      if (exit.kind === 'int3') return 'int3';
      if (this.handle(cpu, exit, systemCall)) return 'int3';
    }
  }

  /** True: the worker is gone. */
  private handle(cpu: BenchCpu, exit: BenchExit, systemCall?: SystemCall): boolean {
    const { layer } = this.host;
    switch (exit.kind) {
      case 'debug':
        this.host.deliver(layer.handleDebugException(cpu, this, exit.exit).signals);
        return false;
      case 'segv':
        this.queue({ signal: SIGSEGV, code: exit.code });
        return false;
      case 'illegal':
        this.queue({ signal: SIGILL, code: 2 });
        return false;
      case 'syscall':
        if (systemCall?.(cpu) === true) return true;
        this.registers.rip += 2n;
        this.host.deliver(layer.returnToUser(this));
        return false;
      case 'next':
      case 'int3':
        return false;
    }
  }

  private dequeue(): PendingSignal | undefined {
    const synchronous = this.pending.find(({ signal, code }) => SYNCHRONOUS.has(signal) && code > 0);
    const lowest = this.pending.reduce<PendingSignal | undefined>(
      (least, one) => (least === undefined || rank(one) < rank(least) ? one : least),
      undefined,
    );
    const next = synchronous ?? lowest;
    this.pending = this.pending.filter((signal) => signal !== next);
    return next;
  }

  private describe(stop: PendingSignal): StopToken {
    const { signal, code } = stop;
    const { rip, rflags } = this.registers;
    const ip = formatAddress(rip);
    if (signal === SIGTRAP && stop.trap !== undefined) {
      const { address, data, type } = stop.trap;
      const what = `addr=${formatAddress(address)};data=${data.toString(16)};type=${type};fl=0`;
      return { text: `perf(ip=${ip};${what})`, last: false };
    }
    if (signal === SIGTRAP) {
      const dr6 = this.host.layer.ptrace.peek(this, 6);
      const status = dr6.ok ? dr6.value.toString(16) : dr6.errno;
      const resume = (rflags & RFLAGS_RF) !== 0n && isInFunctions(rip) ? ';rf' : '';
      return { text: `trap(ip=${ip};code=${code};dr6=${status}${resume})`, last: false };
    }
    if (signal === SIGIO || signal === SIGUSR1 || signal === SIGUSR2) {
      const place = `sig(${signal};ip=${ip};code=${code}`;
      if (stop.fd === undefined) return { text: `${place})`, last: false };
      const event = this.host.eventOfFd(stop.fd);
      return { text: `${place};e=${event};band=${(stop.band ?? 0).toString(16)})`, last: false };
    }
    return { text: `signal(${signal};ip=${ip};code=${code})`, last: true };
  }
}

interface StopToken {
  readonly text: string;
  /** The server gives up at such a stop. */
  readonly last: boolean;
}

/** Synchronous signals come before all others, even without their information. */
function rank({ signal }: PendingSignal): number {
  return SYNCHRONOUS.has(signal) ? signal : signal + 64;
}
