// go-to.ts: shows a line of a source file.

import * as vscode from 'vscode';

/** `line` from 1, as the adapter counts. */
export async function goToLine(path: string, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const document = await vscode.workspace.openTextDocument(sourceUri(path));
  const viewColumn = columnFor(document);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at), viewColumn });
}

/** Where sources are shown already: a history in front must not be covered by what it leads to. */
function columnFor(document: vscode.TextDocument): vscode.ViewColumn {
  const editors = vscode.window.visibleTextEditors.filter(({ viewColumn }) => viewColumn !== undefined);
  const same = editors.find((editor) => editor.document === document);
  const source = editors.find((editor) => editor.document.uri.scheme === document.uri.scheme);
  const isText = vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputText;
  return (same ?? source)?.viewColumn ?? (isText ? vscode.ViewColumn.Active : vscode.ViewColumn.One);
}

/** In a remote window VS Code has made the adapter's path a URI already. */
export function sourceUri(path: string): vscode.Uri {
  return /^[a-z][\w+.-]+:\/\//i.test(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path);
}
