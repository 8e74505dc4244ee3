// finding.ts: what is found where the target asks whether to stop, for the stop that follows. Types, and nothing found.

import type { Watch } from '../watch/watch';
import type { WatchStop } from '../watch/watch-judge';
import type { CodeBreakpoint } from './code-breakpoint';
import type { OverFrame } from './watched-frames';

/** What a callback found, for the stop that follows it. */
export interface Finding {
  readonly over: readonly OverFrame[];
  readonly breakpoints: readonly CodeBreakpoint[];
  readonly stepArrived: boolean;
  readonly entry: boolean;
  readonly watchStops: readonly WatchStop[];
  /** Watches whose pointers changed. */
  readonly moved: readonly Watch[];
  /** The heap's code stops are others now. */
  readonly heapChanged: boolean;
  /** The loader has done its work. */
  readonly started: boolean;
  /** A call has begun here whose locals are waited for. */
  readonly called: bigint | undefined;
}

export const NOTHING: Finding = {
  over: [],
  breakpoints: [],
  stepArrived: false,
  entry: false,
  watchStops: [],
  moved: [],
  heapChanged: false,
  started: false,
  called: undefined,
};
