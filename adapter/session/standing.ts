// standing.ts: what may be asked of a session now: does its program stand, does it run, has it ended?

import type { ThreadId, ThreadInfo } from '../target/target';
import { UserError } from '../util/user-error';
import type { SessionCore } from './session-core';

export type Soon<T> = T | Promise<T>;

export class Standing {
  constructor(private readonly core: SessionCore) {}

  get isRunning(): boolean {
    return this.core.run.state === 'running';
  }

  get hasEnded(): boolean {
    return this.core.run.state === 'ended';
  }

  /** At once, or in a moment of standing. Throws UserError where there will be none. */
  when<T>(action: () => T): Soon<T> {
    if (this.hasEnded) throw hasEnded();
    return this.core.run.whenStopped(action);
  }

  must(): void {
    if (this.hasEnded) throw hasEnded();
    if (this.isRunning) throw new UserError('running', 'The program is running: pause it first.');
  }

  /** None after its end. */
  threads(): readonly ThreadInfo[] {
    return this.hasEnded ? [] : this.core.debuggee.target.threads();
  }

  mustExist(thread: ThreadId): void {
    if (this.threads().some(({ id }) => id === thread)) return;
    throw new UserError('no-thread', `There is no thread ${thread} (any more).`);
  }
}

export function hasEnded(): UserError {
  return new UserError('ended', 'The program has ended.');
}
