// debug-session.ts: everything that can be asked of one debug session. Speaks no protocol.
//
// Made by `DebugSession.launch`, which loads the program and its symbols without running it; `execution` runs it. Asks
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
import { Execution } from './execution';
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
import { hasEnded, Standing } from './standing';
import type { Soon } from './standing';
import { StopHandler } from './stop-handler';
import { signalText } from './stop-text';
import { TimeTravel } from './time/time-travel';
import type { Page, ScopeView, VariableView } from './variables';
import { WatchDesk } from './watch-desk';
import type { EditorWish } from './watch-desk';
import { hex } from '../util/hex';
import { baseName } from '../util/base-name';

/** Frames looked at where an editor does not say how many. */
const ALL_FRAMES = 1000;

export class DebugSession {
  private constructor(
    private readonly core: SessionCore,
    private readonly handler: StopHandler,
    private readonly desk: WatchDesk,
    private readonly console: Console,
    private readonly standing: Standing,
    /** What moves the program. */
    readonly execution: Execution,
  ) {}

  /** Throws UserError where the program cannot be started. */
  static launch(config: LaunchConfig, engine: Engine, observer: SessionObserver): DebugSession {
    const core = new SessionCore(engine, config, observer);
    const desk = new WatchDesk(core);
    const handler = new StopHandler(core);
    const time = new TimeTravel(core, (thread, stops) => {
      handler.reportPast(thread, stops);
    });
    const standing = new Standing(core);
    const execution = new Execution(core, standing, handler, desk, time);
    const typed = new Console(core, desk, typedRunning(core, execution));
    const session = new DebugSession(core, handler, desk, typed, standing, execution);
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
    return this.standing.isRunning;
  }

  get hasEnded(): boolean {
    return this.standing.hasEnded;
  }

  get processId(): number {
    return this.core.debuggee.target.processId;
  }

  // — breakpoints —

  setLineBreakpoints(
    path: string,
    wishes: readonly (BreakpointWish & { readonly line: number })[],
  ): Soon<readonly BreakpointView[]> {
    return this.standing.when(() => {
      const list = this.core.breakpoints.setLines(path, wishes);
      this.core.installBreakpoints();
      return list.map(breakpointView);
    });
  }

  setFunctionBreakpoints(
    wishes: readonly (BreakpointWish & { readonly name: string })[],
  ): Soon<readonly BreakpointView[]> {
    return this.standing.when(() => {
      const list = this.core.breakpoints.setFunctions(wishes);
      this.core.installBreakpoints();
      return list.map(breakpointView);
    });
  }

  setInstructionBreakpoints(
    wishes: readonly (BreakpointWish & { readonly address: bigint })[],
  ): Soon<readonly BreakpointView[]> {
    return this.standing.when(() => {
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
    return this.standing.when(() => this.desk.setEditors(wishes));
  }

  offerForChild(reference: number, name: string): Soon<WatchOffer> {
    return this.standing.when(() => this.desk.offers.forChild(reference, name));
  }

  /** Throws where the expression is wrong, as `evaluate` does. `bytes`: so many from where it lies. */
  offerForExpression(expression: string, frameId: number | undefined, bytes: number | undefined): Soon<WatchOffer> {
    return this.standing.when(() => this.desk.offers.forText(expression, { frameId, lengthBytes: bytes }));
  }

  offerForAddress(address: bigint, lengthBytes: number): Soon<WatchOffer> {
    return this.standing.when(() => this.desk.offers.forAddress(address, lengthBytes));
  }

  addWatch(spec: WatchSpec): Soon<WatchView> {
    return this.standing.when(() => this.desk.add(spec));
  }

  changeWatch(change: WatchChange): Soon<WatchView> {
    return this.standing.when(() => this.desk.change(change));
  }

  removeWatch(id: number): Soon<void> {
    return this.standing.when(() => {
      this.desk.remove(id);
    });
  }

  /** What it would cost; arms nothing. */
  planWatch(spec: WatchSpec): Soon<WatchPlan> {
    return this.standing.when(() => this.desk.plan(spec));
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
    return this.standing.threads();
  }

  stackTrace(thread: ThreadId, start: number, count: number): { frames: readonly FrameView[]; total: number } {
    this.standing.must();
    this.standing.mustExist(thread);
    const { frames, total } = this.core.stack.page(thread, start, count > 0 ? count : ALL_FRAMES);
    // While the end is not known, there is at least one page more.
    return { frames: frames.map((frame) => this.frameView(frame)), total: total ?? start + frames.length + 1 };
  }

  scopes(frameId: number): readonly ScopeView[] {
    this.standing.must();
    return this.core.variables.scopes(this.core.stack.frame(frameId));
  }

  variables(reference: number, page: Page | undefined, hexadecimal: boolean): readonly VariableView[] {
    this.standing.must();
    return this.core.variables.children(reference, page, hexadecimal);
  }

  setVariable(reference: number, name: string, text: string, hexadecimal: boolean): VariableView {
    this.standing.must();
    const { variables, stack } = this.core;
    const view = variables.set(reference, name, text, hexadecimal);
    this.core.followPointers();
    if (variables.isRegister(reference)) stack.clear();
    return view;
  }

  evaluate(expression: string, frameId: number | undefined, hexadecimal: boolean): Soon<VariableView> {
    return this.standing.when(() => {
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
    if (call.need === 'standing') return this.standing.when(run);
    if (call.need === 'stop') this.standing.must();
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
    return this.standing.when(() => {
      const frame = this.frameFor(frameId);
      assign(expression, text, frame, this.core.debuggee);
      this.core.followPointers();
      const value = evaluate(expression, frame, this.core.debuggee);
      return this.viewOf(expression, value, frame, hexadecimal);
    });
  }

  readMemory(address: bigint, lengthBytes: number): Soon<Uint8Array> {
    return this.standing.when(() => this.core.debuggee.memory.read(address, lengthBytes));
  }

  /** False: not mapped, nothing written. */
  writeMemory(address: bigint, bytes: Uint8Array): Soon<boolean> {
    return this.standing.when(() => {
      const written = this.core.debuggee.target.writeMemory(address, bytes);
      if (written) this.core.followPointers();
      if (written) this.core.observer.onMemoryChanged(address, bytes.length);
      return written;
    });
  }

  disassemble(address: bigint, instructionOffset: number, count: number): Soon<readonly DisassembledLine[]> {
    return this.standing.when(() =>
      disassemble(address, instructionOffset, count, this.core.debuggee, this.core.engine),
    );
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
    const pc = hex(frame.pc);
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
}

/** What is no value: nothing below it. */
function textView(name: string, value: string): VariableView {
  return { name, value, reference: 0, named: 0, indexed: 0, readOnly: true };
}

function noDebugInfo(program: string): string {
  return (
    `${baseName(program)} has no debug information, so lines, types and locals are not known; it runs all the same. ` +
    'Compile it with -g (gcc -g …) to see them. Functions by name and data breakpoints by address work without.'
  );
}
