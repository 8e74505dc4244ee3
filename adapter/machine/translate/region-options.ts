// region-options.ts: what a region is translated for, and with what at hand.

import type { ExitSites } from './exit-site';
import type { HelperCalls } from './helper-imports';

/** How the region counts and what it is for. */
export type RegionPurpose =
  /** Counts by blocks. */
  | 'run'
  /** Counts each instruction, so that it stops after exactly so many. */
  | 'step'
  /** One instruction, whose accesses are logged. */
  | 'alone';

export interface RegionOptions {
  readonly purpose: RegionPurpose;
  readonly limitBits: number;
  /** Worth fast code; otherwise small code. */
  readonly isHot: boolean;
  /** Written as micro-code, for the evaluator. */
  readonly isEvaluated: boolean;
  /** Flags are right wherever the region may leave, also after calls, returns and where ways meet. */
  readonly exactFlags: boolean;
  readonly sites: ExitSites;
  /** Instructions that often hit what is watched: the judge is asked right after them. */
  readonly judged: { readonly has: (address: number) => boolean };
  readonly helpers: HelperCalls;
  /** Function index of a translated callee, or undefined: through `go`. */
  readonly calleeIndex: (address: number) => number | undefined;
}
