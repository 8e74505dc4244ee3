// time-travel.ts: going back to a write: find it, run the program again to it, and stand there.
//
// Nothing is shown that was not proven: the run that is shown has come by the very hit (time, thread, instruction, old
// and new bytes) that another run, or the watch's history, has told. While the program is run again what is on the
// screen stays, and can be looked at. One journey at a time; it can be called off.

import type { Rehearsal, RehearsalJudge, ThreadId } from '../../target/target';
import type { UserError } from '../../util/user-error';
import type { Watch } from '../../watch/watch';
import { isOnEachCall } from '../../watch/each-call';
import { actsAtHit, parseHitCondition } from '../../watch/hit-condition';
import type { KeptAccess } from '../../watch/watch-history';
import type { WatchStop } from '../../watch/watch-judge';
import type { SessionCore } from '../session-core';
import { Journey } from './journey';
import { type BackStep, LineBefore } from './line-before';
import { isBefore, type PastBound, type PastHit, type PastSearchEnd, searchPast } from './past-search';
import { RehearsedWatches } from './rehearsed-watches';
import { differentRun, noEarlierHit, noEarlierLine, noPast, notKept, notWritten, onTheWay } from './time-errors';
import { sameBytes } from '../../util/same-bytes';

/** How far back the line before is looked for: first near, since that is quick. */
const WINDOWS_NS = [200_000, 20_000_000, Infinity];

export class TimeTravel {
  private journey: Journey | undefined;

  /** `arrived`: the program stands at that hit (none: where a step led), and is to be shown. */
  constructor(
    private readonly core: SessionCore,
    private readonly arrived: (thread: ThreadId, stops: readonly WatchStop[]) => void,
  ) {}

  get isUnderWay(): boolean {
    return this.journey !== undefined;
  }

  /** The journey under way, if any, ends where it began. `number`: only if it is that one's. */
  cancel(number?: number): void {
    this.journey?.cancel(number);
  }

  /** To the last stop of any watch before now. All ways reject with a UserError where they lead nowhere. */
  async reverse(): Promise<void> {
    const watches = this.core.watches.watches.filter(
      (watch) => watch.mode === 'stop' && watch.wish.disabled !== true && hasPlace(watch),
    );
    if (watches.length === 0) throw noEarlierHit();
    await this.travel('Running the program again, back to the last write', 2, (journey) =>
      this.toLast(journey, watches, noEarlierHit()),
    );
  }

  /** To the last access that this watch was for, whatever its mode. */
  async toLastHit(watch: Watch): Promise<void> {
    if (!hasPlace(watch)) throw notWritten(watch);
    await this.travel(`Running the program again, back to the last write of ${watch.label}`, 2, (journey) =>
      this.toLast(journey, [watch], notWritten(watch)),
    );
  }

  /** To the access that its history has under this number. */
  async toHit(watch: Watch, sequence: number): Promise<void> {
    const entry = watch.history.newest().find((each) => each.sequence === sequence);
    if (entry === undefined || !hasPlace(watch)) throw notKept(watch, sequence);
    await this.travel(`Running the program again, to access ${sequence} of ${watch.label}`, 1, (journey) =>
      this.arriveAt(journey, [watch], entry.timeNs, [{ watch, entry }]),
    );
  }

  /** To the line of this thread that came before, over calls; or to its last instruction. */
  async stepBack(thread: ThreadId, byInstruction: boolean): Promise<void> {
    await this.travel('Running the program again, one step less far', byInstruction ? 1 : 2, async (journey) => {
      const { now } = journey.time;
      const back = byInstruction
        ? { retired: journey.time.retired(thread) - 1, timeNs: now.timeNs - 1 }
        : await this.lineBefore(journey, thread);
      const { rehearsal, end } = await journey.rehearseThread(thread, back.retired, now.timeNs - back.timeNs);
      if (end.kind !== 'arrived') {
        rehearsal.drop();
        throw differentRun(end);
      }
      this.show(journey, rehearsal);
      this.arrived(thread, []);
    });
  }

  private async lineBefore(journey: Journey, thread: ThreadId): Promise<BackStep> {
    const { debuggee, engine } = this.core;
    const search = new LineBefore(debuggee, engine.files, thread, journey.time.retired(thread));
    for (const window of WINDOWS_NS) {
      const fromNs = Math.max(0, journey.time.now.timeNs - window);
      const rehearsal = journey.rehearse(journey.time.now.timeNs);
      try {
        const end = await search.through(rehearsal, fromNs, journey.time.now);
        if (end.kind !== 'arrived') throw differentRun(end);
      } finally {
        rehearsal.drop();
      }
      const found = search.found(fromNs === 0);
      if (found !== undefined) return found;
    }
    throw noEarlierLine();
  }

  private show(journey: Journey, rehearsal: Rehearsal): void {
    if (journey.isCancelled) {
      rehearsal.drop();
      throw differentRun({ kind: 'cancelled' });
    }
    const { observer, stoppedThread, threadNames } = this.core;
    if (stoppedThread !== undefined) observer.onContinued?.(stoppedThread);
    const { gone, come } = journey.time.adopt(rehearsal);
    for (const thread of gone) observer.onThread(thread, 'exited');
    for (const thread of come) {
      threadNames.note(thread);
      observer.onThread(thread.id, 'started');
    }
    this.core.travelled();
  }

  private async travel(title: string, legs: number, go: (journey: Journey) => Promise<void>): Promise<void> {
    const { time } = this.core.debuggee.target;
    if (this.journey !== undefined) throw onTheWay();
    if (time === undefined) throw noPast();
    const journey = new Journey(this.core, time, title, legs);
    this.journey = journey;
    try {
      await go(journey);
    } finally {
      journey.end();
      this.journey = undefined;
    }
  }

