// program-rehearsal.ts: a program run once more, from its start, to a moment of its past.
//
// Runs at full speed where nothing is armed. What the debugger had written in the first run is written at the same
// moments. Nobody hears of it: output goes nowhere, and what the first run did to the host is not done again.

import { assert } from '../../util/assert';
import type {
  Rehearsal,
  RehearsalEnd,
  RehearsalJudge,
  ResumeOptions,
  RunMoment,
  TargetObserver,
  ThreadId,
} from '../target';
import type { DebuggerEdits } from './debugger-edits';
import { isSameMoment, type RecordedRun } from './recorded-run';

/** Beyond all that a run comes to. */
const NEVER: RunMoment = { timeNs: Number.MAX_SAFE_INTEGER, work: 0 };

const nothing = (): void => undefined;

export class ProgramRehearsal implements Rehearsal {
  readonly target: RecordedRun['target'];
  /** Edits that it has had. */
  editsDone = 0;
  private judge: RehearsalJudge = {};
  private wasHit = false;
  private hasStepped = false;
  private lastOptions: ResumeOptions = {};
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

  async run(until: RunMoment, judge: RehearsalJudge = {}): Promise<RehearsalEnd> {
    return this.runOn(until, {}, judge);
  }

  async runThread(thread: ThreadId, retired: number): Promise<RehearsalEnd> {
    const instructions = retired - this.retired(thread);
    assert(instructions >= 0, 'that lies before it');
    if (instructions === 0) return { kind: 'arrived' };
    return this.runOn(NEVER, { step: { thread, instructions }, othersRun: true }, {});
  }

  retired(thread: ThreadId): number {
    return this.target.retired(thread);
  }

  get executions(): number {
    return this.recorded.relay.executions;
  }

  private async runOn(until: RunMoment, options: ResumeOptions, judge: RehearsalJudge): Promise<RehearsalEnd> {
    assert(this.standsStill === undefined, 'a rehearsal runs once at a time');
    this.judge = judge;
    this.wasHit = false;
    for (;;) {
      const edit = this.edits.next(this.editsDone, until);
      await this.runTo(edit?.moment ?? until, options);
      const end = this.endOf();
      if (end !== undefined) return end;
      if (edit === undefined) return { kind: 'arrived' };
      if (this.hasStepped) return { kind: 'arrived' };
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

  private runTo(moment: RunMoment, options: ResumeOptions): Promise<void> {
    if (this.cancelled || this.ended) return Promise.resolve();
    return new Promise<void>((resolve) => {
      this.standsStill = resolve;
      this.hasStepped = false;
      this.lastOptions = options;
      this.target.limitTo(moment);
      this.target.resume(options);
    });
  }

  private endOf(): RehearsalEnd | undefined {
    const { trouble } = this.recorded.journal;
    if (this.cancelled) return { kind: 'cancelled' };
    if (trouble !== undefined) return diverged(trouble);
    if (this.ended) return diverged('it ended early');
    return this.wasHit ? { kind: 'hit' } : undefined;
  }

  private decided(verdict: 'stop' | 'continue' = 'continue'): 'stop' | 'continue' {
    if (verdict === 'stop') this.wasHit = true;
    return verdict;
  }

  private observer(): TargetObserver {
    const stands = (): void => {
      const resolve = this.standsStill;
      this.standsStill = undefined;
      resolve?.();
    };
    return {
      onStop: ({ reason }) => {
        this.hasStepped = reason.kind === 'step';
        // Signals are delivered, and seen by nobody.
        if (reason.kind === 'signal' || reason.kind === 'process') this.target.resume(this.lastOptions);
        else stands();
      },
      onEnd: () => {
        this.ended = true;
        stands();
      },
      onWatchHit: (thread, hits) => this.decided(this.judge.onWatchHit?.(thread, hits, this.target.timeNs)),
      onCodeStop: (thread, address) => this.decided(this.judge.onCodeStop?.(thread, address, this.target.timeNs)),
      onExecuted: () => this.judge.onExecuted?.(),
      onModulesChanged: () => this.judge.onModulesChanged?.(),
      ...{ onThreadStarted: nothing, onThreadExited: nothing },
      ...{ onOutput: nothing, onNotice: nothing, onDebugRegistersChanged: nothing },
    };
  }
}

function diverged(why: string): RehearsalEnd {
  return { kind: 'diverged', why };
}
