// watch-offer.ts: can this value be watched, and what would that be?
//
// Finds the widest life that is true: a global for ever and in every session, a local until its call ends, memory by
// address until it is unmapped. Says why where there is nothing to watch. Arms nothing.

import type { EvaluationContext, Frame, MemoryReader, TypeInfo, Value } from '../symbols/program-symbols';
import { strip } from '../symbols/types/strip';
import type { ThreadId } from '../target/target';
import { UserError } from '../util/user-error';
import { anchorAt } from './anchor';
import { placeName } from './place-name';
import { slotsAllowed, slotsNeeded, previewCost } from './split';
import { eachThreadsValue, isThreadLocal } from './thread-local';
import { frameHolding, lifeOf, framesOf } from './watch-target';
import type { CallIdentity, WatchTarget } from './watch-target';
import type { WatchPlace, WatchWorld } from './watch-world';
import { lookThrough, type MemoryRange } from './watch-through';
import { bytesText, planPlace } from './watch-texts';
import { hex } from '../util/hex';

export type WatchOffer =
  | {
      readonly kind: 'offer';
      readonly target: WatchTarget;
      /** What an editor shows as the breakpoint's name. */
      readonly description: string;
      readonly canPersist: boolean;
    }
  | { readonly kind: 'none'; readonly why: string };

/** Where the expression was read; without a thread it was read without a frame. */
export interface OfferScope {
  readonly thread?: ThreadId;
  readonly frame?: Frame;
  /** The expression names a variable of that very frame, not what a pointer reaches. */
  readonly isOwnVariable?: boolean;
  /** Registers that no processor has may be taken, too. */
  readonly extend?: boolean | undefined;
}

export function offerForValue(expression: string, value: Value, scope: OfferScope, world: WatchWorld): WatchOffer {
  const { location, type } = value;
  if (location.kind !== 'memory') return { kind: 'none', why: noPlaceText(expression, value) };
  if (type.sizeBytes <= 0) return { kind: 'none', why: noSizeText(expression, type) };
  const { address } = location;
  if (world.memory.read(address, type.sizeBytes).length < type.sizeBytes)
    return { kind: 'none', why: notMapped(address, type.sizeBytes).message };
  const tooWide = widthTrouble(expression, value, address, world, scope.extend);
  if (tooWide !== undefined) return { kind: 'none', why: tooWide };
  const shape = { expression, lengthBytes: type.sizeBytes, typeName: type.name };
  if (isStatic(expression, address, world)) {
    const cost = costText(address, type.sizeBytes);
    const description = cost === undefined ? expression : `${expression} (${cost})`;
    return { kind: 'offer', target: { kind: 'global', ...shape }, description, canPersist: true };
  }
  const { thread } = scope;
  if (thread !== undefined && isThreadLocal(expression, address, thread, world)) {
    const target: WatchTarget = { kind: 'threadLocal', ...shape, thread };
    const description = `${expression} (thread ${thread}'s own${costTail(address, type.sizeBytes)})`;
    return { kind: 'offer', target, description, canPersist: false };
  }
  const life = thread === undefined ? undefined : localLife(scope, thread, address, world);
  if (life === undefined) {
    const anchor = anchorAt(address, world);
    const target: WatchTarget = { kind: 'address', ...shape, address, ...(anchor === undefined ? {} : { anchor }) };
    const description = `${expression} (at ${hex(address)}${costTail(address, type.sizeBytes)})`;
    return { kind: 'offer', target, description, canPersist: anchor !== undefined };
  }
  return {
    kind: 'offer',
    target: { kind: 'local', ...shape, address, thread: life.thread, cfa: life.cfa, functionName: life.functionName },
    description: `${expression} (in ${life.functionName}${costTail(address, type.sizeBytes)})`,
    canPersist: false,
  };
}

/** A thread-local variable of every thread; undefined where the expression names none. */
export function offerForEachThread(text: string, bytes: number | undefined, world: WatchWorld): WatchOffer | undefined {
  const whole = eachThreadsValue(text, world);
  const isPart = whole !== undefined && bytes !== undefined && bytes !== whole.type.sizeBytes;
  const expression = isPart ? `*(unsigned char (*)[${bytes}])&${text}` : text;
  const value = isPart ? eachThreadsValue(expression, world) : whole;
  if (value?.location.kind !== 'memory') return undefined;
  const { type } = value;
  if (type.sizeBytes <= 0) return { kind: 'none', why: noSizeText(expression, type) };
  const { address } = value.location;
  const tooWide = widthTrouble(expression, value, address, world);
  if (tooWide !== undefined) return { kind: 'none', why: tooWide };
  const target: WatchTarget = {
    kind: 'threadLocal',
    expression,
    lengthBytes: type.sizeBytes,
    typeName: type.name,
  };
  const description = `${expression} (each thread's own${costTail(address, type.sizeBytes)})`;
  return { kind: 'offer', target, description, canPersist: true };
}

