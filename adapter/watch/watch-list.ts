// watch-list.ts: all data breakpoints of a session: which are wished, which are armed, which are over.
//
// Wishes come as a whole list; what stays the same keeps its slots and its hits. A wish that cannot arm is refused at
// once, with the reason, and changes nothing. Watches of the same pieces share their slots. The target must stand
// whenever a method but `decide` is called.

import { assert } from '../util/assert';
import type { Frame } from '../symbols/program-symbols';
import type { ThreadId, WatchHit, WatchId, WatchPiece } from '../target/target';
import { Watch } from './watch';
import type { ArmedRange, WatchWish } from './watch';
import { frameIsOver, judge, stackPointerOf } from './watch-judge';
import type { WatchStop } from './watch-judge';
import { hasFrameGone, resolveTarget } from './watch-target';
import type { WatchWorld } from './watch-target';
import { armedText, endedText, planPlace, refusedText } from './watch-texts';
import type { EndReason } from './watch-texts';

export interface WatchListEvents {
  /** A watch changed by itself: its frame ended, its module came. */
  onChanged(watch: Watch): void;
  /** For the console. */
  onNote(text: string): void;
}

export interface WatchDecision {
  readonly stops: readonly WatchStop[];
  /** Frames found to be over: call `end` for these at the stop. */
  readonly over: readonly Watch[];
}

const NO_DECISION: WatchDecision = { stops: [], over: [] };

export class WatchList {
  private list: readonly Watch[] = [];
  private readonly ranges = new Map<WatchId, ArmedRange>();
  private nextRange = 1;

  constructor(
    private readonly world: WatchWorld,
    private readonly events: WatchListEvents,
    private readonly nextId: () => number,
  ) {}

  get watches(): readonly Watch[] {
    return this.list;
  }

  /** Replaces the list; the result is in the order of the wishes. */
  replace(wishes: readonly WatchWish[]): readonly Watch[] {
    const old = [...this.list];
    const list = wishes.map((wish) => {
      const at = old.findIndex((watch) => watch.wish.key === wish.key && watch.wish.access === wish.access);
      const kept = at < 0 ? undefined : old.splice(at, 1)[0];
      if (kept === undefined) return new Watch(this.nextId(), wish);
      if (kept.wish.condition !== wish.condition) kept.conditionTrouble = undefined;
      kept.wish = wish;
      return kept;
    });
    // What goes, goes first: its slots may serve what comes.
    for (const watch of old) this.release(watch);
    this.list = list;
    for (const watch of list) if (watch.state !== 'ended' && watch.armed === undefined) this.arm(watch);
    for (const watch of list) this.describe(watch);
    return list;
  }

  /** New modules may define what a wish waits for. */
  modulesChanged(): void {
    for (const watch of this.list) {
      if (watch.state !== 'pending') continue;
      this.arm(watch);
      if (this.stateOf(watch) !== 'pending') this.changed(watch);
    }
  }

  /** Judges one instruction's accesses where they happen. Calls nothing of the target but reads. */
  decide(thread: ThreadId, hits: readonly WatchHit[], frame: () => Frame | undefined): WatchDecision {
    let decision = NO_DECISION;
    for (const [id, range] of this.ranges) {
      const own = hits.filter((hit) => hit.watch === id);
      if (own.length === 0) continue;
      for (const watch of range.users) {
        if (watch.place?.frame !== undefined && frameIsOver(watch, thread, stackPointerOf(this.world, thread))) {
          decision = { ...decision, over: [...decision.over, watch] };
          continue;
        }
        const stop = judge(watch, thread, own, this.world, frame);
        if (stop !== undefined && this.isOver(watch, thread)) {
          decision = { ...decision, over: [...decision.over, watch] };
        } else if (stop !== undefined) decision = { ...decision, stops: [...decision.stops, stop] };
      }
    }
    return decision;
  }

  /** Where frames that hold watched locals return to. */
  returnAddresses(): ReadonlySet<bigint> {
    const addresses = new Set<bigint>();
    for (const watch of this.list) {
      const address = watch.armed === undefined ? undefined : watch.place?.frame?.returnAddress;
      if (address !== undefined) addresses.add(address);
    }
    return addresses;
  }

  /** Do watches depend on frames of this thread? */
  hasLocals(thread?: ThreadId): boolean {
    return this.list.some(
      ({ armed, place }) =>
        armed !== undefined && place?.frame !== undefined && (thread ?? place.frame.thread) === place.frame.thread,
    );
  }

