// kernel-timer.ts: something that happens at a moment of emulated time, once or again and again.
//
// Armed timers stand in the kernel's set; timers.ts fires them when they are due.

export class KernelTimer {
  /** undefined: not armed. */
  deadlineNs: bigint | undefined;
  intervalNs = 0n;

  /** `expirations`: how often it has expired since it was last told; at least 1. */
  constructor(readonly fire: (expirations: bigint) => void) {}

  /** `deadlineNs` undefined disarms. */
  set(deadlineNs: bigint | undefined, intervalNs: bigint): void {
    this.deadlineNs = deadlineNs;
    this.intervalNs = intervalNs;
  }

  leftNs(nowNs: bigint): bigint {
    if (this.deadlineNs === undefined) return 0n;
    return this.deadlineNs > nowNs ? this.deadlineNs - nowNs : 1n;
  }

  /** Tells what is due. */
  expire(nowNs: bigint): void {
    if (this.deadlineNs === undefined || this.deadlineNs > nowNs) return;
    let expirations = 1n;
    if (this.intervalNs === 0n) {
      this.deadlineNs = undefined;
    } else {
      expirations += (nowNs - this.deadlineNs) / this.intervalNs;
      this.deadlineNs += expirations * this.intervalNs;
    }
    this.fire(expirations);
  }
}
