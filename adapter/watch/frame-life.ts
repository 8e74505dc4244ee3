// frame-life.ts: is the frame of a watched local still there?
//
// Asked of a thread that stands, or between two of its instructions; frame-guard.ts asks the machine the same. Looks only.

import type { Frame } from '../symbols/program-symbols';
import type { ThreadId, WatchHit } from '../target/target';
import { returnsThere } from './frame-guard';
import type { Watch } from './watch';
import type { FrameSource } from './watch-judge';
import { framesOf, lifeOf, MAX_DEPTH } from './watch-target';
import type { FrameLife, WatchWorld } from './watch-world';

const RSP = 7;
/** A frame that lives is mostly near. */
const LOOKS = [16, 256, MAX_DEPTH];
/** Frames looked at for the one in which a function was inlined: those of what it calls come before. */
const INLINED_DEPTH = 256;

/** Is the watch's frame over, seen from the stack pointer of its own thread? */
export function frameIsOver(watch: Watch, thread: ThreadId, stackPointer: bigint): boolean {
  const frame = watch.place?.frame;
  if (frame?.thread !== thread) return false;
  return stackPointer >= frame.cfa && stackPointer < frame.stackEnd;
}

/** One instruction's. */
export interface Accesses {
  readonly thread: ThreadId;
  readonly hits: readonly WatchHit[];
  readonly frames: FrameSource;
}

/**
 * Has the thread, which accesses the local, left its frame, or the part of it that was inlined? Asked before anything is
 * counted: a call from the frame's end has its place on the stack, and its return address.
 */
export function hasLeft(watch: Watch, { thread, hits, frames }: Accesses, world: WatchWorld): boolean {
  const life = watch.place?.frame;
  if (life?.thread !== thread) return false;
  if (frameIsOver(watch, thread, stackPointerOf(world, thread))) return true;
  const writer = hits.at(0)?.instruction;
  const isOwn = writer !== undefined && world.symbols.functionAt(writer)?.name === life.functionName;
  if ((!isOwn || !returnsThere(life, world.memory)) && hasFrameGone(life, world)) return true;
  return life.inlinedAt !== undefined && !isWithinInlined(life, frames(INLINED_DEPTH));
}

/**
 * Has the frame gone from its thread's stack, without any sign of its return? True only where the stack is known
 * beyond where it was: another call lies there now, or none.
 */
export function hasFrameGone(life: FrameLife, world: WatchWorld): boolean {
  for (const depth of LOOKS) {
    const frames = framesOf(world, life.thread, depth);
    const at = frames.findIndex((frame) => !frame.inlined && frame.cfa === life.cfa);
    if (at >= 0) {
      const now = lifeOf(frames, at, life.thread);
      const isCut = now.returnAddress === undefined;
      const isOther = life.inlinedAt === undefined && now.functionName !== life.functionName;
      return isOther || (!isCut && now.returnAddress !== life.returnAddress);
    }
    if (frames.some((frame) => frame.cfa > life.cfa && frame.cfa < life.stackEnd)) return true;
    if (frames.length < depth) return false;
  }
  return false;
}

/** Does the thread, which stands there, go on behind the copy of the inlined function? */
export function hasPassedInlined(
  { place }: Watch,
  thread: ThreadId,
  address: bigint | undefined,
  world: WatchWorld,
): boolean {
  const life = place?.frame;
  if (life?.inlinedEnd === undefined || life.inlinedEnd !== address || life.thread !== thread) return false;
  return framesOf(world, thread, 1).at(0)?.cfa === life.cfa;
}

/** Whose code a frame runs. */
export type FrameCode = Pick<Frame, 'cfa' | 'inlined' | 'function'>;

/** Is the thread within the copy of the inlined function that the life is of? True where it is of none. */
export function isWithinInlined({ cfa, inlinedAt }: FrameLife, frames: readonly FrameCode[]): boolean {
  if (inlinedAt === undefined) return true;
  return frames.some((frame) => frame.inlined && frame.cfa === cfa && frame.function?.low === inlinedAt);
}

export function stackPointerOf(world: WatchWorld, thread: ThreadId): bigint {
  return world.target.registers(thread).read(RSP);
}
