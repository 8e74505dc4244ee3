// thread-names.ts: the names of threads, those that have ended included: a history outlives them.

import type { ThreadId, ThreadInfo } from '../target/target';

export class ThreadNames {
  private readonly known = new Map<ThreadId, string>();

  constructor(private readonly threads: () => readonly ThreadInfo[]) {}

  /** What runs now, by the name that it has now. */
  refresh(): void {
    for (const thread of this.threads()) this.note(thread);
  }

  /** One that has started, or taken another name: it may have ended before anybody asks. */
  note({ id, name }: ThreadInfo): void {
    this.known.set(id, name);
  }

  of(thread: ThreadId): string {
    return this.known.get(thread) ?? '';
  }
}
