// debug-session.ts: everything that can be asked of one debug session. Speaks no protocol.
//
// Made by `DebugSession.launch`, which loads the program and its symbols without running it; `begin` runs it. Asks
// that need a standing program throw UserError while it runs; those that can wait for a moment of standing give a
// promise then. Mistakes come as UserError.

import type { Value } from '../symbols/program-symbols';
import type { ThreadId } from '../target/target';
import { UserError } from '../util/user-error';
import type { WatchChange, WatchHistory, WatchPlan, WatchSpec, WatchView } from '../protocol/watches';
import type { WatchIds } from '../watch/watch-ids';
import type { WatchOffer } from '../watch/watch-offer';
import type { BreakpointWish } from './code-breakpoint';
import type { Completion } from './console/completion';
import { Console } from './console/console';
import { decimalOffset } from './console/scalar-format';
import { typedRunning } from './console/typed-running';
import { declarationOf } from './declaration';
import { disassemble } from './disassembly';
import type { DisassembledLine } from './disassembly';
import type { Engine } from './engine';
import { assign, evaluate } from './evaluation';
import type { LaunchConfig } from './launch-config';
import { breakpointView, SessionCore } from './session-core';
import type {
  BreakpointView,
  FrameView,
  ModuleView,
  PlaceView,
  SessionObserver,
  SlotMap,
  ThreadView,
} from './session-events';
import { slotMap } from './slot-map';
import type { StackFrame } from './stack';
import { StopHandler } from './stop-handler';
import type { StepKind, StepMove } from './stepper';
import { baseName, signalText } from './stop-text';
import { onTheWay } from './time/time-errors';
import { TimeTravel } from './time/time-travel';
import type { Page, ScopeView, VariableView } from './variables';
import { WatchDesk } from './watch-desk';
import type { EditorWish } from './watch-desk';

export type Soon<T> = T | Promise<T>;

/** Frames looked at where an editor does not say how many. */
const ALL_FRAMES = 1000;

export class DebugSession {
  private constructor(
    private readonly core: SessionCore,
    private readonly handler: StopHandler,
    private readonly desk: WatchDesk,
    private readonly console: Console,
    private readonly time: TimeTravel,
  ) {}

  /** Throws UserError where the program cannot be started. */
  static launch(config: LaunchConfig, engine: Engine, observer: SessionObserver): DebugSession {
    const core = new SessionCore(engine, config, observer);
    const desk = new WatchDesk(core);
    const handler = new StopHandler(core);
    const time = new TimeTravel(core, (thread, stops) => {
      handler.reportPast(thread, stops);
    });
    const typed = new Console(
      core,
      desk,
      typedRunning(core, () => session),
    );
    const session: DebugSession = new DebugSession(core, handler, desk, typed, time);
    core.onShown = () => {
      const text = typed.shownAtStop();
      if (text !== '') observer.onOutput('console', `${text}\n`);
    };
    core.debuggee.target.start(session.handler);
    core.syncModules();
    if (!config.noDebug) core.codeStops.set('start', core.loader.addresses());
    const { symbols } = core.debuggee;
    if (!symbols.hasDebugInfo) observer.onOutput('important', `${noDebugInfo(config.program)}\n`);
    for (const problem of symbols.problems) observer.onOutput('important', `${problem}\n`);
    return session;
  }

  get isRunning(): boolean {
    return this.core.run.state === 'running';
  }

  get hasEnded(): boolean {
    return this.core.run.state === 'ended';
  }

  get processId(): number {
    return this.core.debuggee.target.processId;
  }

  // — running —

  /** The editor has set its breakpoints: go. */
  begin(): void {
    const { config, debuggee, codeStops, run } = this.core;
    if (run.state !== 'loading') return;
    if (!config.stopOnEntry || config.noDebug) {
      run.go();
      return;
    }
    const main = debuggee.symbols.functionsNamed('main').at(0);
    if (main !== undefined) {
      codeStops.set('entry', [main.afterPrologue]);
      run.go();
      return;
    }
    const thread = debuggee.target.threads().at(0);
    if (thread !== undefined) this.handler.reportEntry(thread.id);
  }

  continue(): void {
    this.mustStand();
    this.mustNotTravel();
    this.core.forgetStop();
    this.core.run.go();
  }

