// typed-running.ts: the program goes on because of a line of the console: the editor, which did not ask, is told first.

import type { ThreadId } from '../../target/target';
import type { SessionCore } from '../session-core';
import type { StepKind } from '../stepper';
import type { RunningCommands } from './command';

/** What the editor's own requests lead to. */
export interface RunRequests {
  continue(): void;
  step(thread: ThreadId, kind: StepKind | 'until', byInstruction: boolean, count: number): void;
  runTo(thread: ThreadId, addresses: readonly bigint[]): void;
  /** These tell the editor themselves, where they lead somewhere. */
  reverse(): void;
  stepBack(thread: ThreadId, byInstruction: boolean): void;
}

export function typedRunning(core: SessionCore, requests: RunRequests): RunningCommands {
  const tell = (thread: ThreadId): void => {
    core.observer.onContinued?.(thread);
  };
  return {
    goOn() {
      tell(core.stoppedThread ?? core.debuggee.target.processId);
      requests.continue();
    },
    step(thread, kind, byInstruction, count) {
      tell(thread);
      requests.step(thread, kind, byInstruction, count);
    },
    runTo(thread, addresses) {
      tell(thread);
      requests.runTo(thread, addresses);
    },
    reverse() {
      requests.reverse();
    },
    stepBack(thread, byInstruction) {
      requests.stepBack(thread, byInstruction);
    },
  };
}
