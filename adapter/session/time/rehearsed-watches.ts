// rehearsed-watches.ts: watches of the session, armed in a rehearsal, and what they would do there.
//
// Where a program is executed in the place of another they are armed anew, as the session does it.

import type { Rehearsal, RehearsalEnd, RehearsalJudge, RunMoment, ThreadId, WatchHit } from '../../target/target';
import type { Watch } from '../../watch/watch';
import type { WatchStop } from '../../watch/watch-judge';
import { Debuggee } from '../debuggee';
import type { SessionCore } from '../session-core';
import { RehearsedProgram } from './rehearsed-program';

export class RehearsedWatches {
  private program: RehearsedProgram;
  /** Watches whose frame has begun by what was seen, and when. */
  readonly begun = new Map<Watch, number>();

  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly watches: readonly Watch[],
    private readonly core: SessionCore,
  ) {
    this.program = this.programNow();
  }

  /** The rehearsal's own; stops for calls of functions whose locals are watched are nobody's else. */
  async run(until: RunMoment, judge: RehearsalJudge): Promise<RehearsalEnd> {
    for (;;) {
      const end = await this.rehearsal.run(until, {
        ...judge,
        onCodeStop: (thread, address) => this.program.onCodeStop(thread, address),
        onExecuted: () => {
          this.program.disarm();
          this.arm();
        },
        onModulesChanged: () => {
          if (!this.isSeen) this.program.modulesChanged();
        },
      });
      if (end.kind !== 'hit' || !this.program.goesOn()) return end;
    }
  }

  /** From where the rehearsal stands now. */
  arm(): void {
    this.program = this.programNow();
    this.program.arm();
  }

  /** The session arms its own. */
  disarm(): void {
    this.program.disarm();
  }

  /** Watches whose frames this instruction has made. */
  begin(hits: readonly WatchHit[], timeNs: number): readonly Watch[] {
    const begun = this.program.begun(hits);
    for (const watch of begun) this.begun.set(watch, timeNs);
    return begun;
  }

  /** What would have stopped at this instruction. */
  judge(thread: ThreadId, hits: readonly WatchHit[], timeNs: number): readonly WatchStop[] {
    return this.program.judge(thread, hits, timeNs);
  }

  private get isSeen(): boolean {
    return this.rehearsal.executions === this.core.debuggee.target.time?.executions;
  }

  private programNow(): RehearsedProgram {
    const { rehearsal, isSeen } = this;
    const { debuggee, engine } = this.core;
    const symbols = isSeen ? debuggee.symbols : engine.createSymbols();
    const there = new Debuggee(rehearsal.target, symbols, engine.files);
    return new RehearsedProgram(rehearsal, this.watches, there, { executions: rehearsal.executions, isSeen });
  }
}
