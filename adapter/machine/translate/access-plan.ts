// access-plan.ts: what the planner of shared checks (access-groups.ts) tells those who emit them.

import type { Instruction, MemoryOperand } from '../decode/instruction';
import type { Local } from '../wasm/code';

export interface AccessGroup {
  /** Offsets of the first and the last start. */
  first: number;
  last: number;
  writes: boolean;
  accesses: number;
  /** Once the check is emitted: what it found (i64, 0: all are fast), and where `first` is (i32). */
  opened: { readonly slow: Local; readonly at: Local } | undefined;
}

export interface PlannedAccess {
  readonly group: AccessGroup;
  readonly offset: number;
}

/** Planned accesses by memory operand, and by instruction for those to the stack that have none. */
export type AccessPlan = ReadonlyMap<MemoryOperand | Instruction, PlannedAccess>;
