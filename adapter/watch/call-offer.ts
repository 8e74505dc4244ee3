// call-offer.ts: a local of a function, offered in each of its calls, where none of them is under way.
//
// What it is, and what it takes, is read from the debug information alone. Arms nothing.

import type { MemoryReader, Value } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';
import { codeOf } from './call-place';
import type { CallTarget } from './call-place';
import { frameAt } from './frame-at';
import { previewCost, slotsAllowed, slotsNeeded } from './split';
import { namesElsewhere } from './watch-file/names-elsewhere';
import { eachCallOf } from './watch-ids';
import type { WatchOffer } from './watch-offer';
import { offerForAddress, noPlaceText } from './watch-offer';
import { planPlace } from './watch-texts';
import type { WatchWorld } from './watch-world';

/** So many calls a second are followed: `npm run bench -- calls`. */
const CALLS_PER_SECOND = 20_000;
/** Frames begin at multiples of it. */
const FRAME_ALIGNMENT = 16n;
const ZEROS: MemoryReader = { isImagined: true, read: (_, lengthBytes) => new Uint8Array(lengthBytes) };

export interface CallCost {
  readonly lengthBytes: number;
  readonly typeName: string;
  readonly slotsNeeded: number;
  /** `4 bytes: 1 slot in each call of sum, …` */
  readonly text: string;
}

/** `lengthBytes`: so many of it. */
export function offerForCalls(expression: string, lengthBytes: number | undefined, world: WatchWorld): WatchOffer {
  const target = eachCallOf(expression, lengthBytes);
  if (target?.kind !== 'eachCall') return { kind: 'none', why: `\`${expression}\` is no local of a function.` };
  try {
    return offerFor(target, localValue(target, world), world);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'none', why: error.message };
  }
}

function offerFor(target: CallTarget, value: Value, world: WatchWorld): WatchOffer {
  const { expression, functionName } = target;
  const { location, type } = value;
  if (location.kind !== 'memory') return { kind: 'none', why: noPlaceText(expression, value) };
  const lengthBytes = target.lengthBytes === 0 ? type.sizeBytes : target.lengthBytes;
  // A static one is there without a call.
  if (world.symbols.fileAddress(location.address) !== undefined)
    return offerForAddress(location.address, lengthBytes, world);
  const place = { label: expression, address: placeInFrame(location.address), lengthBytes, type };
  const pieces = planPlace(place, 'write', slotsAllowed(world.target, true));
  if (typeof pieces === 'string') return { kind: 'none', why: pieces };
  const description = `${expression} (in each call of ${functionName}; ${previewCost(place.address, lengthBytes)})`;
  return { kind: 'offer', target, description, canPersist: true };
}

/** What each call takes of a watch on it. Throws UserError where the program has no such local now. */
export function costOfCalls(target: CallTarget, world: WatchWorld): CallCost {
  const { location, type } = localValue(target, world);
  const lengthBytes = target.lengthBytes === 0 ? type.sizeBytes : target.lengthBytes;
  const address = location.kind === 'memory' ? placeInFrame(location.address) : 0n;
  const followed = `followed one by one, at most some ${CALLS_PER_SECOND.toLocaleString('en')} a second`;
  return {
    lengthBytes,
    typeName: type.name,
    slotsNeeded: slotsNeeded(address, lengthBytes),
    text: `${previewCost(address, lengthBytes)} in each call of ${target.functionName}; calls are ${followed}`,
  };
}

/** As in a call that stands where the local is known, on a stack that is nowhere. */
function localValue(target: CallTarget, { symbols }: WatchWorld): Value {
  const codes = codeOf(target, symbols);
  let first: Value | undefined;
  for (const { code, knownAt } of codes) {
    if (typeof knownAt === 'object') continue;
    const value = symbols.evaluate(target.local, { memory: ZEROS, frame: frameAt(knownAt, undefined, code) });
    if (value.location.kind === 'memory') return value;
    first ??= value;
  }
  if (first !== undefined) return first;
  const name = /^(.+::\w+)/.exec(target.expression)?.[1] ?? '';
  const why = codes.map(({ knownAt }) => (typeof knownAt === 'object' ? knownAt.why : '')).at(0) ?? '';
  const others = why.includes('has no variable') ? namesElsewhere(name, symbols)?.message : undefined;
  throw new UserError('watch.noSuchLocal', others ?? why);
}

const placeInFrame = (address: bigint): bigint => BigInt.asUintN(64, address) % FRAME_ALIGNMENT;
