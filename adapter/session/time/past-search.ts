// past-search.ts: the last hit of some watches before a moment, found by running the program again.
//
// The first run goes through with their places watched and remembers the last hit that would have stopped. Where a
// watch's history says when that was at the earliest, the way there goes unwatched and fast. A place on the stack was
// others' before its frame began: that moment is the last write of the frame's return address, which is watched too.
//
//     CFA - 8   the return address, written by the call that made the frame
//
// Calls nothing of the session's but to look; what is found is only shown after another run has come by it again
// (time-travel.ts).

import type {
  Rehearsal,
  RehearsalEnd,
  RehearsalJudge,
  RunMoment,
  ThreadId,
  WatchHit,
  WatchId,
} from '../../target/target';
import { isOnEachCall } from '../../watch/each-call';
import type { Watch } from '../../watch/watch';
import { judge } from '../../watch/watch-judge';
import type { WatchStop } from '../../watch/watch-judge';
import type { WatchWorld } from '../../watch/watch-world';
import { planPlace } from '../../watch/watch-texts';
import { Debuggee } from '../debuggee';
import type { HostFiles } from '../engine';
import { unwindAfterAccess } from '../stack';
import { RehearsedCalls } from './rehearsed-calls';

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

/** Numbers for the return addresses of watched frames. */
const FRAME_WATCHES = 1 << 30;
/** And for the calls of functions whose locals are watched. */
const CALL_WATCHES = 2 ** 31;
const WORD = 8n;

/** Watches of the session, armed in a rehearsal that stands, and what they would do there. */
export class RehearsedWatches {
  private readonly world: WatchWorld;
  private readonly debuggee: Debuggee;
  private readonly calls: RehearsedCalls;
  /** Watches whose frame has begun by what was seen, and when. */
  readonly begun = new Map<Watch, number>();

  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly watches: readonly Watch[],
    world: WatchWorld,
    files: HostFiles,
  ) {
    const { target } = rehearsal;
    this.debuggee = new Debuggee(target, world.symbols, files);
    this.world = { target, symbols: world.symbols, memory: this.debuggee.memory, isPast: () => true };
    this.calls = new RehearsedCalls(rehearsal, watches, this.world, CALL_WATCHES);
  }

  /** The rehearsal's own, by way of the calls. */
  run(until: RunMoment, judge: RehearsalJudge): Promise<RehearsalEnd> {
    return this.calls.run(until, judge);
  }

  /** From where the rehearsal stands now. Refused only where another debugger's slots are in the way. */
  arm(): void {
    const { target } = this.rehearsal;
    this.calls.arm();
    for (const watch of this.watches) {
      const { place, wish, id } = watch;
      if (place === undefined || isOnEachCall(watch)) continue;
      const writes = wish.access === 'change' || wish.access === 'write';
      const pieces = planPlace(place, writes ? 'write' : 'readWrite', target.mostSlots ?? target.slotsPerThread);
      const { threads } = wish;
      const scope = threads === 'all' || 'name' in threads ? threads : [threads.id];
      if (typeof pieces !== 'string') target.armWatch(id, pieces, scope, { extend: true });
      if (place.frame === undefined || target.timeNs >= (watch.sinceNs ?? 0)) continue;
      const address = place.frame.cfa - WORD;
      target.armWatch(FRAME_WATCHES + id, [{ address, lengthBytes: 8, access: 'write' }], 'all', { extend: true });
    }
  }

  /** The session arms its own. */
  disarm(): void {
    this.calls.disarm();
    for (const { id } of this.watches) {
      this.rehearsal.target.disarmWatch(id);
      this.rehearsal.target.disarmWatch(FRAME_WATCHES + id);
    }
  }

  /** Watches whose frames this instruction has made. */
  begin(hits: readonly WatchHit[], timeNs: number): readonly Watch[] {
    const begun = this.watches.filter((watch) => this.of(hits, FRAME_WATCHES + watch.id).length > 0);
    for (const watch of begun) this.begun.set(watch, timeNs);
    return begun;
  }

  /** What would have stopped at this instruction. */
  judge(thread: ThreadId, hits: readonly WatchHit[], timeNs: number): readonly WatchStop[] {
    const first = hits.at(0);
    if (first === undefined) return [];
    const frames = (depth: number) => unwindAfterAccess(this.debuggee, thread, first.instruction, depth);
    return this.watches.flatMap((watch) => {
      if (timeNs > (watch.ending?.atNs ?? Infinity)) return [];
      const calls = this.calls.hitBy(watch, thread, hits, frames);
      const all = [...calls, { own: watch, hits: this.of(hits, watch.id) }];
      return all.flatMap(({ own, hits: ofOwn }) => judge(own, thread, ofOwn, this.world, frames) ?? []);
    });
  }

  private of(hits: readonly WatchHit[], id: WatchId): readonly WatchHit[] {
    return hits.filter(({ watch }) => watch === id);
  }
}

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
        last.set(stop.watch.of?.of ?? stop.watch, { timeNs, thread, stops: [stop] });
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
