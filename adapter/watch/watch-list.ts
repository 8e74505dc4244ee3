// watch-list.ts: all data breakpoints of a session: which are wished, which are armed, which are over.
//
// The editor's wishes come as a whole list; what stays the same keeps its slots and its hits. Others are added, changed
// and removed one by one, and outlive that list's replacing. A wish that cannot arm is refused at once, with the reason,
// and changes nothing; it is tried again when slots may have become free. Watches of the same pieces share their slots.
// The target must stand, or be at a code stop, whenever a method but `decide` is called.

import type { ThreadId, WatchHit, WatchId } from '../target/target';
import { ArmedRanges } from './armed-ranges';
import { EachCall, giveCalls } from './each-call';
import { Watch } from './watch';
import type { WatchWish } from './watch';
import { waitsForThread, WatchArming } from './watch-arming';
import { frameIsOver, hasPassedInlined } from './frame-life';
import { decide } from './watch-decision';
import type { WatchDecision } from './watch-decision';
import type { FastEvents } from './fast-judge';
import type { FrameSource } from './watch-judge';
import { WatchFilters } from './watch-filters';
import { isOfAnyProgram } from './watch-names';
import type { MemoryRange } from './watch-through';
import type { WatchWorld } from './watch-world';
import { isAtItsPlace, isOnHeap, isWithin } from './watched-memory';
import { endedText, notYetText } from './watch-texts';
import type { EndReason } from './watch-texts';

export interface WatchListEvents extends FastEvents {
  /** A watch changed by itself: its frame ended, its module came. */
  onChanged(watch: Watch): void;
  /** The same of one that a call has begun or ended of: perhaps many times a second. */
  onCalls(watch: Watch): void;
  /** For the console. */
  onNote(text: string): void;
}

export class WatchList {
  private list: readonly Watch[] = [];
  private readonly ranges: ArmedRanges;
  private readonly arming: WatchArming;
  private readonly calls: EachCall;
  private readonly filters: WatchFilters;
  private hasFreedSlots = false;

  constructor(
    private readonly world: WatchWorld,
    private readonly events: WatchListEvents,
    private readonly nextId: () => number,
  ) {
    this.ranges = new ArmedRanges(world);
    this.arming = new WatchArming(world, this.ranges);
    this.calls = new EachCall(world, this.arming, (watch) => {
      events.onCalls(watch);
    });
    this.filters = new WatchFilters(world, this.ranges, events);
  }

  get watches(): readonly Watch[] {
    return this.list;
  }

  /** All that may hold slots: each watch, and those on the calls of a function in place of the watch on all of them. */
  get placed(): readonly Watch[] {
    return this.list.flatMap((watch) => watch.calls?.underWay ?? [watch]);
  }

  /** Replaces the editor's list; the result is in the order of the wishes. */
  replace(wishes: readonly WatchWish[]): readonly Watch[] {
    const others = this.list.filter(({ origin }) => origin !== 'editor');
    const old = this.list.filter(({ origin }) => origin === 'editor');
    const list = wishes.map((wish) => {
      const at = old.findIndex((watch) => watch.wish.key === wish.key && watch.wish.access === wish.access);
      const kept = at < 0 ? undefined : old.splice(at, 1)[0];
      if (kept === undefined) return new Watch(this.nextId(), wish);
      this.give(kept, wish);
      return kept;
    });
    // What goes, goes first: its slots may serve what comes.
    for (const watch of old) this.release(watch);
    this.list = [...list, ...others];
    this.settle(list);
    return list;
  }

  /** One more, beside the editor's list; its origin says whose it is. */
  add(wish: WatchWish): Watch {
    const watch = new Watch(this.nextId(), wish);
    this.list = [...this.list, watch];
    this.settle([watch]);
    return watch;
  }

  /** Keeps hits and history; a watch that was over is tried again. */
  change(watch: Watch, wish: WatchWish): void {
    this.give(watch, wish);
    if (watch.state === 'ended') {
      watch.state = 'refused';
      watch.ending = undefined;
      watch.sinceNs = undefined;
    }
    this.settle([watch]);
  }

