// debug-registers-view.ts: the tree "Debug Registers" in the debug side bar.
//
// Owns the tree and its messages; the rows come from register-rows.ts and watch-rows.ts, what they show from
// register-feed.ts and watches.ts.

import * as vscode from 'vscode';
import type { RegisterFeed } from './register-feed';
import type { Watches } from '../watch/watches';
import { reasonOf } from '../watch/watches';
import { budgetText, registerRows, type Row, type RowIcon } from './register-rows';
import { StableRows } from './stable-rows';
import { watchRows } from './watch-rows';

const t = vscode.l10n.t;

export const VIEW_ID = 'trapline.debugRegisters';
/** For `when` clauses: the view has rows. */
const HAS_ROWS = 'trapline.hasDebugRegisters';
/** For `when` clauses: there are watches, kept ones included. */
const HAS_WATCHES = 'trapline.hasWatches';
/** Remembered: the view opened itself once. */
const SHOWN_ONCE = 'trapline.debugRegisters.shownOnce';

/** Product icons follow the theme: light, dark, high contrast. */
const ICONS: Readonly<Record<RowIcon, vscode.ThemeIcon>> = {
  slots: new vscode.ThemeIcon('dashboard'),
  thread: new vscode.ThemeIcon('git-commit'),
  cpus: new vscode.ThemeIcon('server'),
  cpu: new vscode.ThemeIcon('chip'),
  free: new vscode.ThemeIcon('circle-outline', new vscode.ThemeColor('disabledForeground')),
  armed: new vscode.ThemeIcon('debug-breakpoint-data', new vscode.ThemeColor('debugIcon.breakpointForeground')),
  disabled: new vscode.ThemeIcon(
    'debug-breakpoint-data-disabled',
    new vscode.ThemeColor('debugIcon.breakpointDisabledForeground'),
  ),
  'held.perf': new vscode.ThemeIcon('symbol-event', new vscode.ThemeColor('charts.purple')),
  'held.ksym': new vscode.ThemeIcon('telescope', new vscode.ThemeColor('charts.purple')),
  'held.kgdb': new vscode.ThemeIcon('remote', new vscode.ThemeColor('charts.purple')),
  status: new vscode.ThemeIcon('pulse'),
  control: new vscode.ThemeIcon('settings'),
  watches: new vscode.ThemeIcon('eye'),
  'watch.stop': new vscode.ThemeIcon('debug-breakpoint-data', new vscode.ThemeColor('debugIcon.breakpointForeground')),
  'watch.count': new vscode.ThemeIcon('symbol-numeric', new vscode.ThemeColor('charts.blue')),
  'watch.log': new vscode.ThemeIcon('debug-breakpoint-log', new vscode.ThemeColor('debugIcon.breakpointForeground')),
  'watch.disabled': new vscode.ThemeIcon(
    'debug-breakpoint-data-disabled',
    new vscode.ThemeColor('debugIcon.breakpointDisabledForeground'),
  ),
  'watch.pending': new vscode.ThemeIcon('watch', new vscode.ThemeColor('disabledForeground')),
  'watch.refused': new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  'watch.ended': new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('disabledForeground')),
  'watch.writer': new vscode.ThemeIcon('edit'),
  'watch.condition': new vscode.ThemeIcon('filter'),
  'watch.place': new vscode.ThemeIcon('location'),
  'watch.state': new vscode.ThemeIcon('info'),
};

/** A click on a line beneath a watch does what the line is about. */
const DETAIL_COMMANDS: Readonly<Record<string, string>> = {
  'watchDetail.writer.located': 'trapline.watch.goToLastWriter',
  'watchDetail.condition': 'trapline.watch.editCondition',
  'watchDetail.hitCondition': 'trapline.watch.editHitCount',
  'watchDetail.logMessage': 'trapline.watch.editLogMessage',
  'watchDetail.threads': 'trapline.watch.editThreads',
};

