// watch-ledger.ts: which watches are armed on which threads, through the debugger's ptrace-style registers.
//
// All or nothing: a refusal takes back what was armed on other threads. Threads that start later get the watches that
// are for all. Who holds what is asked of the layer, never remembered here.

import type { BreakpointLayer } from '../../kernel/clients/breakpoint-layer';
import { holderLabel, holdersShown, type ShownHolder } from '../../kernel/clients/slot-holders';
import type { Cpu } from '../../kernel/sched/task';
import type { Task } from '../../kernel/process/task';
import type { DebugRegister, DebugRegisterMap } from '../../protocol/debug-register-map';
import type {
  ArmResult,
  HeededMemory,
  HitFilter,
  SlotHolder,
  TargetDebugRegisters,
  ThreadId,
  WatchId,
  WatchPiece,
  WatchScope,
} from '../target';
import type { ArmedPiece } from './kernel-accesses';
import { hex } from '../../util/hex';

interface ActiveWatch {
  readonly pieces: readonly WatchPiece[];
  readonly scope: ThreadScope;
  /** So many slots were made for it. */
  readonly extended: number;
  filters: FilterMaker;
}

type FilterMaker = (thread: ThreadId) => readonly HitFilter[];

/** Whose registers: threads that start later are asked too, and those that change their name. */
type ThreadScope = Exclude<WatchScope, 'machine'>;

interface Row extends ShownHolder {
  readonly watch: WatchId | undefined;
  readonly piece: WatchPiece | undefined;
}

const FREE = 'free' as const;
/** x86 has DR0–DR3. */
const HARDWARE_REGISTERS = 4;
const NOTHING: readonly ArmedPiece[] = [];
const NO_FILTERS: readonly HitFilter[] = [];

export class WatchLedger {
  private readonly watches = new Map<WatchId, ActiveWatch>();
  heeded: readonly HeededMemory[] = [];

  constructor(
    private readonly layer: BreakpointLayer<WatchId>,
    private readonly cpuCount: number,
  ) {}

  /** `extend`: slots that no processor has are made where there are too few. */
  arm(
    watch: WatchId,
    pieces: readonly WatchPiece[],
    tasks: readonly Task[],
    scope: ThreadScope,
    extend: boolean,
  ): ArmResult {
    this.disarm(watch, tasks);
    const chosen = tasks.filter((task) => wants(scope, task));
    const extended = extend ? this.growFor(chosen, pieces.length) : 0;
    const slots = new Map<ThreadId, readonly number[]>();
    for (const task of chosen) {
      const armed = this.armTask(watch, pieces, task);
      if (typeof armed === 'string') {
        for (const done of chosen) this.disarmTask(watch, done);
        this.layer.growSlots(-extended);
        return this.refusal(armed, task, pieces.length);
      }
      slots.set(task.tid, armed);
    }
    this.watches.set(watch, { pieces, scope, extended, filters: () => NO_FILTERS });
    return { kind: 'armed', slots };
  }

  disarm(watch: WatchId, tasks: readonly Task[]): void {
    const active = this.watches.get(watch);
    if (active === undefined) return;
    this.watches.delete(watch);
    for (const task of tasks) this.disarmTask(watch, task);
    this.layer.growSlots(-active.extended);
  }

  setFilters(watch: WatchId, filters: FilterMaker, tasks: readonly Task[]): void {
    const active = this.watches.get(watch);
    if (active === undefined) return;
    active.filters = filters;
    for (const task of tasks) this.filterTask(watch, filters, task);
  }

  private filterTask(watch: WatchId, filters: FilterMaker, task: Task): void {
    const own = filters(task.tid);
    for (const { index } of this.layer.debugger.tagged(task, watch)) this.layer.debugger.setFilters(task, index, own);
  }

  /** A new thread gets what all have; the watches that found no room are told. */
  armNew(task: Task): WatchId[] {
    const failed: WatchId[] = [];
    for (const [watch, active] of this.watches) {
      if (wants(active.scope, task) && !this.armLate(watch, active, task)) failed.push(watch);
    }
    return failed;
  }

