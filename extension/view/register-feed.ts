// register-feed.ts: keeps the newest debug-register map and the newest watches of each session.
//
// Asks the adapter when something happened that can change them: a stop, a continue, a thread, or the adapter's own
// word (`trapline/debugRegistersChanged`, `trapline/watchesChanged`). One question at a time; what comes meanwhile is
// asked once, afterwards. A session's last state outlives it, until another session starts.

import * as vscode from 'vscode';
import {
  DEBUG_REGISTERS_CHANGED_EVENT,
  DEBUG_REGISTERS_REQUEST,
  type DebugRegisterMap,
} from '../../adapter/protocol/debug-register-map';
import { WATCHES_CHANGED_EVENT, WATCHES_REQUEST, type WatchView } from '../../adapter/protocol/watches';
import { DEBUG_TYPE } from '../debug/launch-configuration';

export interface RegisterState {
  readonly session: vscode.DebugSession;
  readonly sessionName: string;
  readonly map: DebugRegisterMap;
  readonly watches: readonly WatchView[];
  readonly isEnded: boolean;
  readonly isRunning: boolean;
  /** The watches that made the program stop where it stands. */
  readonly hitIds: readonly number[];
}

/** Of the DAP's events, those after which the registers may look different. */
const CAUSES: ReadonlySet<string> = new Set([
  'initialized',
  'stopped',
  'continued',
  'thread',
  'breakpoint',
  'terminated',
  DEBUG_REGISTERS_CHANGED_EVENT,
  WATCHES_CHANGED_EVENT,
]);
/** Responses that arm or disarm. */
const ARMING: ReadonlySet<string> = new Set(['setDataBreakpoints', 'configurationDone', 'continue', 'launch']);

export class RegisterFeed {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly loaded = new vscode.EventEmitter<vscode.DebugSession>();
  private readonly finished = new vscode.EventEmitter<vscode.DebugSession>();
  private readonly runs = new Map<string, Run>();
  private readonly states = new Map<string, RegisterState>();
  private readonly asking = new Map<string, Asking>();
  private shown: string | undefined;
  private readonly subscriptions: { dispose(): unknown }[];

  readonly onDidChange = this.changed.event;
  /**
   * The program is loaded and has not run. Fired before the editor hears of it, so that what a listener asks for in the
   * same moment is answered before the program runs.
   */
  readonly onDidLoad = this.loaded.event;
  /** The program has ended; the adapter still answers what is asked in the same moment. */
  readonly onDidFinish = this.finished.event;