export class DebugRegistersView implements vscode.TreeDataProvider<Row> {
  private readonly changed = new vscode.EventEmitter<Row[] | undefined>();
  private readonly tree: vscode.TreeView<Row>;
  private readonly subscriptions: { dispose(): unknown }[];
  private readonly rows = new StableRows();
  private hasShownItself: boolean;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly feed: RegisterFeed,
    private readonly watches: Watches,
    private readonly memory: vscode.Memento,
  ) {
    this.hasShownItself = memory.get(SHOWN_ONCE, false);
    this.tree = vscode.window.createTreeView(VIEW_ID, {
      treeDataProvider: this,
      showCollapseAll: true,
      manageCheckboxStateManually: true,
    });
    this.subscriptions = [
      this.tree,
      this.changed,
      watches.onDidChange(() => {
        this.update();
      }),
      this.tree.onDidChangeCheckboxState(({ items }) => void this.tick(items)),
    ];
    this.update();
  }

  getChildren(row?: Row): Row[] {
    return [...(row === undefined ? this.rows.roots : row.children)];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const state =
      row.children.length === 0
        ? vscode.TreeItemCollapsibleState.None
        : row.open
          ? vscode.TreeItemCollapsibleState.Expanded
          : vscode.TreeItemCollapsibleState.Collapsed;
    const item = new vscode.TreeItem(row.label, state);
    item.id = row.id;
    item.description = row.description;
    item.tooltip = new vscode.MarkdownString(row.tooltip);
    item.iconPath = ICONS[row.icon];
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.accessibilityLabel };
    if (row.isChecked !== undefined) item.checkboxState = checkbox(row.isChecked, row.label);
    const command = DETAIL_COMMANDS[row.contextValue] as string | undefined;
    if (command !== undefined) item.command = { command, title: row.label, arguments: [row] };
    return item;
  }

  /** The watch whose row, or what is told beneath it, is selected. */
  get selectedWatch(): number | undefined {
    return this.tree.selection.at(0)?.watchId;
  }

  /** Opens the view at a watch, and selects it. */
  readonly revealWatch = (id: number): void => {
    const row = this.rows.roots.flatMap(({ children }) => children).find(({ watchId }) => watchId === id);
    if (row !== undefined) void this.tree.reveal(row, { select: true, focus: false });
  };

  /** Wanted by `reveal`, which is only asked for roots. */
  getParent(row: Row): Row | undefined {
    return this.rows.roots.find((root) => root.children.includes(row));
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private update(): void {
    const state = this.feed.current;
    const watches = watchRows(this.watches.all, t);
    const registers = state === undefined ? [] : registerRows(state.map, t);
    // The budget first, then what is wished, then what the registers hold.
    const changed = this.rows.update([...registers.slice(0, 1), ...watches, ...registers.slice(1)]);
    this.tree.message = message(state, watches.length > 0);
    const whose = this.feed.hasSeveral && state !== undefined ? `${state.sessionName} · ` : '';
    this.tree.description = state === undefined ? '' : `${whose}${budgetText(state.map.slots, t)}`;
    void vscode.commands.executeCommand('setContext', HAS_ROWS, this.rows.roots.length > 0);
    void vscode.commands.executeCommand('setContext', HAS_WATCHES, watches.length > 0);
    if (changed === 'all') this.changed.fire(undefined);
    else if (changed.length > 0) this.changed.fire([...changed]);
    if (state !== undefined && !state.isEnded && state.map.slots.used > 0) this.showOnce();
  }

  /** The boxes switch watches on and off. */
  private async tick(items: readonly (readonly [Row, vscode.TreeItemCheckboxState])[]): Promise<void> {
    for (const [{ watchId }, state] of items) {
      if (watchId === undefined) continue;
      const disabled = state === vscode.TreeItemCheckboxState.Unchecked;
      try {
        await this.watches.change({ id: watchId, disabled });
      } catch (error) {
        void vscode.window.showErrorMessage(reasonOf(error));
        this.changed.fire(undefined); // the box is ticked as it was
      }
    }
  }

  /**
   * VS Code folds every new view of the debug side bar. The first data breakpoint ever opens this one; whoever closes
   * it afterwards is not bothered again.
   */
  private showOnce(): void {
    const root = this.rows.roots.at(0);
    if (this.hasShownItself || root === undefined) return;
    this.hasShownItself = true;
    void this.memory.update(SHOWN_ONCE, true);
    void this.tree.reveal(root, { select: false, focus: false });
  }
}

function checkbox(isChecked: boolean, label: string): vscode.TreeItem['checkboxState'] {
  const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
  const text = isChecked ? t('Disable {0}', label) : t('Enable {0}', label);
  return { state: isChecked ? Checked : Unchecked, tooltip: text, accessibilityInformation: { label: text } };
}

/** The line above the rows: what the rows do not say. */
function message(state: RegisterFeed['current'], hasWatches: boolean): string | undefined {
  if (state === undefined) return hasWatches ? t('These watches are set when the program starts.') : undefined;
  if (state.isEnded) return t('"{0}" has ended. This is what the registers held last.', state.sessionName);
  if (state.map.slots.total > 0 && !hasWatches && state.map.slots.used === 0) {
    return t('Nothing is watched yet. Press + above, or right-click a variable and choose Break on Value Change.');
  }
  return undefined;
}
