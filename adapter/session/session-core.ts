// session-core.ts: the parts of one debug session, put together.
//
// Each part knows only those it is given; the stop handler and the requests (debug-session.ts) use them all.

import type { ThreadId } from '../target/target';
import { WatchList } from '../watch/watch-list';
import type { Watch } from '../watch/watch';
import type { WatchStop } from '../watch/watch-judge';
import { stateText } from '../watch/watch-texts';
import type { WatchWorld } from '../watch/watch-world';
import { CodeBreakpoints } from './code-breakpoints';
import type { CodeBreakpoint } from './code-breakpoint';
import { CodeStops } from './code-stops';
import { Debuggee } from './debuggee';
import type { Engine } from './engine';
import type { LaunchConfig } from './launch-config';
import { HeapBlocks } from './heap-blocks';
import { LogSpool } from './log-spool';
import { NonlocalExits } from './nonlocal-exits';
import { Loader } from './loader';
import { RateLimit } from './rate-limit';
import { RunControl } from './run-control';
import type { BreakpointView, SessionObserver } from './session-events';
import { Stack } from './stack';
import { Stepper } from './stepper';
import { ThreadNames } from './thread-names';
import { Variables } from './variables';
import { hex } from '../util/hex';

/** The slot map is told anew at most so often. */
const SLOT_EVENTS_MS = 100;

export class SessionCore {
  readonly debuggee: Debuggee;
  readonly threadNames: ThreadNames;
  readonly run: RunControl;
  readonly stack: Stack;
  readonly variables: Variables;
  readonly breakpoints: CodeBreakpoints;
  readonly codeStops: CodeStops;
  readonly stepper: Stepper;
  readonly watches: WatchList;
  readonly world: WatchWorld;
  readonly loader: Loader;
  readonly exits: NonlocalExits;
  readonly heap: HeapBlocks;
  /** Slots, watches or their hits are others now: tells both maps' events. */
  readonly slotsChanged: RateLimit;
  readonly watchLog: LogSpool;
  /** Stop at ordinary signals too (SIGCHLD, SIGALRM, …). */
  signalFilter: 'none' | 'serious' | 'all' = 'serious';
  /** The watch that has stopped the program, until it goes on. */
  watchStop: WatchStop | undefined;
  /** The thread whose stop was told last. */
  stoppedThread: ThreadId | undefined;
  /** Breakpoints and watches that have stopped the program, by number. */
  stoppedAt: readonly number[] = [];
  /** A stop is told right after: what is shown at each. */
  onShown: (() => void) | undefined;
  private nextBreakpointId = 1;
  private wasPast = false;
  private readonly withOtherCalls = new Set<Watch>();

  constructor(
    readonly engine: Engine,
    readonly config: LaunchConfig,
    readonly observer: SessionObserver,
  ) {
    const nextId = (): number => this.nextBreakpointId++;
    // Who shares the program with a gdb does not know what that does to it.
    const target = engine.createTarget({ ...config, recorded: config.gdbserver === undefined && !config.noDebug });
    this.debuggee = new Debuggee(target, engine.createSymbols(), engine.files);
    this.threadNames = new ThreadNames(() => target.threads());
    this.run = new RunControl(target);
    this.stack = new Stack(this.debuggee);
    this.variables = new Variables(this.debuggee);
    this.codeStops = new CodeStops(target);
    this.stepper = new Stepper(this.debuggee, this.codeStops);
    this.breakpoints = new CodeBreakpoints(this.debuggee.symbols, nextId);
    this.exits = new NonlocalExits(this.debuggee);
    const canary = config.noDebug || target.slotsPerThread === 0 ? undefined : engine.canaryTrouble();
    const distrust = canary === undefined ? {} : { distrust: distrustText(canary) };
    this.loader = new Loader(this.debuggee);
    const isPast = (watch?: { readonly countedUntilNs: number }): boolean =>
      target.time?.isPast === true && target.timeNs <= (watch?.countedUntilNs ?? Infinity);
    this.world = worldOf(this.debuggee, this.loader, { isPast, ...distrust });
    if (distrust.distrust !== undefined) observer.onOutput('important', `${distrust.distrust}\n`);
    this.watches = new WatchList(
      this.world,
      {
        onChanged: (watch) => {
          observer.onBreakpointChanged(watchView(watch));
          this.slotsChanged.trigger();
        },
        onCalls: (watch) => {
          this.withOtherCalls.add(watch);
          this.slotsChanged.trigger();
        },
        onNote: (text) => {
          observer.onOutput('console', `${text}\n`);
        },
        onPassed: () => {
          this.slotsChanged.trigger();
        },
        mayLog: () => this.watchLog.mayLog,
        onDropped: (lines) => {
          this.watchLog.drop(lines);
        },
      },
      nextId,
    );
    this.heap = new HeapBlocks(this.debuggee, this.watches);
    this.slotsChanged = new RateLimit(SLOT_EVENTS_MS, engine.clock, () => {
      this.tellCalls();
      observer.onDebugRegistersChanged();
      observer.onWatchesChanged();
    });
    this.watchLog = new LogSpool(engine.clock, (text, place) => {
      observer.onOutput('log', text, place);
    });
  }

  /** Of watches whose calls have begun or ended since the last time. */
  tellCalls(): void {
    const changed = [...this.withOtherCalls];
    this.withOtherCalls.clear();
    for (const watch of changed) this.observer.onBreakpointChanged(watchView(watch));
  }

  /** The person's program goes on: what belonged to the stop is over. */
  forgetStop(accessed?: { readonly thread: ThreadId; readonly instruction: bigint }): void {
    this.stack.clear(accessed);
    this.variables.clear();
    this.watchStop = undefined;
  }

