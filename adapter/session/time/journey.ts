// journey.ts: one way back in time, while it is under way: its runs, how far they are, and an end before the end.

import type { Rehearsal, TimeTravel } from '../../target/target';
import type { SessionCore } from '../session-core';

const TELL_EVERY_MS = 250;
let nextNumber = 1;

export class Journey {
  private readonly number = nextNumber++;
  private rehearsal: Rehearsal | undefined;
  private untilNs = 1;
  private isCancelled = false;
  private stopTelling: (() => void) | undefined;
  private isTold = false;

  constructor(
    private readonly core: SessionCore,
    readonly time: TimeTravel,
    private readonly title: string,
  ) {
    this.tellLater();
  }

  /** The program once more, at its start. Throws UserError where it cannot be. */
  rehearse(untilNs: number): Rehearsal {
    const rehearsal = this.time.rehearse();
    this.untilNs = Math.max(1, untilNs);
    this.rehearsal = rehearsal;
    if (this.isCancelled) rehearsal.cancel();
    return rehearsal;
  }

  cancel(): void {
    this.isCancelled = true;
    this.rehearsal?.cancel();
  }

  end(): void {
    this.stopTelling?.();
    if (this.isTold) this.core.observer.onProgress?.({ number: this.number, title: this.title, ended: true });
  }

  private tellLater(): void {
    this.stopTelling = this.core.engine.clock.after(TELL_EVERY_MS, () => {
      this.isTold = true;
      const timeNs = this.rehearsal?.target.timeNs ?? 0;
      const fraction = Math.min(1, timeNs / this.untilNs);
      this.core.observer.onProgress?.({ number: this.number, title: this.title, ended: false, fraction });
      this.tellLater();
    });
  }
}
