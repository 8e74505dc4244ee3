// past-search.ts: the last hit of some watches before a moment, found by running the program again.
//
// The first run goes through with their places watched and remembers the last hit that would have stopped. Where a
// watch's history says when that was at the earliest, the way there goes unwatched and fast.
//
// Calls nothing of the session's but to look; what is found is only shown after another run has come by it again
// (time-travel.ts).

import type { Rehearsal, RehearsalEnd, RunMoment, ThreadId } from '../../target/target';
import { rootOf, type Watch } from '../../watch/watch';
import type { WatchStop } from '../../watch/watch-judge';
import type { RehearsedWatches } from './rehearsed-watches';

/** Before this moment; `inclusive`: what has happened at that time counts, too. */
export interface PastBound {
  readonly moment: RunMoment;
  readonly inclusive: boolean;
}

export interface PastHit {
  readonly timeNs: number;
  readonly thread: ThreadId;
  readonly stops: readonly WatchStop[];
}

export type PastSearchEnd = PastHit | 'nothing' | Exclude<RehearsalEnd, { readonly kind: 'arrived' | 'hit' }>;

/** Runs the rehearsal, which stands at its start, up to the bound. */
export async function searchPast(
  rehearsal: Rehearsal,
  rehearsed: RehearsedWatches,
  fromNs: number,
  bound: PastBound,
): Promise<PastSearchEnd> {
  const before = await rehearsal.run({ timeNs: fromNs, work: 0 });
  if (before.kind !== 'arrived') return failed(before);
  rehearsed.arm();
  const last = new Map<Watch, PastHit>();
  const end = await rehearsed.run(bound.moment, {
    onWatchHit: (thread, hits, timeNs) => {
      if (!isBefore(timeNs, bound)) return 'continue';
      for (const watch of rehearsed.begin(hits, timeNs)) last.delete(watch);
      for (const stop of rehearsed.judge(thread, hits, timeNs))
        last.set(rootOf(stop.watch), { timeNs, thread, stops: [stop] });
      return 'continue';
    },
  });
  return end.kind === 'arrived' ? latest([...last.values()]) : failed(end);
}

/** What one instruction did to several is one hit. */
function latest(hits: readonly PastHit[]): PastHit | 'nothing' {
  const timeNs = hits.reduce((most, hit) => Math.max(most, hit.timeNs), -1);
  const own = hits.filter((hit) => hit.timeNs === timeNs);
  const first = own.at(0);
  return first === undefined ? 'nothing' : { ...first, stops: own.flatMap(({ stops }) => stops) };
}

export function isBefore(timeNs: number, { moment, inclusive }: PastBound): boolean {
  return inclusive ? timeNs <= moment.timeNs : timeNs < moment.timeNs;
}

function failed(end: RehearsalEnd): Exclude<RehearsalEnd, { readonly kind: 'arrived' | 'hit' }> {
  return end.kind === 'cancelled' || end.kind === 'diverged' ? end : { kind: 'diverged', why: 'it stopped early' };
}
