// recorded-target.ts: a program that can be taken back in time: whenever that is wanted, it is run again from its start.
//
// Nothing is recorded but what came from outside: the host's answers (host-journal.ts) and what the debugger wrote
// (debugger-edits.ts); the rest is a function of the program. After `adopt` the seen run is the later one. It runs on
// through what has been before (the past: no output, no effect outside, no changes) and stops at the present, from where
// on it is the program again.
//
// Door: a run need not begin at the start. One that begins at a snapshot needs the journal's cursors from there.

import type { DebugRegisterMap } from '../../protocol/debug-register-map';
import { assert } from '../../util/assert';
import { UserError } from '../../util/user-error';
import type {
  ArmOptions,
  ArmResult,
  HeededMemory,
  HitFilter,
  LoadedModule,
  Rehearsal,
  ResumeOptions,
  RunMoment,
  Stop,
  Target,
  TargetDebugRegisters,
  TargetObserver,
  ThreadChanges,
  ThreadId,
  ThreadInfo,
  ThreadRegisters,
  TimeTravel,
  WatchId,
  WatchPiece,
  WatchScope,
} from '../target';
import { DebuggerEdits, NotedRegisters } from './debugger-edits';
import type { HostJournal, JournalRun } from './host-journal';
import { ProgramRehearsal } from './program-rehearsal';
import { isBefore, type RecordedRun, Relay, type ReplayableTarget, type Standing } from './recorded-run';

export interface RecordedTargetParts {
  readonly journal: HostJournal;
  /** Another run of the program, which stands at its start; `isFirst`: it asks the host. */
  readonly makeRun: (isFirst: boolean) => { readonly target: ReplayableTarget; readonly journal: JournalRun };
}

interface Present {
  readonly moment: RunMoment;
  readonly standing: Standing | undefined;
}

export class RecordedTarget implements Target {
  readonly time: TimeTravel;
  private shown: RecordedRun;
  private readonly edits = new DebuggerEdits();
  /** Edits that the shown run has had. */
  private editsDone = 0;
  private observer: TargetObserver | undefined;
  /** Where it was taken back; undefined: it is there. */
  private present: Present | undefined;
  private lastOptions: ResumeOptions = {};

  /** Throws UserError where the program cannot be run. */
  constructor(private readonly parts: RecordedTargetParts) {
    this.shown = this.makeRun(true);
    this.time = this.travel();
  }

  start(observer: TargetObserver): void {
    assert(this.observer === undefined, 'a target starts once');
    this.observer = observer;
    this.shown.relay.to = this.seen(observer);
    this.target.start(this.shown.relay);
  }

  get running(): boolean {
    return this.target.running;
  }

  resume(options: ResumeOptions = {}): void {
    this.lastOptions = options;
    this.target.limitTo(this.nextWaypoint());
    this.target.resume(options);
  }

  pause(): void {
    this.target.pause();
  }

  kill(): void {
    if (this.present === undefined) {
      this.target.kill();
      return;
    }
    // Nothing of its end may be done to the host: what it holds there is of a later moment.
    this.target.dispose();
    this.parts.journal.closeAll();
    this.observer?.onEnd({ kind: 'killed', signal: { number: 9, name: 'SIGKILL', detail: '', code: 0 } });
  }

  threads(): readonly ThreadInfo[] {
    return this.target.threads();
  }

  registers(thread: ThreadId): ThreadRegisters {
    return new NotedRegisters(this.target.registers(thread), thread, (apply) => {
      this.edit(apply);
    });
  }

  modules(): readonly LoadedModule[] {
    return this.target.modules();
  }

  auxiliaryVector(): Uint8Array {
    return this.target.auxiliaryVector();
  }

  get processId(): number {
    return this.target.processId;
  }

  get timeNs(): number {
    return this.target.timeNs;
  }

  readMemory(address: bigint, lengthBytes: number): Uint8Array {
    return this.target.readMemory(address, lengthBytes);
  }

  writeMemory(address: bigint, bytes: Uint8Array): boolean {
    if (this.target.readMemory(address, bytes.length).length < bytes.length) return false;
    const kept = bytes.slice();
    this.edit((target) => {
      target.writeMemory(address, kept);
    });
    return this.target.writeMemory(address, kept);
  }

  procFile(path: string): string | undefined {
    return this.target.procFile?.(path);
  }

  procLink(path: string): string | undefined {
    return this.target.procLink?.(path);
  }

  setCodeStops(addresses: ReadonlySet<bigint>): void {
    this.target.setCodeStops(addresses);
  }

  setQuietSignals(signals: ReadonlySet<number>): void {
    this.target.setQuietSignals(signals);
  }

  signalRecord(thread: ThreadId): Uint8Array | undefined {
    return this.target.signalRecord(thread);
  }

  get slotsPerThread(): number {
    return this.target.slotsPerThread;
  }

  get mostSlots(): number {
    return this.target.mostSlots ?? this.target.slotsPerThread;
  }

  armWatch(watch: WatchId, pieces: readonly WatchPiece[], scope: WatchScope, options?: ArmOptions): ArmResult {
    return this.target.armWatch(watch, pieces, scope, options);
  }

  setWatchFilters(watch: WatchId, filters: (thread: ThreadId) => readonly HitFilter[]): void {
    this.target.setWatchFilters(watch, filters);
  }

  disarmWatch(watch: WatchId): void {
    this.target.disarmWatch(watch);
  }

  heedMemory(ranges: readonly HeededMemory[]): void {
    this.target.heedMemory?.(ranges);
  }

