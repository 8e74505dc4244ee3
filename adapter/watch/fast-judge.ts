// fast-judge.ts: what watch-judge.ts decides, for the hits that can be decided without looking at the thread.
//
// Runs between two instructions, in the machine, millions of times a second: makes no garbage, asks no symbols. A hit
// that somebody must see (a stop, a line of a log, a backtrace) or that cannot be decided here is told, and judged anew
// there; so nothing is counted of what is told.

import { NoResult } from '../symbols/expression/number-closures';
import type { FilteredHit, HitFilter, ThreadId, WatchPiece } from '../target/target';
import { FILTERED_MEMORY_END } from '../target/target';
import type { Frame } from '../symbols/program-symbols';
import { accessPlace } from './access-place';
import { FastCondition } from './fast-condition';
import type { ConditionCell } from './fast-condition';
import { actsAtHit, parseHitCondition } from './hit-condition';
import type { HitCondition } from './hit-condition';
import type { Watch } from './watch';
import { rawType } from './raw-type';
import type { WatchPlace, WatchWorld } from './watch-target';

export interface FastEvents {
  /** A hit was passed over: its counts are others now. */
  onPassed?(): void;
  /** May a log write another line now? Where it may not, the line counts as dropped. */
  mayLog?(): boolean;
}

type Test = () => boolean;

/** Instructions for which a condition is bound; those beyond go the slow way. */
const MOST_PLACES = 4096;
const NO_BYTES = new DataView(new ArrayBuffer(8));
const NO_HIT: FilteredHit = { instruction: 0, retired: 0, isWrite: false, before: NO_BYTES, memory: NO_BYTES };

/** Undefined: this watch must be judged where the thread can be looked at. */
export function fastJudge(watch: Watch, world: WatchWorld, events: FastEvents): FastJudge | undefined {
  const { place, armed } = watch;
  const piece = armed?.pieces[0];
  if (place === undefined || piece === undefined || armed?.pieces.length !== 1 || armed.users.size !== 1) return;
  const isWhole = piece.address === place.address && piece.lengthBytes === place.lengthBytes;
  if (!isWhole || place.bitSize !== undefined || place.frame !== undefined) return undefined;
  if (place.address + BigInt(place.lengthBytes) > FILTERED_MEMORY_END) return undefined;
  return new FastJudge(watch, place, piece, world, events);
}

export class FastJudge {
  private readonly at: number;
  private readonly condition: FastCondition | undefined;
  private readonly hitCondition: HitCondition | undefined;
  private readonly cell: ConditionCell;
  private readonly tests = new Map<number, Test | undefined>();
  /** For a condition that means the same everywhere. */
  private readonly single: Test | undefined;
  private lastInstruction = -1;
  private lastTest: Test | undefined;

  constructor(
    private readonly watch: Watch,
    private readonly place: WatchPlace,
    private readonly piece: WatchPiece,
    private readonly world: WatchWorld,
    private readonly events: FastEvents,
  ) {
    const { condition, hitCondition } = watch.wish;
    this.at = Number(place.address);
    this.cell = { hit: NO_HIT, thread: 0, hits: 0, place: this.at };
    this.condition = condition === undefined ? undefined : new FastCondition(condition);
    this.hitCondition = parseHitCondition(hitCondition ?? '');
    if (this.condition?.needsPlace === false) this.single = this.bind(undefined, 0n);
  }