/** What the expression's pointers lead to. Throws UserError where it is wrong. */
export function offerThrough(expression: string, scope: OfferScope | undefined, world: WatchWorld): WatchOffer {
  const blind = lookThrough(expression, { memory: world.memory }, world.symbols);
  const { thread, frame } = scope ?? {};
  const fs = thread === undefined ? {} : { fsBase: world.target.registers(thread).fsBase };
  const context = { memory: world.memory, ...(frame === undefined ? {} : { frame }), ...fs };
  const look = lookThrough(expression, context, world.symbols);
  if (look.kind === 'noPlace') return { kind: 'none', why: noPlaceText(expression, look.value) };
  if (look.kind === 'found' && look.via.length === 0) return offerForValue(expression, look.value, scope ?? {}, world);
  const type = look.kind === 'found' ? look.value.type : typeOf(expression, context, world);
  if (type === undefined) return { kind: 'none', why: look.kind === 'nowhere' ? look.why : '' };
  const isGlobal = blind.kind === look.kind && sameRanges(blind.via, look.via);
  const call = isGlobal || thread === undefined ? undefined : callOf(thread, frame, world);
  const shape = { expression, lengthBytes: type.sizeBytes, typeName: type.name };
  const target: WatchTarget = { kind: 'through', ...shape, ...(call === undefined ? {} : { call }) };
  const slots = slotsNeeded(look.kind === 'found' ? look.address : 0n, type.sizeBytes);
  const pointers = look.via.length === 1 ? 'its pointer' : `${look.via.length} pointers`;
  const all = slots + look.via.reduce((sum, { address, lengthBytes }) => sum + slotsNeeded(address, lengthBytes), 0);
  const description = `${expression} (through ${pointers}: ${all} slots)`;
  return { kind: 'offer', target, description, canPersist: call === undefined };
}

/** Of an expression that leads nowhere now: what it would be, seen through memory full of zeros. */
function typeOf(expression: string, context: EvaluationContext, world: WatchWorld): TypeInfo | undefined {
  const memory: MemoryReader = {
    isImagined: true,
    read: (address, lengthBytes) => {
      const there = context.memory.read(address, lengthBytes);
      return there.length === lengthBytes ? there : new Uint8Array(lengthBytes);
    },
  };
  const { type } = world.symbols.evaluate(expression, { ...context, memory });
  return type.sizeBytes > 0 ? type : undefined;
}

const sameRanges = (one: readonly MemoryRange[], other: readonly MemoryRange[]): boolean =>
  one.length === other.length && one.every(({ address }, index) => address === other[index].address);

function callOf(thread: ThreadId, frame: Frame | undefined, world: WatchWorld): CallIdentity | undefined {
  const frames = framesOf(world, thread);
  const at = frames.findIndex((each) => !each.inlined && each.cfa === frame?.cfa);
  if (at < 0) return undefined;
  const { cfa, functionName } = lifeOf(frames, at, thread);
  return { thread, cfa, functionName };
}

/** Throws UserError where the range cannot be watched: an editor shows an error, but not a reason for null. */
export function offerForAddress(
  address: bigint,
  lengthBytes: number,
  world: WatchWorld,
  extend?: boolean,
): WatchOffer & { kind: 'offer' } {
  if (!Number.isInteger(lengthBytes) || lengthBytes <= 0) throw badLength(lengthBytes);
  const plan = planPlace(placeAt(address, lengthBytes), 'write', slotsAllowed(world.target, extend));
  if (typeof plan === 'string') throw new UserError('unwatchable', plan);
  if (world.memory.read(address, lengthBytes).length < lengthBytes) throw notMapped(address, lengthBytes);
  const symbol = placeName(address, lengthBytes, world);
  const anchor = anchorAt(address, world);
  const slots = slotsNeeded(address, lengthBytes);
  const name = symbol === undefined ? '' : ` (${symbol})`;
  return {
    kind: 'offer',
    target: { kind: 'address', address, lengthBytes, ...(anchor === undefined ? {} : { anchor }) },
    description: `${bytesText(lengthBytes)} at ${hex(address)}${name}${slots > 1 ? `: ${slots} slots` : ''}`,
    canPersist: true,
  };
}

