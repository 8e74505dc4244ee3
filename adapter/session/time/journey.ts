// journey.ts: one way back in time, while it is under way: its runs, how far they are, and an end before the end.

import type { Rehearsal, RehearsalEnd, ThreadId, TimeTravel } from '../../target/target';
import type { SessionCore } from '../session-core';
import { noEarlierLine } from './time-errors';

const TELL_EVERY_MS = 250;
/** Each try to begin before a moment begins so much further back. */
const FURTHER = 50;
let nextNumber = 1;

export class Journey {
  private readonly number = nextNumber++;
  private rehearsal: Rehearsal | undefined;
  private untilNs = 1;
  private legs = 0;
  private told = 0;
  isCancelled = false;
  private stopTelling: (() => void) | undefined;
  private isTold = false;

  constructor(
    private readonly core: SessionCore,
    readonly time: TimeTravel,
    private readonly title: string,
    /** Runs that it takes, as far as that is known. */
    private readonly expectedLegs: number,
  ) {
    this.tellLater();
  }

  /** The program once more, at its start. Throws UserError where it cannot be. */
  rehearse(untilNs: number): Rehearsal {
    const rehearsal = this.time.rehearse();
    this.untilNs = Math.max(1, untilNs);
    this.legs++;
    this.rehearsal = rehearsal;
    if (this.isCancelled) rehearsal.cancel();
    return rehearsal;
  }

  /**
   * The program once more, where the thread had retired so many instructions. Looked for `backNs` before now and further
   * back, but not before the thread began.
   */
  async rehearseThread(
    thread: ThreadId,
    retired: number,
    backNs: number,
  ): Promise<{ readonly rehearsal: Rehearsal; readonly end: RehearsalEnd }> {
    const { timeNs } = this.time.now;
    let [near, back, far] = [0, backNs, Infinity];
    for (;;) {
      const rehearsal = this.rehearse(timeNs);
      const begun = await rehearsal.run({ timeNs: Math.max(0, timeNs - back), work: 0 });
      const isThere = rehearsal.target.threads().some(({ id }) => id === thread);
      if (begun.kind !== 'arrived') return { rehearsal, end: begun };
      if (isThere && rehearsal.retired(thread) <= retired) {
        return { rehearsal, end: await rehearsal.runThread(thread, retired) };
      }
      rehearsal.drop();
      if (isThere) near = back;
      else far = back;
      if (back >= timeNs || far - near <= 1) throw noEarlierLine();
      back = far === Infinity ? Math.max(back, 1) * FURTHER : Math.ceil((near + far) / 2);
    }
  }

  /** `number`: only if it is that one. */
  cancel(number?: number): void {
    if (number !== undefined && number !== this.number) return;
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
      this.told = Math.max(this.told, this.fraction());
      const { number, title, told: fraction } = this;
      this.core.observer.onProgress?.({ number, title, ended: false, fraction });
      this.tellLater();
    });
  }

  /** The runs are taken for equally long. */
  private fraction(): number {
    const ofThis = Math.min(1, (this.rehearsal?.target.timeNs ?? 0) / this.untilNs);
    return Math.min(1, Math.max(0, this.legs - 1 + ofThis) / Math.max(this.expectedLegs, this.legs));
  }
}
