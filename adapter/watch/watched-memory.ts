// watched-memory.ts: what memory a watch lies in: of the heap, mapped, a stack's; and whether it is over with it.

import { isOnOwnStack } from './own-stack';
import type { Watch } from './watch';
import type { WatchPlace, WatchWorld } from './watch-world';

/** It is over with its place. Where pointers lead is looked up anew when it is armed. */
export const isAtItsPlace = ({ armed, isAlive, place }: Watch): boolean =>
  isAlive && (armed !== undefined || place?.via === undefined);

/** Neither a module's nor on a stack that is a thread's: of the heap, or of memory that was mapped. */
export function isOnHeap(watch: Watch, { target, symbols }: WatchWorld): boolean {
  const { place, wish } = watch;
  if (place === undefined || !isAtItsPlace(watch)) return false;
  if (place.frame !== undefined) return isOnOwnStack(place.frame, target);
  if ((place.ofThread ?? place.threadPointer) !== undefined) return false;
  return wish.target.kind !== 'global' && symbols.symbolize(place.address) === undefined;
}

/** Some byte of the place is among these. */
export function isWithin({ address, lengthBytes }: WatchPlace, from: bigint, bytes: number): boolean {
  return address < from + BigInt(bytes) && address + BigInt(lengthBytes) > from;
}
