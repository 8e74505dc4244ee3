// watch-commands.ts: what can be done with a watch, as commands.
//
// A command of a row gets the row; by key or from the palette it takes the selected one, or asks which. Declared, with
// titles and icons, in package.json, where the keys select first the row that has the focus: they are not the same.

import * as vscode from 'vscode';
import type { WatchModeName, WatchSpec, WatchView } from '../../adapter/protocol/watches';
import type { DebugRegistersView } from '../view/debug-registers-view';
import { field } from '../view/register-feed';
import { goToLine } from '../view/go-to';
import { selectedBytes } from '../memory/memory-document';
import { gdbCommand, perfCommand } from './debugger-commands';
import { expressionAt } from './expression-at';
import { goBackInTime } from './go-back';
import { addAndShow, addByAsking, addInMode, addWithOptions, askExpression, frameOf, offerHelp } from './watch-add';
import { applyChange, editAttribute, editWatch } from './watch-edit';
import { reasonOf, type Watches } from './watches';
import { mannerText } from './watch-words';
import { whichWatch, type CommandWords } from './which-watch';

const t = vscode.l10n.t;

export interface WatchCommandContext {
  readonly watches: Watches;
  readonly view: DebugRegistersView;
  readonly showHistory: (watch: WatchView) => void;
  readonly showMemory: (watch: WatchView) => Promise<void>;
}

export function registerWatchCommands(context: WatchCommandContext): vscode.Disposable[] {
  return [...rowCommands(context), ...addingCommands(context)];
}

/** For one watch each. */
function rowCommands({ watches, view, showHistory, showMemory }: WatchCommandContext): vscode.Disposable[] {
  const onWatch = (name: string, act: (watch: WatchView) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`trapline.watch.${name}`, async (...words: CommandWords) => {
      const watch = await chosenWatch(watches, view, words);
      if (watch !== undefined) await act(watch);
    });
  const setMode = (mode: WatchModeName) => (watch: WatchView) =>
    mode === 'log' ? editAttribute(watches, watch, 'mode') : applyChange(watches, { id: watch.id, mode });
  return [
    onWatch('edit', (watch) => editWatch(watches, watch)),
    onWatch('editCondition', (watch) => editAttribute(watches, watch, 'condition')),
    onWatch('editHitCount', (watch) => editAttribute(watches, watch, 'hitCondition')),
    onWatch('editAccess', (watch) => editAttribute(watches, watch, 'access')),
    onWatch('editMode', (watch) => editAttribute(watches, watch, 'mode')),
    onWatch('editThreads', (watch) => editAttribute(watches, watch, 'threads')),
    onWatch('editLogMessage', (watch) => editAttribute(watches, watch, 'logMessage')),
    onWatch('stop', setMode('stop')),
    onWatch('count', setMode('count')),
    onWatch('enable', ({ id }) => applyChange(watches, { id, disabled: false })),
    onWatch('disable', ({ id }) => applyChange(watches, { id, disabled: true })),
    vscode.commands.registerCommand('trapline.watch.toggle', () => toggleSelected(watches, view)),
    onWatch('help', (watch) => offerHelp(watches, view.revealWatch, watch)),
    onWatch('goToLastWriter', goToLastWriter),
    onWatch('goBack', ({ id }) => goBackInTime(watches, id)),
    onWatch('showHistory', showHistory),
    onWatch('showMemory', showMemory),
    onWatch('copyPerf', (watch) => copyPerf(watches, watch)),
    onWatch('copyGdb', (watch) => copyGdb(watches, watch)),
    onWatch('remove', async ({ id }) => {
      await removing(() => watches.remove(id));
    }),
    vscode.commands.registerCommand('trapline.watch.removeAll', () => removeAll(watches)),
  ];
}

