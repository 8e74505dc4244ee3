// watch-desk.ts: what can be asked about watches: the editor's list, single ones, their plan and their history.
//
// Over the watch list, which arms and judges. Whatever arms or reads a frame needs a standing program: the caller sees
// to that (debug-session.ts). Mistakes come as UserError.

import type { WatchChange, WatchHistory, WatchPlan, WatchSpec, WatchView } from '../protocol/watches';
import { UserError } from '../util/user-error';
import { changed, EditorChanges } from '../watch/editor-changes';
import type { WishChange } from '../watch/editor-changes';
import type { Watch, WatchWish } from '../watch/watch';
import type { WatchOffer } from '../watch/watch-offer';
import { costOfCalls } from '../watch/call-offer';
import { eachCallOf, WatchIds } from '../watch/watch-ids';
import type { WatchManner } from '../watch/watch-ids';
import { resolveTarget } from '../watch/watch-target';
import type { WatchTarget } from '../watch/watch-target';
import { wishTrouble } from '../watch/wish-check';
import { watchView } from './session-core';
import type { SessionCore } from './session-core';
import type { BreakpointView } from './session-events';
import { WatchOffers } from './watch-offers';
import { WatchViews } from './watch-views';

/** A wish of the editor's list, or the reason why it is none. */
export type EditorWish = WatchWish | { readonly key: string; readonly trouble: string };

export class WatchDesk {
  readonly ids = new WatchIds();
  readonly offers: WatchOffers;
  private readonly changes = new EditorChanges();
  private readonly views: WatchViews;

  constructor(private readonly core: SessionCore) {
    this.offers = new WatchOffers(core);
    this.views = new WatchViews(core.debuggee, this.ids, core.threadNames);
  }

  // — the editor's list —

  /** One per wish, in order. */
  setEditors(wishes: readonly EditorWish[]): readonly BreakpointView[] {
    const checked = wishes.map((wish) => ('trouble' in wish ? wish : checkedWish(wish)));
    const good = checked.filter((wish): wish is WatchWish => !('trouble' in wish));
    const watches = [...this.core.watches.replace(good.map((wish) => this.changes.apply(wish)))];
    this.touched();
    return checked.map((wish) => {
      if ('trouble' in wish) return { id: 0, verified: false, message: wish.trouble, reason: 'failed' as const };
      const watch: Watch | undefined = watches.shift();
      if (watch === undefined) throw new Error('one watch per wish');
      this.changes.belongs(watch, wish);
      return watchView(watch);
    });
  }

  // — single watches —

  /** All of them, the editor's first. */
  list(): readonly WatchView[] {
    this.core.threadNames.refresh();
    return this.core.watches.watches.map((watch) => this.views.view(watch));
  }

  /** Throws where it cannot be watched at all; one that only finds no slot is there, refused, and waits for one. */
  add(spec: WatchSpec): WatchView {
    const { target, manner } = this.targetOf(spec);
    const wish = this.wishOf(spec, target, manner);
    const trouble = wishTrouble(wish);
    if (trouble !== undefined) throw new UserError('watch-trouble', trouble);
    const watch = this.core.watches.add(wish);
    this.touched();
    this.core.observer.onBreakpointChanged(watchView(watch), 'new');
    return this.viewOf(watch);
  }

  change(change: WatchChange): WatchView {
    const watch = this.watch(change.id);
    const wanted = changeOf(change);
    const wish = changed(watch.wish, wanted);
    const trouble = wishTrouble(wish);
    if (trouble !== undefined) throw new UserError('watch-trouble', trouble);
    this.core.watches.change(watch, wish);
    this.changes.keep(watch, wanted);
    this.touched();
    this.core.observer.onBreakpointChanged(watchView(watch), 'changed');
    return this.viewOf(watch);
  }

  remove(id: number): void {
    const watch = this.watch(id);
    this.core.watches.remove(watch);
    this.changes.forget(watch);
    this.touched();
    this.core.observer.onBreakpointChanged(watchView(watch), 'removed');
  }

  plan(spec: WatchSpec): WatchPlan {
    const { target } = this.targetOf(spec);
    if (target.kind === 'eachCall')
      return this.views.planOfCalls(target.expression, costOfCalls(target, this.core.world));
    const resolution = resolveTarget(target, this.core.world);
    if (resolution.kind !== 'found') throw new UserError('no-place', resolution.why);
    return this.views.plan(resolution.place);
  }

  history(id: number, last: number | undefined): WatchHistory {
    this.core.threadNames.refresh();
    return this.views.history(this.watch(id), last);
  }

  threadsChanged(): void {
    this.core.threadNames.refresh();
  }

