// condition-plan.ts: what a CPU's debug registers say of data, in the order in which the machine looks for it.
//
// Conditions with one filter are parts of one, and must be as long together as the filter says; where they are not, every
// hit is told. Two threads that run in turn mostly have plans that are alike: the same watches, each with its own filter
// (`HitFilter.subject`). What the machine keeps of one plan then serves the other.

import type { HitFilter } from '../../judging/hit-filter';
import { CONDITION_EXECUTE, CONDITION_IO, type DebugCondition, type DebugRegisters } from '../debug-registers';
import { MAX_LIMIT } from '../layout';

export interface PlannedCondition {
  /** Number of the debug register. */
  readonly index: number;
  /** Of its aligned block. */
  readonly first: bigint;
  readonly lengthBytes: number;
  readonly type: DebugCondition['type'];
  readonly countOnly: boolean;
  readonly filter: HitFilter | undefined;
}

export class ConditionPlan {
  /** By address. */
  readonly data: readonly PlannedCondition[];
  /** Addresses of execute conditions, with the registers that have them. */
  readonly execute: ReadonlyMap<number, readonly number[]>;
  /** What conditions call `thread`. */
  readonly thread: number;

  constructor(debug: DebugRegisters) {
    const data: PlannedCondition[] = [];
    const execute = new Map<number, readonly number[]>();
    for (let index = 0; index < debug.count; index++) {
      const condition = debug.condition(index);
      if (!condition.enabled || condition.type === CONDITION_IO) continue;
      if (condition.type === CONDITION_EXECUTE) {
        const address = Number(condition.address);
        execute.set(address, [...(execute.get(address) ?? []), index]);
      } else data.push(planned(index, condition));
    }
    data.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.index - b.index));
    this.data = withWholeFilters(data);
    this.execute = execute;
    this.thread = this.data.find(({ filter }) => filter !== undefined)?.filter?.thread ?? 0;
  }

  /** They differ in registers and threads alone. */
  isLike(other: ConditionPlan): boolean {
    if (other.data.length !== this.data.length) return false;
    return this.data.every((one, n) => {
      const two = other.data[n];
      return (
        one.first === two.first &&
        one.lengthBytes === two.lengthBytes &&
        one.type === two.type &&
        one.countOnly === two.countOnly &&
        one.filter?.subject === two.filter?.subject
      );
    });
  }
}

function planned(index: number, { address, lengthBytes, type, countOnly, filter }: DebugCondition): PlannedCondition {
  const first = address & ~BigInt(lengthBytes - 1);
  return { index, first, lengthBytes, type, countOnly, filter: countOnly ? undefined : filter };
}

/** Where a part is missing nobody could say what all of it was. What may move in the memory is judged alone. */
function withWholeFilters(data: readonly PlannedCondition[]): readonly PlannedCondition[] {
  const lengths = new Map<HitFilter, number>();
  let isWhole = true;
  for (const { filter, lengthBytes } of data) {
    if (filter !== undefined) lengths.set(filter, (lengths.get(filter) ?? 0) + lengthBytes);
  }
  const isGood = ({ first, lengthBytes, filter }: PlannedCondition): boolean => {
    if (filter === undefined || filter.lengthBytes === lengthBytes) return true;
    return lengths.get(filter) === filter.lengthBytes && first + BigInt(lengthBytes) <= MAX_LIMIT;
  };
  for (const condition of data) isWhole &&= isGood(condition);
  return isWhole
    ? data
    : data.map((condition) => (isGood(condition) ? condition : { ...condition, filter: undefined }));
}
