// run-control.ts: whether the program runs, and how to do something to it while it does.
//
// A target must stand while it is looked at or changed. `whenStopped` runs an action at once where it stands, else
// pauses the program unseen, runs the action and lets it go on as it was going. Decides no stop.

import type { ResumeOptions, Stop, Target } from '../target/target';

/** 'loading': before the first resume; 'stopped' is what the person sees; 'ended': no program any more. */
export type RunState = 'loading' | 'stopped' | 'running' | 'ended';

export class RunControl {
  private current: RunState = 'loading';
  private lastOptions: ResumeOptions = {};
  private readonly waiting: (() => void)[] = [];
  private pauseWanted = false;

  constructor(private readonly target: Target) {}

  get state(): RunState {
    return this.current;
  }

  /** Resumes. */
  go(options: ResumeOptions = {}): void {
    this.lastOptions = options;
    this.current = 'running';
    this.target.resume(options);
  }

  /** Goes on as before an unseen stop. */
  goOn(): void {
    this.go(this.lastOptions);
  }

  /** The person waits for a stop: the next one is shown, whatever the program stops for. */
  get isPauseWanted(): boolean {
    return this.pauseWanted;
  }

  /** The person wants to look: the stop that follows is shown. */
  pause(): void {
    if (this.current !== 'running') return;
    this.pauseWanted = true;
    this.target.pause();
  }

  /** Runs the action while the program stands; unseen where it was running. */
  whenStopped<T>(action: () => T): T | Promise<T> {
    if (this.current !== 'running') return action();
    return new Promise<T>((resolve, reject) => {
      this.waiting.push(() => {
        try {
          resolve(action());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      this.target.pause();
    });
  }

  /** Every stop of the target comes here first. False: it was for `whenStopped` only; call `goOn`. */
  stopped(stop: Stop): boolean {
    this.current = 'stopped';
    const hadWaiting = this.waiting.length > 0;
    this.runWaiting();
    if (stop.reason.kind !== 'pause') return true;
    return this.pauseWanted || !hadWaiting;
  }

  /** The stop is told to the person, whatever its reason: no pause is wanted any more. */
  shown(): void {
    this.pauseWanted = false;
  }

  ended(): void {
    this.current = 'ended';
    this.pauseWanted = false;
    this.runWaiting();
  }

  private runWaiting(): void {
    for (const action of this.waiting.splice(0)) action();
  }
}
