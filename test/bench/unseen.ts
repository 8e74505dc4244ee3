// unseen.ts: what a session tells, where a measurement does not look.

import type { SessionObserver } from '../../adapter/session/session-events';

function nothing(): void {
  // Nobody looks.
}

export const UNSEEN: Omit<SessionObserver, 'onStopped' | 'onExited'> = {
  onThread: nothing,
  onModule: nothing,
  onOutput: nothing,
  onBreakpointChanged: nothing,
  onMemoryChanged: nothing,
  onDebugRegistersChanged: nothing,
  onWatchesChanged: nothing,
};
