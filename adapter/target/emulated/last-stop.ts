// last-stop.ts: who stopped last, where, and whether the session has seen the code stop there.

import type { Task } from '../../kernel/process/task';
import type { Standing } from '../recorded/recorded-run';
import type { Stop, ThreadId } from '../target';

export class LastStop {
  private thread: ThreadId | undefined;
  /** The session knows that the thread stands at this code stop: it told so, or stepped there. */
  private sawCode = false;
  private rip: bigint | undefined;

  constructor(private readonly taskOf: (thread: ThreadId) => Task | undefined) {}

  /** Undefined before the first stop. */
  get standing(): Standing | undefined {
    return this.thread === undefined ? undefined : { thread: this.thread, sawCode: this.sawCode };
  }

  /** The one that stopped, while it lives. */
  get task(): Task | undefined {
    return this.thread === undefined ? undefined : this.taskOf(this.thread);
  }

  stopped({ thread, reason }: Stop): void {
    this.standAs({ thread, sawCode: reason.kind === 'codeStop' || reason.kind === 'step' });
  }

  standAs({ thread, sawCode }: Standing): void {
    this.thread = thread;
    this.rip = this.taskOf(thread)?.registers.rip;
    this.sawCode = sawCode;
  }

  /** Before it runs on: a code stop that was seen is passed over. Moved by the debugger, it stops where it is now. */
  leave(): void {
    const { task } = this;
    if (task === undefined) return;
    task.skipCodeStop = task.registers.rip === this.rip && (this.sawCode || task.skipCodeStop);
  }
}
