// kernel-clock.ts: emulated time: a nanosecond per instruction, plus what was skipped while everybody slept.
//
// Quirk: time follows the instruction count (1 ns each, over all CPUs together), not the wall clock. While every task
// sleeps, time jumps to the next deadline at once, unless somebody waits for the host's input. Under gdbserver time is
// never behind the host's, and sleeps last as long as outside.

export class KernelClock {
  /** Instructions that have retired on all CPUs. */
  instructions = 0;
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
