// hits.ts: which conditions an instruction's accesses meet.
//
// Any byte of an access that overlaps any byte of a condition is a hit; one per condition and instruction, whatever
// the instruction does to it.
// Truth: Intel SDM vol. 3B, 18.2.4.

import type { ActiveCondition } from './watch-conditions';

export interface LoggedAccess {
  readonly first: bigint;
  /** One past the last byte. */
  readonly end: bigint;
  readonly lengthBytes: number;
  readonly mask: number;
  readonly isWrite: boolean;
}

export interface LoggedHit {
  readonly condition: ActiveCondition;
  /** The condition's place in the list. */
  readonly n: number;
  readonly access: LoggedAccess;
}

export function loggedHits(conditions: readonly ActiveCondition[], accesses: readonly LoggedAccess[]): LoggedHit[] {
  const hits: LoggedHit[] = [];
  conditions.forEach((condition, n) => {
    const { first, lengthBytes, mask } = condition;
    const end = first + BigInt(lengthBytes);
    const matching = accesses.filter(
      (access) => access.first < end && access.end > first && (access.mask & mask) !== 0,
    );
    // A write tells more than a read of the same instruction.
    const access = matching.find(({ isWrite }) => isWrite) ?? matching.at(0);
    if (access !== undefined) hits.push({ condition, n, access });
  });
  return hits;
}
