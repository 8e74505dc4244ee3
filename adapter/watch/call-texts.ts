// call-texts.ts: what a person is told about a watch on each call of a function.

import type { Watch, WatchedCalls } from './watch';
import { armedText, modeText, registersText } from './watch-texts';
import type { SlotBudget } from './watch-texts';
import { waitsForCall } from './watch-target';
import type { WatchTally } from './watch-tally';

const OWN_THREAD =
  'For want of slots a call is watched on its own thread only: what other threads do to it is not seen.';

/** No call is under way. `ended`: what became of the last one. */
export function waitingText(functionName: string, ended: string, tally: WatchTally): string {
  const waits = ended === '' ? waitsForCall(functionName) : `${ended} Armed again in the next call.`;
  return withMissed(waits, tally);
}

/** Calls are under way, and watched. */
export function underWayText(watch: Watch, { underWay }: WatchedCalls, budget: SlotBudget): string {
  const [first] = underWay;
  const own = underWay.some(({ onlyThread }) => onlyThread !== undefined) ? ` ${OWN_THREAD}` : '';
  if (underWay.length === 1 && first.armed !== undefined) {
    return withMissed(`${armedText(first, first.armed, budget)}${own}`, watch.tally);
  }
  const slots = [...new Set(underWay.flatMap(({ armed }) => armed?.slots ?? []))].sort((a, b) => a - b);
  const name = first.place?.frame?.functionName ?? '';
  const used = `${budget.used} of ${budget.total} slots used.`;
  const calls = `${underWay.length} calls of ${name} are under way, each with its own: ${registersText(slots)}`;
  return withMissed(`${calls}, ${modeText(watch)}. ${used}${own}`, watch.tally);
}

function withMissed(text: string, { missedCalls, missedWhy }: WatchTally): string {
  if (missedCalls === 0) return text;
  const calls = missedCalls === 1 ? '1 call was' : `${missedCalls} calls were`;
  return `${text} ${calls} not watched: ${missedWhy}`;
}
