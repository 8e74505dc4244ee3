// arming.ts: a watch file's watches in the running session: added, added anew, and what they have seen.
//
// Whoever arms a line twice has it once: the earlier watch goes first. Without a session one is started, stopped at its
// beginning, so that nothing is missed.

import * as vscode from 'vscode';
import type { SpecsAnswer } from '../../adapter/protocol/watch-files';
import {
  ADD_WATCH_REQUEST,
  REMOVE_WATCH_REQUEST,
  WATCHES_CHANGED_EVENT,
  WATCHES_REQUEST,
} from '../../adapter/protocol/watches';
import type { WatchView } from '../../adapter/protocol/watches';
import { DEBUG_TYPE } from '../debug/launch-configuration';
import { firstOf, plainly } from '../watch/watch-words';
import { seenText } from './seen-text';
import type { WatchClient } from './watch-client';

const t = vscode.l10n.t;

/** Of one session: file → line → the watch's id. */
type ArmedLines = Map<string, Map<number, number>>;

export class Arming implements vscode.Disposable {
  private readonly armed = new Map<string, ArmedLines>();
  /** Sessions whose lenses are being told. */
  private readonly telling = new Map<string, 'once' | 'again'>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly client: WatchClient) {
    this.subscriptions = [
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event }) => {
        if (event === WATCHES_CHANGED_EVENT) void this.tellSeen(session);
      }),
      vscode.debug.onDidTerminateDebugSession(({ id }) => this.armed.delete(id)),
    ];
  }

  /** A file, or one line (from 0) of it. */
  async arm(uri: vscode.Uri, line?: number): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    const answer = await this.client.specs({ uri: document.uri.toString(), ...(line === undefined ? {} : { line }) });
    if (answer === null || (answer.lines.length === 0 && answer.mistakes.length === 0)) {
      void vscode.window.showInformationMessage(
        t('This file has nothing to arm yet: add a line such as "watch write counter".'),
      );
      return;
    }
    const session = traplineSession();
    if (session === undefined) await this.startAndArm(uri, answer);
    else await this.armIn(session, uri, answer);
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
  }

  /** All lines at once: the program may go on at any moment, and a hundred one by one would take long. */
  private async armIn(session: vscode.DebugSession, uri: vscode.Uri, answer: SpecsAnswer): Promise<void> {
    const lines = this.linesOf(session, uri);
    const before = answer.lines.flatMap(({ line }) => lines.get(line) ?? []);
    for (const { line } of answer.lines) lines.delete(line);
    await Promise.all(
      before.map((id) => session.customRequest(REMOVE_WATCH_REQUEST, { id }).then(undefined, () => undefined)),
    );
    const outcomes = await Promise.all(answer.lines.map((wish) => armLine(session, wish, lines)));
    await this.tellSeen(session);
    const troubles = [
      ...answer.mistakes.map(({ line, message }) => t('Line {0}: {1}', line + 1, message)),
      ...outcomes.filter((outcome) => outcome !== undefined),
    ];
    const count = outcomes.length - outcomes.filter((outcome) => outcome !== undefined).length;
    const armed = count === 1 ? t('1 watch armed.') : t('{0} watches armed.', count);
    if (troubles.length === 0) void vscode.window.setStatusBarMessage(`Trapline: ${armed}`, 5000);
    else void vscode.window.showWarningMessage(plainly([armed, ...firstOf(troubles, t)].join(' ')));
  }

  private async startAndArm(uri: vscode.Uri, answer: SpecsAnswer): Promise<void> {
    const { program } = answer;
    const start = t('Start Debugging');
    if (program === undefined) {
      void vscode.window.showWarningMessage(
        t(
          'No Trapline session runs, and the file names no program. Begin it with "program PATH", or start debugging first.',
        ),
      );
      return;
    }
    const chosen = await vscode.window.showInformationMessage(
      t('No Trapline session runs. Debug {0}, with these watches?', program),
      start,
    );
    if (chosen !== start) return;
    const started = new Promise<vscode.DebugSession>((resolve) => {
      const listener = vscode.debug.onDidStartDebugSession((session) => {
        if (session.type !== DEBUG_TYPE) return;
        listener.dispose();
        resolve(session);
      });
    });
    const configuration = {
      type: DEBUG_TYPE,
      request: 'launch',
      name: t('Trapline: watch file'),
      program,
      stopOnEntry: true,
    };
    if (await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(uri), configuration)) {
      await this.armIn(await started, uri, answer);
    }
  }

  private linesOf(session: vscode.DebugSession, uri: vscode.Uri): Map<number, number> {
    const files = this.armed.get(session.id) ?? (new Map() as ArmedLines);
    this.armed.set(session.id, files);
    const lines = files.get(uri.toString()) ?? new Map<number, number>();
    files.set(uri.toString(), lines);
    return lines;
  }

  /** The code lenses of the files that are armed in the session. What comes meanwhile is asked once, afterwards. */
  private async tellSeen(session: vscode.DebugSession): Promise<void> {
    if (this.telling.has(session.id)) {
      this.telling.set(session.id, 'again');
      return;
    }
    this.telling.set(session.id, 'once');
    try {
      await this.tellOnce(session);
    } finally {
      const isStale = this.telling.get(session.id) === 'again';
      this.telling.delete(session.id);
      if (isStale) void this.tellSeen(session);
    }
  }

  private async tellOnce(session: vscode.DebugSession): Promise<void> {
    const files = this.armed.get(session.id);
    if (files === undefined) return;
    const views = (await session.customRequest(WATCHES_REQUEST).then(undefined, () => [])) as readonly WatchView[];
    for (const [uri, lines] of files) {
      const seen = [...lines].flatMap(([line, id]) => {
        const view = views.find((candidate) => candidate.id === id);
        return view === undefined ? [] : [{ line, text: seenText(view, t) }];
      });
      if (seen.length > 0) await this.client.seen({ uri, lines: seen });
    }
  }
}

/** Answers what is wrong; undefined where it is armed. */
async function armLine(
  session: vscode.DebugSession,
  { line, title, spec }: SpecsAnswer['lines'][number],
  lines: Map<number, number>,
): Promise<string | undefined> {
  try {
    const view = (await session.customRequest(ADD_WATCH_REQUEST, spec)) as WatchView;
    lines.set(line, view.id);
    return view.state === 'refused' ? `${title}: ${view.message}` : undefined;
  } catch (error) {
    return `${title}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export function traplineSession(): vscode.DebugSession | undefined {
  const session = vscode.debug.activeDebugSession;
  return session?.type === DEBUG_TYPE ? session : undefined;
}
