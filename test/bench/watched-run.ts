// watched-run.ts: one program from main to its end under some watches, through a whole debug session, and what it took.

import { sessionEngine } from '../../adapter/host/session-engine';
import type { WatchSpec } from '../../adapter/protocol/watches';
import { DebugSession } from '../../adapter/session/debug-session';
import { readLaunchConfig } from '../../adapter/session/launch-config';
import type { SessionObserver } from '../../adapter/session/session-events';
import { threadMilliseconds } from './measure';
import { UNSEEN } from './unseen';

export interface Outcome {
  /** CPU time of this thread. */
  readonly milliseconds: number;
  /** Of the first watch. */
  readonly hits: number;
}

/** It goes on after each stop. */
export function runWatched(program: string, args: readonly string[], specs: readonly WatchSpec[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const engine = sessionEngine();
    const config = readLaunchConfig({ program, args: [...args], stopOnEntry: true }, engine.files);
    let before: number | undefined;
    const start = async (): Promise<void> => {
      const [frame] = session.stackTrace(session.threads()[0].id, 0, 1).frames;
      for (const spec of specs) {
        const view = await session.addWatch({ ...spec, frameId: frame.id });
        if (view.state !== 'armed' && view.calls === undefined) throw new Error(view.message);
      }
      before = threadMilliseconds();
      session.execution.continue();
    };
    const observer: SessionObserver = {
      onStopped: () => {
        if (before === undefined) start().catch(reject);
        else session.execution.continue();
      },
      onExited: () => {
        const milliseconds = threadMilliseconds() - (before ?? 0);
        resolve({ milliseconds, hits: session.watches().at(0)?.hits ?? 0 });
      },
      ...UNSEEN,
    };
    const session = DebugSession.launch(config, engine, observer);
    session.execution.begin();
  });
}
