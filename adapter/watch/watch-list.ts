// watch-list.ts: all data breakpoints of a session: which are wished, which are armed, which are over.
//
// The editor's wishes come as a whole list; what stays the same keeps its slots and its hits. Others are added, changed
// and removed one by one, and outlive that list's replacing. A wish that cannot arm is refused at once, with the reason,
// and changes nothing; it is tried again when slots may have become free. Watches of the same pieces share their slots.
// The target must stand whenever a method but `decide` is called.

import type { FunctionInfo } from '../symbols/program-symbols';
import type { ThreadId, WatchHit, WatchId } from '../target/target';
import { ArmedRanges } from './armed-ranges';
import { Watch } from './watch';
import type { ArmedRange, WatchWish, WatchThreads } from './watch';
import { waitsForThread, WatchArming } from './watch-arming';
import { frameIsOver, judge, stackPointerOf } from './watch-judge';
import { fastJudge } from './fast-judge';
import { JudgeNews } from './judge-news';
import type { FastEvents } from './fast-judge';
import type { FrameSource, WatchStop } from './watch-judge';
import { hasFrameGone, resolveInCall } from './watch-target';
import { isOfAnyProgram } from './watch-names';
import type { WatchTarget } from './watch-target';
import type { MemoryRange } from './watch-through';
import type { WatchWorld } from './watch-world';
import { endedText, notYetText } from './watch-texts';
import type { EndReason } from './watch-texts';

export interface WatchListEvents extends FastEvents {
  /** A watch changed by itself: its frame ended, its module came. */
  onChanged(watch: Watch): void;
  /** For the console. */
  onNote(text: string): void;
}

export interface WatchDecision {
  readonly stops: readonly WatchStop[];
  /** To be told without a stop: mode log. */
  readonly logs: readonly WatchStop[];
  /** Frames found to be over: call `end` for these at the stop. */
  readonly over: readonly Watch[];
  /** Pointers changed: call `follow` at the stop. */
  readonly moved: readonly Watch[];
}

const NO_DECISION: WatchDecision = { stops: [], logs: [], over: [], moved: [] };

export class WatchList {
  private list: readonly Watch[] = [];
  private readonly ranges: ArmedRanges;
  private readonly arming: WatchArming;
  private readonly news: JudgeNews;
  private hasFreedSlots = false;

  constructor(
    private readonly world: WatchWorld,
    private readonly events: WatchListEvents,
    private readonly nextId: () => number,
  ) {
    this.ranges = new ArmedRanges(world);
    this.arming = new WatchArming(world, this.ranges);
    this.news = new JudgeNews(() => events.mayLog?.() !== false);
  }

  get watches(): readonly Watch[] {
    return this.list;
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
    for (const watch of old) this.arming.release(watch);
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
    this.arming.release(watch);
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
    for (const watch of this.list) {
      if (watch.state !== 'pending' || watch.isHeld) continue;
      this.arming.arm(watch);
      if (this.stateOf(watch) !== 'pending') this.changed(watch);
    }
    // Names may mean others now.
    this.installFilters(this.ranges.all());
  }

  /** The program stands at another moment of its time: what there is now is armed there. */
  travelled(): void {
    this.ranges.releaseAll();
    const now = this.world.target.timeNs;
    const counted = this.world.target.time?.present.timeNs ?? 0;
    const before = new Map(this.list.map((watch) => [watch, watch.message]));
    for (const watch of this.list) {
      const { ending, sinceNs } = watch;
      watch.lostAt = undefined;
      watch.countedUntilNs = Math.max(watch.countedUntilNs, counted);
      watch.state = 'refused';
      if (ending !== undefined && ending.atNs <= now) this.leave(watch, ending.text);
      else if (watch.place?.frame !== undefined && sinceNs !== undefined && now < sinceNs) {
        this.leave(watch, notYetText(watch));
      }
    }
    this.settle(this.list);
    for (const [watch, message] of before) if (watch.message !== message) this.events.onChanged(watch);
  }

  /** Another program runs in its place: what has a name is looked up there, the rest is over. `why`: as of `end`. */
  executed(why: string): void {
    this.ranges.releaseAll();
    const before = new Map(this.list.map((watch) => [watch, watch.message]));
    for (const watch of this.list) {
      if (watch.state === 'ended') continue;
      watch.lostAt = undefined;
      if (!isOfAnyProgram(watch.wish.target)) this.end(watch, { why });
      else {
        watch.place = undefined;
        watch.state = 'refused';
      }
    }
    this.settle(this.list);
    for (const [watch, message] of before) if (watch.message !== message) this.events.onChanged(watch);
  }

  private leave(watch: Watch, message: string): void {
    watch.state = 'ended';
    watch.message = message;
  }

