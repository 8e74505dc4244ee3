// recorded-run.ts: one run of a program that can be run again, and who hears of it.

import type { RunMoment, Target, TargetObserver, ThreadId } from '../target';
import type { JournalRun } from './host-journal';

export interface Standing {
  readonly thread: ThreadId;
  /** The code stop at which the thread stands has been told. */
  readonly sawCode: boolean;
}

/** A target that can be told where to stop by the program's own time. */
export interface ReplayableTarget extends Target {
  readonly moment: RunMoment;
  /** Stops as 'pause' at this moment at the latest; undefined: nowhere. */
  limitTo(limit: RunMoment | undefined): void;
  readonly hasReachedLimit: boolean;
  /** Instructions that the thread has retired; 0: it is not there. */
  retired(thread: ThreadId): number;
  /** Who stopped last. */
  readonly standing: Standing | undefined;
  /** As if that stop had been here. */
  standAs(standing: Standing): void;
  /** It is not run any more. */
  dispose(): void;
}

/** Hands on what the target tells to whoever hears it now: all of it, also what need not be heard. */
export class Relay implements Required<TargetObserver> {
  /** How many programs have taken the place of the one before. */
  executions = 0;

  constructor(public to: TargetObserver) {}

  onStop: TargetObserver['onStop'] = (stop) => {
    this.to.onStop(stop);
  };
  onThreadStarted: TargetObserver['onThreadStarted'] = (thread) => {
    this.to.onThreadStarted(thread);
  };
  onThreadRenamed: TargetObserver['onThreadStarted'] = (thread) => {
    this.to.onThreadRenamed?.(thread);
  };
  onThreadExited: TargetObserver['onThreadExited'] = (thread) => {
    this.to.onThreadExited(thread);
  };
  onThreadPointerSet: TargetObserver['onThreadExited'] = (thread) => {
    this.to.onThreadPointerSet?.(thread);
  };
  onExecuted: NonNullable<TargetObserver['onExecuted']> = (path) => {
    this.executions++;
    this.to.onExecuted?.(path);
  };
  onMemoryUnmapped: NonNullable<TargetObserver['onMemoryUnmapped']> = (memory) => {
    this.to.onMemoryUnmapped?.(memory);
  };
  onModulesChanged: TargetObserver['onModulesChanged'] = () => {
    this.to.onModulesChanged();
  };
  onOutput: TargetObserver['onOutput'] = (stream, bytes) => {
    this.to.onOutput(stream, bytes);
  };
  onNotice: TargetObserver['onNotice'] = (text) => {
    this.to.onNotice(text);
  };
  onEnd: TargetObserver['onEnd'] = (end) => {
    this.to.onEnd(end);
  };
  onWatchHit: TargetObserver['onWatchHit'] = (thread, hits) => this.to.onWatchHit(thread, hits);
  onCodeStop: TargetObserver['onCodeStop'] = (thread, address) => this.to.onCodeStop(thread, address);
  onDebugRegistersChanged: TargetObserver['onDebugRegistersChanged'] = () => {
    this.to.onDebugRegistersChanged();
  };
}

export interface RecordedRun {
  readonly target: ReplayableTarget;
  readonly journal: JournalRun;
  readonly relay: Relay;
}

/** Is the first moment before the second? */
export function isBefore(first: RunMoment, second: RunMoment): boolean {
  return first.timeNs < second.timeNs || (first.timeNs === second.timeNs && first.work < second.work);
}

export function isSameMoment(first: RunMoment, second: RunMoment): boolean {
  return first.timeNs === second.timeNs && first.work === second.work;
}
