// add-to-watch-file.ts: "Add to .watch": the variable at the cursor, or what is selected, becomes a line of a watch file.

import * as path from 'node:path';
import * as vscode from 'vscode';
import { DEBUG_TYPE } from '../debug/launch-configuration';
import type { WatchClient } from './watch-client';
import { expressionAt, newWatchFile, watchFileLine, withLine } from './watched-expression';

const t = vscode.l10n.t;
const NEW_NAME = 'watches.watch';

export async function addToWatchFile(client: WatchClient): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const expression = editor === undefined ? undefined : meant(editor);
  if (editor === undefined || expression === undefined) {
    void vscode.window.showInformationMessage(
      t('Put the cursor on a variable, or select an expression, and add it then.'),
    );
    return;
  }
  const statement = await vscode.window.showQuickPick(statements(), { placeHolder: t('What about {0}?', expression) });
  const file = statement === undefined ? undefined : await chooseFile(editor.document.uri);
  if (statement === undefined || file === undefined) return;
  const { fsPath } = editor.document.uri;
  const line = editor.selection.active.line + 1;
  const document = await openOrCreate(file);
  if (document === undefined) return;
  const params = { uri: document.uri.toString(), expression, path: fsPath, line };
  const named = await client.qualified(params).catch(() => expression);
  await append(document, watchFileLine(statement.label, named, `${path.basename(fsPath)}:${line}`));
}

function meant({ document, selection }: vscode.TextEditor): string | undefined {
  const selected = document.getText(selection).trim();
  if (selected !== '' && !selected.includes('\n')) return selected.replace(/;$/, '');
  return expressionAt(document.lineAt(selection.active.line).text, selection.active.character);
}

function statements(): vscode.QuickPickItem[] {
  return [
    { label: 'watch write', description: t('stop when it is written') },
    { label: 'watch change', description: t('stop when its value changes') },
    { label: 'watch access', description: t('stop when it is read or written') },
    { label: 'log change', description: t('write a line when its value changes') },
    { label: 'count write', description: t('count writes') },
    { label: 'never write', description: t('must not be written: the check fails') },
  ];
}

/** An existing file of the workspace, or a new one in its folder. */
async function chooseFile(source: vscode.Uri): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.watch', '**/{node_modules,.git}/**', 100);
  const folder = vscode.workspace.getWorkspaceFolder(source)?.uri ?? vscode.Uri.joinPath(source, '..');
  const fresh = vscode.Uri.joinPath(folder, NEW_NAME);
  if (found.length === 0) return fresh;
  if (found.length === 1) return found[0];
  const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Add to which file?') }))?.uri;
}

async function openOrCreate(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const known = await vscode.workspace.fs.stat(uri).then(undefined, () => undefined);
  if (known === undefined) {
    const edit = new vscode.WorkspaceEdit();
    edit.createFile(uri, { contents: new TextEncoder().encode(newWatchFile(configuredProgram(uri))) });
    if (!(await vscode.workspace.applyEdit(edit))) return undefined;
  }
  return vscode.workspace.openTextDocument(uri);
}

async function append(document: vscode.TextDocument, line: string): Promise<void> {
  const text = document.getText();
  const change = new vscode.WorkspaceEdit();
  change.insert(document.uri, document.positionAt(text.length), withLine(text, line).slice(text.length));
  await vscode.workspace.applyEdit(change);
  await document.save();
  const last = document.positionAt(document.getText().length - 1);
  const selection = new vscode.Range(last, last);
  await vscode.window.showTextDocument(document, { selection, viewColumn: vscode.ViewColumn.Beside });
}

/** The program of the first launch configuration, as the new file sees it. */
function configuredProgram(uri: vscode.Uri): string | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const all = vscode.workspace
    .getConfiguration('launch', folder)
    .get<readonly vscode.DebugConfiguration[]>('configurations', []);
  const program: unknown = all.find(({ type }) => type === DEBUG_TYPE)?.program;
  if (typeof program !== 'string' || folder === undefined) return undefined;
  const filled = program.replace('${workspaceFolder}', folder.uri.fsPath);
  return filled.includes('${') ? undefined : path.relative(path.dirname(uri.fsPath), filled);
}