  /** What is for its new name is armed, what was for its old one is not; those that found no room are told. */
  renamed(task: Task): WatchId[] {
    const failed: WatchId[] = [];
    for (const [watch, active] of this.watches) {
      const { scope } = active;
      if (typeof scope === 'string' || !('name' in scope)) continue;
      const has = this.layer.debugger.tagged(task, watch).length > 0;
      if (has && !wants(scope, task)) this.disarmTask(watch, task);
      if (!has && wants(scope, task) && !this.armLate(watch, active, task)) failed.push(watch);
    }
    return failed;
  }

  /** Its thread-local memory is elsewhere now; the watches that find no room for it are told. */
  threadPointerSet(task: Task): WatchId[] {
    const failed: WatchId[] = [];
    for (const [watch, active] of this.watches) {
      if (!active.pieces.some(isThreadLocal) || !wants(active.scope, task)) continue;
      this.disarmTask(watch, task);
      if (!this.armLate(watch, active, task)) failed.push(watch);
    }
    return failed;
  }

  /** False: there is no room on the thread. */
  private armLate(watch: WatchId, { pieces, filters }: ActiveWatch, task: Task): boolean {
    if (typeof this.armTask(watch, pieces, task) === 'string') return false;
    this.filterTask(watch, filters, task);
    return true;
  }

  /** So many slots were made. */
  private growFor(tasks: readonly Task[], needed: number): number {
    const free = tasks.reduce((least, task) => Math.min(least, this.layer.freeSlots(task)), needed);
    const room = this.layer.mostSlotsPerCpu - this.layer.slotsPerCpu;
    const lacking = needed - free;
    if (lacking > room) return 0;
    this.layer.growSlots(lacking);
    return lacking;
  }

  /** The program was replaced: the layer has released the registers. */
  forget(): void {
    for (const { extended } of this.watches.values()) this.layer.growSlots(-extended);
    this.watches.clear();
  }

  get isEmpty(): boolean {
    return this.watches.size === 0;
  }

  /**
   * What is armed, on whichever thread, and what is heeded beside it; thread-local memory, which is there as long as its
   * thread, is not among it.
   */
  watchedMemory(): readonly HeededMemory[] {
    const armed = [...this.watches.values()].flatMap(({ pieces }) => pieces.filter((piece) => !isThreadLocal(piece)));
    return [...armed, ...this.heeded];
  }

  /** What the debugger has armed on the thread. */
  armedOn(task: Task): readonly ArmedPiece[] {
    if (this.isEmpty) return NOTHING;
    return this.layer.debugger
      .registers(task)
      .filter(({ event }) => !event.attributes.disabled)
      .map(({ tag, index, piece }) => ({ watch: tag, slot: index, piece }));
  }

  map(tasks: readonly Task[], cpus: readonly Cpu[]): TargetDebugRegisters {
    const watches = new Map<string, WatchId>();
    const threads = tasks.map((task) => {
      const rows = this.rows(task);
      rows.forEach((row, index) => {
        if (row?.watch !== undefined) watches.set(`${task.tid}:${index}`, row.watch);
      });
      return {
        id: task.tid,
        name: task.comm,
        registers: rows.map((row, index) => registerOf(row, index, this.cpuCount)),
        dr6: hex(this.layer.debugger.dr6(task)),
        dr7: hex(this.layer.debugger.dr7(task)),
      };
    });
    return { map: { cpus: this.cpuRows(cpus), threads, slots: this.budget(tasks) }, watches };
  }

  /** Of the task that has least left. */
  budget(tasks: readonly Task[]): DebugRegisterMap['slots'] {
    const total = this.layer.slotsPerCpu;
    const free = tasks.reduce((least, task) => Math.min(least, this.layer.freeSlots(task)), total);
    return { total, used: total - free, free };
  }

  private cpuRows(cpus: readonly Cpu[]): DebugRegisterMap['cpus'] {
    return cpus.map((cpu) => ({
      id: cpu.id,
      registers: this.cpuRegisters(cpu),
      dr6: hex(cpu.debugRegisters.dr6),
      dr7: hex(cpu.debugRegisters.dr7),
    }));
  }

