// go-to.ts: shows a line of a source file.

import * as vscode from 'vscode';

/** `line` from 1, as the adapter counts. */
export async function goToLine(path: string, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const document = await vscode.workspace.openTextDocument(sourceUri(path));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}

/** In a remote window VS Code has made the adapter's path a URI already. */
export function sourceUri(path: string): vscode.Uri {
  return /^[a-z][\w+.-]+:\/\//i.test(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path);
}
