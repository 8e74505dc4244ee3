// adapter-factory.ts: starts the debug adapter as a process of its own.
//
// VS Code's own executable serves as Node (ELECTRON_RUN_AS_NODE), so that nothing needs to be installed;
// the setting `trapline.nodePath` names another one.

import * as vscode from 'vscode';

export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  /** `adapter` is the bundle's path, dist/adapter.js. */
  constructor(private readonly adapter: string) {}

  createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const configured = vscode.workspace
      .getConfiguration('trapline', session.workspaceFolder)
      .get<string>('nodePath', '');
    const isOwn = configured === '';
    return new vscode.DebugAdapterExecutable(
      isOwn ? process.execPath : configured,
      [this.adapter, 'dap'],
      isOwn ? { env: { ELECTRON_RUN_AS_NODE: '1' } } : undefined,
    );
  }
}