  filterFor(thread: ThreadId): HitFilter {
    const { watch, cell, world } = this;
    const { access } = watch.wish;
    const wantsWrites = access !== 'read';
    const wantsReads = access === 'read' || access === 'access';
    const decide = (hit: FilteredHit): boolean => {
      if (hit.isWrite ? !wantsWrites : !wantsReads) return false;
      const changed = hit.isWrite && this.differs(hit);
      if (access === 'change' && !changed) {
        this.pass(thread, hit);
        return false;
      }
      cell.hit = hit;
      cell.thread = thread;
      cell.hits = watch.hits + 1;
      const truth = this.truth(hit.instruction);
      if (truth === undefined || (truth && this.mustTell())) return true;
      this.pass(thread, hit);
      if (changed) watch.noteChange(hit.before, hit.memory, this.at, this.place.lengthBytes);
      if (!truth) return false;
      watch.matches++;
      const timeNs = world.target.timeNs + hit.retired;
      watch.history.recordRaw(hit, thread, timeNs, this.at, this.place.lengthBytes);
      return false;
    };
    return this.isCountOnly ? Object.assign(decide, { bulk: this.bulkFor(thread) }) : decide;
  }

  /** Whatever is written, or read, counts: nothing of it need be known. */
  private get isCountOnly(): boolean {
    const { mode, wish } = this.watch;
    const countsAll = wish.access === 'write' || wish.access === 'access';
    return mode === 'count' && countsAll && wish.condition === undefined && this.hitCondition === undefined;
  }

  private bulkFor(thread: ThreadId): (hits: number) => void {
    const { watch, events } = this;
    return (hits) => {
      watch.hits += hits;
      watch.matches += hits;
      watch.history.countBulk(thread, hits);
      events.onPassed?.();
    };
  }

  /** The condition is not bound for this instruction yet. */
  wantsToLearn(instruction: bigint): boolean {
    if (this.condition?.needsPlace !== true || this.tests.size >= MOST_PLACES) return false;
    return !this.tests.has(Number(instruction));
  }

  /** `frame`: the innermost at the access. */
  learn(instruction: bigint, frame: Frame | undefined): void {
    this.tests.set(Number(instruction), frame === undefined ? undefined : this.bind(frame, instruction));
    this.lastInstruction = -1;
  }

  private bind(frame: Frame | undefined, instruction: bigint): Test | undefined {
    const { world, cell, place } = this;
    const { symbols, memory } = world;
    const type = place.type ?? rawType(place.lengthBytes, symbols);
    const at = frame === undefined ? undefined : { frame, place: accessPlace(instruction, symbols) };
    return this.condition?.bind({ symbols, memory, type, cell, at });
  }

  /** Undefined: not to be decided here. */
  private truth(instruction: number): boolean | undefined {
    if (this.condition === undefined) return true;
    const test = this.condition.needsPlace ? this.testAt(instruction) : this.single;
    if (test === undefined) return undefined;
    try {
      return test();
    } catch (error) {
      if (!(error instanceof NoResult)) throw error;
      return undefined;
    }
  }

  private testAt(instruction: number): Test | undefined {
    if (instruction !== this.lastInstruction) {
      this.lastInstruction = instruction;
      this.lastTest = this.tests.get(instruction);
    }
    return this.lastTest;
  }

  /** Of a hit that meets the condition. */
  private mustTell(): boolean {
    const { watch, hitCondition } = this;
    if (watch.history.wantsBacktrace) return true;
    if (watch.mode === 'count' || !actsAtHit(hitCondition, watch.matches + 1)) return false;
    if (watch.mode === 'stop' || this.events.mayLog?.() !== false) return true;
    watch.dropped++;
    return false;
  }

  private pass(thread: ThreadId, { instruction }: FilteredHit): void {
    this.watch.hits++;
    this.watch.history.count(thread, instruction);
    this.events.onPassed?.();
  }

  private differs({ before, memory }: FilteredHit): boolean {
    const { at } = this;
    switch (this.piece.lengthBytes) {
      case 1:
        return before.getUint8(0) !== memory.getUint8(at);
      case 2:
        return before.getUint16(0) !== memory.getUint16(at);
      case 4:
        return before.getUint32(0) !== memory.getUint32(at);
      case 8:
        return before.getUint32(0) !== memory.getUint32(at) || before.getUint32(4) !== memory.getUint32(at + 4);
    }
  }
}
