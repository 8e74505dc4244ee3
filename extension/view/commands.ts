// commands.ts: what can be done with a row of the view "Debug Registers".

import * as vscode from 'vscode';
import { goToLine } from './go-to';
import { field, type RegisterFeed } from './register-feed';
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
  const place = await declarationOf(session, firstName(row.symbol)).catch(() => undefined);
  if (place === undefined) {
    void vscode.window.showInformationMessage(
      t('The debug information does not say where "{0}" is declared.', row.symbol),
    );
    return;
  }
  await goToLine(place.path, place.line);
}

/** Of bytes of several elements: `table[1] … table[3]`. */
const firstName = (symbol: string): string => symbol.split(' … ')[0];

/** The DAP's way: `evaluate` hands out a reference, `locations` resolves it. */
async function declarationOf(
  session: vscode.DebugSession,
  expression: string,
): Promise<{ readonly path: string; readonly line: number } | undefined> {
  const frame = vscode.debug.activeStackItem;
  const frameId = frame instanceof vscode.DebugStackFrame ? { frameId: frame.frameId } : {};
  const value: unknown = await session.customRequest('evaluate', { expression, context: 'hover', ...frameId });
  const locationReference = field(value, 'declarationLocationReference');
  if (typeof locationReference !== 'number') return undefined;
  const location: unknown = await session.customRequest('locations', { locationReference });
  const path = field(field(location, 'source'), 'path');
  const line = field(location, 'line');
  return typeof path === 'string' && typeof line === 'number' ? { path, line } : undefined;
}
