// stop-handler.ts: what the target tells, and what becomes of it: a stop that is shown, or the program goes on.
//
// `onCodeStop` and `onWatchHit` decide where it happens and keep what they found; `onStop` follows and acts on it.
// Between the two nothing else is told by the target. Order at one stop: frames that ended, then breakpoints, then
// the step.

import type {
  ProgramEnd,
  SignalInfo,
  Stop,
  TargetObserver,
  ThreadId,
  ThreadInfo,
  WatchHit,
  UnmappedMemory,
} from '../target/target';
import { UserError } from '../util/user-error';
import type { WatchStop } from '../watch/watch-judge';
import type { CodeBreakpoint } from './code-breakpoint';
import type { BreakpointVerdict } from './code-breakpoints';
import { logText } from './evaluation';
import { type Finding, NOTHING } from './finding';
import { OutputBatch } from './output-batch';
import type { SessionCore } from './session-core';
import type { PlaceView, SessionStop, StopKind } from './session-events';
import { unwindAfterAccess } from './stack';
import type { StepMove } from './stepper';
import { watchLogText } from './watch-log-text';
import { ORDINARY_SIGNALS } from './signals.table';
import { signalDescription, signalText, threadText, watchDescription, watchDetail, watchTrouble } from './stop-text';
import { WatchedFrames } from './watched-frames';

const STAYED = 'Not taken back';
const BACK = 'Back at the present';

export class StopHandler implements TargetObserver {
  private finding: Finding = NOTHING;
  private readonly frames: WatchedFrames;
  private readonly output: OutputBatch;
  private signal: SignalInfo | undefined;
  private endWanted = false;

  constructor(private readonly core: SessionCore) {
    this.frames = new WatchedFrames(core);
    this.output = new OutputBatch(core.engine.clock, (stream, text) => {
      core.observer.onOutput(stream, text);
    });
  }

  /** The signal at which the program stands. */
  get currentSignal(): SignalInfo | undefined {
    return this.signal;
  }

  /** The end that follows is wished. */
  expectEnd(): void {
    this.endWanted = true;
  }

  resume(move: StepMove, thread: ThreadId): void {
    if (move === 'done') {
      this.arrived(thread);
      return;
    }
    this.goOnBy(thread, () => {
      this.signal = undefined;
      this.core.forgetStop();
      this.core.run.go(move.resume);
    });
  }

  onCodeStop(thread: ThreadId, address: bigint): 'stop' | 'continue' {
    const { codeStops, stepper } = this.core;
    const verdict = this.breakpointsAt(thread, address);
    const heap = codeStops.wants('heap', address) ? this.core.heap.at(thread, address) : undefined;
    const news = this.frames.at(thread, address);
    const finding: Finding = {
      over: [...news.over, ...(heap?.over ?? [])],
      heapChanged: heap?.changed === true,
      started: codeStops.wants('start', address),
      called: news.called,
      breakpoints: verdict.stops,
      stepArrived: codeStops.wants('step', address) && stepper.wantsStop(thread, address),
      entry: codeStops.wants('entry', address),
      watchStops: [],
      moved: [],
    };
    const { over, breakpoints, stepArrived, entry, heapChanged, started, called } = finding;
    const isSeen = breakpoints.length > 0 || stepArrived || entry;
    const isOfFrames = over.length > 0 || called !== undefined;
    if (!isSeen && !heapChanged && !started) {
      if (!isOfFrames || this.frames.handleUnseen(thread, finding)) return 'continue';
    }
    this.finding = finding;
    return 'stop';
  }