  /** Frees its slots, which may serve others. Unknown ones are ignored. */
  remove(watch: Watch): void {
    if (!this.list.includes(watch)) return;
    this.release(watch);
    this.list = this.list.filter((other) => other !== watch);
    this.settle([]);
  }

  /**
   * Watches or threads may have ended: those that lacked slots are tried again. What waits for its next call, or for
   * its pointer, has its slots kept meanwhile.
   */
  useFreedSlots(): void {
    const hasFreed = this.hasFreedSlots;
    this.hasFreedSlots = false;
    if (hasFreed && this.list.some(({ lacksSlots, state }) => lacksSlots && state === 'refused')) this.settle([]);
  }

  /** What a wish waits for may be there: modules came, or thread-local memory. */
  lookAgain(): void {
    this.calls.forgetFunctions();
    for (const watch of this.list) {
      if (watch.state !== 'pending' || watch.isHeld || watch.calls !== undefined) continue;
      this.arming.arm(watch);
      if (this.stateOf(watch) !== 'pending') this.changed(watch);
    }
    // Names may mean others now.
    this.filters.install(this.ranges.all());
  }

  /** The program stands at another moment of its time: what there is now is armed there. */
  travelled(): void {
    const now = this.world.target.timeNs;
    const counted = this.world.target.time?.present.timeNs ?? 0;
    this.renew((watch) => {
      const { ending, sinceNs, tally } = watch;
      tally.countedUntilNs = Math.max(tally.countedUntilNs, counted);
      watch.state = 'refused';
      if (ending !== undefined && ending.atNs <= now) this.leave(watch, ending.text);
      else if (sinceNs !== undefined && now < sinceNs && this.isNotYet(watch)) this.leave(watch, notYetText(watch));
    });
  }

  /** Another program runs in its place: what has a name is looked up there, the rest is over. `why`: as of `end`. */
  executed(why: string): void {
    this.calls.forgetFunctions();
    this.renew((watch) => {
      if (watch.state === 'ended') return;
      if (!isOfAnyProgram(watch.wish.target)) this.end(watch, { why });
      else {
        watch.place = undefined;
        watch.state = 'refused';
      }
    });
  }

  /** Nothing is armed any more: `prepare` says of each watch what it is now; then all are armed that can be. */
  private renew(prepare: (watch: Watch) => void): void {
    this.ranges.releaseAll();
    const before = new Map(this.list.map((watch) => [watch, watch.message]));
    for (const watch of this.list) {
      watch.lostAt = undefined;
      this.calls.forget(watch);
      prepare(watch);
    }
    this.settle(this.list);
    for (const [watch, message] of before) if (watch.message !== message) this.events.onChanged(watch);
  }

  /** In this part of the past; from its call's, or its thread's, beginning on. */
  private isNotYet({ place }: Watch): boolean {
    if (place?.ofThread === undefined) return place?.frame !== undefined;
    return !this.world.target.threads().some(({ id }) => id === place.ofThread);
  }

  private leave(watch: Watch, message: string): void {
    watch.state = 'ended';
    watch.message = message;
  }

  /** Judges one instruction's accesses where they happen. Calls nothing of the target but reads. */
  decide(thread: ThreadId, hits: readonly WatchHit[], frames: FrameSource): WatchDecision {
    return decide(this.ranges.hitBy(hits), { thread, hits, frames }, this.world);
  }

  /** A pointer has changed, or may have: the watches look where it leads now. */
  follow(watches: readonly Watch[], hasChanged: boolean): void {
    for (const watch of watches) {
      if (!watch.isHeld || (!hasChanged && watch.lostAt !== undefined)) continue;
      watch.lostAt = undefined;
      const before = `${watch.state} ${watch.place?.address}`;
      this.arming.release(watch);
      this.arming.arm(watch);
      this.arming.describe(watch);
      if (before !== `${watch.state} ${watch.place?.address}`) this.events.onChanged(watch);
    }
    this.filters.install();
  }