  /** Judges one instruction's accesses where they happen. Calls nothing of the target but reads. */
  decide(thread: ThreadId, hits: readonly WatchHit[], frames: FrameSource): WatchDecision {
    let decision = NO_DECISION;
    for (const range of this.ranges.hitBy(hits)) {
      const own = hits.filter((hit) => hit.watch === range.id);
      if (range.followers.size > 0 && own.some(changesBytes))
        decision = { ...decision, moved: [...decision.moved, ...range.followers] };
      for (const watch of range.users) {
        if (watch.mode !== 'stop' && this.world.isPast?.(watch) === true) continue;
        if (this.isFrameOver(watch, thread, own)) {
          decision = { ...decision, over: [...decision.over, watch] };
          continue;
        }
        const programs = this.programsOwn(watch, own);
        const stop = judge(watch, thread, programs, this.world, frames);
        learn(watch, programs, frames);
        if (stop !== undefined && this.isOver(watch, thread)) {
          decision = { ...decision, over: [...decision.over, watch] };
        } else if (stop !== undefined) decision = sorted(decision, stop);
      }
    }
    return decision;
  }

  /** Without what the loader does to variables; of memory by number everything is told. */
  private programsOwn({ wish }: Watch, hits: readonly WatchHit[]): readonly WatchHit[] {
    const { world } = this;
    if (wish.target.kind === 'address' || !hits.some((hit) => world.isLoaders?.(hit) === true)) return hits;
    return hits.filter((hit) => world.isLoaders?.(hit) !== true);
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
    this.installFilters();
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
    }
    return addresses;
  }

  /** Where calls begin whose locals are waited for. */
  awaitedCalls(): ReadonlySet<bigint> {
    const { symbols } = this.world;
    return new Set(this.waiting().flatMap(({ functionName }) => symbols.functionsNamed(functionName).map(startOf)));
  }

  /** The thread stands at one of them: the watches that wait for a call of that function are armed in it. */
  called(thread: ThreadId, address: bigint): void {
    for (const watch of this.list) {
      const { target, threads } = watch.wish;
      if (target.kind !== 'eachCall' || watch.isHeld || watch.state !== 'pending') continue;
      const isMeant = this.world.symbols.functionsNamed(target.functionName).some((code) => startOf(code) === address);
      if (!isMeant || !this.isFor(threads, thread)) continue;
      this.arming.armWhere(watch, resolveInCall(target, thread, this.world));
      this.noteMissed(watch, target.functionName);
      this.changed(watch);
    }
    this.installFilters();
  }

  /** A call that finds no slot was missed: the next may find one. */
  private noteMissed(watch: Watch, functionName: string): void {
    if (watch.isHeld) return;
    watch.state = 'pending';
    watch.message = `The last call of ${functionName} was not watched: ${watch.message}`;
  }

  private waiting(): readonly (WatchTarget & { kind: 'eachCall' })[] {
    return this.list.flatMap(({ isHeld, state, wish: { target } }) =>
      target.kind === 'eachCall' && !isHeld && state === 'pending' ? [target] : [],
    );
  }

  private isFor(threads: WatchThreads, thread: ThreadId): boolean {
    if (threads === 'all') return true;
    if ('id' in threads) return threads.id === thread;
    return this.world.target.threads().some(({ id, name }) => id === thread && name === threads.name);
  }

  /** Do watches depend on frames of this thread? */
  hasLocals(thread?: ThreadId): boolean {
    return this.list.some(
      ({ isAlive, place }) =>
        isAlive && place?.frame !== undefined && (thread ?? place.frame.thread) === place.frame.thread,
    );
  }

  /** Watches whose frame is over once the thread's stack pointer is there. */
  overAt(thread: ThreadId, stackPointer: bigint): readonly Watch[] {
    return this.list.filter((watch) => watch.isAlive && frameIsOver(watch, thread, stackPointer));
  }

  /** Frees the slots and says why. */
  end(watch: Watch, reason: EndReason): void {
    if (watch.state === 'ended') return;
    if (watch.via !== undefined && typeof reason === 'object') {
      this.lead(watch, reason.why);
      return;
    }
    const { isHeld } = watch;
    this.arming.release(watch);
    if (watch.wish.target.kind === 'eachCall') {
      watch.state = 'pending';
      watch.message = `${endedText(watch, reason, isHeld)} Armed again in the next call.`;
      this.events.onChanged(watch);
      return;
    }
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

  /** Those that are neither a frame's nor a module's: of the heap, or of memory that was mapped. */
  onHeap(): readonly Watch[] {
    return this.list.filter((watch) => {
      const { place, wish } = watch;
      if (place === undefined || !isAtItsPlace(watch)) return false;
      if ((place.frame ?? place.ofThread ?? place.threadPointer) !== undefined) return false;
      return wish.target.kind !== 'global' && this.world.symbols.symbolize(place.address) === undefined;
    });
  }

  /** Where those lie that hold no slots there, and are over with their place. */
  unarmed(): readonly MemoryRange[] {
    return this.list.flatMap((watch) =>
      watch.armed === undefined && watch.place !== undefined && isAtItsPlace(watch) ? [watch.place] : [],
    );
  }

  /** `why`: the rest of a sentence. A module's variable comes back with the module. */
  unmapped(address: bigint, lengthBytes: number, why: string): void {
    const end = address + BigInt(lengthBytes);
    for (const watch of this.list) {
      const { place } = watch;
      if (place === undefined || place.threadPointer !== undefined || !isAtItsPlace(watch)) continue;
      if (place.address >= end || place.address + BigInt(place.lengthBytes) <= address) continue;
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
    for (const watch of this.list) {
      const { isAlive, place } = watch;
      if (isAlive && (place?.frame?.thread ?? place?.ofThread) === thread) this.end(watch, 'thread');
    }
  }

  /** The watches that a range of slots serves. */
  usersOf(id: WatchId): readonly Watch[] {
    return this.ranges.usersOf(id);
  }

  /** Before anything is counted: a call from the frame's end has its place on the stack, and its return address. */
  private isFrameOver(watch: Watch, thread: ThreadId, hits: readonly WatchHit[]): boolean {
    const frame = watch.place?.frame;
    if (frame?.thread !== thread) return false;
    if (frameIsOver(watch, thread, stackPointerOf(this.world, thread))) return true;
    const writer = hits.at(0)?.instruction;
    const isOwn = writer !== undefined && this.world.symbols.functionAt(writer)?.name === frame.functionName;
    return !isOwn && this.isOver(watch, thread);
  }

  /** Before a stop: nobody shall stop at a frame that an exception has left and others use now. */
  private isOver(watch: Watch, thread: ThreadId): boolean {
    const life = watch.place?.frame;
    return life?.thread === thread && hasFrameGone(life, this.world);
  }

  /** Its slots go where the new wish wants others. */
  private give(watch: Watch, wish: WatchWish): void {
    const old = watch.wish;
    if (old.condition !== wish.condition) watch.conditionTrouble = undefined;
    const sameSlots = old.access === wish.access && old.extend === wish.extend;
    if (!sameSlots || !sameThreads(old.threads, wish.threads)) this.arming.release(watch);
    watch.wish = wish;
    if (watch.armed !== undefined) this.ranges.noteChange(watch.armed);
  }

  /** Arms what can be armed now, and tells of those that changed by it; `asked` are told by whoever asked. */
  private settle(asked: readonly Watch[]): void {
    const tried = this.list.filter((watch) => !watch.isHeld && watch.state !== 'ended');
    const before = new Map(tried.map((watch) => [watch, watch.state]));
    const isDisabled = (watch: Watch): boolean => watch.wish.disabled === true;
    // What goes, goes first: its slots may serve what comes.
    for (const watch of this.list.filter(isDisabled)) this.arming.disable(watch);
    // Whoever asks now is served before those that have waited.
    for (const watch of new Set([...asked, ...this.list]))
      if (before.has(watch) && !isDisabled(watch)) this.arming.arm(watch);
    const budget = this.arming.budget();
    for (const watch of this.list) this.arming.describe(watch, budget);
    this.installFilters();
    for (const [watch, state] of before) {
      if (watch.state !== state && !asked.includes(watch)) this.events.onChanged(watch);
    }
  }

  /** What can be decided in the machine is decided there. */
  private installFilters(changed?: readonly ArmedRange[]): void {
    const news = this.ranges.takeChanged();
    for (const range of changed ?? news) {
      // A pointer's change must be told, and what the loader does is none of the program's.
      const isTold = range.followers.size > 0 || this.world.isLoading === true || this.world.isPast?.() === true;
      const watch = isTold ? undefined : [...range.users].at(0);
      const judging = watch === undefined ? undefined : fastJudge(watch, this.world, this.events, this.news);
      for (const user of range.users) user.fast = judging;
      this.world.target.setWatchFilter(range.id, judging && ((thread) => judging.filterFor(thread)));
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

/** It is over with its place. Where pointers lead is looked up anew when it is armed. */
const isAtItsPlace = ({ armed, isAlive, place }: Watch): boolean =>
  isAlive && (armed !== undefined || place?.via === undefined);

const startOf = ({ afterPrologue }: FunctionInfo): bigint => afterPrologue;

const changesBytes = ({ before, after }: WatchHit): boolean => before.some((byte, at) => byte !== after[at]);

function sameThreads(one: WatchWish['threads'], other: WatchWish['threads']): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Its next hits from the same instruction may then be decided in the machine. */
function learn({ fast }: Watch, hits: readonly WatchHit[], frames: FrameSource): void {
  const instruction = hits.at(0)?.instruction;
  if (instruction !== undefined && fast?.wantsToLearn(instruction) === true) fast.learn(instruction, frames(1).at(0));
}

/** By the watch's mode; what is only counted has been. */
function sorted(decision: WatchDecision, stop: WatchStop): WatchDecision {
  switch (stop.watch.mode) {
    case 'stop':
      return { ...decision, stops: [...decision.stops, stop] };
    case 'log':
      return { ...decision, logs: [...decision.logs, stop] };
    case 'count':
      return decision;
  }
}