  onWatchHit(thread: ThreadId, all: readonly WatchHit[]): 'stop' | 'continue' {
    const { watches, debuggee, heap } = this.core;
    const hits = heap.programsOwn(thread, all);
    this.core.slotsChanged.trigger();
    const first = hits.at(0);
    if (first === undefined) return 'continue';
    const decision = watches.decide(thread, hits, (depth) =>
      unwindAfterAccess(debuggee, thread, first.instruction, depth),
    );
    for (const log of decision.logs) this.log(log);
    if (decision.stops.length + decision.over.length + decision.moved.length === 0) return 'continue';
    const over = decision.over.map((watch) => ({ watch, reason: 'left' as const }));
    this.finding = { ...NOTHING, over, moved: decision.moved, watchStops: decision.stops };
    return 'stop';
  }

  onStop(stop: Stop): void {
    this.output.flush();
    this.core.watchLog.flush();
    const finding = this.finding;
    this.finding = NOTHING;
    const shown = this.core.run.stopped(stop);
    this.frames.end(finding.over, stop.thread);
    this.core.followPointers(finding.moved);
    if (finding.heapChanged) this.core.installFrameEnds();
    if (finding.started) this.started();
    if (finding.called !== undefined) this.frames.called(stop.thread, finding.called);
    if (this.core.hasReturned) this.core.travelled();
    switch (stop.reason.kind) {
      case 'entry':
        this.report('entry', stop.thread);
        return;
      case 'codeStop':
        this.codeStopped(stop.thread, finding);
        return;
      case 'watch':
        if (finding.watchStops.length > 0) this.reportWatches(stop.thread, finding.watchStops);
        else this.goOn(stop.thread);
        return;
      case 'step':
        if (this.core.stepper.active) this.resume(this.core.stepper.moved(stop.thread), stop.thread);
        else this.report('step', stop.thread);
        return;
      case 'pause':
        if (shown) this.report('pause', stop.thread);
        else this.goOnAsBefore(stop.thread);
        return;
      case 'signal':
        this.signalled(stop.thread, stop.reason.signal);
        return;
      case 'present':
        this.report('pause', stop.thread, { description: BACK, text: 'It stands where it was taken back.' });
        return;
      case 'process':
        // The session follows none.
        this.goOnAsBefore(stop.thread);
    }
  }

  onThreadStarted(thread: ThreadInfo): void {
    this.core.threadNames.note(thread);
    this.core.observer.onThread(thread.id, 'started');
    this.core.watches.threadsChanged(thread.name);
    this.core.slotsChanged.trigger();
  }

  onMemoryUnmapped({ address, lengthBytes, thread, systemCall }: UnmappedMemory): void {
    const who = thread === undefined ? '' : ` by ${systemCall ?? 'the kernel'}, ${this.threadText(thread)}`;
    this.core.watches.unmapped(address, lengthBytes, `its memory was unmapped${who}`);
    this.core.watchesEnded();
  }

  onThreadRenamed(thread: ThreadInfo): void {
    this.core.threadNames.note(thread);
    this.core.watches.threadsChanged(thread.name);
    this.core.slotsChanged.trigger();
  }

  onExecuted(path: string): void {
    this.core.executed(path);
  }

  onThreadPointerSet(): void {
    this.core.loader.threadPointerSet();
    this.core.lookAgain();
  }

  onThreadExited(thread: ThreadId): void {
    this.core.observer.onThread(thread, 'exited');
    this.core.slotsChanged.trigger();
    this.core.watches.threadsChanged();
    const hadLocals = this.core.watches.hasLocals(thread);
    this.core.watches.threadExited(thread);
    // With its last thread the program is over, and its memory gone: there is nothing left to arm.
    const isLast = !this.core.debuggee.target.threads().some(({ id }) => id !== thread);
    if (!isLast) this.core.watchesEnded(hadLocals);
  }

  /** Told between slices, so that breakpoints are in new code before it runs. */
  onModulesChanged(): void {
    this.core.syncModules();
  }

  onOutput(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    const { observer } = this.core;
    if (observer.onProgramBytes === undefined) this.output.push(stream, bytes);
    else observer.onProgramBytes(stream, bytes);
  }

  onNotice(text: string): void {
    this.core.observer.onOutput('console', `${text}\n`);
  }

