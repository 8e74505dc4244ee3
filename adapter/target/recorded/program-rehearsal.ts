// program-rehearsal.ts: a program run once more, from its start, to a moment of its past.
//
// Runs at full speed where nothing is armed. What the debugger had written in the first run is written at the same
// moments. Nobody hears of it: output goes nowhere, and what the first run did to the host is not done again.

import { assert } from '../../util/assert';
import type { Rehearsal, RehearsalEnd, RehearsedHit, RunMoment, TargetObserver } from '../target';
import type { DebuggerEdits } from './debugger-edits';
import { isSameMoment, type RecordedRun } from './recorded-run';

const nothing = (): void => undefined;

export class ProgramRehearsal implements Rehearsal {
  readonly target: RecordedRun['target'];
  /** Edits that it has had. */
  editsDone = 0;
  private onHit: RehearsedHit | undefined;
  private wasHit = false;
  private cancelled = false;
  private ended = false;
  private standsStill: (() => void) | undefined;

  /** A run that stands at its start, and was told nothing yet. */
  constructor(
    readonly recorded: RecordedRun,
    private readonly edits: DebuggerEdits,
  ) {
    this.target = recorded.target;
    recorded.relay.to = this.observer();
    recorded.journal.onTrouble = () => {
      this.target.pause();
    };
  }

  async run(until: RunMoment, onHit?: RehearsedHit): Promise<RehearsalEnd> {
    assert(this.standsStill === undefined, 'a rehearsal runs once at a time');
    this.onHit = onHit;
    this.wasHit = false;
    for (;;) {
      const edit = this.edits.next(this.editsDone, until);
      await this.runTo(edit?.moment ?? until);
      const end = this.endOf();
      if (end !== undefined) return end;
      if (edit === undefined) return { kind: 'arrived' };
      if (!isSameMoment(this.target.moment, edit.moment))
        return diverged('what you changed in it came at another moment');
      edit.apply(this.target);
      this.editsDone++;
    }
  }

  cancel(): void {
    this.cancelled = true;
    this.target.pause();
  }

  drop(): void {
    this.target.dispose();
  }

  private runTo(moment: RunMoment): Promise<void> {
    if (this.cancelled || this.ended) return Promise.resolve();
    return new Promise<void>((resolve) => {
      this.standsStill = resolve;
      this.target.limitTo(moment);
      this.target.resume();
    });
  }

  private endOf(): RehearsalEnd | undefined {
    const { trouble } = this.recorded.journal;
    if (this.cancelled) return { kind: 'cancelled' };
    if (trouble !== undefined) return diverged(trouble);
    if (this.ended) return diverged('it ended early');
    return this.wasHit ? { kind: 'hit' } : undefined;
  }

  private observer(): TargetObserver {
    const stands = (): void => {
      const resolve = this.standsStill;
      this.standsStill = undefined;
      resolve?.();
    };
    return {
      onStop: ({ reason }) => {
        const isMeant = reason.kind === 'watch' || reason.kind === 'pause';
        // Signals are delivered, and seen by nobody.
        if (isMeant) stands();
        else this.target.resume();
      },
      onEnd: () => {
        this.ended = true;
        stands();
      },
      onWatchHit: (thread, hits) => {
        const verdict = this.onHit?.(thread, hits, this.target.timeNs) ?? 'continue';
        if (verdict === 'stop') this.wasHit = true;
        return verdict;
      },
      onCodeStop: () => 'continue',
      ...{ onThreadStarted: nothing, onThreadExited: nothing, onModulesChanged: nothing },
      ...{ onOutput: nothing, onNotice: nothing, onDebugRegistersChanged: nothing },
    };
  }
}

function diverged(why: string): RehearsalEnd {
  return { kind: 'diverged', why };
}
