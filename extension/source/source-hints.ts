// source-hints.ts: what the sources say of watched data: hit counts above lines, old → new at the stop, values on hover.
//
// The counts are asked for at stops, at the end, and now and then while the program runs; they stay after the run. The
// settings trapline.codeLens and trapline.inlineValues switch them off.

import * as vscode from 'vscode';
import type { WatchView } from '../../adapter/protocol/watches';
import { DEBUG_TYPE } from '../debug/launch-configuration';
import { sourceUri } from '../view/go-to';
import { expressionAt } from '../watch/expression-at';
import type { Watches } from '../watch/watches';
import { valuesText } from '../watch/watch-words';
import { lineHits, lineHitsText, type Histogram } from './line-hits';

const t = vscode.l10n.t;
const PAUSE_WHILE_RUNNING_MS = 2000;
const LANGUAGES: vscode.DocumentSelector = ['c', 'cpp', 'rust'].map((language) => ({ language }));

const isOn = (setting: 'codeLens' | 'inlineValues', uri: vscode.Uri): boolean =>
  vscode.workspace.getConfiguration('trapline', uri).get(setting, true);

export class SourceHints implements vscode.CodeLensProvider, vscode.InlineValuesProvider {
  private readonly changedLenses = new vscode.EventEmitter<void>();
  private readonly changedValues = new vscode.EventEmitter<void>();
  private readonly subscriptions: { dispose(): unknown }[];
  private histograms: readonly Histogram[] = [];
  private run = '';
  private asked = '';
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChangeCodeLenses = this.changedLenses.event;
  readonly onDidChangeInlineValues = this.changedValues.event;

  constructor(private readonly watches: Watches) {
    const hover = { provideEvaluatableExpression: evaluatable };
    this.subscriptions = [
      this.changedLenses,
      this.changedValues,
      vscode.languages.registerCodeLensProvider(LANGUAGES, this),
      vscode.languages.registerInlineValuesProvider(LANGUAGES, this),
      vscode.languages.registerEvaluatableExpressionProvider(LANGUAGES, hover),
      watches.onDidChange(() => {
        this.follow();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration('trapline')) return;
        this.changedLenses.fire();
        this.changedValues.fire();
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isOn('codeLens', document.uri)) return [];
    const file = document.uri.toString();
    return lineHits(this.histograms, (path) => sourceUri(path).toString() === file)
      .filter(({ line }) => line <= document.lineCount)
      .map((hits) => {
        const range = new vscode.Range(hits.line - 1, 0, hits.line - 1, 0);
        return new vscode.CodeLens(range, {
          title: lineHitsText(hits, t),
          tooltip: t('Show the history of {0}', hits.label),
          command: 'trapline.watch.showHistory',
          arguments: [{ watchId: hits.watchId }],
        });
      });
  }

  /** At the stop: what the line that stopped has changed. */
  provideInlineValues(
    document: vscode.TextDocument,
    visible: vscode.Range,
    { stoppedLocation }: vscode.InlineValueContext,
  ): vscode.InlineValue[] {
    const state = this.watches.state;
    if (state === undefined || state.isEnded || !isOn('inlineValues', document.uri)) return [];
    if (vscode.debug.activeDebugSession?.id !== state.session.id) return [];
    const hit = state.watches.filter(({ id }) => state.hitIds.includes(id));
    return hit.flatMap((watch) => inlineValue(watch, document, visible, stoppedLocation));
  }

  private follow(): void {
    const state = this.watches.state;
    this.changedValues.fire();
    if (state === undefined || this.timer !== undefined || this.mark() === this.asked) return;
    this.timer = setTimeout(() => void this.ask(), state.isRunning ? PAUSE_WHILE_RUNNING_MS : 0);
  }

  /** The counts of all watches: another one, another picture. At the end once more, for the last hits. */
  private mark(): string {
    const state = this.watches.state;
    return `${state?.session.id} ${state?.isEnded} ${state?.watches.map(({ id, hits }) => `${id}:${hits}`).join(' ')}`;
  }

  private async ask(): Promise<void> {
    const mark = this.mark();
    const state = this.watches.state;
    if (state !== undefined) {
      const hit = state.watches.filter(({ hits }) => hits > 0);
      const answers = await Promise.all(
        hit.map(async ({ id, label }): Promise<Histogram | undefined> => {
          try {
            const { bySource } = await this.watches.history(state.session, id, 0);
            return { watchId: id, label, bySource };
          } catch {
            // It has ended meanwhile, or the watch is gone.
            return undefined;
          }
        }),
      );
      const histograms = answers.filter((answer) => answer !== undefined);
      // What cannot be asked for any more stays as it was.
      if (histograms.length === hit.length || this.run !== state.session.id) this.histograms = histograms;
      this.run = state.session.id;
    }
    this.asked = mark;
    this.timer = undefined;
    this.changedLenses.fire();
    this.follow();
  }
}

function inlineValue(
  watch: WatchView,
  document: vscode.TextDocument,
  visible: vscode.Range,
  stopped: vscode.Range,
): vscode.InlineValue[] {
  const { lastWriter, label } = watch;
  const values = valuesText(watch);
  if (values === undefined || lastWriter?.path === undefined) return [];
  if (sourceUri(lastWriter.path).toString() !== document.uri.toString()) return [];
  const line = (lastWriter.line ?? 1) - 1;
  if (line >= document.lineCount || line < visible.start.line || line > visible.end.line || line > stopped.end.line) {
    return [];
  }
  return [new vscode.InlineValueText(document.lineAt(line).range, `${label}: ${values}`)];
}

function evaluatable(
  document: vscode.TextDocument,
  { line, character }: vscode.Position,
): vscode.EvaluatableExpression | undefined {
  // Other debuggers have their own ways.
  if (vscode.debug.activeDebugSession?.type !== DEBUG_TYPE) return undefined;
  const found = expressionAt(document.lineAt(line).text, character);
  if (found === undefined) return undefined;
  return new vscode.EvaluatableExpression(new vscode.Range(line, found.start, line, found.end), found.text);
}