/** Told before anything is armed, where it is more than one slot. */
function costText(address: bigint, lengthBytes: number): string | undefined {
  return slotsNeeded(address, lengthBytes) > 1 ? previewCost(address, lengthBytes) : undefined;
}

function costTail(address: bigint, lengthBytes: number): string {
  const cost = costText(address, lengthBytes);
  return cost === undefined ? '' : `; ${cost}`;
}

function widthTrouble(
  expression: string,
  value: Value,
  address: bigint,
  world: WatchWorld,
  extend?: boolean,
): string | undefined {
  const place = { ...placeAt(address, value.type.sizeBytes), label: expression, type: value.type };
  const plan = planPlace(place, 'write', slotsAllowed(world.target, extend));
  return typeof plan === 'string' ? plan : undefined;
}

function placeAt(address: bigint, lengthBytes: number): WatchPlace {
  return { label: hex(address), address, lengthBytes, type: undefined };
}

/** The same address without any frame and whatever memory holds: no pointer was followed, no index was read. */
function isStatic(expression: string, address: bigint, world: WatchWorld): boolean {
  return [0, 1].every((filling) => {
    const blind: MemoryReader = { read: (_, lengthBytes) => new Uint8Array(lengthBytes).fill(filling) };
    try {
      const { location } = world.symbols.evaluate(expression, { memory: blind });
      return location.kind === 'memory' && location.address === address;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return false;
    }
  });
}

function localLife(scope: OfferScope, thread: ThreadId, address: bigint, world: WatchWorld) {
  const holder = frameHolding(world, thread, address);
  if (holder === undefined || scope.isOwnVariable !== true) return holder;
  // A parameter on the stack lies above its own frame's CFA: it ends with the frame all the same.
  const frames = framesOf(world, thread);
  const own = frames.findIndex((frame) => !frame.inlined && frame.cfa === scope.frame?.cfa);
  return own < 0 ? holder : lifeOf(frames, own, thread);
}

function noSizeText(expression: string, type: TypeInfo): string {
  if (type.kind === 'function')
    return `\`${expression}\` is a function: set a breakpoint at it. Data breakpoints watch variables.`;
  return `\`${expression}\` has no size: ${type.name}. Watch an element of it.`;
}

/** Why there is nothing to watch. */
export function noPlaceText(expression: string, value: Value): string {
  switch (value.location.kind) {
    case 'register':
      if (expression.startsWith('$')) return registerText(expression);
      return (
        `\`${expression}\` lives in a register here, and debug registers watch memory only. ` +
        `${nearestText(expression, value)}Compile with -O0, declare it volatile, or watch what it was loaded from.`
      );
    case 'optimizedOut':
      return `\`${expression}\` is optimized out here (${value.location.why}). Compile with -O0 or -Og to watch it.`;
    case 'pieces':
      return `\`${expression}\` is split over several places by the compiler. Watch one of its members, or compile with -O0.`;
    case 'value':
    case 'memory':
      if (/^[A-Za-z_]\w*$/.test(expression)) return constantText(expression);
      return `\`${expression}\` is a computed value without a place in memory. Watch a variable, a member or an element.`;
  }
}

/** A variable all the same, where the compiler left it no place; or an enumerator. */
function constantText(name: string): string {
  return (
    `\`${name}\` has no place in memory here: it is a constant, or the compiler keeps only what its value follows from. ` +
    'Compile with -O0 or -Og to watch a variable.'
  );
}

/** A register by its own name. */
export function registerText(name: string): string {
  return `\`${name}\` is a register: debug registers watch memory only. Watch the variable that it was loaded from.`;
}

/** What can be watched in its stead. */
function nearestText(expression: string, value: Value): string {
  const type = strip(value.type);
  if (type.kind !== 'pointer' && type.kind !== 'reference') return '';
  return `What it points to can be watched: \`*${expression}\`. `;
}

function badLength(lengthBytes: number): UserError {
  return new UserError(
    'bad-length',
    `A range of ${lengthBytes} bytes cannot be watched: give an address and 1 byte or more, the end after the start.`,
  );
}

function notMapped(address: bigint, lengthBytes: number): UserError {
  return new UserError(
    'not-mapped',
    `${bytesText(lengthBytes)} at ${hex(address)} ${lengthBytes === 1 ? 'is' : 'are'} not mapped in this program: ` +
      'nothing could ever write there.',
  );
}