  /** `count`: so many, unless something else stops the program. */
  step(thread: ThreadId, kind: StepKind | 'until', byInstruction: boolean, count = 1): void {
    this.mustStand();
    this.mustNotTravel();
    this.mustExist(thread);
    const { stepper } = this.core;
    const start = (which: ThreadId): StepMove => {
      if (kind === 'until') return stepper.startUntil(which, this.shownAtAccess(which));
      if (byInstruction) return stepper.startInstruction(which, kind);
      return stepper.startLine(which, kind, this.shownAtAccess(which));
    };
    this.handler.resume(stepper.startSeveral(thread, count, start), thread);
  }

  /** To one of the addresses, or until the thread's call has returned. */
  runTo(thread: ThreadId, addresses: readonly bigint[]): void {
    this.mustStand();
    this.mustNotTravel();
    this.mustExist(thread);
    this.handler.resume(this.core.stepper.startRunTo(thread, addresses), thread);
  }

  /** The line that the person sees after a watch's stop, where the thread stands behind it. */
  private shownAtAccess(thread: ThreadId): PlaceView | undefined {
    const { stack, debuggee } = this.core;
    const shown = stack.innermost(thread)?.frame;
    const isAtAccess = shown !== undefined && shown.pc !== debuggee.programCounter(thread);
    return isAtAccess ? shown.location : undefined;
  }

  /** Back to the last stop of a watch. A stop follows in any case: it says why where that cannot be. */
  reverse(): void {
    const thread = this.core.stoppedThread ?? this.threads().at(0)?.id ?? this.processId;
    this.travel(thread, () => this.time.reverse());
  }

  /** Back by a line, over calls, or by an instruction; as `reverse`. */
  stepBack(thread: ThreadId, byInstruction: boolean): void {
    this.mustExist(thread);
    this.travel(thread, () => this.time.stepBack(thread, byInstruction));
  }

  private travel(thread: ThreadId, go: () => Promise<void>): void {
    this.mustStand();
    this.mustNotTravel();
    go().catch((error: unknown) => {
      this.handler.reportStayed(thread, error);
    });
  }

  /** Back to an access of this watch: the last one before now, or that of its history. */
  goBack(id: number, sequence: number | undefined): Promise<void> {
    this.mustStand();
    this.mustNotTravel();
    const watch = this.desk.watch(id);
    return sequence === undefined ? this.time.toLastHit(watch) : this.time.toHit(watch, sequence);
  }

  /** The way back that is under way ends where it began. */
  cancelTravel(): void {
    this.time.cancel();
  }

  pause(): void {
    if (this.time.isUnderWay) this.time.cancel();
    if (this.hasEnded) throw hasEnded();
    this.core.run.pause();
  }

  /** Ends the program; `onExited` follows unless it has ended already. */
  end(): void {
    if (this.hasEnded) return;
    this.handler.expectEnd();
    this.time.cancel();
    this.core.debuggee.target.kill();
  }

  // — breakpoints —

  setLineBreakpoints(
    path: string,
    wishes: readonly (BreakpointWish & { readonly line: number })[],
  ): Soon<readonly BreakpointView[]> {
    return this.standing(() => {
      const list = this.core.breakpoints.setLines(path, wishes);
      this.core.installBreakpoints();
      return list.map(breakpointView);
    });
  }

  setFunctionBreakpoints(
    wishes: readonly (BreakpointWish & { readonly name: string })[],
  ): Soon<readonly BreakpointView[]> {
    return this.standing(() => {
      const list = this.core.breakpoints.setFunctions(wishes);
      this.core.installBreakpoints();
      return list.map(breakpointView);
    });
  }

  setInstructionBreakpoints(
    wishes: readonly (BreakpointWish & { readonly address: bigint })[],
  ): Soon<readonly BreakpointView[]> {
    return this.standing(() => {
      const list = this.core.breakpoints.setInstructions(wishes);
      this.core.installBreakpoints();
      return list.map(breakpointView);
    });
  }

  setSignalFilter(filter: 'none' | 'serious' | 'all'): void {
    this.core.signalFilter = filter;
  }

  /** One per wish, in order; a text in place of a wish is the reason why it is none. */
  setWatches(wishes: readonly EditorWish[]): Soon<readonly BreakpointView[]> {
    return this.standing(() => this.desk.setEditors(wishes));
  }

  offerForChild(reference: number, name: string): Soon<WatchOffer> {
    return this.standing(() => this.desk.offers.forChild(reference, name));
  }

  /** Throws where the expression is wrong, as `evaluate` does. `bytes`: so many from where it lies. */
  offerForExpression(expression: string, frameId: number | undefined, bytes: number | undefined): Soon<WatchOffer> {
    return this.standing(() => this.desk.offers.forText(expression, { frameId, lengthBytes: bytes }));
  }

