// watch-world.ts: the stopped program as watches see it, and a place in it that is watched. Types only.

import type { MemoryReader, ProgramSymbols, TypeInfo } from '../symbols/program-symbols';
import type { Target, ThreadId, WatchHit } from '../target/target';
import type { MemoryRange } from './watch-through';

/** The frame whose end ends a watch. */
export interface FrameLife {
  readonly thread: ThreadId;
  readonly functionName: string;
  /** rsp after the frame's return. */
  readonly cfa: bigint;
  /** Where the frame returns to; undefined for a thread's outermost one. */
  readonly returnAddress: bigint | undefined;
  /** A stack pointer from the CFA up to here is in one of its callers; below and beyond, the frame may live. */
  readonly stackEnd: bigint;
  /** It is only a part of the frame: of a function that was inlined, whose copy begins there. */
  readonly inlinedAt?: bigint;
  /** Where the thread goes on behind that copy. */
  readonly inlinedEnd?: bigint;
}

export interface WatchPlace {
  readonly label: string;
  readonly address: bigint;
  readonly lengthBytes: number;
  readonly type: TypeInfo | undefined;
  readonly bitOffset?: number;
  readonly bitSize?: number;
  readonly frame?: FrameLife;
  /** Whose own it is: it ends with that thread. */
  readonly ofThread?: ThreadId;
  /** Each thread has its own, as far from its thread pointer as this one is from this thread pointer. */
  readonly threadPointer?: bigint;
  /** The pointers that lead there: when one changes, it is another place. */
  readonly via?: readonly MemoryRange[];
}

/** The stopped program, as the watch floor needs it. */
export interface WatchWorld {
  readonly target: Target;
  readonly symbols: ProgramSymbols;
  readonly memory: MemoryReader;
  /** A sentence: why no watch can be trusted here. */
  readonly distrust?: string;
  /** The program runs through what has been before: hits stop it, and are neither counted nor kept again. */
  readonly isPast?: (watch?: { readonly countedUntilNs: number }) => boolean;
  /** The loader is at work: what it writes is no access of the program's. */
  readonly isLoading?: boolean;
  /** The loader did it, to a variable that is not its own: no access of the program's. */
  isLoaders?(hit: WatchHit): boolean;
}
