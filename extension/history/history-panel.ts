// history-panel.ts: the panel that draws the history of a watch, one per watch.
//
// Asks the adapter when the watch was hit, while the program runs at most twice a second, and hands the answer to the
// page (webview/). The page may load its own script and style only. When the next session has a watch of the same name,
// the panel follows that one.

import * as vscode from 'vscode';
import type { WatchHistory, WatchView } from '../../adapter/protocol/watches';
import { goToLine } from '../view/go-to';
import { field } from '../view/register-feed';
import { counted } from '../view/translate';
import { hitsText, mannerText, valuesText } from '../watch/watch-words';
import { goBackInTime } from '../watch/go-back';
import type { Watches } from '../watch/watches';
import type { FromPage, HistoryTexts, PageState, ToPage } from './messages';

const t = vscode.l10n.t;
const PAUSE_WHILE_RUNNING_MS = 500;

export class HistoryPanels {
  private readonly panels = new Map<string, HistoryPanel>();

  constructor(
    private readonly watches: Watches,
    private readonly extension: vscode.Uri,
  ) {}

  readonly show = (watch: WatchView): void => {
    const known = this.panels.get(watch.label);
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const panel = new HistoryPanel(this.watches, this.extension, watch, () => this.panels.delete(watch.label));
    this.panels.set(watch.label, panel);
  };

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
  }
}

class HistoryPanel {
  private readonly panel: vscode.WebviewPanel;
  private readonly subscriptions: { dispose(): unknown }[];
  private history: WatchHistory;
  private asked = '';
  private run = '';
  private timer: NodeJS.Timeout | undefined;
  /** What the adapter told last of the watch: it is remembered after the end. */
  private watch: WatchView;

  constructor(
    private readonly watches: Watches,
    extension: vscode.Uri,
    watch: WatchView,
    onClosed: () => void,
  ) {
    this.watch = watch;
    this.history = { label: watch.label, entries: [], dropped: 0, bySource: [] };
    const roots = [vscode.Uri.joinPath(extension, 'dist'), vscode.Uri.joinPath(extension, 'media')];
    this.panel = vscode.window.createWebviewPanel(
      'trapline.history',
      t('History of {0}', watch.label),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: roots },
    );
    this.panel.iconPath = {
      light: vscode.Uri.joinPath(extension, 'media', 'history-light.svg'),
      dark: vscode.Uri.joinPath(extension, 'media', 'history-dark.svg'),
    };
    this.subscriptions = [
      this.panel.webview.onDidReceiveMessage((message: unknown) => void this.answer(message)),
      watches.onDidChange(() => {
        this.follow();
      }),
    ];
    this.panel.onDidDispose(() => {
      clearTimeout(this.timer);
      for (const subscription of this.subscriptions) subscription.dispose();
      onClosed();
    });
    this.panel.webview.html = pageHtml(this.panel.webview, extension);
    this.follow();
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  dispose(): void {
    this.panel.dispose();
  }

  /** Asks where the watch was hit since; while the program runs, not at each word of it, unless nothing is shown yet. */
  private follow(): void {
    const found = this.watches.all.find(({ label, id }) => label === this.watch.label && id >= 0);
    if (found !== undefined) this.watch = found;
    const state = this.watches.state;
    if (this.timer === undefined && state !== undefined && this.isNews()) {
      const pause = state.isRunning && this.history.entries.length > 0 ? PAUSE_WHILE_RUNNING_MS : 0;
      this.timer = setTimeout(() => void this.ask(), pause);
    }
    this.post();
  }

  private isNews(): boolean {
    return this.asked !== this.mark();
  }

  private mark(): string {
    const { session, isEnded } = this.watches.state ?? {};
    return `${session?.id} ${isEnded} ${this.watch.id} ${this.watch.hits} ${this.watch.dropped}`;
  }

  private async ask(): Promise<void> {
    const session = this.watches.state?.session;
    const mark = this.mark();
    try {
      if (session !== undefined) {
        this.history = await this.watches.history(session, this.watch.id);
        this.run = session.id;
      }
    } catch {
      // It has ended, or the watch is gone: what was known last stays.
    }
    this.asked = mark;
    this.timer = undefined;
    this.follow();
  }

