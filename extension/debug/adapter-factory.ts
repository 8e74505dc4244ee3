// adapter-factory.ts: starts the debug adapter as a process of its own.

import * as vscode from 'vscode';
import { nodeRuntime } from '../node-runtime';

export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  /** `adapter` is the bundle's path, dist/adapter.js. */
  constructor(private readonly adapter: string) {}

  createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const { command, env } = nodeRuntime(session.workspaceFolder);
    return new vscode.DebugAdapterExecutable(command, [this.adapter, 'dap'], { env: { ...env } });
  }
}
