// watch-decision.ts: what one instruction's accesses mean for all watches that they are on.
//
// Called between two instructions of the running program: calls nothing of the target but reads.

import type { ThreadId, WatchHit } from '../target/target';
import { hasFrameGone, hasLeft } from './frame-life';
import type { Accesses } from './frame-life';
import type { ArmedRange, Watch } from './watch';
import { judge } from './watch-judge';
import type { FrameSource, WatchStop } from './watch-judge';
import type { WatchWorld } from './watch-world';

export interface WatchDecision {
  readonly stops: readonly WatchStop[];
  /** To be told without a stop: mode log. */
  readonly logs: readonly WatchStop[];
  /** Frames found to be over: call `end` for these at the stop. */
  readonly over: readonly Watch[];
  /** Pointers changed: call `follow` at the stop. */
  readonly moved: readonly Watch[];
}

const NO_DECISION: WatchDecision = { stops: [], logs: [], over: [], moved: [] };

/** `ranges`: those that the hits are on. */
export function decide(ranges: readonly ArmedRange[], accesses: Accesses, world: WatchWorld): WatchDecision {
  const { thread, frames } = accesses;
  let decision = NO_DECISION;
  for (const range of ranges) {
    const own = accesses.hits.filter((hit) => hit.watch === range.id);
    if (range.followers.size > 0 && own.some(changesBytes))
      decision = { ...decision, moved: [...decision.moved, ...range.followers] };
    for (const watch of range.users) {
      if (watch.mode !== 'stop' && world.isPast?.(watch) === true) continue;
      if (hasLeft(watch, { thread, hits: own, frames }, world)) {
        decision = { ...decision, over: [...decision.over, watch] };
        continue;
      }
      const programs = programsOwn(watch, own, world);
      const stop = judge(watch, thread, programs, world, frames);
      learn(watch, programs, frames);
      if (stop !== undefined && isOver(watch, thread, world)) {
        decision = { ...decision, over: [...decision.over, watch] };
      } else if (stop !== undefined) decision = sorted(decision, stop);
    }
  }
  return decision;
}

/** Before a stop: nobody shall stop at a frame that an exception has left and others use now. */
function isOver(watch: Watch, thread: ThreadId, world: WatchWorld): boolean {
  const life = watch.place?.frame;
  return life?.thread === thread && hasFrameGone(life, world);
}

/** Without what the loader does to variables; of memory by number everything is told. */
function programsOwn({ wish }: Watch, hits: readonly WatchHit[], world: WatchWorld): readonly WatchHit[] {
  if (wish.target.kind === 'address' || !hits.some((hit) => world.isLoaders?.(hit) === true)) return hits;
  return hits.filter((hit) => world.isLoaders?.(hit) !== true);
}

const changesBytes = ({ before, after }: WatchHit): boolean => before.some((byte, at) => byte !== after[at]);

/** Its next hits from the same instruction may then be decided in the machine. */
function learn({ fast }: Watch, hits: readonly WatchHit[], frames: FrameSource): void {
  const instruction = hits.at(0)?.instruction;
  if (instruction !== undefined && fast?.wantsToLearn(instruction) === true) fast.learn(instruction, frames(1).at(0));
}

/** By the watch's mode; what is only counted has been. */
function sorted(decision: WatchDecision, stop: WatchStop): WatchDecision {
  switch (stop.watch.mode) {
    case 'stop':
      return { ...decision, stops: [...decision.stops, stop] };
    case 'log':
      return { ...decision, logs: [...decision.logs, stop] };
    case 'count':
      return decision;
  }
}