  slotBudget(): DebugRegisterMap['slots'] {
    return this.target.slotBudget();
  }

  debugRegisters(): TargetDebugRegisters {
    return this.target.debugRegisters();
  }

  private get target(): ReplayableTarget {
    return this.shown.target;
  }

  private makeRun(isFirst: boolean): RecordedRun {
    const silent = new Relay(NOBODY);
    return { ...this.parts.makeRun(isFirst), relay: silent };
  }

  private travel(): TimeTravel {
    const isPast = (): boolean => this.present !== undefined;
    const now = (): RunMoment => this.target.moment;
    const present = (): RunMoment => this.present?.moment ?? this.target.moment;
    const executions = (): number => this.shown.relay.executions;
    const trouble = (): string | undefined => this.trouble();
    return {
      get isPast() {
        return isPast();
      },
      get now() {
        return now();
      },
      get present() {
        return present();
      },
      get executions() {
        return executions();
      },
      get trouble() {
        return trouble();
      },
      retired: (thread) => this.target.retired(thread),
      rehearse: () => this.rehearse(),
      adopt: (rehearsal) => this.adopt(rehearsal),
    };
  }

  private trouble(): string | undefined {
    if (!this.parts.journal.isFull) return undefined;
    return 'The program has read more from files than is kept for running it again (512 MiB), so it cannot be taken back.';
  }

  private rehearse(): Rehearsal {
    const trouble = this.trouble();
    if (trouble !== undefined) throw new UserError('no-past', trouble);
    const run = this.makeRun(false);
    const rehearsal = new ProgramRehearsal(run, this.edits);
    run.target.start(run.relay);
    return rehearsal;
  }

  private adopt(rehearsal: Rehearsal): ThreadChanges {
    assert(rehearsal instanceof ProgramRehearsal, 'a rehearsal of this target');
    assert(this.observer !== undefined && !this.target.running, 'the program stands');
    const { observer } = this;
    const before = this.target.threads();
    this.present ??= { moment: this.target.moment, standing: this.target.standing };
    this.target.dispose();
    this.shown = rehearsal.recorded;
    this.editsDone = rehearsal.editsDone;
    this.shown.relay.to = this.seen(observer);
    this.shown.journal.onTrouble = () => {
      this.diverged();
    };
    if (!isBefore(this.target.moment, this.present.moment)) this.arrive(this.present);
    const now = this.target.threads();
    return { gone: missing(before, now).map(({ id }) => id), come: missing(now, before) };
  }

  /** The past ends here: from now on it is the program again. */
  private arrive({ standing }: Present): void {
    this.present = undefined;
    this.shown.journal.goLive();
    // What was written while it stood here.
    for (const edit of this.edits.from(this.editsDone)) edit.apply(this.target);
    this.editsDone = this.edits.count;
    if (standing !== undefined) this.target.standAs(standing);
  }

  /** Never seen: a rehearsal has come by here before. */
  private diverged(): void {
    const why = this.shown.journal.trouble ?? '';
    this.observer?.onNotice(`What is shown from here on is not what happened: the program ran on otherwise, ${why}.`);
    this.target.pause();
  }

  private nextWaypoint(): RunMoment | undefined {
    if (this.present === undefined) return undefined;
    return this.edits.next(this.editsDone, this.present.moment)?.moment ?? this.present.moment;
  }

  private edit(apply: (target: Target) => void): void {
    if (this.present !== undefined) throw isPastError();
    this.edits.add(this.target.moment, apply);
    this.editsDone = this.edits.count;
  }

  /** What the session hears: in the past nothing is put out again, and the way through it ends at the present. */
  private seen(observer: TargetObserver): TargetObserver {
    const relay = new Relay(observer);
    const isPast = (): boolean => this.present !== undefined;
    relay.onStop = (stop) => {
      this.stopped(stop, observer);
    };
    relay.onOutput = (stream, bytes) => {
      if (!isPast()) observer.onOutput(stream, bytes);
    };
    relay.onNotice = (text) => {
      if (!isPast()) observer.onNotice(text);
    };
    return relay;
  }

  private stopped(stop: Stop, observer: TargetObserver): void {
    const { present } = this;
    if (present === undefined || !this.target.hasReachedLimit) {
      observer.onStop(stop);
      return;
    }
    const edit = this.edits.next(this.editsDone, present.moment);
    if (edit !== undefined) {
      edit.apply(this.target);
      this.editsDone++;
      if (stop.reason.kind === 'pause') this.resume(this.lastOptions);
      else observer.onStop(stop);
      return;
    }
    this.arrive(present);
    const isOwn = stop.reason.kind === 'pause';
    observer.onStop(isOwn ? { thread: present.standing?.thread ?? stop.thread, reason: { kind: 'present' } } : stop);
  }
}

function missing(threads: readonly ThreadInfo[], among: readonly ThreadInfo[]): readonly ThreadInfo[] {
  return threads.filter(({ id }) => !among.some((thread) => thread.id === id));
}

function isPastError(): UserError {
  return new UserError(
    'past',
    'The program stands in its past, which cannot be changed. Go on to the present (Continue) to change it.',
  );
}

const nothing = (): void => undefined;
const goOn = (): 'continue' => 'continue';

const NOBODY: TargetObserver = {
  ...{ onStop: nothing, onThreadStarted: nothing, onThreadExited: nothing, onModulesChanged: nothing },
  ...{ onOutput: nothing, onNotice: nothing, onEnd: nothing, onDebugRegistersChanged: nothing },
  ...{ onWatchHit: goOn, onCodeStop: goOn },
};
