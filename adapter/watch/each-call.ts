// each-call.ts: the watches on a function's local in each call of it: one watch, with a place for each call under way.
//
// A call that begins gets a watch of its own, which is in no list: it takes slots, has the wish and the tally of the one
// that the person knows, and ends with its call. It is for all threads where there is room on each of them, else for
// its own thread alone. A call that finds no slot there either is missed, and counted. The one that the person knows is
// armed while a call is, and waits for the next one else. The target must stand.

import type { ThreadId } from '../target/target';
import { assert } from '../util/assert';
import { BegunCalls } from './begun-calls';
import { beginningsOf, callsOn, codeOf, hasSameFrame, isSameCall, placeOnStack } from './call-place';
import type { Call, CallCode, CallTarget } from './call-place';
import { underWayText, waitingText } from './call-texts';
import { frameIsOver, isWithinInlined, stackPointerOf } from './frame-life';
import { Watch } from './watch';
import type { WatchedCalls, WatchThreads, WatchWish } from './watch';
import type { WatchArming } from './watch-arming';
import type { Resolution } from './watch-target';
import { endedText } from './watch-texts';
import type { EndReason, SlotBudget } from './watch-texts';
import type { FrameLife, WatchPlace, WatchWorld } from './watch-world';
import { conditionNote } from './wish-check';

/** A watch, and its calls. */
interface Known {
  readonly watch: Watch;
  readonly calls: WatchedCalls;
  readonly target: CallTarget;
}

export class EachCall {
  private readonly functions = new Map<string, readonly CallCode[]>();
  private readonly all = new Set<Watch>();
  private readonly begun: BegunCalls;
  private hasNewReturns = false;

  constructor(
    private readonly world: WatchWorld,
    private readonly arming: WatchArming,
    /** It has gained, lost or missed a call. */
    private readonly onChanged: (watch: Watch) => void,
  ) {
    this.begun = new BegunCalls(world);
  }

  /** Some watch is for calls. */
  get areWatched(): boolean {
    return this.all.size > 0;
  }

  /** Where the calls begin that are watched. */
  beginnings(): ReadonlySet<bigint> {
    const codes = this.known().flatMap(({ target }) => this.functionsOf(target));
    return new Set(codes.flatMap(beginningsOf));
  }

  /** True, once, where calls have begun that return to where none of the watch did. */
  takeNewReturns(): boolean {
    const has = this.hasNewReturns;
    this.hasNewReturns = false;
    return has;
  }

  /** Modules came or went: the names may mean others. */
  forgetFunctions(): void {
    this.functions.clear();
    this.begun.forget();
  }

  /** From now on each call is watched, and those that are under way are. Nothing where that is so already. */
  arm(watch: Watch): void {
    const { target } = watch.wish;
    if (watch.calls !== undefined || target.kind !== 'eachCall') return;
    const known: Known = { watch, calls: { underWay: [], returns: new Set() }, target };
    watch.calls = known.calls;
    this.all.add(watch);
    this.show(known, '');
    for (const { id } of this.world.target.threads()) {
      for (const call of callsOn(this.functionsOf(target), id, this.world))
        this.begin(known, call, () => placeOnStack(known.target, call, this.world));
    }
  }

  /** No call is watched any more. */
  release(watch: Watch): void {
    for (const own of watch.calls?.underWay ?? []) this.arming.release(own);
    this.forget(watch);
  }

  /** As `release`, where nothing is armed any more. */
  forget(watch: Watch): void {
    this.all.delete(watch);
    watch.calls = undefined;
  }

  /** The thread stands where a call begins: at one of `beginnings`. */
  called(thread: ThreadId, address: bigint): void {
    for (const known of this.known()) {
      const begun = this.functionsOf(known.target).filter((code) => beginningsOf(code).includes(address));
      if (begun.length === 0 || !this.isFor(known.watch.wish.threads, thread)) continue;
      const found = this.begun.at(known.target, begun, thread, address);
      const { call, frames } = found;
      this.endPassed(known, thread, (life) => frames[0]?.cfa !== life.cfa || isWithinInlined(life, frames));
      if (call === undefined) this.miss(known, 'The stack of this call cannot be read.');
      else this.begin(known, call, () => this.begun.placeIn(known.target, call, found));
      this.onChanged(known.watch);
    }
  }

  /** The call that this watch is on, which is in no list, is over. */
  ended(own: Watch, reason: EndReason): void {
    const [known] = own.of === undefined ? [] : knownOf(own.of);
    const at = known.calls.underWay.indexOf(own);
    assert(at >= 0, 'a call that ends is under way', { watch: own.id });
    known.calls.underWay.splice(at, 1);
    this.arming.release(own);
    own.state = 'ended';
    this.show(known, endedText(own, reason, true));
    this.onChanged(known.watch);
  }

  describe(watch: Watch, budget: SlotBudget): void {
    const { calls } = watch;
    if (calls === undefined || calls.underWay.length === 0) return;
    const { symbols, distrust } = this.world;
    watch.describe(() => {
      const texts = [underWayText(watch, calls, budget), conditionNote(watch.wish, symbols), distrust];
      return texts.filter((text) => text !== undefined).join(' ');
    });
  }

