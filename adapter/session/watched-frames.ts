// watched-frames.ts: where frames that hold watched locals end, and where calls begin whose locals are watched.
//
// A call that begins or ends changes nothing but which registers hold what, so the program need not stop for it: that is
// done at once, where the thread has come to. What a person may hear of, or a step, waits for a stop.

import type { ThreadId } from '../target/target';
import type { Watch } from '../watch/watch';
import type { EndReason } from '../watch/watch-texts';
import type { SessionCore } from './session-core';

export interface OverFrame {
  readonly watch: Watch;
  readonly reason: EndReason;
}

/** What a code stop says of watched frames. */
export interface FrameNews {
  readonly over: readonly OverFrame[];
  /** Where a call has begun. */
  readonly called: bigint | undefined;
}

export class WatchedFrames {
  constructor(private readonly core: SessionCore) {}

  /** The thread has come to this code stop. Changes nothing. */
  at(thread: ThreadId, address: bigint): FrameNews {
    const { codeStops } = this.core;
    return {
      over: codeStops.wants('frames', address) ? this.overAt(thread, address) : [],
      called: codeStops.wants('calls', address) ? address : undefined,
    };
  }

  /** False: the program must stop for it, as on the way through its past, whose end may be here. */
  handleUnseen(thread: ThreadId, { over, called }: FrameNews): boolean {
    const { stepper, world } = this.core;
    if (stepper.active || world.isPast?.() === true || over.some(({ watch }) => watch.of === undefined)) return false;
    for (const { watch, reason } of over) this.core.watches.end(watch, reason);
    if (called !== undefined) this.core.watches.called(thread, called);
    this.core.installCallStops();
    this.core.slotsChanged.trigger();
    return true;
  }

  /** At a stop: what was found to be over, and what a step has left meanwhile. */
  end(over: readonly OverFrame[], thread: ThreadId): void {
    const { watches, debuggee } = this.core;
    for (const { watch, reason } of over) watches.end(watch, reason);
    const left = watches.hasLocals(thread) ? watches.overAt(thread, debuggee.stackPointer(thread)) : [];
    for (const watch of left) watches.end(watch, 'returned');
    if (over.length + left.length > 0) this.core.watchesEnded();
  }

  /** At a stop where a call has begun. */
  called(thread: ThreadId, address: bigint): void {
    this.core.watches.called(thread, address);
    this.core.installFrameEnds();
    this.core.slotsChanged.trigger();
  }

  /** Watched locals whose frame is over when the thread has come to this address. */
  private overAt(thread: ThreadId, address: bigint): readonly OverFrame[] {
    const { watches, exits, debuggee } = this.core;
    const landing = exits.stackPointerAfter(thread, address);
    const over = watches.overAt(thread, landing ?? debuggee.stackPointer(thread), address);
    if (over.length === 0) return [];
    const returned = landing === undefined && watches.returnAddresses().has(address);
    return over.map((watch) => ({ watch, reason: returned ? 'returned' : 'left' }));
  }
}
