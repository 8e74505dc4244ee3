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
  const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'launch.json');
  if (await exists(file)) await addConfiguration(folder);
  else await writeFirst(file);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}

async function writeFirst(file: vscode.Uri): Promise<void> {
  const content = { version: '0.2.0', configurations: [initialConfiguration(t)] };
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`));
}

/** VS Code edits the file: comments and other configurations stay. */
async function addConfiguration(folder: vscode.WorkspaceFolder): Promise<void> {
  const launch = vscode.workspace.getConfiguration('launch', folder.uri);
  const existing = launch.inspect<vscode.DebugConfiguration[]>('configurations')?.workspaceFolderValue ?? [];
  if (existing.some((configuration) => configuration.type === DEBUG_TYPE)) return;
  const added = [...existing, initialConfiguration(t)];
  await launch.update('configurations', added, vscode.ConfigurationTarget.WorkspaceFolder);
}
