// execution.ts: what moves the program of a session: on, by a step, back in time, to a pause, to its end.
//
// What needs a standing program throws UserError while it runs. Where it has come to is told to the session's observer.

import type { ThreadId } from '../target/target';
import type { SessionCore } from './session-core';
import type { PlaceView } from './session-events';
import { hasEnded } from './standing';
import type { Standing } from './standing';
import type { StepKind, StepMove } from './stepper';
import type { StopHandler } from './stop-handler';
import { onTheWay, pastIsOver } from './time/time-errors';
import type { TimeTravel } from './time/time-travel';
import type { WatchDesk } from './watch-desk';

export class Execution {
  constructor(
    private readonly core: SessionCore,
    private readonly standing: Standing,
    private readonly handler: StopHandler,
    private readonly desk: WatchDesk,
    private readonly time: TimeTravel,
  ) {}

  /** The editor has set its breakpoints: go. */
  begin(): void {
    const { config, debuggee, codeStops, run } = this.core;
    if (run.state !== 'loading') return;
    if (!config.stopOnEntry || config.noDebug) {
      run.go();
      return;
    }
    const main = debuggee.symbols.functionsNamed('main').at(0);
    if (main !== undefined) {
      codeStops.set('entry', [main.afterPrologue]);
      run.go();
      return;
    }
    const thread = debuggee.target.threads().at(0);
    if (thread !== undefined) this.handler.reportEntry(thread.id);
  }

  continue(): void {
    this.mustStandHere();
    this.core.forgetStop();
    this.core.run.go();
  }

  /** `count`: so many, unless something else stops the program. */
  step(thread: ThreadId, kind: StepKind | 'until', byInstruction: boolean, count = 1): void {
    this.mustStandHere();
    this.standing.mustExist(thread);
    const { stepper } = this.core;
    const start = (which: ThreadId): StepMove => {
      if (kind === 'until') return stepper.startUntil(which, this.shownAtAccess(which));
      if (byInstruction) return stepper.startInstruction(which, kind);
      return stepper.startLine(which, kind, this.shownAtAccess(which));
    };
    this.handler.resume(stepper.startSeveral(thread, count, start), thread);
  }

  /** To one of the addresses, or until the thread's call has returned. */
  runTo(thread: ThreadId, addresses: readonly bigint[]): void {
    this.mustStandHere();
    this.standing.mustExist(thread);
    this.handler.resume(this.core.stepper.startRunTo(thread, addresses), thread);
  }

  /** Back to the last stop of a watch. A stop follows in any case: it says why where that cannot be. */
  reverse(): void {
    const { stoppedThread, debuggee } = this.core;
    const thread = stoppedThread ?? this.standing.threads().at(0)?.id ?? debuggee.target.processId;
    this.travel(thread, () => this.time.reverse());
  }

  /** Back by a line, over calls, or by an instruction; as `reverse`. */
  stepBack(thread: ThreadId, byInstruction: boolean): void {
    this.mustHavePast();
    this.standing.mustExist(thread);
    this.travel(thread, () => this.time.stepBack(thread, byInstruction));
  }

  /** Back to an access of this watch: the last one before now, or that of its history. */
  goBack(id: number, sequence: number | undefined): Promise<void> {
    this.mustHavePast();
    const watch = this.desk.watch(id);
    return sequence === undefined ? this.time.toLastHit(watch) : this.time.toHit(watch, sequence);
  }

  /** The way back that is under way ends where it began. `number`: of its progress; only if it is that one. */
  cancelTravel(number?: number): void {
    this.time.cancel(number);
  }

  pause(): void {
    if (this.time.isUnderWay) this.time.cancel();
    if (this.standing.hasEnded) throw hasEnded();
    this.core.run.pause();
  }

  /** Ends the program; `onExited` follows unless it has ended already. */
  end(): void {
    if (this.standing.hasEnded) return;
    this.handler.expectEnd();
    this.time.cancel();
    this.core.debuggee.target.kill();
  }

  private travel(thread: ThreadId, go: () => Promise<void>): void {
    this.mustHavePast();
    go().catch((error: unknown) => {
      this.handler.reportStayed(thread, error);
    });
  }

  /** The line that the person sees after a watch's stop, where the thread stands behind it. */
  private shownAtAccess(thread: ThreadId): PlaceView | undefined {
    const { stack, debuggee } = this.core;
    const shown = stack.innermost(thread)?.frame;
    const isAtAccess = shown !== undefined && shown.pc !== debuggee.programCounter(thread);
    return isAtAccess ? shown.location : undefined;
  }

  private mustHavePast(): void {
    if (this.standing.hasEnded) throw pastIsOver();
    this.mustStandHere();
  }

  private mustStandHere(): void {
    this.standing.must();
    if (this.time.isUnderWay) throw onTheWay();
  }
}
