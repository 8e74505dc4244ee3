// register-watch-files.ts: everything about `.watch` files: the language client and the commands.

import * as vscode from 'vscode';
import { ARM_FILE_COMMAND, ARM_LINE_COMMAND, CHECK_COMMAND } from '../../adapter/protocol/watch-files';
import { addToWatchFile } from './add-to-watch-file';
import { Arming } from './arming';
import { checkWatchFile } from './check-task';
import { LANGUAGE, WatchClient } from './watch-client';

/** Commands are declared, with titles and icons, in package.json. */
export function registerWatchFiles(adapter: string): vscode.Disposable[] {
  const client = new WatchClient(adapter);
  const arming = new Arming(client);
  const { registerCommand } = vscode.commands;
  return [
    vscode.Disposable.from(client, arming),
    registerCommand(ARM_FILE_COMMAND, (uri?: string | vscode.Uri) => withFile(uri, (file) => arming.arm(file))),
    registerCommand(ARM_LINE_COMMAND, (uri?: string | vscode.Uri, line?: number) =>
      withFile(uri, (file) => arming.arm(file, line ?? vscode.window.activeTextEditor?.selection.active.line)),
    ),
    registerCommand(CHECK_COMMAND, (uri?: string | vscode.Uri) =>
      withFile(uri, (file) => checkWatchFile(file, adapter, client)),
    ),
    registerCommand('trapline.watchFile.add', () => addToWatchFile(client)),
  ];
}

/** A code lens gives a text, a menu a Uri, the palette nothing: the file in the editor then. */
async function withFile<T>(
  given: string | vscode.Uri | undefined,
  action: (uri: vscode.Uri) => Promise<T>,
): Promise<T | undefined> {
  const active = vscode.window.activeTextEditor?.document;
  const own = active?.languageId === LANGUAGE ? active.uri : undefined;
  const uri = typeof given === 'string' ? vscode.Uri.parse(given) : (given ?? own);
  if (uri !== undefined) return action(uri);
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a .watch file first.'));
  return undefined;
}