  /** The program stands at another moment of its time: what was set in it is set there. */
  travelled(): void {
    this.wasPast = this.world.isPast?.() === true;
    this.forgetStop();
    this.stepper.cancel();
    this.codeStops.reinstall();
    this.heap.travelled();
    this.syncModules();
    this.watches.travelled();
    this.installFrameEnds();
    this.slotsChanged.trigger();
  }

  /** The way through the past has come to its end. */
  get hasReturned(): boolean {
    return this.wasPast && this.world.isPast?.() !== true;
  }

  /** What lies in no source an editor cannot show, and what is gone after one stop it is not bothered with. */
  tellBreakpoint(breakpoint: CodeBreakpoint, what: 'new' | 'changed' | 'removed'): void {
    const { typed, path } = breakpoint;
    if (typed === 'temporary' || (typed === 'own' && path === undefined)) return;
    if (what === 'new' && this.observer.takesBreakpoints === true) this.breakpoints.handOver(breakpoint);
    this.observer.onBreakpointChanged(breakpointView(breakpoint), what);
  }

  installBreakpoints(): void {
    this.codeStops.set('breakpoints', this.breakpoints.addresses());
  }

  /** Calls of a function have begun or ended: where those return to. */
  installCallStops(): void {
    if (this.watches.takeNewReturns()) this.installReturns();
  }

  private installReturns(): void {
    const exits = this.watches.hasLocals() ? this.exits.addresses() : [];
    this.codeStops.set('frames', [...this.watches.returnAddresses(), ...exits]);
  }

  /** Where watched frames and blocks of memory end. The target must stand. */
  installFrameEnds(): void {
    this.installReturns();
    this.codeStops.set('heap', this.heap.addresses());
    this.codeStops.set('calls', this.watches.callBeginnings());
    this.debuggee.target.heedMemory?.(this.watches.unarmed());
  }

  /**
   * Some have ended: those that wait for slots are tried. `withPlaces`: the program stopped for where they lay, and need
   * not any more.
   */
  watchesEnded(withPlaces = true): void {
    this.watches.useFreedSlots();
    if (withPlaces) this.installFrameEnds();
    this.slotsChanged.trigger();
  }

  /** The loader has done its work, or a thread has its thread-local memory: watches that waited look again. */
  lookAgain(): void {
    this.codeStops.set('start', this.loader.addresses());
    this.watches.lookAgain();
    this.installFrameEnds();
    this.slotsChanged.trigger();
  }

  /** Another program runs in the place of the first. The target must stand. */
  executed(path: string): void {
    this.loader.begin();
    this.heap.travelled();
    this.syncModules();
    this.watches.executed(`the program was replaced by ${path}`);
    this.lookAgain();
  }

  /** Watches through pointers look where those lead now. The target must stand. */
  followPointers(changed?: readonly Watch[]): void {
    const watches = changed ?? this.watches.followers();
    if (watches.length === 0) return;
    this.watches.follow(watches, changed !== undefined);
    this.installFrameEnds();
    this.slotsChanged.trigger();
  }

  /** Modules came or went: symbols, breakpoints and watches follow. The target must stand. */
  syncModules(): void {
    const { added, removed, troubles } = this.debuggee.syncModules();
    for (const text of troubles) this.observer.onOutput('console', `${text}\n`);
    if (added.length + removed.length === 0) return;
    for (const module of removed) this.observer.onModule(this.moduleView(module), 'removed');
    for (const module of added) this.observer.onModule(this.moduleView(module), 'new');
    this.exits.refresh();
    this.heap.refresh();
    for (const breakpoint of this.breakpoints.resolveAgain()) {
      this.tellBreakpoint(breakpoint, breakpoint.typed === 'own' ? 'new' : 'changed');
    }
    this.installBreakpoints();
    this.watches.lookAgain();
    this.installFrameEnds();
  }

  moduleView(module: { readonly path: string; readonly bias: bigint; readonly isMain: boolean }) {
    const withDebug = module.isMain && this.debuggee.symbols.hasDebugInfo;
    return {
      path: module.path,
      isMain: module.isMain,
      addressText: hex(module.bias),
      symbolText: withDebug ? 'Debug information loaded.' : module.isMain ? 'No debug information.' : 'Symbols loaded.',
    };
  }
}

function worldOf(
  { target, symbols, memory }: Debuggee,
  loader: Loader,
  more: Pick<WatchWorld, 'isPast' | 'distrust'>,
): WatchWorld {
  return {
    ...{ target, symbols, memory, ...more },
    get isLoading() {
      return loader.isAtWork;
    },
    isLoaders: (hit) => loader.didIt(hit),
  };
}

function distrustText(trouble: string): string {
  return `Data breakpoints do not work here as they must, so "0 hits" means nothing: ${trouble} Please report this.`;
}

export function breakpointView(breakpoint: CodeBreakpoint): BreakpointView {
  const { id, verified, enabled, path, line, addresses } = breakpoint;
  const message = enabled ? breakpoint.message : `Switched off in the debug console: \`enable ${id}\` there.`;
  const first = addresses.at(0);
  return {
    id,
    verified: verified && enabled,
    ...(message === undefined ? {} : { message, reason: enabled ? ('pending' as const) : ('failed' as const) }),
    ...(path === undefined ? {} : { path }),
    ...(line === undefined ? {} : { line }),
    ...(first === undefined ? {} : { instruction: hex(first) }),
  };
}

export function watchView(watch: Watch): BreakpointView {
  const verified = watch.state === 'armed';
  const reason = watch.state === 'pending' ? 'pending' : 'failed';
  return { id: watch.id, verified, message: stateText(watch), ...(verified ? {} : { reason }) };
}
