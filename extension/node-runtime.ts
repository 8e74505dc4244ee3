// node-runtime.ts: the Node that runs the adapter's verbs.
//
// VS Code's own executable serves as Node (ELECTRON_RUN_AS_NODE), so that nothing needs to be installed; the setting
// `trapline.nodePath` names another one.

import * as vscode from 'vscode';

export interface NodeRuntime {
  readonly command: string;
  /** On top of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

export function nodeRuntime(scope?: vscode.ConfigurationScope): NodeRuntime {
  const configured = vscode.workspace.getConfiguration('trapline', scope).get<string>('nodePath', '');
  return configured === ''
    ? { command: process.execPath, env: { ELECTRON_RUN_AS_NODE: '1' } }
    : { command: configured, env: {} };
}
