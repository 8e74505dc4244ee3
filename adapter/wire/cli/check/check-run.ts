// check-run.ts: one run of a program with the watches of `.watch` files: a client of the debug session.
//
// Arms what is there before the program's first instruction; what the loader brings, when `main` is reached. Locals are
// the session's to arm, in each call of their function. A `never` stops the program for a look at the stack, and lets it go on.

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

/** What became of one line. */
interface Progress {
  readonly line: CheckLine;
  readonly ids: Set<number>;
  readonly happenings: Happening[];
  latest: readonly WatchView[];
  wasArmed: boolean;
  /** Its name is there, though it may not be watched. */
  wasFound: boolean;
  isExtended: boolean;
  message: string;
}

export class CheckRun implements SessionObserver {
  private session: DebugSession | undefined;
  private readonly progress: readonly Progress[];
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
      happenings: [],
      latest: [],
      wasArmed: false,
      wasFound: false,
      isExtended: false,
      message: '',
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
    const cancel =
      timeoutSeconds === undefined
        ? (): void => undefined
        : engine.clock.after(timeoutSeconds * 1000, () => {
            this.timedOutAfter = timeoutSeconds;
            session.execution.end();
          });
    session.execution.begin();
    const end = await ended;
    cancel();
    this.update(session);
    for (const missed of this.progress.flatMap(missedText)) this.host.note(missed);
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
    if (stop.kind === 'data breakpoint') await this.happened(session, stop);
    if (!session.hasEnded) session.execution.continue();
  }

  /** Those that are not armed yet: before the first instruction, and again when `main` is reached. */
  private async armGlobals(session: DebugSession): Promise<void> {
    this.update(session);
    for (const progress of this.progress) {
      if (progress.wasArmed || waitsByItself(progress)) continue;
      for (const id of progress.ids) await session.removeWatch(id);
      progress.ids.clear();
      await this.add(session, progress, progress.line.spec);
    }
  }

  /** The message says why it is not armed. */
  private async add(session: DebugSession, progress: Progress, spec: CheckLine['spec']): Promise<void> {
    try {
      const isNever = progress.line.bound.line.verb === 'never';
      const view = await session.addWatch(isNever || spec.mode === 'log' ? spec : { ...spec, mode: 'count' });
      progress.ids.add(view.id);
      note(progress, view);
      if (view.state === 'refused') progress.message = view.message;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      progress.message = error.message;
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

/** Nothing needs to be done. A function that no module had when it was added is looked for again. */
const waitsByItself = ({ latest, line }: Progress): boolean =>
  latest.some(
    ({ state, calls }) =>
      state === 'pending' && (line.bound.place?.functionName === undefined) === (calls === undefined),
  );

function note(progress: Progress, view: WatchView): void {
  const isArmed = view.state === 'armed' || view.state === 'ended' || (view.calls?.watched ?? 0) > 0;
  if (isArmed) progress.wasArmed = true;
  if (view.state !== 'pending' || view.calls !== undefined) progress.wasFound = true;
  if (isArmed || !progress.wasArmed) progress.message = view.message;
  progress.isExtended ||= view.isExtended;
}

function missedText({ line, latest }: Progress): readonly string[] {
  return latest.flatMap(({ calls }) => {
    if (calls === undefined || calls.missed === 0) return [];
    const what = calls.missed === 1 ? '1 call was' : `${calls.missed} calls were`;
    return [`${titleOf(line.bound.line)}: ${what} not watched: ${calls.why ?? ''}`];
  });
}

function resultOf(progress: Progress): LineResult {
  const { line, latest, wasArmed, wasFound, isExtended, message, happenings } = progress;
  const sum = (key: 'hits' | 'matches'): number => latest.reduce((total, view) => total + view[key], 0);
  // A `never` that did not see every call proves nothing.
  const missed = line.bound.line.verb === 'never' ? missedText(progress).at(0) : undefined;
  const unknown = wasArmed || wasFound ? undefined : line.unknown;
  const state = unknown !== undefined ? 'unbound' : wasArmed && missed === undefined ? 'armed' : 'unarmed';
  return {
    line,
    state,
    message: unknown ?? missed ?? message,
    isExtended,
    happenings,
    hits: sum('hits'),
    matches: sum('matches'),
  };
}
