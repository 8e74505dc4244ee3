// happening.ts: what a stopped session knows about the access that stopped it: who, where, old → new.

import type { DebugSession } from '../../../session/debug-session';
import type { Happening, StackPlace } from './check-result';

/** Frames of a stack that a report shows. */
const MOST_FRAMES = 32;

/** Undefined where the watch keeps no history of it. The session must stand at the access. */
export function happeningAt(session: DebugSession, thread: number, watchId: number): Happening | undefined {
  const { label, entries } = session.watchHistory(watchId, 1);
  const entry = entries.at(-1);
  if (entry === undefined) return undefined;
  const { access, oldValue, newValue, writer } = entry;
  return {
    label,
    access,
    oldValue,
    newValue,
    threadId: writer.threadId,
    threadName: writer.threadName,
    ...(writer.systemCall === undefined ? {} : { systemCall: writer.systemCall }),
    stack: stackOf(session, thread),
  };
}

function stackOf(session: DebugSession, thread: number): readonly StackPlace[] {
  return session.stackTrace(thread, 0, MOST_FRAMES).frames.map(({ name, place }) => ({
    function: name,
    ...(place === undefined
      ? {}
      : { path: place.path, line: place.line, ...(place.column > 0 ? { column: place.column } : {}) }),
  }));
}
