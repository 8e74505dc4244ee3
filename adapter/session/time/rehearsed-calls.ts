// rehearsed-calls.ts: the calls of functions whose locals are watched, in a rehearsal: each is watched there, too.
//
// The rehearsal stops where such calls begin and where they return to, as the session does, and runs on. Those that no
// code stop has ended are found to be over when their memory is accessed.

import type { Rehearsal, ThreadId, WatchHit } from '../../target/target';
import { ArmedRanges } from '../../watch/armed-ranges';
import { EachCall, isOnEachCall } from '../../watch/each-call';
import { frameIsOver, hasLeft, stackPointerOf } from '../../watch/frame-life';
import { Watch } from '../../watch/watch';
import { WatchArming } from '../../watch/watch-arming';
import type { FrameSource } from '../../watch/watch-judge';
import type { WatchWorld } from '../../watch/watch-world';

export class RehearsedCalls {
  private readonly ranges: ArmedRanges;
  private readonly each: EachCall;
  private readonly watches: readonly Watch[];
  private stopped: { readonly thread: ThreadId; readonly address: bigint } | undefined;

  /** `firstRange`: a number from which on no other watch of the rehearsal has one. */
  constructor(
    private readonly rehearsal: Rehearsal,
    watches: readonly Watch[],
    private readonly world: WatchWorld,
    firstRange: number,
  ) {
    this.ranges = new ArmedRanges(world, firstRange);
    this.each = new EachCall(world, new WatchArming(world, this.ranges), () => undefined);
    // Slots are no matter here: those of the session had fewer perhaps, and nobody knows which.
    this.watches = watches
      .filter(isOnEachCall)
      .map((watch) => new Watch(watch.id, { ...watch.wish, extend: true, disabled: false }, watch));
  }

  /** From where the rehearsal stands now. */
  arm(): void {
    for (const watch of this.watches) this.each.arm(watch);
    this.installStops();
  }

  disarm(): void {
    this.ranges.releaseAll();
    if (this.watches.length > 0) this.rehearsal.target.setCodeStops(new Set());
  }

  /** Stops where a call begins or has returned; `goesOn` follows. */
  onCodeStop(thread: ThreadId, address: bigint): 'stop' {
    this.stopped = { thread, address };
    return 'stop';
  }

  /** The rehearsal stands where `onCodeStop` wanted it to: for nobody else. */
  goesOn(): boolean {
    const { stopped } = this;
    this.stopped = undefined;
    if (stopped === undefined) return false;
    this.endReturned(stopped.thread);
    this.each.called(stopped.thread, stopped.address);
    this.installStops();
    return true;
  }

  /** The calls that the hits are on, of this watch of the session. */
  hitBy(watch: Watch, thread: ThreadId, hits: readonly WatchHit[], frames: FrameSource): readonly HitCall[] {
    const threads = this.world.target.threads();
    return this.ranges.hitBy(hits).flatMap(({ id, users }) =>
      [...users]
        .filter((own) => own.of?.of === watch && threads.some((each) => each.id === own.place?.frame?.thread))
        .map((own) => ({ own, hits: hits.filter((hit) => hit.watch === id) }))
        .filter((call) => !hasLeft(call.own, { thread, hits: call.hits, frames }, this.world)),
    );
  }

  private endReturned(thread: ThreadId): void {
    const stackPointer = stackPointerOf(this.world, thread);
    const underWay = this.watches.flatMap(({ calls }) => calls?.underWay ?? []);
    for (const own of underWay) if (frameIsOver(own, thread, stackPointer)) this.each.ended(own, 'returned');
  }

  private installStops(): void {
    if (this.watches.length === 0) return;
    const returns = this.watches.flatMap(({ calls }) => [...(calls?.returns ?? [])]);
    this.rehearsal.target.setCodeStops(new Set([...this.each.beginnings(), ...returns]));
  }
}

export interface HitCall {
  readonly own: Watch;
  readonly hits: readonly WatchHit[];
}
