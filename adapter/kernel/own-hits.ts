// own-hits.ts: which hits of a #DB belong to the debugger itself: to its ptrace registers, or to its kgdb breakpoints.

import type { BreakpointLayer } from './clients/breakpoint-layer';
import type { GdbBreakpointType, KgdbRequest } from './clients/kgdb/kgdb-breakpoints';
import type { WatchedAccess, WatchedPiece } from './clients/ptrace/thread-registers';
import type { DebugOutcome } from './hw-breakpoint/debug-exception';
import type { TaskRef } from './sched/task';
import type { OwnHit } from './tracing';

const ACCESS: Readonly<Record<GdbBreakpointType, WatchedAccess>> = {
  1: 'execute',
  2: 'write',
  3: 'readWrite',
  4: 'readWrite',
};

/** In order of the registers of each client; the thread's DR6 of the debugger is updated. */
export function ownHits(layer: BreakpointLayer<number>, task: TaskRef, outcome: DebugOutcome): OwnHit[] {
  const threads = layer.debugger.hitsOf(task, outcome.hits, outcome.singleStep).map(({ register, hit }) => {
    const { tag, index, piece } = register;
    return { tag, index, piece, detail: hit.detail };
  });
  const machine = layer.kgdb.hitsOf(outcome.hits).flatMap(({ index, tags, request, hit }) => {
    const piece = pieceOf(request);
    return piece === undefined ? [] : tags.map((tag) => ({ tag, index, piece, detail: hit.detail }));
  });
  return [...threads, ...machine];
}

function pieceOf({ address, lengthBytes, type }: KgdbRequest): WatchedPiece | undefined {
  const length = ([1, 2, 4, 8] as const).find((known) => known === lengthBytes);
  return length === undefined ? undefined : { address, lengthBytes: length, access: ACCESS[type] };
}
