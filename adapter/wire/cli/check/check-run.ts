// check-run.ts: one run of a program with the watches of `.watch` files: a client of the debug session.
//
// Arms what is there before the program's first instruction; what the loader brings, when `main` is reached; locals, at
// each call of their function. A `never` stops the program for a look at the stack, and lets it go on.

import type { WatchView } from '../../../protocol/watches';
import { DebugSession } from '../../../session/debug-session';
import type { Engine } from '../../../session/engine';
import type { LaunchConfig } from '../../../session/launch-config';
import type { BreakpointView, OutputCategory, SessionObserver, SessionStop } from '../../../session/session-events';
import { UserError } from '../../../util/user-error';
import { titleOf } from '../../../watch/watch-file/watch-spec';
import type { CheckEnd, CheckLine, Happening, LineResult } from './check-result';
import { happeningAt } from './happening';

export interface CheckRunHost {
  /** The program's own bytes. */
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** A line that a `log` has written. */
  log(line: string): void;
  /** What a person should know. */
  note(text: string): void;
}

export interface CheckOutcome {
  readonly lines: readonly LineResult[];
  readonly end: CheckEnd;
}

/** A `never` that happens more often is only counted. */
const MOST_HAPPENINGS = 20;
/** Activations of one function whose locals are watched at the same time. */
const MOST_FRAMES = 64;

/** What became of one line: its watches now, and the sums of those that are over. */
interface Progress {
  readonly line: CheckLine;
  readonly ids: Set<number>;
  readonly over: { hits: number; matches: number };
  readonly happenings: Happening[];
  latest: readonly WatchView[];
  wasArmed: boolean;
  /** Its name is there, though it may not be watched. */
  wasFound: boolean;
  isExtended: boolean;
  message: string;
  /** Of a local: the calls that found no slot, and why. */
  missed: { calls: number; why: string };
}

export class CheckRun implements SessionObserver {
  private session: DebugSession | undefined;
  private readonly progress: readonly Progress[];
  private readonly functions = new Map<number, string>();
  private finish: (end: CheckEnd) => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;
  private timedOutAfter: number | undefined;

  constructor(
    lines: readonly CheckLine[],
    private readonly host: CheckRunHost,
  ) {
    this.progress = lines.map((line) => ({
      line,
      ids: new Set(),
      over: { hits: 0, matches: 0 },
      happenings: [],
      latest: [],
      wasArmed: false,
      wasFound: false,
      isExtended: false,
      message: '',
      missed: { calls: 0, why: '' },
    }));
  }

  /** Runs to the end. Throws UserError where the program cannot be started. */
  async run(config: LaunchConfig, engine: Engine, timeoutSeconds: number | undefined): Promise<CheckOutcome> {
    const ended = new Promise<CheckEnd>((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
    });
    const session = DebugSession.launch({ ...config, stopOnEntry: true }, engine, this);
    this.session = session;
    session.setSignalFilter('none');
    await this.armGlobals(session);
    await this.awaitCalls(session);
    const cancel =
      timeoutSeconds === undefined
        ? (): void => undefined
        : engine.clock.after(timeoutSeconds * 1000, () => {
            this.timedOutAfter = timeoutSeconds;
            session.end();
          });
    session.begin();
    const end = await ended;
    cancel();
    this.update(session);
    for (const progress of this.progress) if (progress.missed.calls > 0) this.host.note(missedText(progress));
    return { lines: this.progress.map(resultOf), end };
  }

  /** What is thrown where nobody waits for it. */
  bug(error: unknown): void {
    this.fail(error);
  }

  onStopped(stop: SessionStop): void {
    this.stopped(stop).catch((error: unknown) => {
      this.fail(error);
    });
  }

  onProgramBytes(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.host.output(stream, bytes);
  }

  onOutput(category: OutputCategory, text: string): void {
    if (category === 'important') this.host.note(text.trimEnd());
    else if (category === 'log') this.host.log(text.trimEnd());
  }

  onExited(code: number, killedBy?: string): void {
    if (this.timedOutAfter !== undefined) this.finish({ kind: 'timeout', seconds: this.timedOutAfter });
    else if (killedBy !== undefined) this.finish({ kind: 'killed', code, signal: killedBy });
    else this.finish({ kind: 'exited', code });
  }

  /** One that waited for its thread may be armed and wait again between two stops. */
  onBreakpointChanged({ id, verified, reason }: BreakpointView): void {
    for (const progress of this.progress) {
      if (!progress.ids.has(id)) continue;
      progress.wasArmed ||= verified;
      progress.wasFound ||= reason === 'failed';
    }
  }

  // What else became of each watch is asked of the session, at stops and at the end.
  onWatchesChanged = nothing;
  onDebugRegistersChanged = nothing;
  onMemoryChanged = nothing;
  onModule = nothing;
  onThread = nothing;

  private async stopped(stop: SessionStop): Promise<void> {
    const session = this.session;
    if (session === undefined) return;
    if (stop.kind === 'entry') await this.armGlobals(session);
    if (stop.kind === 'function breakpoint') await this.armLocals(session, stop);
    if (stop.kind === 'data breakpoint') await this.happened(session, stop);
    if (!session.hasEnded) session.continue();
  }

