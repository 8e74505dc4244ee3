// main.ts: VS Code's side; wires commands and views. Started by VS Code on activation.

import type * as vscode from 'vscode';

export function activate(_context: vscode.ExtensionContext): void {
  // Filled floor by floor.
}
