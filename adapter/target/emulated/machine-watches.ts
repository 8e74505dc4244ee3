// machine-watches.ts: watches of the whole machine, through the kgdb client: armed on every CPU, whoever runs there.
//
// While the machine stands the registers are out of the hardware, everybody's, as under kgdb; `leave` puts them back
// before it runs. Costs nothing until the first watch of this kind. All or nothing: a refusal takes back what was set.

import type { BreakpointLayer } from '../../kernel/clients/breakpoint-layer';
import type { GdbBreakpointType, KgdbRequest } from '../../kernel/clients/kgdb/kgdb-breakpoints';
import { holderLabel, holdersShown } from '../../kernel/clients/slot-holders';
import type { Cpu, TaskRef } from '../../kernel/sched/task';
import type { ArmResult, SlotHolder, WatchAccess, WatchId, WatchPiece } from '../target';

const GDB_TYPE: Readonly<Record<WatchAccess, GdbBreakpointType>> = { execute: 1, write: 2, readWrite: 4 };

export class MachineWatches {
  private readonly watches = new Map<WatchId, readonly WatchPiece[]>();
  private entered = false;

  constructor(
    private readonly layer: BreakpointLayer<WatchId>,
    private readonly cpus: readonly Cpu[],
  ) {}

  arm(watch: WatchId, pieces: readonly WatchPiece[], threads: readonly TaskRef[]): ArmResult {
    this.disarm(watch);
    const { kgdb } = this.layer;
    if (!kgdb.init()) return this.refusal('ENOSYS', pieces.length, threads);
    const done: WatchPiece[] = [];
    for (const piece of pieces) {
      if (kgdb.set(requestOf(piece), watch)) {
        done.push(piece);
        continue;
      }
      const refusal = this.refusal('ENOSPC', pieces.length, threads, done.length);
      for (const taken of done) kgdb.remove(requestOf(taken), watch);
      return refusal;
    }
    this.watches.set(watch, pieces);
    return { kind: 'armed', slots: new Map() };
  }

  /** Unknown ids are ignored. */
  disarm(watch: WatchId): void {
    for (const piece of this.watches.get(watch) ?? []) this.layer.kgdb.remove(requestOf(piece), watch);
    this.watches.delete(watch);
  }

  /** The program was replaced: its addresses mean nothing any more. */
  forget(): void {
    this.layer.kgdb.removeAll();
    this.watches.clear();
  }

  /** The machine stands still, every CPU held: nothing is armed on any. */
  enter(): void {
    if (this.entered || !this.layer.kgdb.inUse) return;
    this.entered = true;
    for (const cpu of this.cpus) this.layer.kgdb.disableHardware(cpu);
  }

  /** The machine is about to run. */
  leave(): void {
    if (!this.entered && !this.layer.kgdb.inUse) return;
    this.entered = false;
    for (const cpu of this.cpus) this.layer.kgdb.correctHardware(cpu);
  }

  /** A CPU-wide breakpoint competes with the thread that holds most. */
  private refusal(errno: string, slotsNeeded: number, threads: readonly TaskRef[], taken = 0): ArmResult {
    const free = (task: TaskRef): number => this.layer.freeSlots(task);
    const [fullest] = [...threads].sort((a, b) => free(a) - free(b));
    const holders = holdersShown(this.layer.slotHolders(fullest)).map((shown, index): SlotHolder => {
      const { owner, address, lengthBytes } = shown.holder;
      return { index, owner, address, lengthBytes, label: holderLabel(shown, this.cpus.length) };
    });
    return { kind: 'refused', errno, thread: fullest.tid, slotsNeeded, slotsFree: free(fullest) + taken, holders };
  }
}

function requestOf({ address, lengthBytes, access }: WatchPiece): KgdbRequest {
  return { address, lengthBytes, type: GDB_TYPE[access] };
}