  /** Those that are not armed yet: before the first instruction, and again when `main` is reached. */
  private async armGlobals(session: DebugSession): Promise<void> {
    this.update(session);
    for (const progress of this.progress) {
      if (functionOf(progress) !== undefined || progress.wasArmed || isPending(progress)) continue;
      for (const id of progress.ids) await session.removeWatch(id);
      progress.ids.clear();
      await this.add(session, progress, progress.line.spec);
    }
  }

  private async awaitCalls(session: DebugSession): Promise<void> {
    const names = [...new Set(this.progress.flatMap((progress) => functionOf(progress) ?? []))];
    const views = await session.setFunctionBreakpoints(names.map((name) => ({ name })));
    for (const [index, { id }] of views.entries()) this.functions.set(id, names[index] ?? '');
  }

  /** A call of a function whose locals are watched: each call has its own. */
  private async armLocals(session: DebugSession, stop: SessionStop): Promise<void> {
    const called = new Set(stop.hitIds.map((id) => this.functions.get(id)));
    this.update(session);
    const frameId = session.stackTrace(stop.thread, 0, 1).frames.at(0)?.id;
    for (const progress of this.progress) {
      const name = functionOf(progress);
      if (name === undefined || !called.has(name) || frameId === undefined) continue;
      await this.forgetEnded(session, progress);
      const isFull = progress.ids.size >= MOST_FRAMES;
      const state = isFull ? undefined : await this.add(session, progress, { ...progress.line.spec, frameId });
      if (state === 'armed' || state === 'pending') continue;
      progress.missed.calls++;
      progress.missed.why ||= isFull ? `${MOST_FRAMES} calls are watched at the same time` : progress.message;
    }
  }

  private async forgetEnded(session: DebugSession, progress: Progress): Promise<void> {
    for (const view of progress.latest) {
      if (view.state !== 'ended' && view.state !== 'refused') continue;
      progress.over.hits += view.hits;
      progress.over.matches += view.matches;
      progress.ids.delete(view.id);
      await session.removeWatch(view.id);
    }
    progress.latest = progress.latest.filter(({ id }) => progress.ids.has(id));
  }

  /** Its state; undefined where it cannot be watched. The message says why it is not armed. */
  private async add(
    session: DebugSession,
    progress: Progress,
    spec: CheckLine['spec'],
  ): Promise<WatchView['state'] | undefined> {
    try {
      const isNever = progress.line.bound.line.verb === 'never';
      const view = await session.addWatch(isNever || spec.mode === 'log' ? spec : { ...spec, mode: 'count' });
      progress.ids.add(view.id);
      note(progress, view);
      if (view.state === 'refused') progress.message = view.message;
      return view.state;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      progress.message = error.message;
      return undefined;
    }
  }

  private async happened(session: DebugSession, stop: SessionStop): Promise<void> {
    for (const progress of this.progress) {
      for (const id of stop.hitIds.filter((hit) => progress.ids.has(hit))) {
        const happening = happeningAt(session, stop.thread, id);
        if (happening === undefined) continue;
        if (progress.happenings.length < MOST_HAPPENINGS) progress.happenings.push(happening);
        if (progress.happenings.length >= MOST_HAPPENINGS) await session.changeWatch({ id, mode: 'count' });
      }
    }
  }

  private update(session: DebugSession): void {
    const views = session.watches();
    for (const progress of this.progress) {
      progress.latest = views.filter(({ id }) => progress.ids.has(id));
      for (const view of progress.latest) note(progress, view);
    }
  }
}

const nothing = (): void => undefined;

const functionOf = ({ line }: Progress): string | undefined => line.bound.place?.functionName;

/** Waits by itself: nothing needs to be done. */
const isPending = ({ latest }: Progress): boolean => latest.some(({ state }) => state === 'pending');

function note(progress: Progress, view: WatchView): void {
  const isArmed = view.state === 'armed' || view.state === 'ended';
  if (isArmed) progress.wasArmed = true;
  if (view.state !== 'pending') progress.wasFound = true;
  if (isArmed || !progress.wasArmed) progress.message = view.message;
  progress.isExtended ||= view.isExtended;
}

function missedText({ line, missed: { calls, why } }: Progress): string {
  const what = calls === 1 ? '1 call was' : `${calls} calls were`;
  return `${titleOf(line.bound.line)}: ${what} not watched: ${why}`;
}

function resultOf(progress: Progress): LineResult {
  const { line, over, latest, wasArmed, wasFound, isExtended, message, happenings, missed } = progress;
  const sum = (key: 'hits' | 'matches'): number => latest.reduce((total, view) => total + view[key], over[key]);
  // A `never` that did not see every call proves nothing.
  const isMissed = missed.calls > 0 && line.bound.line.verb === 'never';
  const unknown = wasArmed || wasFound ? undefined : line.unknown;
  const state = unknown !== undefined ? 'unbound' : wasArmed && !isMissed ? 'armed' : 'unarmed';
  return {
    line,
    state,
    message: unknown ?? (isMissed ? missedText(progress) : message),
    isExtended,
    happenings,
    hits: sum('hits'),
    matches: sum('matches'),
  };
}