  offerForAddress(address: bigint, lengthBytes: number): Soon<WatchOffer> {
    return this.standing(() => this.desk.offers.forAddress(address, lengthBytes));
  }

  addWatch(spec: WatchSpec): Soon<WatchView> {
    return this.standing(() => this.desk.add(spec));
  }

  changeWatch(change: WatchChange): Soon<WatchView> {
    return this.standing(() => this.desk.change(change));
  }

  removeWatch(id: number): Soon<void> {
    return this.standing(() => {
      this.desk.remove(id);
    });
  }

  /** What it would cost; arms nothing. */
  planWatch(spec: WatchSpec): Soon<WatchPlan> {
    return this.standing(() => this.desk.plan(spec));
  }

  /** While the program runs, too, and after its end. */
  watches(): readonly WatchView[] {
    return this.desk.list();
  }

  /** The newest `last` entries; all that are kept where that is undefined. While the program runs, too. */
  watchHistory(id: number, last: number | undefined): WatchHistory {
    return this.desk.history(id, last);
  }

  /** Watch targets as the protocol's `dataId` texts. */
  get watchIds(): WatchIds {
    return this.desk.ids;
  }

  /** While the program runs, too: it looks at no thread. */
  debugRegisters(): SlotMap {
    if (this.hasEnded) throw hasEnded();
    const { debuggee, watches } = this.core;
    return slotMap(debuggee.target.debugRegisters(), watches, debuggee);
  }

  // — looking —

  threads(): readonly ThreadView[] {
    if (this.hasEnded) return [];
    return this.core.debuggee.target.threads();
  }

  stackTrace(thread: ThreadId, start: number, count: number): { frames: readonly FrameView[]; total: number } {
    this.mustStand();
    this.mustExist(thread);
    const { frames, total } = this.core.stack.page(thread, start, count > 0 ? count : ALL_FRAMES);
    // While the end is not known, there is at least one page more.
    return { frames: frames.map((frame) => this.frameView(frame)), total: total ?? start + frames.length + 1 };
  }

  scopes(frameId: number): readonly ScopeView[] {
    this.mustStand();
    return this.core.variables.scopes(this.core.stack.frame(frameId));
  }

  variables(reference: number, page: Page | undefined, hexadecimal: boolean): readonly VariableView[] {
    this.mustStand();
    return this.core.variables.children(reference, page, hexadecimal);
  }

  setVariable(reference: number, name: string, text: string, hexadecimal: boolean): VariableView {
    this.mustStand();
    const { variables, stack } = this.core;
    const view = variables.set(reference, name, text, hexadecimal);
    this.core.followPointers();
    if (variables.isRegister(reference)) stack.clear();
    return view;
  }

  evaluate(expression: string, frameId: number | undefined, hexadecimal: boolean): Soon<VariableView> {
    return this.standing(() => {
      const frame = this.frameFor(frameId);
      const value = this.console.evaluate(expression, frame);
      this.core.followPointers();
      return this.viewOf(expression, value, frame, hexadecimal);
    });
  }

  /** A line of the debug console: a command or an expression (console/command-line.ts has the rule). */
  enter(text: string, frameId: number | undefined, hexadecimal: boolean): Soon<VariableView> {
    const isStanding = !this.hasEnded && !this.isRunning;
    const looked = (): StackFrame | undefined => this.console.lookedAt(this.frameFor(frameId));
    const call = this.console.read(text, isStanding ? looked() : undefined);
    const run = (): VariableView => {
      const frame = this.hasEnded ? undefined : looked();
      const answer = call.run(frame);
      if (call.need === 'standing') this.core.followPointers();
      if (answer.kind === 'text') return textView(text, answer.text);
      const view = this.viewOf(answer.expression, answer.value, frame, answer.hexadecimal ?? hexadecimal);
      return answer.lead === undefined ? view : { ...view, value: answer.lead + decimalOffset(view.value) };
    };
    if (call.need === 'standing') return this.standing(run);
    if (call.need === 'stop') this.mustStand();
    return run();
  }

  /** What may come next after `before`; while the program runs without locals and members. */
  completions(before: string, frameId: number | undefined): readonly Completion[] {
    const isStanding = !this.hasEnded && !this.isRunning;
    return this.console.completions(before, isStanding ? this.frameFor(frameId) : undefined, isStanding);
  }

