// kernel-clock.ts: emulated time: a nanosecond per instruction, plus what was skipped while everybody slept.
//
// Quirk: time follows the instruction count (1 ns each, over all CPUs together), not the wall clock. While every task
// sleeps, time jumps to the next deadline at once, unless somebody waits for the host's input. Under gdbserver time is
// never behind the host's, and sleeps last as long as outside.

/**
 * One moment of a run. Time alone says which instruction has retired last; between it and the next one the kernel may do
 * several things, which `work` counts. Runs of the same program with the same input come by the same moments.
 */
export interface Moment {
  /** As `KernelClock.time`. */
  readonly time: number;
  readonly work: number;
}

export class KernelClock {
  /** Instructions that have retired on all CPUs. */
  instructions = 0;
  /** What the kernel has done between instructions: turns given, calls ended, signals delivered. */
  work = 0;
  private skippedNs = 0n;
  private skipped = 0;

  constructor(private readonly startTimeNs: bigint) {}

  /** Since the machine was switched on. */
  get nowNs(): bigint {
    return BigInt(this.instructions) + this.skippedNs;
  }

  /** The same, exact up to 2^53: cheap enough for every hit. */
  get time(): number {
    return this.instructions + this.skipped;
  }

  get moment(): Moment {
    return { time: this.time, work: this.work };
  }

  hasReached({ time, work }: Moment): boolean {
    return this.time > time || (this.time === time && this.work >= work);
  }

  /** Since 1970. */
  get realTimeNs(): bigint {
    return this.startTimeNs + this.nowNs;
  }

  /** Everybody sleeps until then, or the host's clock has reached it. */
  skipTo(deadlineNs: bigint): void {
    const now = this.nowNs;
    if (deadlineNs <= now) return;
    this.skippedNs += deadlineNs - now;
    this.skipped = Number(this.skippedNs);
  }
}
