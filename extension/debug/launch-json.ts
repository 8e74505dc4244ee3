// launch-json.ts: the command "Create Launch Configuration": shows a launch.json that has one of ours.

import * as vscode from 'vscode';
import { DEBUG_TYPE, initialConfiguration } from './launch-configuration';

const t = vscode.l10n.t;

/** Adds a configuration where the folder has none of ours, and opens the file. Keeps everything that is there. */
export async function createLaunchConfiguration(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.at(0);
  if (folder === undefined) {
    const open = t('Open Folder…');
    const answer = await vscode.window.showInformationMessage(
      t('A launch configuration lives in a folder. Open the folder of your program first.'),
      open,
    );
    if (answer === open) await vscode.commands.executeCommand('vscode.openFolder');
    return;
  }
  const launch = vscode.workspace.getConfiguration('launch', folder.uri);
  const existing = launch.inspect<vscode.DebugConfiguration[]>('configurations')?.workspaceFolderValue ?? [];
  if (!existing.some((configuration) => configuration.type === DEBUG_TYPE)) {
    const added = [...existing, initialConfiguration(t)];
    await launch.update('configurations', added, vscode.ConfigurationTarget.WorkspaceFolder);
  }
  const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'launch.json');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
}