  constructor() {
    this.subscriptions = [
      this.changed,
      this.loaded,
      this.finished,
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
        createDebugAdapterTracker: (session) => ({
          onDidSendMessage: (message: unknown) => {
            if (eventName(message) === 'initialized') this.loaded.fire(session);
            if (eventName(message) === 'terminated') this.finished.fire(session);
            this.follow(session, message);
            if (mayChangeRegisters(message)) void this.ask(session);
          },
        }),
      }),
      vscode.debug.onDidStartDebugSession((session) => {
        if (session.type === DEBUG_TYPE) this.begin(session);
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (session.type === DEBUG_TYPE) this.end(session);
      }),
      vscode.debug.onDidChangeActiveDebugSession((session) => {
        if (session?.type === DEBUG_TYPE) this.show(session.id);
      }),
    ];
  }

  /** The session in the foreground, or the last one there was. */
  get current(): RegisterState | undefined {
    return this.shown === undefined ? undefined : this.states.get(this.shown);
  }

  /** The programs that have not ended. */
  private get live(): readonly string[] {
    return [...this.states].flatMap(([key, { isEnded }]) => (isEnded ? [] : [key]));
  }

  /** Several programs are debugged at once. */
  get hasSeveral(): boolean {
    return this.live.length > 1;
  }

  /** Asks again, for a person who does not believe what is shown. */
  refresh(): void {
    const session = vscode.debug.activeDebugSession;
    if (session?.type === DEBUG_TYPE) void this.ask(session);
  }

  /** After a request of ours that changed something. */
  touch(session: vscode.DebugSession): Promise<void> {
    return this.ask(session);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Does it run, and what made it stop? */
  private follow(session: vscode.DebugSession, message: unknown): void {
    const event = eventName(message);
    if (event === 'stopped') {
      const ids = field(field(message, 'body'), 'hitBreakpointIds');
      const hitIds = Array.isArray(ids) ? ids.filter((id): id is number => typeof id === 'number') : [];
      this.runs.set(session.id, { isRunning: false, hitIds });
    } else if (event === 'terminated') {
      this.runs.set(session.id, { isRunning: false, hitIds: [] });
    } else if (event === 'continued' || isResponse(message, RESUMING)) {
      this.runs.set(session.id, { isRunning: true, hitIds: [] });
    }
  }

  private begin(session: vscode.DebugSession): void {
    for (const [id, state] of this.states) {
      if (state.isEnded) this.states.delete(id);
    }
    // Another one that is in the editor's foreground stays in ours: its buttons act on that one.
    const active = vscode.debug.activeDebugSession?.id ?? session.id;
    this.show(this.states.has(active) ? active : session.id);
  }

  private end(session: vscode.DebugSession): void {
    const state = this.states.get(session.id);
    if (state !== undefined) this.states.set(session.id, { ...state, isEnded: true, isRunning: false, hitIds: [] });
    this.runs.delete(session.id);
    this.shown = this.liveSession(session) ?? this.shown;
    this.changed.fire();
  }

  /** What is shown when the one that was shown has ended: a program that is still there rather than the last picture. */
  private liveSession({ id }: vscode.DebugSession): string | undefined {
    if (this.shown !== id) return undefined;
    const live = this.live;
    const active = vscode.debug.activeDebugSession?.id;
    return live.find((key) => key === active) ?? live.at(0);
  }

  private show(sessionId: string): void {
    this.shown = sessionId;
    this.changed.fire();
  }

  /** Done when an answer has come to a question asked after this call. */
  private ask(session: vscode.DebugSession): Promise<void> {
    const running = this.asking.get(session.id);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    const asking = { again: false, done: Promise.resolve() };
    this.asking.set(session.id, asking);
    asking.done = this.askUntilQuiet(session, asking).finally(() => {
      this.asking.delete(session.id);
    });
    return asking.done;
  }

  private async askUntilQuiet(session: vscode.DebugSession, asking: Asking): Promise<void> {
    const [map, watches] = await Promise.all([requestMap(session), requestWatches(session)]);
    this.take(session, map, watches);
    if (!asking.again) return;
    asking.again = false;
    await this.askUntilQuiet(session, asking);
  }

  private take(
    session: vscode.DebugSession,
    newMap: DebugRegisterMap | undefined,
    newWatches: readonly WatchView[] | undefined,
  ): void {
    const known = this.states.get(session.id);
    const map = newMap ?? known?.map;
    if (map === undefined) return;
    const { isRunning, hitIds } = this.runs.get(session.id) ?? { isRunning: true, hitIds: [] };
    this.states.set(session.id, {
      session,
      sessionName: session.name,
      map,
      watches: newWatches ?? known?.watches ?? [],
      isEnded: known?.isEnded ?? false,
      isRunning: isRunning && known?.isEnded !== true,
      hitIds,
    });
    this.shown ??= session.id;
    this.changed.fire();
  }
}

/** A question under way, and whether it must be asked once more. */
interface Asking {
  again: boolean;
  done: Promise<void>;
}

interface Run {
  readonly isRunning: boolean;
  readonly hitIds: readonly number[];
}

/** Before the launch and after the end there is no map: the adapter refuses, and the last one stays. */
async function requestMap(session: vscode.DebugSession): Promise<DebugRegisterMap | undefined> {
  try {
    const answer: unknown = await session.customRequest(DEBUG_REGISTERS_REQUEST);
    return isMap(answer) && answer.threads.length > 0 ? answer : undefined;
  } catch {
    return undefined;
  }
}

async function requestWatches(session: vscode.DebugSession): Promise<readonly WatchView[] | undefined> {
  try {
    const answer: unknown = await session.customRequest(WATCHES_REQUEST);
    return Array.isArray(answer) ? answer.filter(isWatch) : undefined;
  } catch {
    return undefined;
  }
}

function isMap(answer: unknown): answer is DebugRegisterMap {
  return typeof answer === 'object' && answer !== null && 'threads' in answer && 'cpus' in answer && 'slots' in answer;
}

export function isWatch(answer: unknown): answer is WatchView {
  return typeof answer === 'object' && answer !== null && 'dataId' in answer && 'state' in answer && 'slots' in answer;
}

/** Responses after which the program runs. */
const RESUMING: ReadonlySet<string> = new Set(['continue', 'next', 'stepIn', 'stepOut', 'configurationDone']);

function mayChangeRegisters(message: unknown): boolean {
  return CAUSES.has(eventName(message) ?? '') || isResponse(message, ARMING);
}

function eventName(message: unknown): string | undefined {
  const name = field(message, 'type') === 'event' ? field(message, 'event') : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isResponse(message: unknown, commands: ReadonlySet<string>): boolean {
  const command = field(message, 'type') === 'response' ? field(message, 'command') : undefined;
  return typeof command === 'string' && commands.has(command) && field(message, 'success') !== false;
}

/** A field of data that came from outside. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
