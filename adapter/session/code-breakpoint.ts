// code-breakpoint.ts: one breakpoint on a line, a function or an instruction: what it is for and where it is.
//
// Plain data. code-breakpoints.ts holds and judges them; breakpoint-place.ts finds their addresses.

import type { ThreadId } from '../target/target';

export interface BreakpointWish {
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

export interface CodeBreakpoint {
  readonly id: number;
  /** What holds now: the debug console may have changed it. */
  wish: BreakpointWish;
  /** What the editor's list says; another one there makes a new breakpoint. */
  asked: BreakpointWish;
  /**
   * own: typed in the debug console, and in no list of the editor's · adopted: typed, and the editor has it in its
   * list · temporary: typed, gone when it has stopped the program, never told the editor. Undefined: the editor's.
   */
  typed: 'own' | 'adopted' | 'temporary' | undefined;
  enabled: boolean;
  /** Stops only this thread. */
  readonly thread: ThreadId | undefined;
  readonly target:
    | { readonly kind: 'line'; readonly path: string; readonly line: number }
    | { readonly kind: 'function'; readonly name: string; readonly file?: string }
    | { readonly kind: 'instruction'; readonly address: bigint };
  verified: boolean;
  /** Where it really is. */
  path: string | undefined;
  line: number | undefined;
  message: string | undefined;
  addresses: readonly bigint[];
  hits: number;
  trouble: string | undefined;
}
