// thread-local.ts: is a place a thread-local variable's? Then each thread has its own, which ends with it.

import type { MemoryReader } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';
import type { ThreadId } from '../target/target';
import type { WatchWorld } from './watch-target';

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