  private targetOf(spec: WatchSpec): { readonly target: WatchTarget; readonly manner: WatchManner } {
    if (spec.dataId !== undefined) {
      const { target, ...manner } = this.ids.parse(spec.dataId);
      return { target, manner };
    }
    const text = (spec.expression ?? '').trim();
    if (text === '') throw nothingNamed();
    const offer = this.offerFor(text, spec);
    if (offer.kind === 'none') throw new UserError('unwatchable', offer.why);
    return { target: offer.target, manner: {} };
  }

  private offerFor(text: string, spec: WatchSpec): WatchOffer {
    try {
      const offer = this.offers.forText(text, spec);
      const each = spec.mayCome === true && isOfCall(offer) ? this.eachCall(text, spec.lengthBytes) : undefined;
      return each === undefined ? offer : { kind: 'offer', target: each, description: text, canPersist: true };
    } catch (error) {
      const isUnknown = error instanceof UserError && error.code === 'expression.unknownName';
      if (!isUnknown || spec.mayCome !== true) throw error;
      const target = { kind: 'awaited', expression: text, lengthBytes: spec.lengthBytes ?? 0, typeName: '' } as const;
      return { kind: 'offer', target, description: text, canPersist: true };
    }
  }

  /** A local of a function, whether it is called now or not. */
  private eachCall(text: string, lengthBytes: number | undefined): WatchTarget | undefined {
    const target = eachCallOf(text, lengthBytes);
    if (target?.kind !== 'eachCall') return undefined;
    return this.core.debuggee.symbols.functionsNamed(target.functionName).length > 0 ? target : undefined;
  }

  private wishOf(spec: WatchSpec, target: WatchTarget, manner: WatchManner): WatchWish {
    const { condition, hitCondition, logMessage, disabled } = spec;
    const access = spec.access ?? manner.access ?? 'change';
    const mode = spec.mode ?? manner.mode ?? (logMessage === undefined ? 'stop' : 'log');
    const threads = spec.threads ?? manner.threads ?? 'all';
    return {
      key: this.ids.print(target, { access, mode, threads }),
      ...{ target, access, threads, mode },
      // 'editor' would belong to the list that an editor replaces.
      origin: spec.origin === undefined || spec.origin === 'editor' ? 'view' : spec.origin,
      ...(isBlank(condition) ? {} : { condition }),
      ...(isBlank(hitCondition) ? {} : { hitCondition }),
      ...(isBlank(logMessage) ? {} : { logMessage }),
      ...(disabled === true ? { disabled } : {}),
      ...(spec.extend === true ? { extend: true } : {}),
    };
  }

  /** Throws UserError where there is none. */
  watch(id: number): Watch {
    const watch = this.core.watches.watches.find((candidate) => candidate.id === id);
    if (watch === undefined) throw noSuchWatch(id);
    return watch;
  }

  private viewOf(watch: Watch): WatchView {
    this.core.threadNames.refresh();
    return this.views.view(watch);
  }

  private touched(): void {
    this.core.installFrameEnds();
    this.core.slotsChanged.trigger();
  }
}

function checkedWish(wish: WatchWish): EditorWish {
  const trouble = wishTrouble(wish);
  return trouble === undefined ? wish : { key: wish.key, trouble };
}

/** Null takes away; what is absent stays. */
function changeOf(change: WatchChange): WishChange {
  const { access, mode, threads, disabled, extend } = change;
  const texts = (['condition', 'hitCondition', 'logMessage'] as const).flatMap((name) => {
    const text = change[name];
    return text === undefined ? [] : [[name, isBlank(text) ? undefined : text] as const];
  });
  return {
    ...(access === undefined ? {} : { access }),
    ...(mode === undefined ? {} : { mode }),
    ...(threads === undefined ? {} : { threads }),
    ...(disabled === undefined ? {} : { disabled }),
    ...(extend === undefined ? {} : { extend }),
    ...Object.fromEntries(texts),
  };
}

/** It is there only in a call, as far as it is known. */
const isOfCall = (offer: WatchOffer): boolean =>
  offer.kind === 'none' || offer.target.kind === 'local' || offer.target.kind === 'address';

const isBlank = (text: string | null | undefined): text is '' | null | undefined => (text ?? '').trim() === '';

function nothingNamed(): UserError {
  return new UserError('nothing-named', 'Say what to watch: an `expression`, or the `dataId` of an earlier watch.');
}

function noSuchWatch(id: number): UserError {
  return new UserError(
    'no-such-watch',
    `There is no watch ${id} (any more). Ask trapline/watches for those there are.`,
  );
}