  /** Those that follow pointers. */
  followers(): readonly Watch[] {
    return this.list.filter(({ via }) => via !== undefined);
  }

  /** Where frames that hold watched locals return to. */
  returnAddresses(): ReadonlySet<bigint> {
    const addresses = new Set<bigint>();
    for (const watch of this.list) {
      const address = watch.isAlive ? watch.place?.frame?.returnAddress : undefined;
      if (address !== undefined) addresses.add(address);
      for (const own of watch.calls?.returns ?? []) addresses.add(own);
    }
    return addresses;
  }

  /** True, once, where calls of a function have begun that return to where none did. */
  takeNewReturns(): boolean {
    return this.calls.takeNewReturns();
  }

  /** Where calls begin whose locals are watched. */
  callBeginnings(): ReadonlySet<bigint> {
    return this.calls.beginnings();
  }

  /** The thread stands at one of them. */
  called(thread: ThreadId, address: bigint): void {
    this.calls.called(thread, address);
    this.filters.install();
  }

  /** Do watches depend on frames of this thread? */
  hasLocals(thread?: ThreadId): boolean {
    if (thread === undefined && this.calls.areWatched) return true;
    return this.placed.some(
      ({ isAlive, place }) =>
        isAlive && place?.frame !== undefined && (thread ?? place.frame.thread) === place.frame.thread,
    );
  }

  /** Watches whose frame is over once the thread's stack pointer is there, or which goes on at `address` behind theirs. */
  overAt(thread: ThreadId, stackPointer: bigint, address?: bigint): readonly Watch[] {
    const { world } = this;
    return this.placed.filter(
      (each) =>
        each.isAlive && (frameIsOver(each, thread, stackPointer) || hasPassedInlined(each, thread, address, world)),
    );
  }

  /** Frees the slots and says why. */
  end(watch: Watch, reason: EndReason): void {
    if (watch.state === 'ended') return;
    if (watch.via !== undefined && typeof reason === 'object') {
      this.lead(watch, reason.why);
      return;
    }
    if (watch.of !== undefined) {
      this.calls.ended(watch, reason);
      return;
    }
    const { isHeld } = watch;
    this.arming.release(watch);
    if (isHeld) this.hasFreedSlots = true;
    watch.state = 'ended';
    watch.message = endedText(watch, reason, isHeld);
    watch.ending = { atNs: this.world.target.timeNs, text: watch.message };
    this.events.onNote(watch.message);
    this.events.onChanged(watch);
  }

  /** What the pointers led to is over, they are not: they may lead elsewhere. */
  private lead(watch: Watch, why: string): void {
    if (watch.armed !== undefined) this.ranges.release(watch, 'users', watch.armed);
    watch.armed = undefined;
    watch.lostAt = watch.place?.address;
    watch.state = 'pending';
    watch.message = `Where \`${watch.label}\` led is over: ${why}. Armed when a pointer in it changes.`;
    this.events.onNote(watch.message);
    this.events.onChanged(watch);
  }

  /** Neither a module's nor on a stack that is a thread's: of the heap, or of memory that was mapped. */
  onHeap(): readonly Watch[] {
    return this.list.filter((watch) => isOnHeap(watch, this.world));
  }

  /** Where those lie that hold no slots there, and are over with their place. */
  unarmed(): readonly MemoryRange[] {
    return this.list.flatMap((watch) =>
      watch.armed === undefined && watch.place !== undefined && isAtItsPlace(watch) ? [watch.place] : [],
    );
  }

