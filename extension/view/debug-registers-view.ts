// debug-registers-view.ts: the tree "Debug Registers" in the debug side bar.
//
// Owns the tree and its messages; the rows come from register-rows.ts, the maps from register-feed.ts.

import * as vscode from 'vscode';
import type { RegisterFeed } from './register-feed';
import { budgetText, registerRows, type Row, type RowIcon } from './register-rows';

const t = vscode.l10n.t;

export const VIEW_ID = 'trapline.debugRegisters';
/** For `when` clauses: the view has rows. */
const HAS_ROWS = 'trapline.hasDebugRegisters';
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
  status: new vscode.ThemeIcon('pulse'),
  control: new vscode.ThemeIcon('settings'),
};

export class DebugRegistersView implements vscode.TreeDataProvider<Row> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly tree: vscode.TreeView<Row>;
  private readonly subscriptions: { dispose(): unknown }[];
  private rows: readonly Row[] = [];
  private hasShownItself: boolean;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly feed: RegisterFeed,
    private readonly memory: vscode.Memento,
  ) {
    this.hasShownItself = memory.get(SHOWN_ONCE, false);
    this.tree = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [
      this.tree,
      this.changed,
      feed.onDidChange(() => {
        this.update();
      }),
    ];
    this.update();
  }

  getChildren(row?: Row): Row[] {
    return [...(row === undefined ? this.rows : row.children)];
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
    return item;
  }

  /** Wanted by `reveal`, which is only asked for roots. */
  getParent(row: Row): Row | undefined {
    return this.rows.find((root) => root.children.includes(row));
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private update(): void {
    const state = this.feed.current;
    this.rows = state === undefined ? [] : registerRows(state.map, t);
    this.tree.message = message(state);
    this.tree.description = state === undefined ? '' : budgetText(state.map.slots, t);
    void vscode.commands.executeCommand('setContext', HAS_ROWS, this.rows.length > 0);
    this.changed.fire(undefined);
    if (state !== undefined && !state.isEnded && state.map.slots.used > 0) this.showOnce();
  }

  /**
   * VS Code folds every new view of the debug side bar. The first data breakpoint ever opens this one; whoever closes
   * it afterwards is not bothered again.
   */
  private showOnce(): void {
    const root = this.rows.at(0);
    if (this.hasShownItself || root === undefined) return;
    this.hasShownItself = true;
    void this.memory.update(SHOWN_ONCE, true);
    void this.tree.reveal(root, { select: false, focus: false });
  }
}

/** The line above the rows: what the rows do not say. */
function message(state: RegisterFeed['current']): string | undefined {
  if (state === undefined) return undefined;
  if (state.isEnded) return t('"{0}" has ended. This is what the registers held last.', state.sessionName);
  if (state.map.slots.total > 0 && state.map.slots.used === 0) {
    return t('Nothing is watched yet. Right-click a variable and choose Break on Value Change.');
  }
  return undefined;
}
