// thread-local.ts: is a place a thread-local variable's? Then each thread has its own, which ends with it.

import type { MemoryReader, Value } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';
import type { ThreadId } from '../target/target';
import { isEachThreads, threadPointerOf } from './thread-pointer';
import type { WatchWorld } from './watch-world';
import { lookThrough } from './watch-through';

/** Its address in this thread, where the expression finds it by the thread's own block and nothing else. */
export function isThreadLocal(expression: string, address: bigint, thread: ThreadId, world: WatchWorld): boolean {
  const { fsBase } = world.target.registers(thread);
  return [0, 1].every((filling) => {
    const blind: MemoryReader = { read: (_, lengthBytes) => new Uint8Array(lengthBytes).fill(filling) };
    const there = addressWith(expression, blind, fsBase, world);
    const elsewhere = addressWith(expression, blind, fsBase + ELSEWHERE, world);
    return there === address && elsewhere === address + ELSEWHERE;
  });
}

/** Before the program has a thread pointer: only what a value is can be told. */
const SOME_POINTER = 0x6000_0000n;

/**
 * The first thread's own, where the expression names thread-local memory that lies as far from the thread pointer in
 * each thread; undefined where it needs no thread, follows a thread's pointers, or is wrong.
 */
export function eachThreadsValue(expression: string, world: WatchWorld): Value | undefined {
  const { symbols } = world;
  const fsBase = threadPointerOf(world) ?? SOME_POINTER;
  const memory = fsBase === SOME_POINTER ? ZEROS : world.memory;
  if (lookThrough(expression, { memory }, symbols).kind === 'found') return undefined;
  const look = lookThrough(expression, { memory, fsBase }, symbols);
  if (look.kind !== 'found' || !isEachThreads(look.address, fsBase)) return undefined;
  return look.via.some(({ address }) => isEachThreads(address, fsBase)) ? undefined : look.value;
}

const ZEROS: MemoryReader = { read: (_, lengthBytes) => new Uint8Array(lengthBytes) };

const ELSEWHERE = 0x1000n;

function addressWith(expression: string, memory: MemoryReader, fsBase: bigint, world: WatchWorld): bigint | undefined {
  try {
    const { location } = world.symbols.evaluate(expression, { memory, fsBase });
    return location.kind === 'memory' ? location.address : undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}