  /** Armed watches whose frame is over once the thread's stack pointer is there. */
  overAt(thread: ThreadId, stackPointer: bigint): readonly Watch[] {
    return this.list.filter((watch) => watch.armed !== undefined && frameIsOver(watch, thread, stackPointer));
  }

  /** Frees the slots and says why. */
  end(watch: Watch, reason: EndReason): void {
    if (watch.state === 'ended') return;
    this.release(watch);
    watch.state = 'ended';
    watch.message = endedText(watch, reason);
    this.events.onNote(watch.message);
    this.events.onChanged(watch);
  }

  threadExited(thread: ThreadId): void {
    for (const watch of this.list) {
      if (watch.armed !== undefined && watch.place?.frame?.thread === thread) this.end(watch, 'thread');
    }
  }

  /** The watches that a range of slots serves. */
  usersOf(id: WatchId): readonly Watch[] {
    return [...(this.ranges.get(id)?.users ?? [])];
  }

  /** Before a stop: nobody shall stop at a frame that an exception has left and others use now. */
  private isOver(watch: Watch, thread: ThreadId): boolean {
    const life = watch.place?.frame;
    return life?.thread === thread && hasFrameGone(life, this.world);
  }

  private arm(watch: Watch): void {
    const resolution = resolveTarget(watch.wish.target, this.world);
    if (resolution.kind !== 'found') {
      watch.state = resolution.kind === 'pending' ? 'pending' : 'refused';
      watch.message = resolution.why;
      return;
    }
    watch.place = resolution.place;
    const writes = watch.wish.access === 'change' || watch.wish.access === 'write';
    const pieces = planPlace(resolution.place, writes ? 'write' : 'readWrite', this.world.target.slotsPerThread);
    if (typeof pieces === 'string') {
      watch.state = 'refused';
      watch.message = pieces;
      return;
    }
    this.take(watch, pieces);
  }

  private take(watch: Watch, pieces: readonly WatchPiece[]): void {
    const threads = this.threadsOf(watch);
    if (typeof threads === 'object' && 'trouble' in threads) {
      watch.state = 'refused';
      watch.message = threads.trouble;
      return;
    }
    const where = pieces.map((piece) => `${piece.address},${piece.lengthBytes},${piece.access}`).join(' ');
    const key = `${where} ${String(threads)}`;
    let range = [...this.ranges.values()].find((candidate) => candidate.key === key);
    if (range === undefined) {
      const id = this.nextRange++;
      const result = this.world.target.armWatch(id, pieces, threads);
      if (result.kind === 'refused') {
        watch.state = 'refused';
        watch.message = refusedText(
          result,
          watch.label,
          this.world.target,
          this.world.symbols,
          (holder) => this.usersOf(holder)[0]?.label,
        );
        return;
      }
      const slots = [...result.slots.values()][0] ?? [];
      range = { id, key, pieces, users: new Set(), slots };
      this.ranges.set(id, range);
    }
    range.users.add(watch);
    watch.armed = range;
    watch.state = 'armed';
  }

  /** The chosen threads; a text says why there are none. */
  private threadsOf(watch: Watch): 'all' | readonly ThreadId[] | { readonly trouble: string } {
    const { threads } = watch.wish;
    if (threads === 'all') return 'all';
    const found = this.world.target
      .threads()
      .filter(({ id, name }) => ('id' in threads ? id === threads.id : name === threads.name));
    if (found.length > 0) return found.map(({ id }) => id);
    const wanted = 'id' in threads ? String(threads.id) : `"${threads.name}"`;
    return {
      trouble: `There is no thread ${wanted} now. Set the watch again when it has started, or watch all threads.`,
    };
  }

  private release(watch: Watch): void {
    const range = watch.armed;
    if (range === undefined) return;
    assert(range.users.delete(watch), 'an armed watch uses its range', { watch: watch.id });
    watch.armed = undefined;
    if (range.users.size > 0) return;
    this.ranges.delete(range.id);
    this.world.target.disarmWatch(range.id);
  }

  /** The cost is told after all are armed, so that the budget in it is true. */
  private describe(watch: Watch): void {
    if (watch.armed !== undefined) watch.message = armedText(watch, watch.armed, this.world.target);
  }

  private changed(watch: Watch): void {
    this.describe(watch);
    this.events.onChanged(watch);
  }

  /** Read anew: `arm` has changed it. */
  private stateOf(watch: Watch): Watch['state'] {
    return watch.state;
  }
}
