// bench.ts: the world in which a vector runs: two CPUs, one breakpoint layer, workers, event descriptors.
//
// The profile of the recording: CPUs 0 and 1, four debug registers, perf_event_paranoid 2, root unless `drop` was done.
// Time passes with each instruction, so that times are zero only for what never ran.

import { BreakpointLayer } from '../../../kernel/clients/breakpoint-layer';
import type { Opener } from '../../../kernel/clients/perf-syscall/open';
import { PerfSyscalls, type PerfFile } from '../../../kernel/clients/perf-syscall/perf-file';
import type { DueSignal } from '../../../kernel/perf/pending-work';
import type { RingBuffer } from '../../../kernel/perf/ring-buffer';
import type { TaskRef } from '../../../kernel/sched/task';
import { BenchDebugRegisters } from './bench-registers';
import type { BenchCpu } from './bench-cpu';
import type { Names } from './answer-text';
import { Worker, type WorkerHost } from './worker';

const CPU_COUNT = 2;
const DEBUG_REGISTERS = 4;
const NANOSECONDS_PER_TICK = 100n;
const FIRST_FD = 3;
const FIRST_TID = 1000;

/** An event number of the vector. */
export interface OpenEvent {
  readonly file: PerfFile;
  readonly fd: number;
  /** The perf_event_attr of `open` or of the last successful `modify`. */
  attributes: Uint8Array;
  /** Its ring, while mapped, and whether read-only. */
  map: { readonly ring: RingBuffer; readonly readOnly: boolean } | undefined;
}

export class Bench implements WorkerHost, Names {
  readonly cpus: readonly BenchCpu[];
  readonly layer: BreakpointLayer;
  readonly syscalls: PerfSyscalls;
  readonly workers: Worker[] = [];
  readonly events = new Map<number, OpenEvent>();
  privileged = true;
  private now = 0n;
  private lastTid = FIRST_TID;

  constructor() {
    this.cpus = Array.from({ length: CPU_COUNT }, (_, id) => ({
      id,
      debugRegisters: new BenchDebugRegisters(DEBUG_REGISTERS),
      current: undefined as TaskRef | undefined,
    }));
    this.layer = new BreakpointLayer({ cpus: this.cpus, clock: () => this.now });
    this.syscalls = new PerfSyscalls(this.layer.perf);
  }

  tick(): void {
    this.now += NANOSECONDS_PER_TICK;
  }

  get opener(): Opener {
    const { privileged } = this;
    return { perfmon: privileged, sysAdmin: privileged, mayObserve: () => true };
  }

  /** Without a parent: a child of the server. */
  addWorker(parent?: Worker, thread = false): Worker {
    this.lastTid += 1;
    const worker = new Worker(this, this.workers.length, this.lastTid, thread ? parent : undefined, parent);
    this.workers.push(worker);
    return worker;
  }

  lowestFreeFd(): number {
    const used = new Set([...this.events.values()].map((event) => event.fd));
    let fd = FIRST_FD;
    while (used.has(fd)) fd += 1;
    return fd;
  }

  deliver(signals: readonly DueSignal[]): void {
    for (const due of signals) {
      const to = due.kind === 'async' ? due.to : due.task;
      const worker = this.workers.find((candidate) => candidate === to);
      if (worker?.alive === true) worker.send(due);
    }
  }

  eventOfFd(fd: number): number {
    return this.numberOf((event) => event.fd === fd);
  }

  eventOfId(id: bigint): number {
    return this.numberOf((event) => BigInt(event.file.id) === id);
  }

  workerOfTid(tid: number): number {
    return this.workers.findIndex((worker) => worker.tid === tid);
  }

  private numberOf(matches: (event: OpenEvent) => boolean): number {
    const found = [...this.events].filter(([, event]) => matches(event)).map(([number]) => number);
    return found.length === 0 ? -1 : Math.min(...found);
  }
}
