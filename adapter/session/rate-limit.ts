// rate-limit.ts: passes the first call on at once, and then at most one per interval, never losing the last.

import type { HostClock } from './engine';

export class RateLimit {
  private waiting = false;
  private nextAt = 0;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly clock: HostClock,
    private readonly call: () => void,
  ) {}

  trigger(): void {
    if (this.waiting) return;
    const now = this.clock.now();
    if (now >= this.nextAt) {
      this.pass(now);
      return;
    }
    this.waiting = true;
    this.cancelTimer = this.clock.after(this.nextAt - now, () => {
      this.waiting = false;
      this.pass(this.clock.now());
    });
  }

  /** Nothing comes after this. */
  stop(): void {
    this.cancelTimer?.();
    this.waiting = true;
  }

  private pass(now: number): void {
    this.nextAt = now + this.intervalMs;
    this.call();
  }
}
