// watch-hits.ts: hits as the kernel tells them, in a debugger's words.

import type { DebugExit, OwnHit } from '../../kernel/tracing';
import type { WatchHit } from '../target';

export function toWatchHits(hits: readonly OwnHit[], exit: DebugExit): WatchHit[] {
  return hits.flatMap(({ tag, index, piece, detail }) => {
    if (detail === undefined) return [];
    const { access, before, after } = detail;
    return [{ watch: tag, slot: index, piece, access, before, after, instruction: exit.instruction }];
  });
}