  onDebugRegistersChanged(): void {
    this.core.slotsChanged.trigger();
  }

  onEnd(end: ProgramEnd): void {
    const { run, stepper, observer, slotsChanged } = this.core;
    stepper.forget();
    run.ended();
    slotsChanged.stop();
    this.core.tellCalls();
    this.output.end();
    this.core.watchLog.end();
    observer.onWatchesChanged();
    const { text, code } = this.endText(end);
    observer.onOutput('console', `${text}\n`);
    observer.onExited(code, end.kind === 'killed' ? signalText(end.signal) : undefined);
  }

  /** Shown without the target having stopped: it stands where it was loaded. */
  reportEntry(thread: ThreadId): void {
    this.report('entry', thread);
  }

  /** Taken back in time to a hit; to none: by a step. */
  reportPast(thread: ThreadId, stops: readonly WatchStop[]): void {
    this.signal = undefined;
    if (stops.length === 0) this.report('step', thread);
    else this.reportWatches(thread, stops);
  }

  /** Not taken back, and told why: the program stands where it stood. */
  reportStayed(thread: ThreadId, error: unknown): void {
    if (!(error instanceof UserError)) {
      // A bug: for whoever hears of those while no request waits.
      this.core.engine.clock.after(0, () => {
        throw error;
      });
      return;
    }
    if (this.core.run.state === 'ended') return;
    this.core.observer.onOutput('important', `${error.message}\n`);
    this.core.observer.onStopped({ kind: 'pause', thread, hitIds: [], description: STAYED, text: error.message });
  }

  private endText(end: ProgramEnd): { text: string; code: number } {
    if (end.kind === 'exited') return { text: `The program exited with code ${end.code}.`, code: end.code };
    const code = 128 + end.signal.number;
    if (this.endWanted) return { text: 'The program was ended at your request.', code };
    return { text: `The program was killed by ${signalText(end.signal)}.`, code };
  }

  private breakpointsAt(thread: ThreadId, address: bigint): BreakpointVerdict {
    const { breakpoints, codeStops, debuggee, observer } = this.core;
    if (!codeStops.wants('breakpoints', address)) return { stops: [], logs: [], troubles: [] };
    const context = () => debuggee.context(thread, debuggee.unwind(thread, 1).at(0));
    const verdict = breakpoints.decide(address, thread, context);
    for (const text of verdict.troubles) observer.onOutput('important', `${text}\n`);
    for (const { wish } of verdict.logs) {
      const text = logText(wish.logMessage ?? '', debuggee, context());
      observer.onOutput('console', `${text}\n`, this.placeOf(address));
    }
    return verdict;
  }

  private started(): void {
    this.core.loader.reachedEntry();
    this.core.lookAgain();
  }

  private codeStopped(thread: ThreadId, finding: Finding): void {
    const { stepper } = this.core;
    if (finding.breakpoints.length > 0) this.reportBreakpoints(thread, finding.breakpoints);
    else if (finding.entry) this.reportMain(thread);
    else if (finding.stepArrived) this.resume(stepper.arrived(thread), thread);
    else if (finding.over.length > 0 || finding.heapChanged || finding.started || finding.called !== undefined)
      this.goOn(thread);
    // Nobody wants it any more: it was set when the program ran on to it.
    else this.goOnAsBefore(thread);
  }

  /** After an unseen stop: a step looks where it is, else as before. */
  private goOn(thread: ThreadId): void {
    const { stepper } = this.core;
    if (stepper.isStepping(thread)) this.resume(stepper.moved(thread), thread);
    else this.goOnAsBefore(thread);
  }

  private goOnAsBefore(thread: ThreadId): void {
    this.goOnBy(thread, () => {
      this.core.run.goOn();
    });
  }

  /** Not where somebody waits for a pause: the stop that nobody was to see was quicker, and may be so each time. */
  private goOnBy(thread: ThreadId, go: () => void): void {
    if (this.core.run.isPauseWanted) this.report('pause', thread);
    else go();
  }

