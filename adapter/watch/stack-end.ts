// stack-end.ts: how far up the stack of a frame goes: from there on a stack pointer is on another one.
//
// Threads, coroutines (makecontext) and signal handlers (sigaltstack) have stacks that lie beside each other. Only a
// stack pointer among a frame's own callers says that the frame has been left.

import type { Frame } from '../symbols/program-symbols';

/** So far above its frame a stack pointer is taken for one of a caller, where not all callers are known. */
export const STACK_REACH = 1n << 20n;
/** What the stack's first function keeps above its own frame. */
const TOP_BYTES = 64n;

/** `frames` from the frame outwards. */
export function stackEndOf(frames: readonly Frame[]): bigint {
  const first = frames.at(0);
  if (first === undefined) return 0n;
  let end = first.cfa;
  for (const { cfa, isBottom } of frames) {
    // What a handler on a stack of its own has interrupted lies anywhere.
    if (cfa < end) return end + TOP_BYTES;
    end = cfa;
    if (isBottom === true) return end + TOP_BYTES;
  }
  return end > first.cfa + STACK_REACH ? end : first.cfa + STACK_REACH;
}