  /** Where the variable that an expression begins with is declared; undefined while the program runs. */
  declarationOf(expression: string, frameId: number | undefined): PlaceView | undefined {
    if (this.hasEnded || this.core.debuggee.target.running) return undefined;
    return declarationOf(expression, this.frameFor(frameId)?.frame, this.core.debuggee.symbols);
  }

  setExpression(
    expression: string,
    text: string,
    frameId: number | undefined,
    hexadecimal: boolean,
  ): Soon<VariableView> {
    return this.standing(() => {
      const frame = this.frameFor(frameId);
      assign(expression, text, frame, this.core.debuggee);
      this.core.followPointers();
      const value = evaluate(expression, frame, this.core.debuggee);
      return this.viewOf(expression, value, frame, hexadecimal);
    });
  }

  readMemory(address: bigint, lengthBytes: number): Soon<Uint8Array> {
    return this.standing(() => this.core.debuggee.memory.read(address, lengthBytes));
  }

  /** False: not mapped, nothing written. */
  writeMemory(address: bigint, bytes: Uint8Array): Soon<boolean> {
    return this.standing(() => {
      const written = this.core.debuggee.target.writeMemory(address, bytes);
      if (written) this.core.followPointers();
      if (written) this.core.observer.onMemoryChanged(address, bytes.length);
      return written;
    });
  }

  disassemble(address: bigint, instructionOffset: number, count: number): Soon<readonly DisassembledLine[]> {
    return this.standing(() => disassemble(address, instructionOffset, count, this.core.debuggee, this.core.engine));
  }

  modules(): readonly ModuleView[] {
    return this.core.debuggee.modules.map((module) => this.core.moduleView(module));
  }

  sources(): readonly string[] {
    return this.core.debuggee.symbols.sourceFiles();
  }

  sourceExists(path: string): boolean {
    return this.core.engine.files.kindOf(path) === 'file';
  }

  /** Why the program stands at a signal. */
  exceptionInfo(): { readonly name: string; readonly text: string } | undefined {
    const signal = this.handler.currentSignal;
    return signal === undefined ? undefined : { name: signal.name, text: signalText(signal) };
  }

  private frameView(entry: StackFrame): FrameView {
    const { frame } = entry;
    const pc = `0x${frame.pc.toString(16)}`;
    const place = frame.location;
    return {
      id: entry.id,
      name: frame.function?.name ?? this.core.debuggee.codeName(frame.lookupPc),
      ...(place === undefined ? {} : { place }),
      sourceExists: place !== undefined && this.sourceExists(place.path),
      isOwn: this.core.debuggee.isOwn(frame),
      instruction: pc,
      ...(frame.modulePath === undefined ? {} : { modulePath: frame.modulePath }),
    };
  }

  private viewOf(expression: string, value: Value, frame: StackFrame | undefined, hexadecimal: boolean): VariableView {
    if (value.error !== undefined) throw new UserError('unreadable', `\`${expression}\`: ${value.error}`);
    return this.core.variables.view({ name: expression, value, expression }, frame, hexadecimal);
  }

  /** No frame, or the frame of an earlier moment while the program runs: only globals are visible. */
  private frameFor(frameId: number | undefined): StackFrame | undefined {
    return frameId === undefined ? undefined : this.core.stack.frame(frameId);
  }

  private standing<T>(action: () => T): Soon<T> {
    if (this.hasEnded) throw hasEnded();
    return this.core.run.whenStopped(action);
  }

  private mustStand(): void {
    if (this.hasEnded) throw hasEnded();
    if (this.isRunning) throw new UserError('running', 'The program is running: pause it first.');
  }

  private mustNotTravel(): void {
    if (this.time.isUnderWay) throw onTheWay();
  }

  private mustExist(thread: ThreadId): void {
    if (this.threads().some(({ id }) => id === thread)) return;
    throw new UserError('no-thread', `There is no thread ${thread} (any more).`);
  }
}

/** What is no value: nothing below it. */
function textView(name: string, value: string): VariableView {
  return { name, value, reference: 0, named: 0, indexed: 0, readOnly: true };
}

function hasEnded(): UserError {
  return new UserError('ended', 'The program has ended.');
}

function noDebugInfo(program: string): string {
  return (
    `${baseName(program)} has no debug information, so lines, types and locals are not known; it runs all the same. ` +
    'Compile it with -g (gcc -g …) to see them. Functions by name and data breakpoints by address work without.'
  );
}
