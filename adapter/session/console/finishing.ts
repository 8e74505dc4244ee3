// finishing.ts: what `finish` waits for: that the call returns, and what it gives back then.

import type { ThreadId } from '../../target/target';
import type { Frame, TypeInfo, Value } from '../../symbols/program-symbols';
import { returnedValue } from '../returned-value';
import type { SessionCore } from '../session-core';

interface Awaited {
  readonly thread: ThreadId;
  /** The stack pointer once it has returned. */
  readonly cfa: bigint;
  readonly result: TypeInfo;
}

export class Finishing {
  private awaited: Awaited | undefined;

  /** The thread's innermost call is to return. */
  expect(thread: ThreadId, frame: Frame | undefined): void {
    const result = frame === undefined || frame.inlined ? undefined : frame.function?.result;
    this.awaited = frame === undefined || result === undefined ? undefined : { thread, cfa: frame.cfa, result };
  }

  /** What it has given back, where it has returned at this stop; asked at each stop. */
  returned({ stoppedThread, stoppedAt, debuggee }: SessionCore): Value | undefined {
    const { awaited } = this;
    this.awaited = undefined;
    if (awaited === undefined || stoppedThread !== awaited.thread || stoppedAt.length > 0) return undefined;
    if (debuggee.stackPointer(awaited.thread) !== awaited.cfa) return undefined;
    return returnedValue(awaited.result, debuggee.target.registers(awaited.thread), debuggee.memory);
  }
}
