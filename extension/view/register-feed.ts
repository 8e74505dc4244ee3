// register-feed.ts: keeps the newest debug-register map of each session.
//
// Asks the adapter when something happened that can change the map: a stop, a continue, a thread, or the adapter's own
// word (`trapline/debugRegistersChanged`). One question at a time; what comes meanwhile is asked once, afterwards.
// A session's last map outlives it, until another session starts.

import * as vscode from 'vscode';
import {
  DEBUG_REGISTERS_CHANGED_EVENT,
  DEBUG_REGISTERS_REQUEST,
  type DebugRegisterMap,
} from '../../adapter/protocol/debug-register-map';
import { DEBUG_TYPE } from '../debug/launch-configuration';

export interface RegisterState {
  readonly sessionName: string;
  readonly map: DebugRegisterMap;
  readonly isEnded: boolean;
}

/** Of the DAP's events, those after which the registers may look different. */
const CAUSES: ReadonlySet<string> = new Set([
  'initialized',
  'stopped',
  'continued',
  'thread',
  'breakpoint',
  DEBUG_REGISTERS_CHANGED_EVENT,
]);
/** Responses that arm or disarm. */
const ARMING: ReadonlySet<string> = new Set(['setDataBreakpoints', 'configurationDone', 'continue', 'launch']);

export class RegisterFeed {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly states = new Map<string, RegisterState>();
  private readonly asking = new Map<string, 'once' | 'again'>();
  private shown: string | undefined;
  private readonly subscriptions: { dispose(): unknown }[];

  readonly onDidChange = this.changed.event;

  constructor() {
    this.subscriptions = [
      this.changed,
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
        createDebugAdapterTracker: (session) => ({
          onDidSendMessage: (message: unknown) => {
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

  /** Asks again, for a person who does not believe what is shown. */
  refresh(): void {
    const session = vscode.debug.activeDebugSession;
    if (session?.type === DEBUG_TYPE) void this.ask(session);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private begin(session: vscode.DebugSession): void {
    for (const [id, state] of this.states) {
      if (state.isEnded) this.states.delete(id);
    }
    this.show(session.id);
  }

  private end(session: vscode.DebugSession): void {
    const state = this.states.get(session.id);
    if (state !== undefined) this.states.set(session.id, { ...state, isEnded: true });
    this.changed.fire();
  }

  private show(sessionId: string): void {
    this.shown = sessionId;
    this.changed.fire();
  }

  private async ask(session: vscode.DebugSession): Promise<void> {
    if (this.asking.has(session.id)) {
      this.asking.set(session.id, 'again');
      return;
    }
    try {
      do {
        this.asking.set(session.id, 'once');
        const map = await requestMap(session);
        if (map !== undefined) this.take(session, map);
      } while (this.asking.get(session.id) === 'again');
    } finally {
      this.asking.delete(session.id);
    }
  }

  private take(session: vscode.DebugSession, map: DebugRegisterMap): void {
    const isEnded = this.states.get(session.id)?.isEnded ?? false;
    this.states.set(session.id, { sessionName: session.name, map, isEnded });
    this.shown ??= session.id;
    this.changed.fire();
  }
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

function isMap(answer: unknown): answer is DebugRegisterMap {
  return typeof answer === 'object' && answer !== null && 'threads' in answer && 'cpus' in answer && 'slots' in answer;
}

function mayChangeRegisters(message: unknown): boolean {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  if (message.type === 'event') {
    return 'event' in message && typeof message.event === 'string' && CAUSES.has(message.event);
  }
  if (message.type !== 'response') return false;
  return 'command' in message && typeof message.command === 'string' && ARMING.has(message.command);
}
