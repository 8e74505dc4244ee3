// walkthrough.ts: what the buttons of the walkthrough "Who wrote that?" do.
//
// Each works by itself, in any order: one that needs the sample running starts it first. Nothing is opened as a folder, so
// that the person's window stays as it is. Steps, texts and pictures are declared in package.json.

import * as vscode from 'vscode';
import type { WatchView } from '../../adapter/protocol/watches';
import { DEBUG_TYPE } from '../debug/launch-configuration';
import type { RegisterState } from '../view/register-feed';
import { reasonOf, type Watches } from '../watch/watches';
import { lineWith, prepareSample, type Sample } from './sample';

const t = vscode.l10n.t;
const WATCHED = 'account.balance';
/** Of the sample: passed once, before the threads begin. */
const FIRST_STOP = 'int main(void)';
const ANSWER_TIMEOUT_MS = 30_000;

export interface WalkthroughContext {
  readonly watches: Watches;
  readonly revealWatch: (id: number) => void;
  readonly showHistory: (watch: WatchView) => void;
  /** samples/ of the extension, and where a copy may be put. */
  readonly samples: string;
  readonly copies: string;
}

/** Commands are declared, with titles, in package.json. */
export function registerWalkthrough(context: WalkthroughContext): vscode.Disposable[] {
  const walk = new Walkthrough(context);
  const command = (name: string, act: () => Promise<unknown>): vscode.Disposable =>
    vscode.commands.registerCommand(`trapline.walkthrough.${name}`, async () => {
      try {
        await act();
      } catch (error) {
        void vscode.window.showErrorMessage(reasonOf(error));
      }
    });
  return [
    command('open', () => walk.openSample()),
    command('start', () => walk.start()),
    command('watch', () => walk.watch()),
    command('history', () => walk.showHistory()),
    command('watchFile', () => walk.openWatchFile()),
    vscode.commands.registerCommand('trapline.walkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', 'trapline.trapline#trapline.whoWrote', false),
    ),
  ];
}

class Walkthrough {
  private preparing: Promise<Sample> | undefined;

  constructor(private readonly context: WalkthroughContext) {}

  async openSample(): Promise<void> {
    const sample = await this.sample();
    await show(sample.source, lineWith(sample.source, 'account.balance += amount'));
    const text =
      sample.compiler === undefined
        ? t('The sample is in {0}. No C compiler was found: its prebuilt program is used.', sample.folder)
        : t('The sample is in {0}, compiled by {1}.', sample.folder, sample.compiler);
    void vscode.window.showInformationMessage(text);
  }

  /** Stands at the first stop when done. */
  async start(): Promise<void> {
    const { source, program, folder } = await this.sample();
    await show(source, lineWith(source, FIRST_STOP));
    this.breakAt(source, lineWith(source, FIRST_STOP));
    const stopped = this.until(() => this.running(program)?.isRunning === false);
    const name = t('Trapline: two tellers');
    await vscode.debug.startDebugging(undefined, { type: DEBUG_TYPE, request: 'launch', name, program, cwd: folder });
    await stopped;
    if (this.running(program) === undefined) {
      throw new Error(t('The sample did not start. The debug console says why.'));
    }
    await vscode.commands.executeCommand('workbench.view.debug');
  }

  /** To the first write of the balance. */
  async watch(): Promise<void> {
    await this.standing();
    const watch = await this.watched('stop');
    this.context.revealWatch(watch.id);
    await resume();
  }

  /** From here on nothing stops: the history fills by itself. */
  async showHistory(): Promise<void> {
    await this.standing();
    const watch = await this.watched('count');
    this.context.showHistory(watch);
    await resume();
  }

  async openWatchFile(): Promise<void> {
    await show((await this.sample()).watchFile, 1);
  }

  private sample(): Promise<Sample> {
    const { samples, copies } = this.context;
    this.preparing ??= prepareSample(samples, copies, process.env.PATH ?? '').catch((error: unknown) => {
      this.preparing = undefined;
      throw error;
    });
    return this.preparing;
  }

  /** The sample at a stop, started where it does not run. */
  private async standing(): Promise<void> {
    const state = this.running((await this.sample()).program);
    if (state === undefined) await this.start();
    else if (state.isRunning) throw new Error(t('The sample is running: wait until it stops, or pause it.'));
  }

  private async watched(mode: 'stop' | 'count'): Promise<WatchView> {
    const { watches } = this.context;
    const known = watches.all.find(({ label, state }) => label === WATCHED && state !== 'ended');
    if (known === undefined) return watches.add({ expression: WATCHED, access: 'change', mode });
    return (await watches.change({ id: known.id, mode, disabled: false })) ?? known;
  }

  /** The session of the sample, where there is one. */
  private running(program: string): RegisterState | undefined {
    const { state } = this.context.watches;
    return state?.isEnded === false && state.session.configuration.program === program ? state : undefined;
  }

  private breakAt(source: string, line: number): void {
    const uri = vscode.Uri.file(source);
    const isThere = vscode.debug.breakpoints.some(
      (each) =>
        each instanceof vscode.SourceBreakpoint &&
        each.location.uri.fsPath === uri.fsPath &&
        each.location.range.start.line === line - 1,
    );
    if (isThere) return;
    vscode.debug.addBreakpoints([
      new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line - 1, 0))),
    ]);
  }

  /** Gives up in silence: whoever asked looks at what there is. */
  private until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      };
      const timer = setTimeout(done, ANSWER_TIMEOUT_MS);
      const listener = this.context.watches.onDidChange(() => {
        if (isSo()) done();
      });
    });
  }
}

/** The editor's own way, so that it knows. */
const resume = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.debug.continue');

/** Beside the walkthrough, which stays in sight. */
async function show(file: string, line: number): Promise<void> {
  const at = new vscode.Position(line - 1, 0);
  const document = await vscode.workspace.openTextDocument(file);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const viewColumn =
    shown?.viewColumn ?? (isWalkthroughInFront() ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active);
  await vscode.window.showTextDocument(document, { viewColumn, selection: new vscode.Range(at, at) });
}

/** The walkthrough is no text and no webview of an extension's: its tab has no input that the API knows. */
function isWalkthroughInFront(): boolean {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  return tab !== undefined && tab.input === undefined;
}