  private async toLast(journey: Journey, watches: readonly Watch[], nothing: UserError): Promise<void> {
    const bound: PastBound = { moment: journey.time.now, inclusive: this.core.watchStop === undefined };
    const known = this.newestKnown(watches, bound);
    let found = await this.search(journey, watches, known === undefined ? 0 : known - 1, bound);
    // The history may have been made by another condition than today's.
    if (found === 'nothing' && known !== undefined) found = await this.search(journey, watches, 0, bound);
    if (found === 'nothing') throw nothing;
    await this.arriveAt(journey, watches, found.timeNs, [], found);
  }

  /** The time of the newest hit in the histories that would have stopped. */
  private newestKnown(watches: readonly Watch[], bound: PastBound): number | undefined {
    const times = watches.flatMap(({ wish, history }) => {
      const hitCondition = parseHitCondition(wish.hitCondition ?? '');
      const own = history
        .newest()
        .filter(({ timeNs, sequence }) => isBefore(timeNs, bound) && actsAtHit(hitCondition, sequence));
      return own.at(-1)?.timeNs ?? [];
    });
    return times.length === 0 ? undefined : Math.max(...times);
  }

  private async search(
    journey: Journey,
    watches: readonly Watch[],
    fromNs: number,
    bound: PastBound,
  ): Promise<PastHit | 'nothing'> {
    const rehearsal = journey.rehearse(bound.moment.timeNs);
    try {
      const rehearsed = this.rehearsed(rehearsal, watches);
      const end = await searchPast(rehearsal, rehearsed, fromNs, bound);
      if (isFailure(end)) throw differentRun(end);
      for (const [watch, atNs] of rehearsed.begun) watch.sinceNs = Math.min(watch.sinceNs ?? atNs, atNs);
      return end;
    } finally {
      rehearsal.drop();
    }
  }

  private rehearsed(rehearsal: Rehearsal, watches: readonly Watch[]): RehearsedWatches {
    return new RehearsedWatches(rehearsal, watches, this.core);
  }

  /** Runs to the hit of that time, which must be what was `told` of it, and shows it. */
  private async arriveAt(
    journey: Journey,
    watches: readonly Watch[],
    timeNs: number,
    entries: readonly { readonly watch: Watch; readonly entry: KeptAccess }[],
    told?: PastHit,
  ): Promise<void> {
    const rehearsal = journey.rehearse(timeNs);
    let isShown = false;
    try {
      const hit = await this.runTo(rehearsal, watches, timeNs);
      const known = watches.flatMap((watch) => {
        const entry = watch.history.at(timeNs);
        return entry === undefined ? [] : [{ watch, entry }];
      });
      const why = differs(hit, [...entries, ...known], told);
      if (why !== undefined) throw differentRun({ kind: 'diverged', why });
      isShown = true;
      this.show(journey, rehearsal);
      this.arrived(hit.thread, hit.stops);
    } finally {
      if (!isShown) rehearsal.drop();
    }
  }

  private async runTo(rehearsal: Rehearsal, watches: readonly Watch[], timeNs: number): Promise<PastHit> {
    const rehearsed = this.rehearsed(rehearsal, watches);
    const before = await rehearsal.run({ timeNs: timeNs - 1, work: 0 });
    if (before.kind !== 'arrived') throw differentRun(before);
    rehearsed.arm();
    let hit: PastHit | undefined;
    const onWatchHit: RehearsalJudge['onWatchHit'] = (thread, hits, atNs) => {
      const stops = atNs === timeNs ? rehearsed.judge(thread, hits, atNs) : [];
      if (stops.length === 0) return 'continue';
      hit = { timeNs, thread, stops };
      return 'stop';
    };
    const end = await rehearsed.run({ timeNs: timeNs + 1, work: 0 }, { onWatchHit });
    if (end.kind !== 'hit' || hit === undefined) throw differentRun(end);
    rehearsed.disarm();
    return hit;
  }
}

/** Known now, or in each call that comes. */
const hasPlace = (watch: Watch): boolean => watch.place !== undefined || isOnEachCall(watch);

const isFailure = (end: PastSearchEnd): end is Exclude<PastSearchEnd, PastHit | 'nothing'> =>
  end !== 'nothing' && 'kind' in end;

function notThere({ label, wish }: Watch): string {
  const led = wish.target.kind === 'through' ? ', or its pointers led elsewhere then' : '';
  return `\`${label}\` was not accessed at that moment${led}`;
}

/** Why the hit is not what is known of it; undefined: it is. */
function differs(
  hit: PastHit,
  entries: readonly { readonly watch: Watch; readonly entry: KeptAccess }[],
  told: PastHit | undefined,
): string | undefined {
  const expected = [
    ...entries.map(({ watch, entry }) => ({ ...entry, watch, instruction: BigInt(entry.instruction) })),
    ...(told?.stops ?? []),
  ];
  for (const { watch, thread, instruction, access, old, new: now } of expected) {
    const stop = hit.stops.find((each) => each.watch.id === watch.id);
    if (stop === undefined) return notThere(watch);
    if (stop.thread !== thread) return `another thread accessed \`${watch.label}\``;
    if (stop.instruction !== instruction || stop.access !== access) return 'another instruction did it';
    if (!sameBytes(stop.old, old) || !sameBytes(stop.new, now)) return `\`${watch.label}\` had other values`;
  }
  return undefined;
}
