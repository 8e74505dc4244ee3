// fast-judge.ts: what watch-judge.ts decides, for the hits that can be decided without looking at the thread.
//
// It is handed down to the machine (judging/hit-filter.ts), which decides millions of hits a second and reports those that
// it passed over. A hit that somebody must see (a stop, a line of a log, a backtrace) or that cannot be decided there is
// told, and judged anew; so nothing is counted of what is told.

import type { FilterNews, HitFilter, PassedHits } from '../judging/hit-filter';
import type { NumberCode } from '../judging/number-code';
import type { Frame } from '../symbols/program-symbols';
import type { ThreadId } from '../target/target';
import { accessPlace } from './access-place';
import { FastCondition } from './fast-condition';
import { actsAmong, hitsBeforeNext, parseHitCondition } from './hit-condition';
import type { HitCondition } from './hit-condition';
import type { FastJudging, Watch } from './watch';
import { rawType } from './raw-type';
import type { WatchPlace, WatchWorld } from './watch-world';

export interface FastEvents {
  /** Hits were passed over: the watch's counts are others now. */
  onPassed?(): void;
  /** May a log write another line now? */
  mayLog?(): boolean;
  /** So many lines of a log were not told. */
  onDropped?(lines: number): void;
}

/** Shared by all watches of a list: something was counted that the machine has not decided. */
export class JudgeNews implements FilterNews {
  count = 0;
}

/** What may be logged changes with the time. */
class AlwaysNews implements FilterNews {
  private asked = 0;

  get count(): number {
    return this.asked++;
  }
}

/** Instructions for which a condition is bound; those beyond go the slow way. */
const MOST_PLACES = 4096;

/** Undefined: this watch must be judged where the thread can be looked at. */
export function fastJudge(watch: Watch, world: WatchWorld, events: FastEvents, news: JudgeNews): FastJudge | undefined {
  const { place, armed } = watch;
  const piece = armed?.pieces[0];
  if (place === undefined || piece === undefined || armed?.pieces.length !== 1 || armed.users.size !== 1) return;
  const isWhole = piece.address === place.address && piece.lengthBytes === place.lengthBytes;
  if (!isWhole || place.bitSize !== undefined || place.frame !== undefined) return undefined;
  return new FastJudge(watch, place, world, events, news);
}

export class FastJudge implements FastJudging {
  private readonly condition: FastCondition | undefined;
  private readonly hitCondition: HitCondition | undefined;
  private readonly tests = new Map<number, NumberCode | 'told'>();
  private readonly test: HitFilter['test'];

  constructor(
    private readonly watch: Watch,
    private readonly place: WatchPlace,
    private readonly world: WatchWorld,
    private readonly events: FastEvents,
    private readonly news: JudgeNews,
  ) {
    const { condition, hitCondition } = watch.wish;
    this.condition = condition === undefined ? undefined : new FastCondition(condition);
    this.hitCondition = parseHitCondition(hitCondition ?? '');
    this.test = this.testEverywhere();
  }

  filterFor(thread: ThreadId): HitFilter {
    const { watch, news, test } = this;
    const { access } = watch.wish;
    return {
      reads: access === 'read' || access === 'access',
      writes: access !== 'read',
      onlyChanges: access === 'change',
      test,
      testAt: (instruction) => (this.condition?.needsPlace === false ? 'told' : this.tests.get(instruction)),
      thread,
      get hits() {
        return watch.hits;
      },
      news: watch.mode === 'log' ? new AlwaysNews() : news,
      quiet: () => this.quiet(),
      passed: (hits) => {
        this.passed(thread, hits);
      },
    };
  }

  /** Where the condition means the same everywhere and cannot be computed, every hit is told. */
  private testEverywhere(): HitFilter['test'] {
    if (this.condition === undefined) return undefined;
    if (this.condition.needsPlace) return 'byPlace';
    return this.bind(undefined, 0n) ?? 'byPlace';
  }

  noteCounted(): void {
    this.news.count++;
  }

  /** The condition is not bound for this instruction yet. */
  wantsToLearn(instruction: bigint): boolean {
    if (this.condition?.needsPlace !== true || this.tests.size >= MOST_PLACES) return false;
    return !this.tests.has(Number(instruction));
  }

  /** `frame`: the innermost at the access. */
  learn(instruction: bigint, frame: Frame | undefined): void {
    const test = frame === undefined ? undefined : this.bind(frame, instruction);
    this.tests.set(Number(instruction), test ?? 'told');
  }

  private bind(frame: Frame | undefined, instruction: bigint): NumberCode | undefined {
    const { world, place } = this;
    const { symbols, memory } = world;
    const type = place.type ?? rawType(place.lengthBytes, symbols);
    const at = frame === undefined ? undefined : { frame, place: accessPlace(instruction, symbols) };
    const address = place.threadPointer === undefined ? place.address : undefined;
    return this.condition?.bind({ symbols, memory, type, address, at });
  }

  /** Hits that meet the condition and that nobody must see. */
  private quiet(): number {
    const { watch, hitCondition } = this;
    const { entriesBeforeBacktrace } = watch.history;
    const isSilent = watch.mode === 'count' || (watch.mode === 'log' && this.events.mayLog?.() === false);
    return isSilent
      ? entriesBeforeBacktrace
      : Math.min(entriesBeforeBacktrace, hitsBeforeNext(hitCondition, watch.matches));
  }

  private drop(lines: number): void {
    this.watch.dropped += lines;
    this.events.onDropped?.(lines);
  }

  private passed(thread: ThreadId, passed: PassedHits): void {
    const { watch, place, world } = this;
    const { history } = watch;
    const { timeNs } = world.target;
    // What acts is told, unless it is a line too many.
    if (watch.mode === 'log') this.drop(actsAmong(this.hitCondition, watch.matches, watch.matches + passed.matches));
    watch.hits += passed.hits;
    watch.matches += passed.matches;
    passed.forPlaces((instruction, hits) => {
      history.count(thread, instruction, hits);
    });
    const { change } = passed;
    if (change !== undefined) watch.noteChange(change, place.lengthBytes);
    history.skip(passed.matches - passed.entries);
    passed.forEntries((entry) => {
      // At the time of a hit that is told its instruction has retired.
      history.recordRaw(entry, thread, timeNs + entry.retired + 1, place.lengthBytes);
    });
    this.events.onPassed?.();
  }
}
