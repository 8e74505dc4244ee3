// rehearsed-program.ts: the session's watches in one of the programs that a rehearsal comes by.
//
// That is one program, unless others were executed in its place. In the one that the session stands in they are where
// they are now; in another one, what has a name is looked up among that one's symbols, the rest is where it was when it
// was set there. A place on the stack was others' before its frame began: that moment is the last write of the frame's
// return address, which is watched too. A thread's own place was another's before the thread began.
//
//     CFA - 8   the return address, written by the call that made the frame

import type { Rehearsal, ThreadId, WatchHit, WatchId } from '../../target/target';
import { isOnEachCall } from '../../watch/each-call';
import { Watch } from '../../watch/watch';
import { judge } from '../../watch/watch-judge';
import type { WatchStop } from '../../watch/watch-judge';
import { isOfAnyProgram } from '../../watch/watch-names';
import { resolveTarget } from '../../watch/watch-target';
import { planPlace } from '../../watch/watch-texts';
import type { WatchWorld } from '../../watch/watch-world';
import type { Debuggee } from '../debuggee';
import { unwindAfterAccess } from '../stack';
import { RehearsedCalls } from './rehearsed-calls';

/** Numbers for the return addresses of watched frames. */
const FRAME_WATCHES = 1 << 30;
/** And for the calls of functions whose locals are watched. */
const CALL_WATCHES = 2 ** 31;
const WORD = 8n;

export class RehearsedProgram {
  private readonly world: WatchWorld;
  private readonly calls: RehearsedCalls;
  private readonly watches: readonly Watch[];

  /** `executions`: before it. `isSeen`: the session stands in it, and `debuggee` has its symbols. */
  constructor(
    private readonly rehearsal: Rehearsal,
    watches: readonly Watch[],
    private readonly debuggee: Debuggee,
    { executions, isSeen }: { readonly executions: number; readonly isSeen: boolean },
  ) {
    const { target, symbols, memory } = debuggee;
    this.world = { target, symbols, memory, isPast: () => true };
    this.watches = watches.flatMap((watch) => {
      if (!isOfAnyProgram(watch.wish.target)) return watch.sinceProgram === executions ? [watch] : [];
      return isSeen ? [watch] : [new Watch(watch.id, watch.wish, watch)];
    });
    this.calls = new RehearsedCalls(rehearsal, this.watches, this.world, CALL_WATCHES);
    if (!isSeen) this.lookUp();
  }

  onCodeStop(thread: ThreadId, address: bigint): 'stop' {
    return this.calls.onCodeStop(thread, address);
  }

  /** The rehearsal stands for a call whose local is watched, and for nobody else. */
  goesOn(): boolean {
    return this.calls.goesOn();
  }

  /** From where the rehearsal stands now. Refused only where another debugger's slots are in the way. */
  arm(): void {
    const { target } = this.rehearsal;
    this.calls.arm();
    for (const watch of this.watches) {
      const { place, wish, id } = watch;
      if (place === undefined || isOnEachCall(watch)) continue;
      const writes = wish.access === 'change' || wish.access === 'write';
      const pieces = planPlace(place, writes ? 'write' : 'readWrite', target.mostSlots ?? target.slotsPerThread);
      const { threads } = wish;
      const scope = threads === 'all' || 'name' in threads ? threads : [threads.id];
      if (typeof pieces !== 'string') target.armWatch(id, pieces, scope, { extend: true });
      if (place.frame === undefined || target.timeNs >= (watch.sinceNs ?? 0)) continue;
      const address = place.frame.cfa - WORD;
      target.armWatch(FRAME_WATCHES + id, [{ address, lengthBytes: 8, access: 'write' }], 'all', { extend: true });
    }
  }

  disarm(): void {
    this.calls.disarm();
    for (const { id } of this.watches) {
      this.rehearsal.target.disarmWatch(id);
      this.rehearsal.target.disarmWatch(FRAME_WATCHES + id);
    }
  }

  /** In a program that the session does not stand in: its libraries are others now. */
  modulesChanged(): void {
    this.disarm();
    this.lookUp();
    this.arm();
  }

  /** Watches whose frames this instruction has made. */
  begun(hits: readonly WatchHit[]): readonly Watch[] {
    return this.watches.filter((watch) => of(hits, FRAME_WATCHES + watch.id).length > 0);
  }

  /** What would have stopped at this instruction. */
  judge(thread: ThreadId, hits: readonly WatchHit[], timeNs: number): readonly WatchStop[] {
    const first = hits.at(0);
    if (first === undefined) return [];
    const frames = (depth: number) => unwindAfterAccess(this.debuggee, thread, first.instruction, depth);
    return this.watches.flatMap((watch) => {
      if (timeNs > (watch.ending?.atNs ?? Infinity) || !this.hasBegun(watch)) return [];
      const calls = this.calls.hitBy(watch, thread, hits, frames);
      const all = [...calls, { own: watch, hits: of(hits, watch.id) }];
      return all.flatMap(({ own, hits: ofOwn }) => judge(own, thread, ofOwn, this.world, frames) ?? []);
    });
  }

  private hasBegun({ place }: Watch): boolean {
    return place?.ofThread === undefined || this.world.target.threads().some(({ id }) => id === place.ofThread);
  }

  private lookUp(): void {
    this.debuggee.syncModules();
    for (const watch of this.watches) {
      if (watch.of === undefined || isOnEachCall(watch)) continue;
      const resolution = resolveTarget(watch.wish.target, this.world);
      watch.place = resolution.kind === 'found' ? resolution.place : undefined;
    }
  }
}

function of(hits: readonly WatchHit[], id: WatchId): readonly WatchHit[] {
  return hits.filter(({ watch }) => watch === id);
}