  /**
   * What each CPU's hardware holds at this moment; and in its gaps the CPU-wide ones that kgdb took out for as long
   * as the machine stands.
   */
  private cpuRegisters(cpu: Cpu): DebugRegister[] {
    const installed = this.layer.installed(cpu);
    const waiting = this.layer
      .cpuHolders(cpu)
      .filter(({ owner, event }) => owner === 'kgdb' && !installed.some((holder) => holder?.event === event));
    return installed.map((holder, index) => {
      const shown = holder ?? waiting.shift();
      return registerOf(shown === undefined ? undefined : { holder: shown, cpus: undefined }, index, this.cpuCount);
    });
  }

  /** The registers taken on the thread, or the errno; then nothing is taken. */
  private armTask(watch: WatchId, pieces: readonly WatchPiece[], task: Task): number[] | string {
    const taken: number[] = [];
    for (const piece of pieces) {
      const result = this.layer.debugger.arm(task, pieceOf(piece, task), watch);
      if (result.kind === 'refused') {
        for (const index of taken) this.layer.debugger.disarm(task, index);
        return result.errno;
      }
      taken.push(result.register.index);
    }
    return taken;
  }

  private disarmTask(watch: WatchId, task: Task): void {
    for (const { index } of this.layer.debugger.tagged(task, watch)) this.layer.debugger.disarm(task, index);
  }

  private refusal(errno: string, task: Task, slotsNeeded: number): ArmResult {
    const holders = this.rows(task).flatMap((row, index): SlotHolder[] => {
      if (row === undefined) return [];
      const { owner, address, lengthBytes } = row.holder;
      const watch = row.watch === undefined ? {} : { watch: row.watch };
      return [{ index, owner, address, lengthBytes, label: holderLabel(row, this.cpuCount), ...watch }];
    });
    return { kind: 'refused', errno, thread: task.tid, slotsNeeded, slotsFree: this.layer.freeSlots(task), holders };
  }

  /** By register: the debugger's own at their numbers, other clients' in the gaps, oldest first. */
  private rows(task: Task): (Row | undefined)[] {
    const rows = new Array<Row | undefined>(this.layer.slotsPerCpu).fill(undefined);
    const others: Row[] = [];
    const own = new Map(this.layer.debugger.registers(task).map((register) => [register.event, register]));
    for (const { holder, cpus } of holdersShown(this.layer.slotHolders(task))) {
      const register = own.get(holder.event);
      const row = { holder, cpus, watch: register?.tag, piece: register?.piece };
      if (register === undefined) others.push(row);
      else rows[register.index] = row;
    }
    for (const row of others) {
      const gap = rows.indexOf(undefined);
      if (gap >= 0) rows[gap] = row;
    }
    return rows;
  }
}

function wants(scope: ThreadScope, task: Task): boolean {
  if (scope === 'all') return true;
  return 'name' in scope ? task.comm === scope.name : scope.includes(task.tid);
}

const isThreadLocal = ({ threadPointer }: WatchPiece): boolean => threadPointer !== undefined;

/** The task's own, where each has one. */
function pieceOf(piece: WatchPiece, { registers }: Task): WatchPiece {
  const { address, lengthBytes, access, threadPointer } = piece;
  if (threadPointer === undefined) return piece;
  return { address: BigInt.asUintN(64, address - threadPointer + registers.fsBase), lengthBytes, access };
}

function registerOf(shown: ShownHolder | undefined, index: number, cpuCount: number): DebugRegister {
  const beyond = index >= HARDWARE_REGISTERS ? { beyondHardware: true as const } : {};
  if (shown === undefined) return { index, state: FREE, ...beyond };
  const { holder, cpus } = shown;
  return {
    index,
    state: holder.enabled ? 'armed' : 'disabled',
    owner: holder.owner,
    holder: holderLabel(shown, cpuCount),
    ...(cpus === undefined ? {} : { cpus: [...cpus] }),
    address: hex(holder.address),
    lengthBytes: holder.lengthBytes,
    access: holder.access,
    ...beyond,
  };
}
