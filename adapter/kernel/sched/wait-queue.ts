// wait-queue.ts: who sleeps on what.
//
// A waiter is added in order and woken in order, so that wake-ups are deterministic. Removing oneself after a
// wake-up is the waiter's duty (it may sleep on several queues).

export interface Waiter {
  /** True if this wake-up was used; false if the waiter was not asleep any more. */
  wake(): boolean;
}

export class WaitQueue {
  private readonly waiters = new Set<Waiter>();

  add(waiter: Waiter): void {
    this.waiters.add(waiter);
  }

  remove(waiter: Waiter): void {
    this.waiters.delete(waiter);
  }

  get isEmpty(): boolean {
    return this.waiters.size === 0;
  }

  wakeAll(): void {
    for (const waiter of [...this.waiters]) waiter.wake();
  }
}