  private post(): void {
    this.send({ kind: 'state', state: this.pageState() });
  }

  private send(message: ToPage): void {
    void this.panel.webview.postMessage(message);
  }

  private async answer(message: unknown): Promise<void> {
    if (!isFromPage(message)) return;
    if (message.kind === 'ready') {
      this.send({ kind: 'texts', texts: pageTexts() });
      this.post();
      return;
    }
    if (message.kind === 'open') await goToLine(message.path, message.line);
    else await goBackInTime(this.watches, this.watch.id, message.sequence);
  }

  /** What becomes of the picture. */
  private runNotes(): readonly (string | undefined)[] {
    const state = this.watches.state;
    if (state === undefined) return [];
    if (this.run !== '' && this.run !== state.session.id) {
      return [t('This is from an earlier run: the program that was started since has no such watch.')];
    }
    if (state.isEnded) return [t('The program has ended; this is its whole history.')];
    const isGone = !this.watches.all.some(({ id }) => id === this.watch.id);
    return [
      state.isRunning ? t('The program runs; the picture follows it.') : undefined,
      isGone ? t('The watch has been removed; this is what it saw.') : undefined,
      isGone || this.watch.state === 'armed' ? undefined : this.watch.message,
    ];
  }

  private pageState(): PageState {
    const { watch, history } = this;
    const notes = [
      ...this.runNotes(),
      history.dropped === 0
        ? undefined
        : counted(
            t,
            history.dropped,
            'The oldest access is not kept any more; the counts by source line include it.',
            'The {0} oldest accesses are not kept any more; the counts by source line include them.',
          ),
    ].filter((note) => note !== undefined);
    const facts = [mannerText(watch, t), hitsText(watch, t), valuesText(watch)].filter((fact) => fact !== undefined);
    const state = this.watches.state;
    const canGoBack = state !== undefined && !state.isEnded && !state.isRunning && this.run === state.session.id;
    return { run: this.run, history, summary: facts.join(' · '), notes, canGoBack };
  }
}

function isFromPage(message: unknown): message is FromPage {
  const kind = field(message, 'kind');
  if (kind === 'ready') return true;
  if (kind === 'goBack') return typeof field(message, 'sequence') === 'number';
  return kind === 'open' && typeof field(message, 'path') === 'string' && typeof field(message, 'line') === 'number';
}

/** Nothing from outside, no inline script, no inline style. */
function pageHtml(webview: vscode.Webview, extension: vscode.Uri): string {
  const uri = (...parts: string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(extension, ...parts)).toString();
  const nonce = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri('media', 'history.css')}">
<title>Trapline</title>
</head>
<body>
<script nonce="${nonce}" src="${uri('dist', 'history.js')}"></script>
</body>
</html>`;
}

function pageTexts(): HistoryTexts {
  return {
    chart: t('Value of {0} over time, and who accessed it: {1} of {2} accesses shown'),
    drawing: t('The drawing'),
    zoomIn: t('Zoom in'),
    zoomOut: t('Zoom out'),
    fit: t('Show all'),
    byTime: t('By time'),
    byHits: t('By access'),
    keys: t('Wheel or + − to zoom, drag or ← → to move, 0 for all'),
    accesses: t('Accesses, newest first'),
    number: t('No.'),
    time: t('Time'),
    thread: t('Thread'),
    place: t('Place'),
    change: t('Old → new'),
    sources: t('Hits by source line'),
    hits: t('Hits'),
    empty: t('No access yet. It is recorded here as soon as the program makes one, whether it stops or not.'),
    noNumbers: t('Values of this type are not drawn as a line; the table shows them.'),
    read: t('{0} (read)'),
    calledBy: t('{0}, called by {1}'),
    unknownPlace: t('elsewhere'),
    goBack: t('Go back'),
    goBackTo: t('Go back in time to access {0}'),
  };
}
