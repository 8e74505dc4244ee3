// thread-pointer.ts: thread-local memory that lies as far from the thread pointer in every thread.
//
// That is the program's own, and that of the libraries it begins with: their blocks lie side by side right below the
// thread pointer (fs base). What is loaded later gets a block in each thread at its first use, anywhere.
// Truth: ELF Handling For Thread-Local Storage, variant II.

import type { ThreadId } from '../target/target';
import type { WatchPlace, WatchWorld } from './watch-world';

/** Blocks below the thread pointer are never larger together. */
export const STATIC_BLOCKS = 1n << 20n;

/** The first thread's; undefined before it has one. */
export function threadPointerOf({ target }: WatchWorld): bigint | undefined {
  const first = target.threads().at(0);
  const pointer = first === undefined ? 0n : target.registers(first.id).fsBase;
  return pointer === 0n ? undefined : pointer;
}

export function isEachThreads(address: bigint, threadPointer: bigint): boolean {
  return address < threadPointer && threadPointer - address <= STATIC_BLOCKS;
}

/** That thread's own, where each has its own. */
export function placeIn(thread: ThreadId, place: WatchPlace, { target }: WatchWorld): WatchPlace {
  if (place.threadPointer === undefined) return place;
  const threadPointer = target.registers(thread).fsBase;
  return { ...place, address: BigInt.asUintN(64, place.address - place.threadPointer + threadPointer), threadPointer };
}
