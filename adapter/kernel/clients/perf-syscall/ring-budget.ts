// ring-budget.ts: how many pages of rings a user may have.
//
// Each user has perf_event_mlock_kb for every CPU; beyond it a ring's pages count against the process's RLIMIT_MEMLOCK,
// which the privileged (CAP_IPC_LOCK) and a paranoia of -1 ignore. A charge is released exactly once.
//
// Truth: perf_event_open(2) "perf_event_mlock_kb"; mmap of an event on Linux 6.18.

import type { PerfCore } from '../../perf/perf-core';

const KIB_PER_PAGE = 4;

export interface RingWish {
  /** Who pays: the user, and the address space. */
  readonly user: number;
  readonly memory: object;
  /** With the control page. */
  readonly pages: number;
  /** RLIMIT_MEMLOCK in pages. */
  readonly limitPages: number;
  /** CAP_IPC_LOCK. */
  readonly mayLock: boolean;
}

export interface RingCharge {
  readonly user: number;
  readonly memory: object;
  readonly userPages: number;
  readonly pinnedPages: number;
}

export class RingBudget {
  private readonly locked = new Map<number, number>();
  private readonly pinned = new WeakMap<object, number>();

  constructor(private readonly perf: PerfCore) {}

  /** undefined: EPERM. */
  charge({ user, memory, pages, limitPages, mayLock }: RingWish): RingCharge | undefined {
    const { perf_event_mlock_kb: kib, perf_event_paranoid: paranoid } = this.perf.settings;
    const limit = Math.floor(kib / KIB_PER_PAGE) * this.perf.scheduler.cpus.length;
    const free = Math.max(0, limit - (this.locked.get(user) ?? 0));
    const userPages = Math.min(pages, free);
    const pinnedPages = pages - userPages;
    const pinned = (this.pinned.get(memory) ?? 0) + pinnedPages;
    if (pinned > limitPages && paranoid > -1 && !mayLock) return undefined;
    this.add({ user, memory, userPages, pinnedPages }, 1);
    return { user, memory, userPages, pinnedPages };
  }

  release(charge: RingCharge): void {
    this.add(charge, -1);
  }

  private add({ user, memory, userPages, pinnedPages }: RingCharge, sign: 1 | -1): void {
    this.locked.set(user, (this.locked.get(user) ?? 0) + sign * userPages);
    this.pinned.set(memory, (this.pinned.get(memory) ?? 0) + sign * pinnedPages);
  }
}
