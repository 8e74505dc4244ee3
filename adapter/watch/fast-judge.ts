// fast-judge.ts: what watch-judge.ts decides, for the hits that can be decided without looking at the thread.
//
// It is handed down to the machine (judging/hit-filter.ts), which decides millions of hits a second and reports those that
// it passed over. A hit that somebody must see (a stop, a line of a log, a backtrace) or that cannot be decided there is
// told, and judged anew; so nothing is counted of what is told.

import type { HitFilter, PassedHits } from '../judging/hit-filter';
import type { NumberCode } from '../judging/number-code';
import type { Frame } from '../symbols/program-symbols';
import type { ThreadId, WatchPiece } from '../target/target';
import { accessPlace } from './access-place';
import { FastCondition } from './fast-condition';
import { frameGuard } from './frame-guard';
import { actsAmong, hitsBeforeNext, parseHitCondition } from './hit-condition';
import type { HitCondition } from './hit-condition';
import type { JudgeNews } from './judge-news';
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

/** Instructions for which a condition is bound; those beyond go the slow way. */
const MOST_PLACES = 4096;

/** Undefined: this watch must be judged where the thread can be looked at. */
export function fastJudge(watch: Watch, world: WatchWorld, events: FastEvents, news: JudgeNews): FastJudge | undefined {
  const { place, armed } = watch;
  if (place === undefined || armed === undefined || countsWithOthers(watch)) return undefined;
  const { bitOffset = 0, bitSize = 0, lengthBytes } = place;
  if (!isWhole(place, armed.pieces) || bitOffset + bitSize > 8 * lengthBytes) return undefined;
  const guard = place.frame === undefined ? undefined : frameGuard(place.frame, world.memory);
  if (place.frame !== undefined && guard === undefined) return undefined;
  return new FastJudge(
    watch,
    { place, parts: armed.pieces.map(({ lengthBytes }) => lengthBytes), guard },
    world,
    events,
    news,
  );
}

/** What other calls of its function do is among what decides: each filter would count for itself. */
function countsWithOthers({ of, wish: { condition, hitCondition } }: Watch): boolean {
  return of !== undefined && (hitCondition !== undefined || condition?.includes('$hits') === true);
}

/** The pieces are the place, no more and no less. */
function isWhole({ address, lengthBytes }: WatchPlace, pieces: readonly WatchPiece[]): boolean {
  let end = address;
  for (const piece of pieces) {
    if (piece.address !== end) return false;
    end += BigInt(piece.lengthBytes);
  }
  return end === address + BigInt(lengthBytes);
}

/** The bits of its bytes that belong to it; undefined: all. */
function bitsOf({ bitOffset = 0, bitSize }: WatchPlace): bigint | undefined {
  return bitSize === undefined ? undefined : ((1n << BigInt(bitSize)) - 1n) << BigInt(bitOffset);
}

/** What is judged. */
interface Judged {
  readonly place: WatchPlace;
  /** Bytes of each of its pieces. */
  readonly parts: readonly number[];
  /** Of a local's frame, for its own thread. */
  readonly guard: NumberCode | undefined;
}

export class FastJudge implements FastJudging {
  private readonly condition: FastCondition | undefined;
  private readonly hitCondition: HitCondition | undefined;
  private readonly tests = new Map<number, NumberCode | 'told'>();
  private readonly test: HitFilter['test'];
  /** The subject of the filter that has the guard: all others have none. */
  private readonly guarded = {};

  constructor(
    private readonly watch: Watch,
    private readonly judged: Judged,
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
    const { watch, news, test, judged } = this;
    const { access } = watch.wish;
    const isGuarded = judged.place.frame?.thread === thread;
    return {
      subject: isGuarded ? this.guarded : this,
      lengthBytes: judged.place.lengthBytes,
      guard: isGuarded ? judged.guard : undefined,
      reads: access === 'read' || access === 'access',
      writes: access !== 'read',
      onlyChanges: access === 'change',
      bits: bitsOf(judged.place),
      test,
      testAt: (instruction) => (this.condition?.needsPlace === false ? 'told' : this.tests.get(instruction)),
      thread,
      get hits() {
        return watch.hits;
      },
      news,
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
    this.news.note(this);
    if (this.judged.guard !== undefined) this.news.note(this.guarded);
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
    const { world, judged } = this;
    const { place, parts } = judged;
    const { symbols, memory } = world;
    const { bitOffset, bitSize } = place;
    const type = place.type ?? rawType(place.lengthBytes, symbols);
    const at = frame === undefined ? undefined : { frame, place: accessPlace(instruction, symbols) };
    const watched = { type, parts, ...(bitSize === undefined ? {} : { bitOffset: bitOffset ?? 0, bitSize }) };
    return this.condition?.bind({ symbols, memory, watched, at });
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
    this.watch.tally.dropped += lines;
    this.events.onDropped?.(lines);
  }

  private passed(thread: ThreadId, passed: PassedHits): void {
    const { watch, judged, world } = this;
    const { history } = watch;
    const { lengthBytes } = judged.place;
    const { timeNs } = world.target;
    // What acts is told, unless it is a line too many.
    if (watch.mode === 'log') this.drop(actsAmong(this.hitCondition, watch.matches, watch.matches + passed.matches));
    watch.tally.hits += passed.hits;
    watch.tally.matches += passed.matches;
    passed.forPlaces((instruction, hits) => {
      history.count(thread, instruction, hits);
    });
    passed.lastChange((change) => {
      watch.tally.noteChange(change, lengthBytes);
    });
    history.skip(passed.matches - passed.entries);
    passed.forEntries((entry) => {
      // At the time of a hit that is told its instruction has retired.
      history.recordRaw(entry, thread, timeNs + entry.retired + 1, lengthBytes);
    });
    this.events.onPassed?.();
  }
}
