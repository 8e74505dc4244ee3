// seat.ts: one debugger's view of a shared program: a target that is its own as far as it can tell.

import type { DebugRegisterMap } from '../../protocol/debug-register-map';
import type {
  ArmOptions,
  ArmResult,
  HeededMemory,
  HitFilter,
  LoadedModule,
  ResumeOptions,
  Target,
  TargetDebugRegisters,
  TargetObserver,
  ThreadId,
  ThreadInfo,
  ThreadRegisters,
  WatchHit,
  WatchId,
  WatchPiece,
  WatchScope,
} from '../target';

/** What a seat asks of the house. */
export interface SeatHouse {
  readonly inner: Target;
  begin(): void;
  resumed(seat: Seat): void;
  pauseWanted(seat: Seat): void;
  codeStopsChanged(): void;
  heededChanged(): void;
  left(seat: Seat): void;
}

/** Watches are numbered by seat: the program's own number is `id * SEATS + seat`. */
const SEATS = 2;

export class Seat implements Target {
  observer: TargetObserver | undefined;
  /** The machine may not run. */
  holds = true;
  wantsPause = false;
  codeStops: ReadonlySet<bigint> = new Set();
  heeded: readonly HeededMemory[] = [];
  private wish: ResumeOptions = {};
  private readonly watches = new Set<WatchId>();
  private gone = false;

  constructor(
    private readonly house: SeatHouse,
    private readonly index: number,
  ) {}

  start(observer: TargetObserver): void {
    this.observer = observer;
    this.house.begin();
  }

  get running(): boolean {
    return !this.holds;
  }

  resume(options: ResumeOptions = {}): void {
    if (!this.holds || this.gone) return;
    this.wish = options;
    this.holds = false;
    this.house.resumed(this);
  }

  pause(): void {
    if (this.holds) return;
    this.wantsPause = true;
    this.house.pauseWanted(this);
  }

  kill(): void {
    this.house.inner.kill();
  }

  /** Its owner is gone: what it set goes too, and the machine is no longer held for it. */
  leave(): void {
    if (this.gone) return;
    this.observer = undefined;
    for (const watch of [...this.watches]) this.disarmWatch(watch);
    this.codeStops = new Set();
    this.heedMemory([]);
    this.holds = false;
    this.wish = {};
    this.gone = true;
    this.house.left(this);
  }

  /** How it goes on. A step lasts until it is done or given up; signals are given once. */
  takeWish(): ResumeOptions {
    const { discardSignal, inject, ...lasting } = this.wish;
    this.wish = lasting;
    const given = inject === undefined ? lasting : { ...lasting, inject };
    // The first seat was shown the signal and decides about it.
    return this.index === 0 && discardSignal !== undefined ? { ...given, discardSignal } : given;
  }

  get steps(): boolean {
    return this.wish.step !== undefined || this.wish.stepRange !== undefined;
  }

  /** It was told a stop: what it wished is over. */
  forgetWish(): void {
    this.wish = {};
  }

  /** Those of its watches, by its own numbers. */
  ownHits(hits: readonly WatchHit[]): readonly WatchHit[] {
    return hits.filter(({ watch }) => this.owns(watch)).map((hit) => ({ ...hit, watch: this.own(hit.watch) }));
  }

  threads(): readonly ThreadInfo[] {
    return this.house.inner.threads();
  }

  registers(thread: ThreadId): ThreadRegisters {
    return this.house.inner.registers(thread);
  }

  modules(): readonly LoadedModule[] {
    return this.house.inner.modules();
  }

  auxiliaryVector(): Uint8Array {
    return this.house.inner.auxiliaryVector();
  }

  get processId(): number {
    return this.house.inner.processId;
  }

  get timeNs(): number {
    return this.house.inner.timeNs;
  }

  readMemory(address: bigint, lengthBytes: number): Uint8Array {
    return this.house.inner.readMemory(address, lengthBytes);
  }

  writeMemory(address: bigint, bytes: Uint8Array): boolean {
    return this.house.inner.writeMemory(address, bytes);
  }

  procFile(path: string): string | undefined {
    return this.house.inner.procFile?.(path);
  }

  procLink(path: string): string | undefined {
    return this.house.inner.procLink?.(path);
  }

  setCodeStops(addresses: ReadonlySet<bigint>): void {
    if (this.gone) return;
    this.codeStops = new Set(addresses);
    this.house.codeStopsChanged();
  }

  /** Signals are the first seat's. */
  setQuietSignals(signals: ReadonlySet<number>): void {
    if (this.index === 0) this.house.inner.setQuietSignals(signals);
  }

  signalRecord(thread: ThreadId): Uint8Array | undefined {
    return this.house.inner.signalRecord(thread);
  }

  get slotsPerThread(): number {
    return this.house.inner.slotsPerThread;
  }

  get mostSlots(): number {
    return this.house.inner.mostSlots ?? this.slotsPerThread;
  }

  armWatch(watch: WatchId, pieces: readonly WatchPiece[], scope: WatchScope, options?: ArmOptions): ArmResult {
    const result = this.house.inner.armWatch(this.shared(watch), pieces, scope, options);
    if (result.kind === 'armed') {
      this.watches.add(watch);
      return result;
    }
    const holders = result.holders.map(({ watch: held, ...holder }) =>
      held !== undefined && this.owns(held) ? { ...holder, watch: this.own(held) } : holder,
    );
    return { ...result, holders };
  }

  setWatchFilters(watch: WatchId, filters: (thread: ThreadId) => readonly HitFilter[]): void {
    this.house.inner.setWatchFilters(this.shared(watch), filters);
  }

  heedMemory(ranges: readonly HeededMemory[]): void {
    this.heeded = ranges;
    this.house.heededChanged();
  }

  disarmWatch(watch: WatchId): void {
    this.watches.delete(watch);
    this.house.inner.disarmWatch(this.shared(watch));
  }

  slotBudget(): DebugRegisterMap['slots'] {
    return this.house.inner.slotBudget();
  }

  debugRegisters(): TargetDebugRegisters {
    const { map, watches } = this.house.inner.debugRegisters();
    const own = [...watches]
      .filter(([, watch]) => this.owns(watch))
      .map(([key, watch]) => [key, this.own(watch)] as const);
    return { map, watches: new Map(own) };
  }

  private shared(watch: WatchId): WatchId {
    return watch * SEATS + this.index;
  }

  private owns(watch: WatchId): boolean {
    return watch % SEATS === this.index;
  }

  private own(watch: WatchId): WatchId {
    return Math.floor(watch / SEATS);
  }
}