  /** Returns that were not seen: another call's frame lies there now. */
  private endPassed({ calls }: Known, thread: ThreadId, isWithin: (life: FrameLife) => boolean): void {
    const stackPointer = stackPointerOf(this.world, thread);
    for (const own of [...calls.underWay]) {
      const life = lifeOf(own);
      if (life.thread !== thread) continue;
      if (frameIsOver(own, thread, stackPointer) || !isWithin(life)) this.ended(own, 'returned');
    }
  }

  private begin(known: Known, { life }: Call, place: () => Resolution): void {
    const { watch, calls } = known;
    if (!this.isFor(watch.wish.threads, life.thread)) return;
    // The beginning of a loop may be where the call begins.
    if (calls.underWay.some((own) => isSameCall(lifeOf(own), life))) return;
    const passed = calls.underWay.filter(
      (own) => hasSameFrame(lifeOf(own), life) && lifeOf(own).returnAddress !== life.returnAddress,
    );
    for (const own of passed) this.ended(own, 'left');
    const resolution = place();
    if (resolution.kind === 'found') this.take(known, resolution.place);
    else this.miss(known, resolution.kind === 'gone' ? resolution.why : '');
  }

  private take(known: Known, place: WatchPlace): void {
    const { watch, calls } = known;
    const own = new Watch(watch.id, watch.wish, watch);
    this.arming.armWhere(own, { kind: 'found', place });
    if (own.lacksSlots) this.narrow(own);
    const thread = place.frame?.thread;
    if (own.lacksSlots && this.narrowOthers(thread)) this.narrow(own);
    if (!own.isHeld) {
      this.miss(known, own.message);
      return;
    }
    calls.underWay.push(own);
    const { returnAddress, inlinedEnd } = lifeOf(own);
    for (const address of [returnAddress, inlinedEnd]) {
      if (address === undefined || calls.returns.has(address)) continue;
      calls.returns.add(address);
      this.hasNewReturns = true;
    }
    // Back in time, it has been counted.
    if (this.world.isPast?.(watch) !== true) watch.tally.watchedCalls++;
    this.show(known, '');
  }

  /** False: there are none. */
  private narrowOthers(thread: ThreadId | undefined): boolean {
    const underWay = this.known().flatMap(({ calls }) => calls.underWay);
    const others = underWay.filter((each) => lifeOf(each).thread !== thread && each.onlyThread === undefined);
    for (const each of others) this.narrow(each);
    return others.length > 0;
  }

  /** On its own thread alone: others have their slots for their own calls. */
  private narrow(own: Watch): void {
    const { place } = own;
    if (place === undefined) return;
    this.arming.release(own);
    own.onlyThread = place.frame?.thread;
    this.arming.armWhere(own, { kind: 'found', place });
  }

  private miss(known: Known, why: string): void {
    const { watch } = known;
    if (this.world.isPast?.(watch) === true) return;
    watch.tally.missedCalls++;
    watch.tally.missedWhy = why;
    this.show(known, '');
  }

  /** The watch has the place of the newest call. */
  private show({ watch, calls, target }: Known, ended: string): void {
    const newest = calls.underWay.at(-1);
    watch.state = newest === undefined ? 'pending' : 'armed';
    if (newest?.place === undefined) watch.message = waitingText(target.functionName, ended, watch.tally);
    else {
      watch.place = withoutLife(newest.place);
      this.describe(watch, this.arming.budget());
    }
  }

  private isFor(threads: WatchThreads, thread: ThreadId): boolean {
    if (threads === 'all') return true;
    if ('id' in threads) return threads.id === thread;
    return this.world.target.threads().some(({ id, name }) => id === thread && name === threads.name);
  }

  private known(): readonly Known[] {
    return [...this.all].flatMap(knownOf);
  }

  private functionsOf(target: CallTarget): readonly CallCode[] {
    let known = this.functions.get(target.expression);
    if (known === undefined) this.functions.set(target.expression, (known = codeOf(target, this.world.symbols)));
    return known;
  }
}

/** The one that the person knows, which holds no slots of its own. */
export function isOnEachCall({ wish, of }: Watch): boolean {
  return wish.target.kind === 'eachCall' && of === undefined;
}

/** The calls' own watches have its wish. */
export function giveCalls({ calls }: Watch, wish: WatchWish): readonly Watch[] {
  const underWay = calls?.underWay ?? [];
  for (const own of underWay) own.wish = wish;
  return underWay;
}

function knownOf(watch: Watch): readonly Known[] {
  const { calls, wish } = watch;
  return calls === undefined || wish.target.kind !== 'eachCall' ? [] : [{ watch, calls, target: wish.target }];
}

function lifeOf({ id, place }: Watch): FrameLife {
  assert(place?.frame !== undefined, 'a call under way has a frame', { watch: id });
  return place.frame;
}

function withoutLife(place: WatchPlace): WatchPlace {
  const { label, address, lengthBytes, type, bitOffset, bitSize } = place;
  const bits = bitOffset === undefined || bitSize === undefined ? {} : { bitOffset, bitSize };
  return { label, address, lengthBytes, type, ...bits };
}