  private signalled(thread: ThreadId, signal: SignalInfo): void {
    const { signalFilter } = this.core;
    const wanted = signalFilter === 'all' || (signalFilter === 'serious' && !ORDINARY_SIGNALS.has(signal.name));
    if (!wanted || this.core.config.noDebug) {
      this.goOnAsBefore(thread);
      return;
    }
    this.signal = signal;
    const description = signalDescription(signal);
    const detail = signal.detail === '' ? {} : { text: signal.detail };
    this.report('exception', thread, { description, ...detail });
  }

  /** A step came to its end; a breakpoint may be there as well. */
  private arrived(thread: ThreadId): void {
    const stops = this.breakpointsAt(thread, this.core.debuggee.programCounter(thread)).stops;
    const next = stops.length > 0 ? undefined : this.core.stepper.startNext(thread);
    if (stops.length > 0) this.reportBreakpoints(thread, stops);
    else if (next !== undefined) this.resume(next, thread);
    else this.report('step', thread);
  }

  private reportMain(thread: ThreadId): void {
    this.core.codeStops.set('entry', []);
    this.report('entry', thread);
  }

  private reportBreakpoints(thread: ThreadId, stops: readonly CodeBreakpoint[]): void {
    this.core.codeStops.set('entry', []);
    const kinds: Readonly<Record<CodeBreakpoint['target']['kind'], StopKind>> = {
      line: 'breakpoint',
      function: 'function breakpoint',
      instruction: 'instruction breakpoint',
    };
    const over = stops.filter(({ typed }) => typed === 'temporary');
    for (const breakpoint of over) this.core.breakpoints.remove(breakpoint);
    if (over.length > 0) this.core.installBreakpoints();
    this.report(kinds[stops.at(0)?.target.kind ?? 'line'], thread, { hitIds: stops.map(({ id }) => id) });
  }

  private reportWatches(thread: ThreadId, stops: readonly WatchStop[]): void {
    const { debuggee, observer } = this.core;
    const first = stops.at(0);
    if (first === undefined) return;
    for (const stop of stops) {
      const trouble = watchTrouble(stop);
      if (trouble !== undefined) observer.onOutput('important', `${trouble}\n`);
    }
    const description = stops.map((stop) => watchDescription(stop, debuggee)).join('; ');
    const text = watchDetail(first, debuggee);
    observer.onOutput('console', `${description}, ${text}\n`, this.placeOf(first.instruction));
    const accessed = { thread, instruction: first.instruction };
    const hitIds = stops.map(({ watch }) => watch.id);
    this.report('data breakpoint', thread, { description, text, hitIds }, accessed, first);
  }

  private report(
    kind: StopKind,
    thread: ThreadId,
    more: Partial<SessionStop> = {},
    accessed?: { readonly thread: ThreadId; readonly instruction: bigint },
    watchStop?: WatchStop,
  ): void {
    this.core.stepper.cancel();
    this.core.run.shown();
    this.core.forgetStop(accessed);
    this.core.watchStop = watchStop;
    this.core.stoppedThread = thread;
    this.core.stoppedAt = more.hitIds ?? [];
    this.core.onShown?.();
    this.core.observer.onStopped({ kind, thread, hitIds: [], ...more });
    this.core.slotsChanged.trigger();
  }

  /** Mode log; a line that finds no room is counted and not even made. */
  private log(stop: WatchStop): void {
    const { watchLog, debuggee } = this.core;
    const told = watchLog.tell(this.placeOf(stop.instruction), () => watchLogText(stop, debuggee));
    if (!told) stop.watch.tally.dropped++;
  }

  private placeOf(pc: bigint): PlaceView | undefined {
    return this.core.debuggee.symbols.locationOf(pc);
  }

  /** For texts about a thread. */
  threadText(thread: ThreadId): string {
    return threadText(thread, this.core.debuggee);
  }
}
