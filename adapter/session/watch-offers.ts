// watch-offers.ts: from what a person names or points at to something that can be watched, or the reason why not.
//
// The program must stand. Arms nothing. Mistakes in an expression come as UserError.

import type { Frame, Value } from '../symbols/program-symbols';
import type { ThreadId } from '../target/target';
import { UserError } from '../util/user-error';
import { offerForAddress, offerForEachThread, offerForValue, offerThrough, registerText } from '../watch/watch-offer';
import { offerForCalls } from '../watch/call-offer';
import type { OfferScope, WatchOffer } from '../watch/watch-offer';
import { frameAt } from '../watch/frame-at';
import { AmbiguousLocal, findLocal, readLocalChoice } from '../watch/inner-block';
import type { LocalChoice } from '../watch/inner-block';
import { readWishText } from '../watch/wish-text';
import type { SessionCore } from './session-core';
import type { NamedValue } from './variables';

/** How the text is meant. */
export interface OfferManner {
  readonly frameId?: number | undefined;
  /** So many bytes from where it lies. */
  readonly lengthBytes?: number | undefined;
  /** What the pointers in it lead to, wherever that is. */
  readonly through?: boolean | undefined;
  /** It may be wider than the processor's own registers reach. */
  readonly extend?: boolean | undefined;
}

interface Spot {
  readonly thread: ThreadId;
  readonly frame: Frame;
}

const CALLS_SEEN = 256;

export class WatchOffers {
  constructor(private readonly core: SessionCore) {}

  forChild(reference: number, name: string): WatchOffer {
    const { variables, world } = this.core;
    if (variables.isRegister(reference)) return registerOffer(name);
    const child: NamedValue = variables.child(reference, name);
    const frame = variables.frameOf(reference);
    return offerForValue(child.expression, child.value, this.scopeOf(frame, child.expression, child.value), world);
  }

  /** Any of the forms of wish-text.ts. Throws where it is wrong, as `evaluate` does. */
  forText(text: string, manner: OfferManner): WatchOffer {
    const wish = readWishText(text);
    const { lengthBytes } = manner;
    switch (wish.kind) {
      case 'address':
        return this.forAddress(wish.address, lengthBytes ?? 1, manner.extend);
      case 'range':
        return this.forAddress(wish.address, wish.lengthBytes, manner.extend);
      case 'between':
        return this.forRange(wish.from, wish.to, manner);
      case 'expression':
        return this.forExpression(wish.expression, manner, this.spotOf(manner.frameId));
      case 'inFunction':
        return this.inFunction(wish, manner);
    }
  }

  forAddress(address: bigint, lengthBytes: number, extend?: boolean): WatchOffer {
    return offerForAddress(address, lengthBytes, this.core.world, extend);
  }

  private forExpression(expression: string, manner: OfferManner, spot: Spot | undefined): WatchOffer {
    const { world, debuggee } = this.core;
    if (manner.through === true) return offerThrough(expression, spot, world);
    const { lengthBytes } = manner;
    const ofEach = spot === undefined ? offerForEachThread(expression, lengthBytes, world) : undefined;
    if (ofEach !== undefined) return ofEach;
    const value = debuggee.symbols.evaluate(expression, debuggee.context(spot?.thread, spot?.frame));
    if (lengthBytes !== undefined && lengthBytes !== value.type.sizeBytes && value.location.kind === 'memory') {
      return this.forAddress(value.location.address, lengthBytes, manner.extend);
    }
    const scope = this.scopeOf(spot, expression, value);
    return offerForValue(expression, value, { ...scope, extend: manner.extend }, world);
  }

  /** A variable of that very frame: not a member of `this`, and not what a reference refers to. */
  private scopeOf(spot: Spot | undefined, expression: string, value: Value): OfferScope {
    if (spot === undefined) return {};
    const { thread, frame } = spot;
    const { symbols } = this.core.debuggee;
    const variable = symbols.localsAt(frame).find(({ name }) => name === expression);
    const own = variable && symbols.valueOf(variable, this.core.debuggee.context(thread, frame)).location;
    const isOwnVariable =
      own?.kind === 'memory' && value.location.kind === 'memory' && own.address === value.location.address;
    return { thread, frame, isOwnVariable };
  }

  /** From the start of the one to the start of the other. */
  private forRange(from: string, to: string, { frameId, extend }: OfferManner): WatchOffer {
    const address = this.addressOf(from, frameId);
    return this.forAddress(address, Number(this.addressOf(to, frameId) - address), extend);
  }

  private addressOf(expression: string, frameId: number | undefined): bigint {
    const spot = this.spotOf(frameId);
    const { debuggee } = this.core;
    const { location } = debuggee.symbols.evaluate(expression, debuggee.context(spot?.thread, spot?.frame));
    if (location.kind === 'memory') return location.address;
    throw new UserError('no-address', `\`${expression}\` has no address: name a variable, a member or an element.`);
  }

  /** C++'s `space::name` comes first; else a variable of that function's innermost call, or where none is, of each that comes. */
  private inFunction(
    wish: { readonly functionName: string; readonly expression: string; readonly whole: string },
    manner: OfferManner,
  ): WatchOffer {
    try {
      return this.forExpression(wish.whole, manner, this.spotOf(manner.frameId));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const choice = readLocalChoice(wish.functionName);
      const spot = this.callOf(choice.functionName, this.spotOf(manner.frameId)?.thread);
      if (spot !== undefined)
        return this.forExpression(wish.expression, manner, this.whereKnown(spot, wish.expression, choice));
      const isFunction = this.core.debuggee.symbols.functionsNamed(choice.functionName).length > 0;
      if (!isFunction) throw error;
      return offerForCalls(wish.whole, manner.lengthBytes, this.core.world);
    }
  }

  /** Of the selected thread first, then of any. */
  private callOf(functionName: string, first: ThreadId | undefined): Spot | undefined {
    const { debuggee } = this.core;
    const names = new Set(debuggee.symbols.functionsNamed(functionName).map(({ name }) => name));
    const all = debuggee.target.threads().map(({ id }) => id);
    const threads = first === undefined ? all : [first, ...all.filter((id) => id !== first)];
    for (const thread of threads) {
      const frame = debuggee.unwind(thread, CALLS_SEEN).find((each) => names.has(each.function?.name ?? ''));
      if (frame !== undefined) return { thread, frame };
    }
    return undefined;
  }

  /** A local of an inner block is seen from within it, wherever in the call the thread stands. */
  private whereKnown(spot: Spot, expression: string, choice: LocalChoice): Spot {
    const { symbols } = this.core.debuggee;
    const { frame } = spot;
    const name = /^\w+/.exec(expression)?.[0] ?? '';
    if (frame.function === undefined) return spot;
    try {
      const found = findLocal(frame.function, name, choice, symbols);
      if (found === undefined) return spot;
      return { ...spot, frame: { ...frameAt(found.pc, frame), function: frame.function } };
    } catch (error) {
      // Of several the one that is known where the call stands.
      const isKnownHere = symbols.localsAt(frame).some((local) => local.name === name);
      if (!(error instanceof AmbiguousLocal) || !isKnownHere) throw error;
      return spot;
    }
  }

  private spotOf(frameId: number | undefined): Spot | undefined {
    if (frameId === undefined) return undefined;
    const { thread, frame } = this.core.stack.frame(frameId);
    return { thread, frame };
  }
}

function registerOffer(name: string): WatchOffer {
  return { kind: 'none', why: registerText(name) };
}
