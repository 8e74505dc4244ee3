// condition-plan.ts: what a CPU's debug registers say of data, in the order in which the machine looks for it.
//
// Conditions with one filter are parts of one, and must be as long together as the filter says; where they are not, every
// hit is told. A register with several filters is so many conditions, which are companions. Two threads that run in turn
// mostly have plans that are alike: the same watches, each with its own filter (`HitFilter.subject`). What the machine
// keeps of one plan then serves the other.

import type { HitFilter } from '../../judging/hit-filter';
import { CONDITION_EXECUTE, CONDITION_IO, type DebugCondition, type DebugRegisters } from '../debug-registers';
import { MAX_CONDITIONS, MAX_LIMIT } from '../layout';

export interface PlannedCondition {
  /** Number of the debug register. */
  readonly index: number;
  /** Of its aligned block; `at` is the same as a number. */
  readonly first: bigint;
  readonly at: number;
  readonly lengthBytes: number;
  readonly type: DebugCondition['type'];
  readonly countOnly: boolean;
  readonly filter: HitFilter | undefined;
  /** The first filter of the register, where it has several. */
  readonly companion: HitFilter | undefined;
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
      } else data.push(...planned(index, condition));
    }
    data.sort((a, b) => a.at - b.at || a.index - b.index);
    this.data = withWholeFilters(data.length > MAX_CONDITIONS ? oneOfEach(data) : data);
    this.execute = execute;
    this.thread = this.data.find(({ filter }) => filter !== undefined)?.filter?.thread ?? 0;
  }

  /** They differ in registers and threads alone. */
  isLike(other: ConditionPlan): boolean {
    if (other.data.length !== this.data.length) return false;
    return this.data.every((one, n) => {
      const two = other.data[n];
      return (
        one.at === two.at &&
        one.lengthBytes === two.lengthBytes &&
        one.type === two.type &&
        one.countOnly === two.countOnly &&
        one.filter?.subject === two.filter?.subject &&
        one.companion?.subject === two.companion?.subject
      );
    });
  }
}

function planned(index: number, condition: DebugCondition): readonly PlannedCondition[] {
  const { address, lengthBytes, type, countOnly, filters = [] } = condition;
  const first = address & ~BigInt(lengthBytes - 1);
  const one = {
    index,
    first,
    at: Number(first),
    lengthBytes,
    type,
    countOnly,
    filter: undefined,
    companion: undefined,
  };
  if (countOnly || filters.length === 0) return [one];
  const companion = filters.length > 1 ? filters[0] : undefined;
  return filters.map((filter) => ({ ...one, filter, companion }));
}

/** There is no room for all filters: what has several is told. */
function oneOfEach(data: readonly PlannedCondition[]): readonly PlannedCondition[] {
  return data
    .filter(({ index }, n) => n === 0 || data[n - 1].index !== index)
    .map((one) => (one.companion === undefined ? one : { ...one, filter: undefined, companion: undefined }));
}

/** Where a part is missing nobody could say what all of it was. What may move in the memory is judged alone. */
function withWholeFilters(data: readonly PlannedCondition[]): readonly PlannedCondition[] {
  const isAlone = ({ filter, lengthBytes }: PlannedCondition): boolean =>
    filter === undefined || filter.lengthBytes === lengthBytes;
  if (data.every(isAlone)) return data;
  const lengths = new Map<HitFilter, number>();
  for (const { filter, lengthBytes } of data) {
    if (filter !== undefined) lengths.set(filter, (lengths.get(filter) ?? 0) + lengthBytes);
  }
  const isPart = ({ at, lengthBytes, filter }: PlannedCondition): boolean =>
    filter !== undefined && lengths.get(filter) === filter.lengthBytes && at + lengthBytes <= MAX_LIMIT;
  return data.map((one) => (isAlone(one) || isPart(one) ? one : { ...one, filter: undefined, companion: undefined }));
}