function addingCommands({ watches, view }: WatchCommandContext): vscode.Disposable[] {
  const reveal = view.revealWatch;
  const onPlace = (name: string, act: (spec: WatchSpec) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(`trapline.${name}`, async (context?: unknown) => {
      const bytes = selectedBytes();
      if (bytes !== undefined) {
        await act(bytes);
        return;
      }
      const expression = expressionOf(context) ?? expressionAtCursor() ?? (await askExpression(watches));
      if (expression !== undefined) await act({ expression, ...frameOf(watches) });
    });
  return [
    vscode.commands.registerCommand('trapline.watch.add', () => addByAsking(watches, reveal)),
    onPlace('watchThis', (spec) => addAndShow(watches, reveal, { ...spec, access: 'change' })),
    onPlace('watchThisWithOptions', (spec) => addWithOptions(watches, reveal, spec)),
    onPlace('countThis', (spec) => addInMode(watches, reveal, spec, 'count')),
    onPlace('logThis', (spec) => addInMode(watches, reveal, spec, 'log')),
  ];
}

/** The one that the command is about, else the one that the person picks. */
async function chosenWatch(
  watches: Watches,
  view: DebugRegistersView,
  words: CommandWords,
): Promise<WatchView | undefined> {
  const known = whichWatch(watches.all, words, view.selectedWatch);
  if (known !== undefined) return known;
  const items = watches.all.map((watch) => ({ label: watch.label, description: mannerText(watch, t), watch }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(t('Nothing is watched yet.'));
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Which watch?') }))?.watch;
}

/**
 * What the menus of Variables and Watch hand over (`variable.evaluateName`; a Watch expression has its text as `name`),
 * or a text. The editor's menu hands over its file: that is none.
 */
function expressionOf(context: unknown): string | undefined {
  if (typeof context === 'string') return context;
  const variable = field(context, 'variable') ?? context;
  const name = field(variable, 'evaluateName') ?? field(variable, 'expression') ?? field(variable, 'name');
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** The selection, or the name under the cursor. */
function expressionAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { selection, document } = editor;
  if (!selection.isEmpty && selection.isSingleLine) return document.getText(selection).trim();
  return expressionAt(document.lineAt(selection.active.line).text, selection.active.character)?.text;
}

/** Space: on another row than a watch's it does no more than the tree does by itself. */
async function toggleSelected(watches: Watches, view: DebugRegistersView): Promise<void> {
  const id = view.selectedWatch;
  const watch = id === undefined ? undefined : watches.get(id);
  if (watch !== undefined) await applyChange(watches, { id: watch.id, disabled: watch.state !== 'disabled' });
}

async function goToLastWriter({ lastWriter, label }: WatchView): Promise<void> {
  if (lastWriter?.path !== undefined) {
    await goToLine(lastWriter.path, lastWriter.line ?? 1);
    return;
  }
  const text =
    lastWriter === undefined
      ? t('Nothing has accessed {0} yet.', label)
      : t('{0} was last accessed at {1}, for which there is no source.', label, lastWriter.instruction);
  void vscode.window.showInformationMessage(text);
}

async function copyPerf(watches: Watches, watch: WatchView): Promise<void> {
  const configuration = watches.state?.session.configuration;
  const program: unknown = configuration?.program;
  const args: unknown = configuration?.args;
  const words = Array.isArray(args) ? args.filter((arg) => typeof arg === 'string') : [];
  const command = perfCommand(watch, typeof program === 'string' ? program : './a.out', words);
  if (command === undefined || watch.address === undefined) {
    void vscode.window.showInformationMessage(t('{0} has no address yet, which perf needs.', watch.label));
    return;
  }
  await vscode.env.clipboard.writeText(command);
  if (watch.fileAddress !== undefined) return;
  void vscode.window.showInformationMessage(
    t(
      '{0} is not in the program’s file: under perf it will have another address than {1}.',
      watch.label,
      watch.address,
    ),
  );
}

async function copyGdb(watches: Watches, watch: WatchView): Promise<void> {
  const mainThread = watches.state?.map.threads.at(0)?.id;
  await vscode.env.clipboard.writeText(gdbCommand(watch, mainThread));
}

async function removing(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    void vscode.window.showErrorMessage(reasonOf(error));
  }
}

/** Asks first: history goes with them. */
async function removeAll(watches: Watches): Promise<void> {
  const all = watches.all;
  if (all.length === 0) return;
  const remove = t('Remove All');
  const text =
    all.length === 1
      ? t('Remove the one watch and its history?')
      : t('Remove all {0} watches and their history?', all.length);
  const answer = await vscode.window.showWarningMessage(text, { modal: true }, remove);
  if (answer !== remove) return;
  // From the end: the ids of kept ones count their places.
  for (const { id } of [...all].reverse()) await removing(() => watches.remove(id));
}