  /** `why`: the rest of a sentence. A module's variable comes back with the module. */
  unmapped(address: bigint, lengthBytes: number, why: string): void {
    for (const watch of this.placed) {
      const { place } = watch;
      if (place === undefined || place.threadPointer !== undefined || !isAtItsPlace(watch)) continue;
      if (!isWithin(place, address, lengthBytes)) continue;
      const { kind } = watch.wish.target;
      if (kind === 'global' || kind === 'awaited') {
        if (!watch.isHeld) continue;
        // Another part of its file took its place: a module that is being loaded.
        if (this.world.memory.read(place.address, place.lengthBytes).length === place.lengthBytes) continue;
        this.arming.release(watch);
        watch.state = 'pending';
        watch.message = `\`${watch.label}\` is gone: ${why}. Armed again when its module is loaded again.`;
        this.events.onNote(watch.message);
        this.events.onChanged(watch);
      } else this.end(watch, { why });
    }
  }

  threadExited(thread: ThreadId): void {
    this.hasFreedSlots = true;
    for (const watch of this.placed) {
      const { isAlive, place } = watch;
      if (isAlive && (place?.frame?.thread ?? place?.ofThread) === thread) this.end(watch, 'thread');
    }
  }

  /** The watches that a range of slots serves. */
  usersOf(id: WatchId): readonly Watch[] {
    return this.ranges.usersOf(id);
  }

  /** Its slots go where the new wish wants others. */
  private give(watch: Watch, wish: WatchWish): void {
    const old = watch.wish;
    if (old.condition !== wish.condition) watch.tally.conditionTrouble = undefined;
    const sameSlots = old.access === wish.access && old.extend === wish.extend;
    if (!sameSlots || !sameThreads(old.threads, wish.threads)) this.release(watch);
    watch.wish = wish;
    for (const { armed } of [watch, ...giveCalls(watch, wish)]) if (armed !== undefined) this.ranges.noteChange(armed);
  }

  private release(watch: Watch): void {
    this.calls.release(watch);
    this.arming.release(watch);
  }

  private arm(watch: Watch): void {
    if (watch.wish.target.kind === 'eachCall') this.calls.arm(watch);
    else this.arming.arm(watch);
  }

  /** Arms what can be armed now, and tells of those that changed by it; `asked` are told by whoever asked. */
  private settle(asked: readonly Watch[]): void {
    const tried = this.list.filter((watch) => !watch.isHeld && watch.state !== 'ended');
    const before = new Map(tried.map((watch) => [watch, watch.state]));
    const isDisabled = (watch: Watch): boolean => watch.wish.disabled === true;
    // What goes, goes first: its slots may serve what comes.
    for (const watch of this.list.filter(isDisabled)) {
      this.calls.release(watch);
      this.arming.disable(watch);
    }
    // Whoever asks now is served before those that have waited.
    for (const watch of new Set([...asked, ...this.list])) if (before.has(watch) && !isDisabled(watch)) this.arm(watch);
    const budget = this.arming.budget();
    for (const watch of this.list) {
      this.arming.describe(watch, budget);
      this.calls.describe(watch, budget);
    }
    this.filters.install();
    for (const [watch, state] of before) {
      if (watch.state !== state && !asked.includes(watch)) this.events.onChanged(watch);
    }
  }

  /**
   * Threads came, went or have another name: who waits for one by name hears of it. `seen`: a name that a thread took,
   * whatever became of it since.
   */
  threadsChanged(seen?: string): void {
    for (const watch of this.list) {
      const { threads } = watch.wish;
      if (watch.armed === undefined || threads === 'all' || 'id' in threads) continue;
      const state = threads.name === seen || this.arming.isThere(threads.name) ? 'armed' : 'pending';
      if (state === watch.state) continue;
      watch.state = state;
      if (state === 'pending') watch.message = waitsForThread(threads.name);
      else this.arming.describe(watch);
      this.events.onChanged(watch);
    }
  }

  private changed(watch: Watch): void {
    this.arming.describe(watch);
    this.events.onChanged(watch);
  }

  /** Read anew: `arm` has changed it. */
  private stateOf(watch: Watch): Watch['state'] {
    return watch.state;
  }
}

function sameThreads(one: WatchWish['threads'], other: WatchWish['threads']): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
