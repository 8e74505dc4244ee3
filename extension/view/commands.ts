// commands.ts: what can be done with a row of the view "Debug Registers".

import * as vscode from 'vscode';
import type { RegisterFeed } from './register-feed';
import type { Row } from './register-rows';

const t = vscode.l10n.t;

/** Commands are declared, with titles and icons, in package.json. */
export function registerCommands(feed: RegisterFeed): vscode.Disposable[] {
  const { registerCommand } = vscode.commands;
  return [
    registerCommand('trapline.debugRegisters.refresh', () => {
      feed.refresh();
    }),
    registerCommand('trapline.debugRegisters.addAtAddress', () =>
      // VS Code's own: asks for address, length and access.
      vscode.commands.executeCommand('workbench.debug.viewlet.action.addDataBreakpointOnAddress'),
    ),
    registerCommand('trapline.debugRegisters.goToSymbol', goToSymbol),
    registerCommand('trapline.debugRegisters.copyValue', (row?: Row) => copy(row?.value)),
    registerCommand('trapline.debugRegisters.copyAddress', (row?: Row) => copy(row?.address)),
    registerCommand('trapline.debugRegisters.copyRow', (row?: Row) => copy(row && `${row.label}  ${row.description}`)),
  ];
}

async function copy(text: string | undefined): Promise<void> {
  if (text !== undefined) await vscode.env.clipboard.writeText(text);
}

/** Opens the declaration of what a register watches, as the debug information names it. */
async function goToSymbol(row: Row | undefined): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  if (row?.symbol === undefined || session === undefined) return;
  const place = await declarationOf(session, row.symbol).catch(() => undefined);
  if (place === undefined) {
    void vscode.window.showInformationMessage(
      t('The debug information does not say where "{0}" is declared.', row.symbol),
    );
    return;
  }
  const at = new vscode.Position(place.line - 1, 0);
  const document = await vscode.workspace.openTextDocument(sourceUri(place.path));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}

/** The DAP's way: `evaluate` hands out a reference, `locations` resolves it. */
async function declarationOf(
  session: vscode.DebugSession,
  expression: string,
): Promise<{ readonly path: string; readonly line: number } | undefined> {
  const frame = vscode.debug.activeStackItem;
  const frameId = frame instanceof vscode.DebugStackFrame ? { frameId: frame.frameId } : {};
  const value: unknown = await session.customRequest('evaluate', { expression, context: 'hover', ...frameId });
  const locationReference = property(value, 'declarationLocationReference');
  if (typeof locationReference !== 'number') return undefined;
  const location: unknown = await session.customRequest('locations', { locationReference });
  const path = property(property(location, 'source'), 'path');
  const line = property(location, 'line');
  return typeof path === 'string' && typeof line === 'number' ? { path, line } : undefined;
}

/** In a remote window VS Code has made the adapter's path a URI already. */
function sourceUri(path: string): vscode.Uri {
  return /^[a-z][\w+.-]+:\/\//i.test(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path);
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
